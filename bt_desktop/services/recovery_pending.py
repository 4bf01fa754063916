"""A recovery key that takes another's place: written down before the key file, told after it.

    written down   who replaces which sheet by which, and why; the escrow sealed to both
    key file       the new sheet opens the records, the old one does not (one write)
    told           entries of the trail, what is owed by it, the old sheet's hold on the escrow gone

A kill between leaves the note; the next who signs in compares it with the key file and tells what
happened, or takes the note back. When a sheet was last seen by somebody is kept here as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bt_desktop.models.school import Setting
from bt_desktop.security import audit
from bt_desktop.services import key_owed
from bt_desktop.services.context import Context
from bt_desktop.services.health.escrow_paper import drop_sheets, sheet_holder
from bt_desktop.services.health.keys import HealthKeys, trusted_key_file

LOST, COPIED, OTHER, USED = "lost", "copied", "other", "used"
"""Why a sheet is replaced; `used`: the records were opened with it."""
OWES = {
    LOST: key_owed.RECOVERY_LOST,
    COPIED: key_owed.RECOVERY_COPIED,
    USED: key_owed.RECOVERY_USED,
}
"""Why the key of the records is to be changed after it."""
_PENDING, _SEEN = "recovery_replacing", "recovery_seen"

Tell = Callable[[str, str, str | None], object]
"""Adds an entry to the trail: action, object, reason."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A replacement that was begun: why, by which account, who agreed (blank: nobody was asked),
    and the old and the new sheet (`sheet_holder`)."""

    why: str
    by: str
    second: str
    former: str
    new: str


def begin(session: Session, pending: Pending) -> None:
    """Write it down, before the key file is changed."""
    session.merge(Setting(name=_PENDING, value=asdict(pending)))
    session.flush()


def begun(session: Session) -> Pending | None:
    """What was begun and is not told yet."""
    row = session.get(Setting, _PENDING)
    return None if row is None else Pending(**row.value)


def finish(session: Session, pending: Pending, tell: Tell, now: datetime) -> None:
    """The key file knows the new sheet: tell the trail, and what is owed by it."""
    if pending.second:
        tell("recovery.agreed", f"user:{pending.second}", None)
    if pending.why == USED:
        tell("recovery.used", f"user:{pending.by}", None)
    else:
        tell("recovery.replaced", f"user:{pending.by}", pending.why)
    owes = OWES.get(pending.why)
    if owes is not None:
        key_owed.owe(session, owes, now)
    see(session, pending.new, now)
    _forget(session)


def take_back(session: Session, pending: Pending) -> None:
    """The key file knows the old sheet still: the new one opens nothing."""
    drop_sheets(session, only=pending.new)
    _forget(session)


def _forget(session: Session) -> None:
    row = session.get(Setting, _PENDING)
    if row is not None:
        session.delete(row)
        session.flush()


def settle(context: Context, health: HealthKeys) -> None:
    """Tell what a kill kept from being told, or take back what it kept from being done.

    At a sign-in, and before another sheet is made. Raises StorageFull, StorageReadOnly.
    """
    with context.store.read() as session:
        if begun(session) is None:
            return
    file = trusted_key_file(context.folder, context)
    with context.store.write() as session:
        system = audit.system_actor(session, context.keys.vault_id)

        def tell(action: str, about: str, reason: str | None) -> None:
            audit.append(session, system, context.clock, action, about, reason=reason)

        settled = settled_by(session, sheet_holder(file.recovery.public), tell, context.clock.now())
        if settled is not None and settled.why != USED:  # its sheet still opens the escrow
            health.sheet_replaced(session)


def settled_by(session: Session, today: str, tell: Tell, now: datetime) -> Pending | None:
    """Tell what was begun, or take it back, by the sheet that opens the records today; what was
    told is returned."""
    pending = begun(session)
    if pending is None:
        return None
    if pending.new != today:
        take_back(session, pending)
        return None
    finish(session, pending, tell, now)
    return pending


def see(session: Session, sheet: str, now: datetime) -> None:
    """Somebody had this sheet in their hands."""
    session.merge(Setting(name=_SEEN, value={"sheet": sheet, "at": now.isoformat()}))
    session.flush()


def seen(session: Session, sheet: str) -> datetime | None:
    """When that was last; None for a sheet that nobody was asked for since it was printed."""
    row = session.get(Setting, _SEEN)
    if row is None or row.value["sheet"] != sheet:
        return None
    return datetime.fromisoformat(row.value["at"])
