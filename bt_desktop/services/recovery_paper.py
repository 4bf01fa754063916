"""The recovery key on paper."""

from __future__ import annotations

from bt_desktop.clock import Clock
from bt_desktop.models.store import Store
from bt_desktop.paper.recovery_sheet import recovery_sheet
from bt_desktop.services.letterhead import letterhead


def sheet(store: Store, vault_id: str, recovery_key: str, clock: Clock) -> bytes:
    """The page to be printed and locked away (PDF)."""
    with store.read() as session:
        return recovery_sheet(letterhead(session), vault_id, recovery_key, clock.now())
