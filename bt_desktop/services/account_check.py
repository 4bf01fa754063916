"""Whether every account may do what the trail says it may: nothing else of its row is signed.

An old page of the table put back would give a former administrator the role again, and both checks
of the database file would pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.audit import SYSTEM_USER
from bt_desktop.models.school import Account
from bt_desktop.security.audit import KEY_ADDED
from bt_desktop.security.permissions import Role

_ADDED, _ROLE = "account.add", "account.set_role"
_ACTIVE = {"account.close": False, "account.open": True}


@dataclass(slots=True)
class _Told:
    """What the trail says of an account, and the number of the entry that said it last."""

    role: str
    active: bool
    seq: int


@dataclass(slots=True)
class AccountCheck:
    """Hears the entries in order (`hear`), then holds the accounts against them (`fault`)."""

    session: Session
    _told: dict[str, _Told] = field(default_factory=dict)

    def hear(self, told: dict[str, Any]) -> None:
        """An entry, whatever it is about."""
        action, user = told["action"], told["object"].partition(":")[2]
        if action == _ADDED:
            self._told[user] = _Told(told["reason"], True, told["seq"])
        elif action == KEY_ADDED and user and not self._told and told["user"] == SYSTEM_USER:
            # The first of all: who set the school up.
            self._told[user] = _Told(Role.ADMINISTRATOR.value, True, told["seq"])
        elif (known := self._told.get(user)) is not None and action in (_ROLE, *_ACTIVE):
            known.seq = told["seq"]
            if action == _ROLE:
                known.role = told["reason"]
            else:
                known.active = _ACTIVE[action]

    def fault(self) -> tuple[int, str] | None:
        """The entry that an account does not agree with, with a code; None if all do.

        Codes: account-changed, account-missing, and (number 0) account-unannounced.
        """
        rows = {row.user_id: row for row in self.session.scalars(select(Account))}
        for user, told in self._told.items():
            row = rows.pop(user, None)
            if row is None:
                return told.seq, "account-missing"
            if (row.role, bool(row.active)) != (told.role, told.active):
                return told.seq, "account-changed"
        return (0, "account-unannounced") if rows else None
