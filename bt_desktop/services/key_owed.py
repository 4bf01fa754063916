"""Why the database key is to be changed, since when, and when it was last: kept as settings.

Owed is a change from the moment an account is closed, the recovery key is used, its sheet is lost
or may have been copied, or an older backup brings an older key back, until it is done; a year after
the last it is time for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop.models.school import Setting, school_row

ASKED = "asked"
ACCOUNT_CLOSED, RECOVERY_USED, RECOVERY_LOST, RECOVERY_COPIED, OLDER_RESTORED, YEARLY = (
    "account-closed", "recovery-used", "recovery-lost", "recovery-copied", "older-restored",
    "yearly",
)  # fmt: skip
YEAR = timedelta(days=365)
"""Design/security.md §2.6: yearly, where nothing asked for it before."""
WORDS = {
    ACCOUNT_CLOSED: "An account was closed: whoever held it may know the key of the records.",
    RECOVERY_USED: "The recovery key was used: whoever had the sheet may know the key of the "
    "records.",
    RECOVERY_LOST: "A recovery sheet was lost: with it and an old copy of the records' folder "
    "somebody may know the key of the records.",
    RECOVERY_COPIED: "A recovery sheet may have been copied: with it and an old copy of the "
    "records' folder somebody may know the key of the records.",
    OLDER_RESTORED: "A backup of an older time brought back a key that had been changed.",
    YEARLY: "The key of the records is a year old.",
}
"""Why a change is owed, in a sentence."""
_OWED, _CHANGED, _FORMER = "key_change_owed", "key_changed", "key_former_anchors"


@dataclass(frozen=True, slots=True)
class Owed:
    """A change that is to be made: why (one of the codes above), and since when."""

    why: str
    since: datetime


def owe(session: Session, why: str, now: datetime) -> None:
    """From now on the key is to be changed; the first reason stands."""
    if session.get(Setting, _OWED) is None:
        session.add(Setting(name=_OWED, value={"why": why, "since": now.isoformat()}))
        session.flush()


def owed(session: Session, now: datetime) -> Owed | None:
    """Why the key is to be changed; None where it need not be."""
    row = session.get(Setting, _OWED)
    if row is not None:
        return Owed(str(row.value["why"]), datetime.fromisoformat(row.value["since"]))
    due = changed_at(session) + YEAR
    return Owed(YEARLY, due) if due <= now else None


def changed_at(session: Session) -> datetime:
    """When the key was changed last, or the vault was made."""
    kept = _kept(session)
    return datetime.fromisoformat(kept["at"]) if kept else school_row(session).made_at


def told_generation(session: Session) -> int:
    """The generation of the key that the audit trail knows of."""
    return int(_kept(session).get("generation", 1))


def _kept(session: Session) -> Mapping[str, Any]:
    row = session.get(Setting, _CHANGED)
    return {} if row is None else dict(row.value)


def done(session: Session, generation: int, now: datetime) -> None:
    """The key was changed: nothing is owed any more."""
    session.merge(Setting(name=_CHANGED, value={"generation": generation, "at": now.isoformat()}))
    row = session.get(Setting, _OWED)
    if row is not None:
        session.delete(row)
    session.flush()


def former_anchor_keys(session: Session) -> tuple[bytes, ...]:
    """What checks the lines of `anchors.log` that were written under database keys of before."""
    row = session.get(Setting, _FORMER)
    return () if row is None else tuple(bytes.fromhex(one) for one in row.value)


def keep_anchor_key(session: Session, mac_key: bytes) -> None:
    """Keep one for later, before the database key it comes from is given up.

    It opens nothing, and whoever holds it can at most raise a false alarm.
    """
    known = former_anchor_keys(session)
    if mac_key not in known:
        kept = [one.hex() for one in (*known, mac_key)]
        session.merge(Setting(name=_FORMER, value=kept))
        session.flush()
