"""The way into one vault, as the window uses it: each call loads what it needs on the worker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bt_desktop.clock import Clock

if TYPE_CHECKING:
    from bt_desktop.security.kdf import KdfPolicy
    from bt_desktop.security.vault import VaultState
    from bt_desktop.services.access import SetUp, Setup
    from bt_desktop.services.workspace import Workspace


class Door:
    """The vault in `folder`. Every method blocks and belongs on a worker.

    The services are imported inside the methods, so that the unlock window needs Qt alone
    (architecture.md, decision 12). `kdf_policy` is for tests; left out, the production policy.
    """

    def __init__(self, folder: Path, clock: Clock, kdf_policy: KdfPolicy | None = None) -> None:
        self.folder = folder
        self.clock = clock
        self._policy = kdf_policy

    def status(self) -> VaultState:
        """What lies in the folder."""
        from bt_desktop.services import access  # deferred: loads cryptography

        return access.vault_status(self.folder)

    def unlock(self, user_id: str, password: str) -> Workspace:
        """Open the vault as this user; raises as `access.unlock` does."""
        from bt_desktop.services import access  # deferred: loads cryptography and the store

        return access.unlock(self.folder, user_id, password, self.clock, kdf_policy=self._policy)

    def set_up(self, setup: Setup) -> SetUp:
        """Make a vault that waits for its recovery key to be confirmed."""
        from bt_desktop.services import access  # deferred: loads cryptography and the store

        return access.set_up(self.folder, setup, self.clock, kdf_policy=self._policy)
