"""An open vault: the person signed in and everything they can do, until it is locked."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bt_desktop.errors import KnownError
from bt_desktop.security import anchors
from bt_desktop.security.anchors import AnchorFinding
from bt_desktop.security.audit import Head
from bt_desktop.services import closed
from bt_desktop.services.access_log import AccessLogService
from bt_desktop.services.accounts import AccountService
from bt_desktop.services.anchor_slip import AnchorSlips
from bt_desktop.services.backups import BackupService
from bt_desktop.services.calendar import CalendarService
from bt_desktop.services.caseloads import CaseloadService
from bt_desktop.services.computer import ComputerService, doubts_in_words
from bt_desktop.services.context import Context
from bt_desktop.services.copies import CopyService
from bt_desktop.services.csv_import import CsvImportService
from bt_desktop.services.deadlines import DeadlineService
from bt_desktop.services.drill import DrillService
from bt_desktop.services.events import EventService
from bt_desktop.services.head_checks import HeadChecks
from bt_desktop.services.health.keys import HealthKeys
from bt_desktop.services.health.office import HealthOffice
from bt_desktop.services.held import HoldService
from bt_desktop.services.key_change import KeyChangeService
from bt_desktop.services.list_export import ListExport
from bt_desktop.services.log import LogService
from bt_desktop.services.notices_due import NoticesDue
from bt_desktop.services.openings import Openings
from bt_desktop.services.people import PeopleService
from bt_desktop.services.photos import PhotoService
from bt_desktop.services.pin_way import PinWay
from bt_desktop.services.records import RecordService
from bt_desktop.services.recovery import RecoveryService
from bt_desktop.services.roster import RosterService
from bt_desktop.services.saved_views import ViewService
from bt_desktop.services.school import SchoolService
from bt_desktop.services.search import SearchService
from bt_desktop.services.student_page import StudentPages
from bt_desktop.services.violence_log import ViolenceLog
from bt_desktop.services.year import YearService

if TYPE_CHECKING:
    from bt_desktop.clock import Clock
    from bt_desktop.services.results.people import Actor


class Workspace:
    """What an unlocked vault offers. After `lock` nothing of it may be used any more.

    `failures` counts the wrong passwords since the person's last sign-in, to be told once.
    `doubts` are what does not fit between these records and what was noted outside of them (an
    old copy was put back, entries are missing); each has a code and is shown as a warning.
    `compared` says whether the file was held against how it was closed (`closed`).
    """

    def __init__(
        self,
        context: Context,
        failures: int = 0,
        doubts: tuple[AnchorFinding, ...] = (),
        *,
        compared: bool = False,
    ) -> None:
        self._context = context
        self._guard = threading.Lock()
        self.failures = failures
        self.doubts = doubts
        self.compared = compared
        self.school = SchoolService(context)
        self.people = PeopleService(context)
        self.roster = RosterService(context, self.people)
        self.tables = CsvImportService(context, self.people)
        self.year = YearService(context, self.people)
        self.photos = PhotoService(context)
        self.caseloads = CaseloadService(context)
        self.openings = Openings(context)
        self.records = RecordService(context, self.openings)
        self.deadlines = DeadlineService(context, self.records)
        self.calendar = CalendarService(context, self.records.keeper)
        self.events = EventService(context, self.records)
        self.views = ViewService(context)
        self.export = ListExport(context, self.records.lists, self.records.shelf, self.openings)
        self.student_pages = StudentPages(
            context, self.records.lists, self.records.shelf, self.openings
        )
        self.search = SearchService(context, self.records.lists, self.records.shelf, self.openings)
        self.copies = CopyService(context, self.records, self.people, self.openings)
        self.notices = NoticesDue(context, self.records, self.people, self.copies)
        self.access_log = AccessLogService(context, self.people, self.openings)
        self.health_keys = HealthKeys(context)
        self.health = HealthOffice(context, self.health_keys, self.openings, self.people)
        self.accounts = AccountService(context, self.health_keys)
        self.held = HoldService(context, doubts, self.accounts.check_password)
        self.log = LogService(context, self.held)
        self.computer = ComputerService(context, self.held)
        self.backups = BackupService(context)
        self.drill = DrillService(context, self.backups)
        self.key_change = KeyChangeService(
            context, self.accounts, self.backups, self.health.night_notes
        )
        self.recovery = RecoveryService(context, self.health_keys)
        self.slips = AnchorSlips(context)
        self.pin = PinWay(context)
        self.violence = ViolenceLog(context)
        self.head_checks = HeadChecks(context, self.records.shelf)

    @property
    def news(self) -> tuple[str, ...]:
        """What the person should be told once, in sentences: wrong tries, and what is doubtful."""
        tries = self.failures
        wrong = (
            f"Since you were last here, a wrong password was tried {tries} "
            f"{'time' if tries == 1 else 'times'} for your account."
        )
        notes = self.health.night_notes.news
        return (*doubts_in_words(self.doubts), *notes, *([wrong] if tries else ()))

    @property
    def folder(self) -> Path:
        """The folder of the vault, to be shown for a backup by hand."""
        return self._context.folder

    @property
    def actor(self) -> Actor:
        """The person signed in."""
        return self._context.actor

    @property
    def clock(self) -> Clock:
        """The clock that everything in here goes by."""
        return self._context.clock

    @property
    def locked(self) -> bool:
        """Whether the vault was locked."""
        return self._context.store.closed

    def lock(self) -> None:
        """Close the store, let go of every file and wipe the keys; again does nothing."""
        with self._guard:
            if self._context.store.closed:
                return
            closing = None
            try:
                with suppress(KnownError):  # a full disk keeps nobody from locking
                    self.health.close()
                self._note_head()
                with suppress(KnownError):
                    closing = closed.closing(self._context.store, self._context.keys)
            finally:
                self.health.forget()
                self.health_keys.forget()
                self._context.store.close()
                self._context.keys.wipe()
            if closing is not None:
                closing.note(self._context.folder)

    def _note_head(self) -> None:
        """Note the newest audit entry beside the database, to see later if an old one came back.

        Locking goes on where the disk is full or read-only; the next note stands for this one.
        """
        context = self._context
        if context.store.held:
            return  # a head that does not fit is no anchor
        with suppress(KnownError):
            seq, digest = self.log.head()
            anchors.note(
                context.folder / anchors.FILE_NAME,
                Head(seq, digest),
                context.keys.edition,
                context.clock.now(),
                context.keys.sub_key(anchors.MAC_PURPOSE),
            )

    def reauthenticate(self, password: str) -> None:
        """Check the signed-in person's password again. Slow; raises as `access.unlock` does."""
        self.accounts.check_password(password)
        self.pin.proved()
