"""An open vault: the person signed in and everything they can do, until it is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bt_desktop.services.results.people import Actor

if TYPE_CHECKING:
    from bt_desktop.clock import Clock
    from bt_desktop.services.accounts import AccountService
    from bt_desktop.services.copies import CopyService
    from bt_desktop.services.log import LogService
    from bt_desktop.services.people import PeopleService
    from bt_desktop.services.records import RecordService
    from bt_desktop.services.roster import RosterService
    from bt_desktop.services.school import SchoolService


class Workspace:
    """What an unlocked vault offers. After `lock` nothing of it may be used any more."""

    actor: Actor
    clock: Clock
    school: SchoolService
    people: PeopleService
    roster: RosterService
    records: RecordService
    copies: CopyService
    accounts: AccountService
    log: LogService

    def lock(self) -> None:
        """Close the store and wipe the keys; calling it again does nothing."""
        raise NotImplementedError

    def reauthenticate(self, password: str) -> None:
        """Check the signed-in person's password again; raises as `access.unlock` does."""
        raise NotImplementedError
