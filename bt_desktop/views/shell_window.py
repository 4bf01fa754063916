"""The one window: locked, setting up, open, covered. It alone knows which of these is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from bt_desktop import paths
from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.door import Door
from bt_desktop.views.feedback import Banner, Tone, ask
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.tasks import Lane
from bt_desktop.views.unlock import UnlockPage

if TYPE_CHECKING:
    from bt_desktop.services.computer import ThisComputer
    from bt_desktop.services.restore import Restored
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.backup_watch import BackupWatch
    from bt_desktop.views.cover import CoverPage
    from bt_desktop.views.manual import ManualWindow
    from bt_desktop.views.night_note import NightNotePage
    from bt_desktop.views.shell import MakeRecordPage, Shell
    from bt_desktop.views.shell_idle import IdleWatch
    from bt_desktop.views.shell_session import SessionWatch
    from bt_desktop.views.upkeep import Upkeep

TITLE = "bt_desktop"
"""The window's title: never a name of a school, a person or a record."""


@dataclass(frozen=True, slots=True)
class _Left:
    """Where somebody was when the records were locked."""

    user_id: str
    place: Mapping[str, Any]


class AppWindow(QMainWindow):
    """Holds the pages from the unlock page to the shell. `unlocked(workspace)`, `locked`.

    Everything it needs is passed in: the desk, the door to the vault, what this computer
    remembers and, for tests, who makes the page of a record.
    """

    unlocked = Signal(object)
    locked = Signal()

    def __init__(
        self,
        desk: Desk,
        door: Door,
        prefs: Preferences,
        app: QGuiApplication,
        *,
        record_page: MakeRecordPage | None = None,
    ) -> None:
        super().__init__()
        self._desk, self._door, self._prefs = desk, door, prefs
        self._record_page = record_page
        self.workspace: Workspace | None = None
        self.shell: Shell | None = None
        self._left: _Left | None = None
        self._hidden: list[QWidget] = []
        self._leaving = False
        self._locking = False
        desk.feedback.fallback = self
        self.setWindowTitle(TITLE)
        self.unlock_page = UnlockPage(desk, door, self)
        self.unlock_page.opened.connect(self.enter)
        self.unlock_page.no_vault.connect(self.first_run)
        self.unlock_page.recovery_asked.connect(self._recover)
        self.unlock_page.check_asked.connect(self.verify)
        self.unlock_page.restore_asked.connect(self._put_backup_back)
        self.unlock_page.emergency_asked.connect(self.note_emergency)
        self._night: NightNotePage | None = None
        self._backups: BackupWatch | None = None
        self._upkeep: Upkeep | None = None
        self._restore_next = False
        self._behind: QWidget = self.unlock_page
        self._cover: CoverPage | None = None
        self._idle: IdleWatch | None = None
        self._session: SessionWatch | None = None
        self._session_filter: object = None
        self._app = app
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.unlock_page)
        self.setCentralWidget(self.stack)
        self._manual: ManualWindow | None = None
        QShortcut(QKeySequence("F1"), self, self.show_manual)
        self.setMinimumSize(640, 480)
        self._take_size()

    @property
    def banner(self) -> Banner | None:
        """Where a problem without a page of its own is said: above the shell's page."""
        return self.shell.banner if self.shell is not None else None

    @property
    def cover(self) -> CoverPage:
        """The page that hides everything; made at the first unlocking."""
        if self._cover is None:
            from bt_desktop.views.cover import CoverPage  # deferred: not needed to unlock

            self._cover = CoverPage(self._desk.theme, self._desk.clock, self)
            self._cover.lifted.connect(self.uncover)
            self._cover.emergency_asked.connect(self.note_emergency)
            self.stack.addWidget(self._cover)
        return self._cover

    @property
    def idle(self) -> IdleWatch:
        """Who notices that nobody is there; made at the first unlocking."""
        if self._idle is None:
            from bt_desktop.views.shell_idle import IdleWatch  # deferred: not needed to unlock

            self._idle = IdleWatch(self._app, self._desk.clock, self)
            self._idle.cover_due.connect(self.cover_up)
            self._idle.lock_due.connect(self.lock)
            self._idle.slept.connect(self._door.forget_pin)
        return self._idle

    def begin(self) -> None:
        """Look at the vault once the window stands."""
        QTimer.singleShot(0, self.unlock_page.load)

    # --- in and out ----------------------------------------------------------------------

    @Slot(object)
    def enter(self, workspace: Workspace) -> None:
        """Show the shell over an open vault, where this person was before."""
        from bt_desktop.views.shell import Shell, make_form_page  # deferred: the unlock page is Qt

        self.workspace = workspace
        self.shell = Shell(
            self._desk,
            workspace,
            self._prefs,
            record_page=self._record_page or make_form_page,
            pin=lambda: self._door.pin,
            parent=self.stack,
        )
        self.shell.lock_asked.connect(self.lock)
        self.shell.verify_asked.connect(self.verify)
        self.shell.emergency_asked.connect(self.note_emergency)
        self.shell.restore_asked.connect(self._lock_and_restore)
        self.unlock_page.reminder.remind_at(())
        self.stack.addWidget(self.shell)
        self.stack.setCurrentWidget(self.shell)
        left, self._left = self._left, None
        if left is not None and left.user_id == workspace.actor.user_id:
            self.shell.restore(left.place)
        else:
            self.shell.go("home")
        self._tell_news(workspace)
        self.shell.look_held()
        self.idle.start()
        self._watch_session()
        self._desk.tasks.run(self, lambda: _pin(workspace, self._prefs), failed=lambda _: None)
        self._desk.tasks.run(self, workspace.people.warm_up, failed=lambda _: None, lane=Lane.READ)
        self._index_texts(workspace)
        self._watch_backups(workspace)
        self._desk.tasks.run(
            self, workspace.computer.look, self._know_computer, lambda _: None, lane=Lane.ASIDE
        )
        self.unlocked.emit(workspace)

    def _watch_backups(self, workspace: Workspace) -> None:
        from bt_desktop.views.backup_watch import BackupWatch  # deferred: the unlock page is Qt
        from bt_desktop.views.upkeep import Upkeep

        shell = self.shell
        if shell is None:
            return
        self._backups = BackupWatch(self._desk, workspace, shell)
        self._upkeep = Upkeep(self._desk, workspace, shell.foot.work, shell)
        self._upkeep.held.connect(shell.look_held)
        for watch in (self._backups, self._upkeep):
            watch.failed.connect(lambda said: shell.tell(said, Tone.WARN))
            if not workspace.held.held:
                watch.start()

    def _index_texts(self, workspace: Workspace) -> None:
        """Read what changed into the index of texts, a little at a time, until nothing is left."""

        def go_on(left: int) -> None:
            if left and not workspace.locked:
                self._index_texts(workspace)

        self._desk.tasks.run(self, workspace.search.catch_up, go_on, lambda _: None, lane=Lane.READ)

    def _watch_session(self) -> None:
        """From the first unlocking on, locking the computer locks the records."""
        if self._session is None:
            from bt_desktop.views.shell_session import SessionWatch, watch_session  # deferred

            self._session = SessionWatch(self)
            self._session.setObjectName("sessionWatch")
            self._session.away.connect(self._computer_away)
            self._session_filter = watch_session(self._session, int(self.winId()))

    @Slot()
    def _computer_away(self) -> None:
        """The computer was locked, goes to sleep or lets another user in: no PIN opens after it."""
        self._door.forget_pin()
        self.lock()

    @Slot()
    def lock(self) -> None:
        """Lock at once: cover, save what is typed, close the store, wipe the keys.

        The draft is handed to the write lane before the lane is told to close the store, so the
        lock never overtakes a save. Where the save fails (a full disk), the records stay open
        behind the reason: a lock would lose what was typed.
        """
        shell, workspace = self.shell, self.workspace
        if shell is None or workspace is None or self._locking:
            return
        self._locking = True
        for watch in (self._backups, self._upkeep):
            if watch is not None:
                watch.stop()
        self._backups = self._upkeep = None
        workspace.key_change.stop()
        self._end_long_work(shell)
        self._hide_others()
        place = shell.place()
        self.cover.say_locking()
        self.cover.reminder.remind_at(())
        self._turn_to(self.cover)
        shell.flush()

        def saved(_: object) -> None:
            if shell.unsaved():
                self._stay(shell)
                return
            self._desk.tasks.run(
                self, workspace.lock, lambda _: self._shut(place), lambda _: self._shut(place)
            )

        self._desk.tasks.run(self, lambda: None, saved)

    def _end_long_work(self, shell: Shell) -> None:
        """What somebody began and waits for ends as by Cancel: keys must not wait for it."""
        from bt_desktop.views.widgets.waiting import Waiting  # deferred: not for the unlock page

        for waiting in shell.findChildren(Waiting):
            waiting.give_up()

    def _stay(self, shell: Shell) -> None:
        self._locking = False
        self._leaving = False
        self._turn_to(shell)
        self._show_others()
        shell.tell(
            "Not locked: the last change could not be saved, and locking would lose it. "
            "Free some space on the disk, then lock again.",
            Tone.DANGER,
        )

    def _shut(self, place: Mapping[str, Any]) -> None:
        shell, workspace = self.shell, self.workspace
        if shell is None or workspace is None:
            return
        self._left = _Left(workspace.actor.user_id, place)
        saved = shell.foot.left()
        self.unlock_page.reminder.remind_at(shell.head_watch.moments())
        self.shell = self.workspace = None
        self._locking = False
        self.idle.stop()
        for other in filter(shiboken6.isValid, self._hidden):  # a dialog may be gone by now
            other.close()
        self._hidden.clear()
        self.stack.removeWidget(shell)
        shell.hide()
        shell.deleteLater()
        self.unlock_page.only_for(self._left.user_id)
        draft = place.get("key") == "record" and saved.startswith("Saved ")
        when = saved.removeprefix("Saved ").rsplit(":", 1)[0] if draft else ""
        self.unlock_page.say_note(
            f"Your draft of {when} is safe and opens again after unlocking." if draft else ""
        )
        self._turn_to(self.unlock_page)
        self.unlock_page.load()
        self.locked.emit()
        restore, self._restore_next = self._restore_next, False
        if self._leaving:
            self.close()
        elif restore:
            self._put_backup_back()

    def _tell_news(self, workspace: Workspace) -> None:
        """What opening the records told: wrong passwords since, an old copy put back."""
        if workspace.news and self.shell is not None and not workspace.held.held:
            tone = Tone.DANGER if workspace.doubts else Tone.WARN
            self.shell.tell(" ".join(workspace.news), tone)

    def _know_computer(self, found: ThisComputer) -> None:
        """What the keyring remembered; a head that does not fit is said above everything."""
        from bt_desktop.services.computer import doubts_in_words  # deferred: the unlock page is Qt

        if self.shell is None:
            return
        self.shell.this_computer = found
        self.shell.look_held()
        if found.doubts and self.shell.held_banner.isHidden():
            self.shell.tell(" ".join(doubts_in_words(found.doubts)), Tone.DANGER)

    # --- cover ---------------------------------------------------------------------------

    @Slot()
    def cover_up(self) -> None:
        """Cover the window and every other of ours; nobody is signed out."""
        if self.shell is None or self._locking:
            return
        self._hide_others()
        self.cover.say_idle(self.idle.lock_after_s // 60)
        self.cover.reminder.remind_at(self.shell.head_watch.moments())
        if self._night is None:  # else it is covered already, by a page that reads nothing
            self._focus_before = QApplication.focusWidget()
        self._turn_to(self.cover)
        self.cover.setFocus()

    @Slot()
    def uncover(self) -> None:
        """Show again what was covered, with the focus where it was."""
        if self.shell is None:
            return
        self.stack.setCurrentWidget(self.shell)
        self._show_others()
        before = getattr(self, "_focus_before", None)
        if before is not None and self.shell.isAncestorOf(before):
            before.setFocus()
        self.idle.touch()

    def _hide_others(self) -> None:
        for window in QApplication.topLevelWidgets():
            if window is not self and window.isVisible() and window.windowHandle() is not None:
                window.hide()
                self._hidden.append(window)

    def _show_others(self) -> None:
        for window in self._hidden:
            if shiboken6.isValid(window):
                window.show()
        self._hidden.clear()

    # --- a dose noted without signing in ----------------------------------------------------

    @Slot()
    def note_emergency(self) -> None:
        """Note an emergency dose over whatever is shown; nothing is uncovered by it."""
        from bt_desktop.views.night_note import NightNotePage  # deferred: seldom needed

        if self._night is not None:
            return
        self._behind = self.stack.currentWidget() or self.unlock_page
        self._night = page = NightNotePage(self._desk, self._door, self)
        page.left.connect(self._after_note)
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.begin()

    @Slot()
    def _after_note(self) -> None:
        page, self._night = self._night, None
        if page is None:
            return
        self._drop(page, self._behind)
        self._behind.setFocus()
        workspace = self.workspace
        if workspace is not None and not self._locking:  # else the next sign-in files it
            notes = workspace.health.night_notes
            self._desk.tasks.run(self, notes.take_in, failed=lambda _: None)

    def _turn_to(self, page: QWidget) -> None:
        """Show a page; behind a note that is being written, which stays until it is kept."""
        self._behind = page
        if self._night is None:
            self.stack.setCurrentWidget(page)

    # --- the other ways in ---------------------------------------------------------------

    @Slot()
    def first_run(self) -> None:
        """Set up a school in an empty folder."""
        from bt_desktop.views.first_run import FirstRun  # deferred: seldom needed

        wizard = FirstRun(self._desk, self._door, self)
        wizard.done.connect(self._leave_for)
        wizard.check_asked.connect(self.verify)
        self.stack.addWidget(wizard)
        self.stack.setCurrentWidget(wizard)
        wizard.begin()

    @Slot()
    def _recover(self) -> None:
        from bt_desktop.views.unlock_recovery import RecoveryPage  # deferred: seldom needed

        page = RecoveryPage(self._desk, self._door, self)
        page.done.connect(self._leave_for)
        page.cancelled.connect(lambda: self._drop(page, self.unlock_page))
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.begin()

    @Slot()
    def _lock_and_restore(self) -> None:
        """From an open vault: lock it, then choose the backup."""
        self._restore_next = True
        self.lock()

    @Slot()
    def _put_backup_back(self) -> None:
        from bt_desktop.views.restore_sheet import RestoreSheet  # deferred: seldom needed

        sheet = RestoreSheet(self._desk, self._door, self)
        sheet.saved.connect(self._backup_is_back)
        sheet.open_sheet()

    @Slot(object)
    def _backup_is_back(self, told: Restored) -> None:
        from bt_desktop.views.widgets.when import moment_words  # deferred: seldom needed

        made = told.manifest.made_at.astimezone(self._desk.clock.now().tzinfo)
        when = moment_words(made, self._desk.clock.now())
        kept = " What lay there before is kept beside." if told.aside else ""
        self.unlock_page.load()
        self.unlock_page.say_note(f"The records are as they were: {when}.{kept}")

    @Slot(object)
    def _leave_for(self, workspace: Workspace) -> None:
        page = self.stack.currentWidget()
        self.enter(workspace)
        if page is not None:
            self.stack.removeWidget(page)
            page.deleteLater()

    def _drop(self, page: QWidget, back: QWidget) -> None:
        self.stack.setCurrentWidget(back)
        self.stack.removeWidget(page)
        page.deleteLater()

    @Slot()
    def verify(self) -> None:
        """Open the window that checks a printed copy; it needs no vault."""
        from bt_desktop.views.verify_window import VerifyWindow  # deferred: seldom needed

        window = VerifyWindow(self._desk, self._prefs.folder, self.workspace, self)
        window.show()

    @Slot()
    def show_manual(self, above: QWidget | None = None) -> None:
        """F1: the manual, at the place that fits the page that is shown, or the window `above`."""
        if self.stack.currentWidget() is self._cover:
            self.cover.lift()  # any key does
            return
        from bt_desktop.views.manual import ManualWindow  # deferred: seldom needed
        from bt_desktop.views.manual_pages import spot_for

        if self._manual is None or not shiboken6.isValid(self._manual):
            self._manual = ManualWindow(self._desk, paths.manual_dir())
        role = self.workspace.actor.role.value if self.workspace is not None else ""
        self._manual.go(spot_for(role, *([above] if above else []), self))
        self._manual.show()
        self._manual.raise_()
        self._manual.activateWindow()

    # --- the window itself ---------------------------------------------------------------

    @Slot()
    def come_forward(self) -> None:
        """Somebody started the program again: here it is."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _take_size(self) -> None:
        geometry = self._prefs.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1280, 800)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save, lock, then go; a change that cannot be saved keeps the window open."""
        self._prefs.keep_geometry(self.saveGeometry())
        night = self._night
        if (
            night is not None
            and night.holds_words
            and not ask(
                self,
                "The emergency dose is not kept yet. If the program closes now, it is lost.",
                "Close and lose it",
                "Go on writing",
            )
        ):
            event.ignore()
            return
        if self._manual is not None and shiboken6.isValid(self._manual):
            self._manual.close()
        if self.shell is None:
            event.accept()
            return
        if self.shell.unsaved() and ask(
            self,
            "The last change could not be saved. If the program closes now, it is lost.",
            "Close and lose it",
            "Keep it open",
        ):
            event.accept()
            return
        event.ignore()
        if not self._leaving:
            self._leaving = True
            self._back_up_and_lock()

    def _back_up_and_lock(self) -> None:
        """Save what is typed, make the last backup of the day where it is due, lock, and go."""
        shell, watch = self.shell, self._backups
        if shell is None or watch is None or self._locking:
            self.lock()
            return
        from bt_desktop.views.leaving import LeavingPage  # deferred: seldom needed

        self._hide_others()
        page = LeavingPage(self._desk, self)
        self.stack.addWidget(page)
        self._turn_to(page)
        shell.flush()

        def over() -> None:
            self.lock()
            self.stack.removeWidget(page)
            page.deleteLater()

        self._desk.tasks.run(self, lambda: None, lambda _: page.follow(watch.leaving(over)))


def _pin(workspace: Workspace, prefs: Preferences) -> None:
    """Remember the school's certificate, so that copies can be checked without the vault."""
    from bt_desktop.services import verification  # deferred: loads pyHanko

    try:
        verification.pin_ca(workspace.copies.school_ca_pem(), prefs.folder)
    except (KnownError, OSError):
        return  # a role that may not, or a folder that cannot be written: nothing is lost
