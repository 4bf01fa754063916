"""The window's inside once it is unlocked: rail, bar, pages, foot, and the way between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QCursor, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from bt_desktop.views.deadline_watch import DeadlineWatch
from bt_desktop.views.deadline_words import place_for
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.head_timer import HeadBanner, HeadWatch
from bt_desktop.views.health.glass_way import GlassWay
from bt_desktop.views.health.sections import allowed_sections
from bt_desktop.views.held_page import HeldBanner
from bt_desktop.views.home import HomePage
from bt_desktop.views.records_list import RecordsPage
from bt_desktop.views.shell_bar import Foot, TopBar
from bt_desktop.views.shell_keys import KeysSheet
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.shell_rail import PLACES, Rail
from bt_desktop.views.shell_search import Findings
from bt_desktop.views.shell_start import Starting
from bt_desktop.views.tasks import Lane
from bt_desktop.views.tokens import RAIL_ICONS_BELOW

if TYPE_CHECKING:
    from bt_desktop.services.computer import ThisComputer
    from bt_desktop.services.health.glass_model import OpenGlass
    from bt_desktop.services.pin import PinKeeper
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.results.deadlines import DeadlineLine
    from bt_desktop.services.results.records import FormInfo
    from bt_desktop.services.results.school import School
    from bt_desktop.services.workspace import Workspace

_UNDER_HOME = ("held", "empty_form", "notices", "notices_print")
MakeRecordPage = Callable[[Desk, "Workspace", str], QWidget]


def make_form_page(desk: Desk, workspace: Workspace, record_id: str) -> QWidget:
    """The page of one record."""
    from bt_desktop.views.form_page import FormPage  # deferred: loads the form engine

    return FormPage(desk, workspace, record_id)


class Shell(QWidget):
    """Shows one page at a time. `lock_asked` for Ctrl+L; `verify_asked` to check a printed copy;
    `emergency_asked` (F9) to note an emergency dose; `restore_asked` to lock and put a backup back.

    `place()` says where the person is and `restore()` goes back there; neither holds an answer.
    """

    lock_asked = Signal()
    verify_asked = Signal()
    emergency_asked = Signal()
    restore_asked = Signal()

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        prefs: Preferences,
        *,
        record_page: MakeRecordPage = make_form_page,
        pin: Callable[[], PinKeeper] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._desk, self._workspace, self._prefs = desk, workspace, prefs
        self._make_record_page = record_page
        self._pin = pin
        self._forms: tuple[FormInfo, ...] = ()
        self._pages: dict[str, QWidget] = {}
        self._key, self._id = "", ""
        self._pack_line = ""
        self._new_wanted = False
        self.this_computer: ThisComputer | None = None
        self._build()
        self.starting = Starting(
            desk, workspace, self, lambda on: self.bar.new.setEnabled(not on), self.open_record
        )
        self._shortcuts()
        self.foot.say_left("Everything is saved")
        actor = workspace.actor
        self.bar.show_person(actor.name, actor.title)
        self.bar.pin.setVisible(workspace.pin.entered)
        self.bar.password_asked.connect(self.type_password)
        desk.tasks.run(
            self,
            lambda: (workspace.school.get(), workspace.records.forms()),
            self._know_school,
            lane=Lane.READ,
        )
        self._look_for_health()

    def _build(self) -> None:
        theme = self._desk.theme
        self.rail = Rail(theme, self)
        self.rail.chosen.connect(self.go)
        self.rail.lock_asked.connect(self.lock_asked)
        self.bar = TopBar(theme, self)
        self.bar.new_asked.connect(self.new_report)
        self.stack = QStackedWidget(self)
        self.foot = Foot(theme, self)
        self.banner = Banner(theme, self, slot=True)
        self.head_banner = HeadBanner(theme, self)
        self.head_banner.asked.connect(self.open_head_check)
        self.head_watch = HeadWatch(self._desk, self._workspace, self)
        self.head_watch.changed.connect(self.head_banner.show_due)
        self.held_banner = HeldBanner(theme, self)
        self.held_banner.asked.connect(lambda: self.go("held"))
        self.glass = GlassWay(self._desk, self._workspace, self)
        self.glass.asked_for.connect(self._show_glass)
        self.glass.closed.connect(self._glass_closed)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.bar)
        right.addWidget(self.held_banner)
        right.addWidget(self.head_banner)
        right.addWidget(self.glass.watch)
        right.addWidget(self.banner)
        right.addWidget(self.stack, 1)
        right.addWidget(self.foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.findings = Findings(self._desk, self._workspace, self.bar.search, self)
        self.findings.chosen.connect(self._open_found)
        theme.changed.connect(self._fold)
        self.setTabOrder(self.bar.search, self.bar.pin)
        self.setTabOrder(self.bar.pin, self.bar.new)
        self.rail.set_shown("health", False)
        self.watch = DeadlineWatch(self._desk, self._workspace, self)
        self.watch.counted.connect(
            lambda counts: self.rail.button("deadlines").set_count(counts.mine, counts.late)
        )
        self.watch.ticked.connect(self._a_minute_passed)

    def _shortcuts(self) -> None:
        def key(keys: str, deed: Callable[[], object]) -> QShortcut:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(deed)
            return shortcut

        key("Ctrl+K", self.focus_search)
        key("Ctrl+N", self.new_report)
        key("Ctrl+L", self.lock_asked.emit)
        for keys in ("F9", "Ctrl+Shift+E"):
            key(keys, self.record_emergency)
        places = {one.key: key(one.keys, partial(self.go, one.key)) for one in PLACES}
        self._health_key = places["health"]
        self._health_key.setEnabled(False)  # until it is known that there is something to see
        key("Ctrl+F1", self.show_keys)

    @Slot()
    def type_password(self) -> None:
        """After a PIN: the password, so that everything is open."""
        from bt_desktop.views.pin_sheet import PasswordAgainSheet  # deferred: seldom needed

        sheet = PasswordAgainSheet(self._desk, self._workspace, self)
        sheet.saved.connect(lambda _: self.bar.pin.hide())
        sheet.open_sheet()

    # --- going somewhere -----------------------------------------------------------------

    @property
    def page(self) -> QWidget | None:
        """The page that is shown."""
        return self.stack.currentWidget()

    @Slot(str)
    def go(self, key: str, section: str = "", errand: str = "") -> None:
        """Go to a place of the rail (`settings` and `health` take a section, and this an errand:
        what one came for)."""
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = self._make(key)
            self.stack.addWidget(page)
        self._show(key, "", page)
        load = getattr(page, "load", None)
        if load is not None:
            load()
        if section and hasattr(page, "show_section"):
            page.show_section(section, *([errand] if errand else []))
        self.watch.look()

    def back_to(self, key: str, which: str) -> None:
        """Go back to a list, to the row of what was opened there."""
        page = self._pages.get(key)
        if page is None:
            self.go(key)
            return
        self._show(key, "", page)
        page.come_back(which)  # type: ignore[attr-defined]  # RecordsPage, StudentsPage
        self.watch.look()

    def look_held(self) -> None:
        """Say above every page that the records may only be read, and why on a page of its own."""
        held = self._workspace.held.held
        fresh = held and self.held_banner.isHidden()
        self.held_banner.show_held(held)
        self.bar.new.setEnabled(not held)
        if fresh:
            self.foot.say_left("Reading only", "danger")
            self.go("held")

    def _make_held(self) -> QWidget:
        from bt_desktop.views.held_page import HeldPage  # deferred: seldom needed

        page = HeldPage(self._desk, self._workspace)
        page.go.connect(self.go)
        page.restore_asked.connect(self.restore_asked)
        page.known.connect(self.lock_asked)  # the next sign-in does what this one could not
        return page

    def open_deadline(self, line: DeadlineLine) -> None:
        """Open the record of a deadline at the place where it is brought to its end."""
        self.open_record(line.record_id, place_for(line) or None)

    def _look_for_health(self) -> None:
        """Show the health office to whom it has something to show."""
        workspace = self._workspace

        def show(allowed: tuple[Any, ...]) -> None:
            self.rail.set_shown("health", bool(allowed))
            self._health_key.setEnabled(bool(allowed))

        self._desk.tasks.run(self, lambda: allowed_sections(workspace), show, lane=Lane.READ)

    @Slot()
    def _a_minute_passed(self) -> None:
        self.look_held()  # the full check by hand may have found something
        self._look_for_health()  # something may have been delegated, or taken back, meanwhile
        tell = getattr(self.page, "tell_deadlines", None)
        if tell is not None:
            tell()

    def open_record(self, record_id: str, inner: Mapping[str, Any] | None = None) -> None:
        """Open a record; `inner` is where in it to go back to."""
        page = self._make_record_page(self._desk, self._workspace, record_id)
        page.foot.connect(self._foot_says)  # type: ignore[attr-defined]  # desk.RecordPage
        page.left_page.connect(lambda: self.back_to("records", record_id))  # type: ignore[attr-defined]  # as above
        page.other_asked.connect(self.open_record)  # type: ignore[attr-defined]  # as above
        self.stack.addWidget(page)
        self._show("record", record_id, page)
        if inner:
            page.restore(inner)  # type: ignore[attr-defined]  # desk.RecordPage

    @Slot(str, str)
    def open_head_check(self, record_id: str, point: str) -> None:
        """Go to the row of a head check that is due."""
        page, inner = self.page, {"head_check": point}
        if self._key == "record" and self._id == record_id and page is not None:
            page.restore(inner)  # type: ignore[attr-defined]  # desk.RecordPage
        else:
            self.open_record(record_id, inner)

    def open_student(self, student_id: str) -> None:
        """Open a student."""
        from bt_desktop.views.student_view import StudentPage

        page = StudentPage(self._desk, self._workspace, student_id)
        page.record_asked.connect(self.open_record)
        page.log_asked.connect(self.open_access_log)
        page.health_asked.connect(self.open_health)
        page.card_asked.connect(self.open_card)
        page.glass_asked.connect(self.glass.ask)
        page.back_asked.connect(lambda: self.back_to("students", student_id))
        self.stack.addWidget(page)
        self._show("student", student_id, page)
        page.load()

    def open_health(self, student_id: str) -> None:
        """Open a student's health file (or the school's own stock)."""
        from bt_desktop.views.health.student_orders import StudentHealthPage

        page = StudentHealthPage(self._desk, self._workspace, student_id)
        page.back_asked.connect(lambda: self.go("health", "orders"))
        page.student_asked.connect(self.open_student)
        page.stock_asked.connect(lambda order: self.go("health", "stock", order))
        page.print_asked.connect(
            lambda made: self._show_paper("Authorization", student_id, made, self.open_health)
        )
        page.paper_asked.connect(
            lambda made, title: self._show_paper(
                title, student_id, made, self.open_health, "health_paper"
            )
        )
        self.stack.addWidget(page)
        self._show("health_file", student_id, page)
        page.load()

    @Slot()
    def record_emergency(self) -> None:
        """Record an emergency dose; as a sealed note for whoever cannot look up a student."""
        if self._key == "emergency":
            return
        if not self._workspace.people.may_search:
            self.emergency_asked.emit()
            return
        from bt_desktop.views.health.dose_emergency import EmergencyPage

        place = self.place()
        page = EmergencyPage(self._desk, self._workspace)
        page.left.connect(lambda: self.restore(place))
        page.board_asked.connect(lambda: self.go("health", "today"))
        page.note_asked.connect(self.emergency_asked)
        self.stack.addWidget(page)
        self._show("emergency", "", page)

    def open_card(self, student_id: str) -> None:
        """Open a student's emergency card."""
        from bt_desktop.views.health.card_page import CardPage

        page = CardPage(self._desk, self._workspace, student_id)
        page.back_asked.connect(lambda: self.open_student(student_id))
        page.paper_asked.connect(
            lambda made: self._show_paper("Emergency card", student_id, made, self.open_card)
        )
        self.stack.addWidget(page)
        self._show("card", student_id, page)
        page.load()

    @Slot(object)
    def _show_glass(self, glass: OpenGlass) -> None:
        """A student's sealed file, opened in an emergency."""
        from bt_desktop.views.health.glass_page import GlassPage

        page = GlassPage(self._desk, self._workspace, glass)
        page.back_asked.connect(lambda: self.open_student(glass.student_id))
        page.card_asked.connect(self.open_card)
        page.close_asked.connect(self.glass.watch.close_glass)
        self.glass.watch.ticked.connect(page.tell)
        self.stack.addWidget(page)
        self._show("glass", glass.student_id, page)
        page.load()

    @Slot(str, str)
    def _glass_closed(self, student_id: str, words: str) -> None:
        """Nothing of the file stays on the screen."""
        if self._key == "glass" and self._id == student_id:
            self.open_student(student_id)
        self.tell(words)

    def open_access_log(self, student_id: str, *, listed: bool = False) -> None:
        """Open the access log of a student; `listed`: from the settings, where one goes back to
        (as does who sees no students' pages)."""
        from bt_desktop.views.access_page import AccessPage

        listed = listed or not self._workspace.people.may_search
        page = AccessPage(self._desk, self._workspace, student_id, listed=listed)
        page.back_asked.connect(
            lambda: self.go("settings", "access") if listed else self.open_student(student_id)
        )
        page.printed.connect(
            lambda made: self._show_paper(
                "Access log", student_id, made, partial(self.open_access_log, listed=listed)
            )
        )
        self.stack.addWidget(page)
        self._show("access", student_id, page)
        page.load()

    def _show_paper(
        self,
        title: str,
        student_id: str,
        made: PrintedCopy,
        back: Callable[[str], None],
        key: str = "access",
    ) -> None:
        from bt_desktop.views.preview import PdfPreview  # deferred: loads QtPdf

        page = PdfPreview(self._desk, made, title)
        page.back.connect(lambda: back(student_id))
        self.stack.addWidget(page)
        self._show(key, student_id, page)

    def open_roster(self) -> None:
        """Import a roster."""
        from bt_desktop.views.roster_page import RosterPage

        page = RosterPage(self._desk, self._workspace)
        page.done.connect(lambda: self.go("students"))
        self.stack.addWidget(page)
        self._show("roster", "", page)

    def open_year(self) -> None:
        """End the school year."""
        from bt_desktop.views.year_page import YearPage

        page = YearPage(self._desk, self._workspace)
        page.done.connect(lambda: self.go("students"))
        self.stack.addWidget(page)
        self._show("year", "", page)
        page.load()

    def _make(self, key: str) -> QWidget:
        if key == "home":
            home = HomePage(self._desk, self._workspace)
            home.opened.connect(self.open_record)
            home.start.connect(self.start)
            home.gap.connect(self._close_gap)
            home.all_asked.connect(lambda: self.go("records"))
            home.empty_asked.connect(self.empty_form)
            home.notices.asked.connect(lambda: self.go("notices"))
            home.health.opened.connect(lambda section: self.go("health", section))
            home.deadlines.go.connect(self.open_deadline)
            home.deadlines.all_asked.connect(lambda: self.go("deadlines"))
            home.deadlines.list.changed.connect(self.watch.look)
            return home
        if key == "held":
            return self._make_held()
        if key == "deadlines":
            from bt_desktop.views.deadlines_page import DeadlinesPage

            deadlines = DeadlinesPage(self._desk, self._workspace)
            deadlines.opened.connect(self.open_deadline)
            deadlines.changed.connect(self.watch.look)
            return deadlines
        if key == "notices":
            from bt_desktop.views.notices_page import NoticesPage

            notices = NoticesPage(self._desk, self._workspace)
            notices.opened.connect(lambda i: self.open_record(i, {"deed": "parent_copy"}))
            notices.printed.connect(self._preview_notices)
            return notices
        if key == "records":
            records = RecordsPage(self._desk, self._workspace)
            records.opened.connect(self.open_record)
            records.compare_asked.connect(lambda one: self.open_record(one, {"deed": "compare"}))
            records.new_asked.connect(self.new_report)
            return records
        if key == "students":
            from bt_desktop.views.students import StudentsPage

            students = StudentsPage(self._desk, self._workspace)
            students.opened.connect(self.open_student)
            students.import_asked.connect(self.open_roster)
            students.year_asked.connect(self.open_year)
            return students
        if key == "health":
            from bt_desktop.views.health.page import HealthPage

            health = HealthPage(self._desk, self._workspace, prefs=self._prefs)
            health.record_asked.connect(self.open_record)
            health.student_asked.connect(self.open_health)
            health.paper_asked.connect(self._show_health_paper)
            health.emergency_asked.connect(self.record_emergency)
            health.print_asked.connect(self._show_health_print)
            health.notices_asked.connect(lambda: self.go("notices"))
            return health
        from bt_desktop.views.settings import SettingsPage

        settings = SettingsPage(
            self._desk, self._workspace, self._prefs, lambda: self.this_computer, self._pin
        )
        settings.import_asked.connect(self.open_roster)
        settings.verify_asked.connect(self.verify_asked)
        settings.preview_asked.connect(self._preview_of_settings)
        settings.access_asked.connect(partial(self.open_access_log, listed=True))
        return settings

    def _show(self, key: str, which: str, page: QWidget) -> None:
        before = self.page
        old_key = self._key
        self._key, self._id = key, which
        never_there = page.focusWidget() is None
        self.stack.setCurrentWidget(page)
        self.glass.watch.on_its_page(key == "glass")
        if before is not None and before is not page and old_key not in self._pages:
            self._retire(before)
        mark = {
            "record": "records",
            "student": "students",
            "access": "students",
            "roster": "students",
            "card": "students",
            "glass": "students",
            "year": "students",
            "health_file": "health",
            "health_paper": "health",
            "emergency": "health",
        }.get(key, "home" if key in _UNDER_HOME else key)
        self.rail.show_place(mark)
        if key != "record":
            self.foot.say_right(self._pack_line)
        here = self.focusWidget()
        if never_there or here is None or not page.isAncestorOf(here):
            page.setFocus(Qt.FocusReason.OtherFocusReason)  # else where one was, not where Qt likes

    def _retire(self, page: QWidget) -> None:
        """Let go of a page once what was typed in it is saved; bring it back if it cannot be."""
        flush = getattr(page, "flush", None)
        if flush is None:
            page.deleteLater()
            return
        flush()

        def saved(_: object) -> None:
            unsaved = getattr(page, "unsaved", None)
            if unsaved is not None and unsaved():
                self._key, self._id = "record", getattr(page, "record_id", "")
                self.stack.setCurrentWidget(page)
                self.rail.show_place("records")
                return
            self.stack.removeWidget(page)
            page.deleteLater()

        self._desk.tasks.run(self, lambda: None, saved)

    # --- deeds ---------------------------------------------------------------------------

    @Slot()
    def focus_search(self) -> None:
        """Ctrl+K."""
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    @Slot()
    def new_report(self) -> None:
        """Start the only form, or let choose among several."""
        self._new_wanted = not self._forms  # pressed before they are read: as soon as they are
        if self._new_wanted:
            return
        if len(self._forms) == 1:
            self.start(self._forms[0].form)
            return
        corner = self.bar.new.mapToGlobal(QPoint(0, self.bar.new.height() + 4))
        self._choose_form(self.start, corner)

    def _choose_form(self, deed: Callable[[str], None], at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for form in self._forms:
            menu.addAction(form.title, partial(deed, form.form))
        menu.popup(at)
        menu.setActiveAction(menu.actions()[0])  # the arrows begin at the first

    @Slot(str)
    def start(self, form: str) -> None:
        """Start a report (asked first about today's events) and open it."""
        title = next((one.title for one in self._forms if one.form == form), form)
        self.starting.start(form, title, self.page or self)

    @Slot()
    def empty_form(self) -> None:
        """Show an empty paper form, to be printed for when the power is out; choose among them."""
        if len(self._forms) > 1:
            self._choose_form(self.print_empty, QCursor.pos())
        else:
            self.print_empty(self._forms[0].form if self._forms else "restraint")

    def print_empty(self, form: str) -> None:
        """Show the empty paper form of one form."""
        copies = self._workspace.copies
        self.tell("Making the empty form…")

        def show(made: PrintedCopy) -> None:
            from bt_desktop.views.preview import PdfPreview  # deferred: loads QtPdf

            self.banner.clear()
            page = PdfPreview(self._desk, made, "Empty paper form")
            page.back.connect(lambda: self.go("home"))
            self.stack.addWidget(page)
            self._show("empty_form", form, page)

        self._desk.tasks.run(self, lambda: copies.empty_form(form), show, lane=Lane.READ)

    @Slot(object, str, str)
    def _preview_of_settings(self, copy: PrintedCopy, title: str, section: str) -> None:
        from bt_desktop.views.preview import PdfPreview  # deferred: loads QtPdf

        page = PdfPreview(self._desk, copy, title)
        page.back.connect(lambda: self.go("settings", section))
        self.stack.addWidget(page)
        self._show("settings_paper", "", page)

    @Slot(object, str)
    def _show_health_paper(self, copy: PrintedCopy, title: str) -> None:
        from bt_desktop.views.preview import PdfPreview  # deferred: loads QtPdf

        page = PdfPreview(self._desk, copy, title)
        page.back.connect(lambda: self.go("health"))
        self.stack.addWidget(page)
        self._show("health_paper", "", page)

    @Slot(object, object, str)
    def _show_health_print(
        self, whole: PrintedCopy, made: tuple[PrintedCopy, ...], title: str
    ) -> None:
        """Show papers for parents as one print; what becomes of it is noted for each."""
        from bt_desktop.views.preview import PdfPreview  # deferred: loads QtPdf

        papers = self._workspace.health.parent_papers

        def note(what: Any) -> None:
            for copy in made:
                self._desk.tasks.run(self, lambda one=copy.copy_id: papers.mark(one, what))  # type: ignore[misc]  # mypy knows no default of a lambda

        page = PdfPreview(self._desk, whole, title)
        page.became.connect(note)
        page.back.connect(lambda: self.go("health", "papers"))
        self.stack.addWidget(page)
        self._show("health_paper", "", page)

    @Slot(object, object)
    def _preview_notices(self, whole: PrintedCopy, made: tuple[PrintedCopy, ...]) -> None:
        """Show all that was ready as one print; what becomes of it is noted for each copy."""
        from bt_desktop.views.preview import PdfPreview  # deferred: loads QtPdf

        copies = self._workspace.copies

        def note(what: Any) -> None:
            for copy in made:
                self._desk.tasks.run(self, lambda one=copy.copy_id: copies.mark(one, what))  # type: ignore[misc]  # mypy knows no default of a lambda

        page = PdfPreview(self._desk, whole, "Today's notices")
        page.became.connect(note)
        page.back.connect(lambda: self.go("notices"))
        note("previewed")
        self.stack.addWidget(page)
        self._show("notices_print", "", page)

    @Slot()
    def show_keys(self) -> None:
        """Ctrl+F1: the keys."""
        sheet = KeysSheet(self._desk.theme, self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def tell(self, text: str, tone: Tone = Tone.INFO) -> None:
        """Say something above whatever page is shown."""
        self.banner.tell(text, tone)

    @Slot(str)
    def _close_gap(self, code: str) -> None:
        if code == "roster":
            self.open_roster()
        else:
            section = {
                "second-administrator": "accounts", "calendar": "calendar", "backup": "backups",
                "key-change": "keys", "recovery-sheet": "keys",
            }.get(code)  # fmt: skip
            self.go("settings", section or "school")

    @Slot(str, str)
    def _open_found(self, kind: str, which: str) -> None:
        if kind == "student":
            self.open_student(which)
        else:
            self.open_record(which)

    @Slot(str, str)
    def _foot_says(self, left: str, right: str) -> None:
        saved = left.startswith("Saved") or not left
        self.foot.say_left(left, "ok" if saved else "warn")
        if left.startswith("Saved"):
            self.head_watch.ask()
        self.foot.say_right(right)

    def _know_school(self, known: tuple[School, tuple[FormInfo, ...]]) -> None:
        school, self._forms = known
        self.rail.set_school(school.name)
        self._pack_line = school.pack_title
        if self._key != "record":
            self.foot.say_right(self._pack_line)
        if self._new_wanted:
            self.new_report()

    # --- where we are --------------------------------------------------------------------

    def place(self) -> dict[str, Any]:
        """Where the person is, for after the next unlocking."""
        inner: Mapping[str, Any] = {}
        if self._key in ("record", "health") and self.page is not None:
            inner = self.page.place()  # type: ignore[attr-defined]  # desk.RecordPage, HealthPage
        return {"key": self._key, "id": self._id, "inner": inner}

    def restore(self, place: Mapping[str, Any]) -> None:
        """Go back to a place."""
        key, which = place.get("key", "home"), place.get("id", "")
        if key == "record":
            self.open_record(which, place.get("inner") or None)
        elif key == "student":
            self.open_student(which)
        elif key == "access":
            self.open_access_log(which)
        elif key == "card":
            self.open_card(which)
        elif key == "glass":  # a lock closed it
            self.open_student(which)
        elif key == "health_file":
            self.open_health(which)
        else:
            section = str((place.get("inner") or {}).get("section", ""))
            self.go(key if key in {"notices", *(p.key for p in PLACES)} else "home", section)

    def flush(self) -> None:
        """Hand what is typed to the write lane."""
        flush = getattr(self.page, "flush", None)
        if flush is not None:
            flush()

    def unsaved(self) -> bool:
        """Whether something typed could not be saved."""
        unsaved = getattr(self.page, "unsaved", None)
        return bool(unsaved is not None and unsaved())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    @Slot()
    def _fold(self) -> None:
        self.rail.fold(self.width() < self._desk.theme.px(RAIL_ICONS_BELOW))
