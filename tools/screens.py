"""A picture of every window and page, light and dark, at 100 % and 200 %, and of the papers.

`make screens` writes build/screens/<scene>-<mode>-<scale>.png and docs/pictures (for the README).
`python tools/screens.py home settings` takes only the scenes whose names begin so; `--quick` only
light at 100 %, `--look dark-200` only that look. The vault is made anew from the demo's event, with
cheap key derivation.
"""

from __future__ import annotations

import argparse
import copy
import gc
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from PySide6.QtCore import QSize  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from bt_desktop import paths  # noqa: E402
from bt_desktop.clock import SetClock  # noqa: E402
from bt_desktop.demo import Demo, type_answers  # noqa: E402
from bt_desktop.form_engine.session import FormSession  # noqa: E402
from bt_desktop.security.kdf import KdfParams, KdfPolicy  # noqa: E402
from bt_desktop.services.school_days import Day, Term  # noqa: E402
from bt_desktop.services.workspace import Workspace  # noqa: E402
from bt_desktop.views.collector import Collector  # noqa: E402
from bt_desktop.views.desk import Desk, make_desk  # noqa: E402
from bt_desktop.views.door import Door  # noqa: E402
from bt_desktop.views.feedback import CrashSheet  # noqa: E402
from bt_desktop.views.first_run import FirstRun  # noqa: E402
from bt_desktop.views.shell import Shell  # noqa: E402
from bt_desktop.views.shell_prefs import Preferences  # noqa: E402
from bt_desktop.views.shell_window import AppWindow  # noqa: E402
from bt_desktop.views.theme import Theme  # noqa: E402
from bt_desktop.views.verify_window import VerifyWindow  # noqa: E402
from bt_desktop.views.widgets.focus_ring import FocusRing  # noqa: E402
from tools.body_scenes import body_map  # noqa: E402
from tools.screens_backups import backups  # noqa: E402
from tools.screens_board import board, emergency  # noqa: E402
from tools.screens_counter import counter, in_emergencies, locked_note  # noqa: E402
from tools.screens_dialogs import dialogs  # noqa: E402
from tools.screens_finding import finding, seen  # noqa: E402
from tools.screens_first_aid import first_aid, medication_error, staff_injury  # noqa: E402
from tools.screens_health import health_orders, health_stock  # noqa: E402
from tools.screens_health_papers import health_papers  # noqa: E402
from tools.screens_held import held  # noqa: E402
from tools.screens_keys import keys  # noqa: E402
from tools.screens_months import months  # noqa: E402
from tools.screens_papers import PAPERS, pages, take  # noqa: E402
from tools.screens_people import people  # noqa: E402
from tools.screens_trips import health_trips  # noqa: E402

OUT = ROOT / "build" / "screens"
PICTURES = ROOT / "docs" / "pictures"
SIZE = QSize(1280, 800)
CHEAP = KdfParams(memory_kib=64, passes=1, lanes=1)
POLICY = KdfPolicy(floor=CHEAP, params=CHEAP)
NOW = datetime.fromisoformat("2026-11-12T13:42:07-08:00")
DEMO_PASSWORD = "nine copper kettles on the lawn"  # noqa: S105 - of a picture


CALENDAR_FILE = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Maple Creek//Calendar//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20261221
DTEND;VALUE=DATE:20270102
SUMMARY:Winter break
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20261126
DTEND;VALUE=DATE:20261128
SUMMARY:Thanksgiving
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART;VALUE=DATE:20270104
SUMMARY:Second semester begins
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART;VALUE=DATE:20270118
SUMMARY:Martin Luther King Jr. Day
END:VEVENT
BEGIN:VEVENT
UID:5
DTSTART;VALUE=DATE:20261204
SUMMARY:Minimum day
END:VEVENT
END:VCALENDAR
"""


class Told:
    """The demo's school: one signed record with both copies, one draft with something wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.demo = Demo(folder, say=lambda _: None, policy=POLICY)
        demo = self.demo
        demo.set_up()
        demo.import_roster()
        self.record = demo.write_report()
        demo.sign_report(self.record)
        demo.add_parts(self.record)
        self.school_copy = demo.school_copy(self.record).pdf
        self.parent_copy = demo.parent_copy(self.record).pdf
        self.unreleased = demo.write_report()
        demo.sign_report(self.unreleased)
        self.clock: SetClock = demo._clock
        self.clock.set(NOW)
        self.enter_calendar()
        self.draft = self._half_written()

    def facts(self) -> dict[str, Any]:
        """What is to be known of it beside what stands in its folder (see `known`)."""
        own = ("record", "school_copy", "parent_copy", "unreleased", "draft")
        return {"ids": self.demo.ids} | {name: getattr(self, name) for name in own}

    @classmethod
    def known(cls, folder: Path, facts: dict[str, Any]) -> Told:
        """A school that was told into `folder` before, maybe by another process."""
        told = cls.__new__(cls)
        told.folder = folder
        told.demo = Demo(folder, say=lambda _: None, policy=POLICY)
        told.clock = told.demo._clock = SetClock(NOW)
        told.demo.ids = facts["ids"]
        for name in facts.keys() - {"ids"}:
            setattr(told, name, facts[name])
        return told

    def again(self, folder: Path) -> Told:
        """The same school in another folder, as it stood: one act's own, so that none finds what
        another left."""
        shutil.copytree(self.folder, folder)
        folder.chmod(0o700)
        told, demo = copy.copy(self), copy.copy(self.demo)
        told.folder = demo.out = folder
        told.demo = demo
        told.clock = demo._clock = SetClock(NOW)
        return told

    def enter_calendar(self) -> None:
        """The school year with its breaks, as the administrator enters it."""
        with self.demo.signed_in("tom") as w:
            w.calendar.set_bell(time(15, 10))
            w.calendar.set_terms(
                [
                    Term(date(2026, 8, 17), date(2026, 12, 18), "Fall"),
                    Term(date(2027, 1, 4), date(2027, 6, 11), "Spring"),
                    Term(date(2027, 6, 21), date(2027, 7, 16), "Extended year", True, time(12)),
                ]
            )
            off = [Day(date(2026, 11, 11), "no_school", None, "Veterans Day")]
            off += [Day(date(2026, 11, d), "no_school", None, "Thanksgiving") for d in (26, 27)]
            off += [Day(date(2026, 11, 2), "staff_day", None, "Staff development")]
            off += [Day(date(2026, 11, d), "early", time(12, 30), "Conferences") for d in (18, 19)]
            w.calendar.set_days(off)

    def _half_written(self) -> str:
        author = self.demo.told["record"]["reported_by"]
        with self.demo.signed_in(author) as w:
            record = w.records.start("restraint")
            session = FormSession(w.records.open(record).form, {}, now=self.clock.now)
            pairs = self.demo.told["record"]["report"]
            wanted = [p for p in pairs if "injur" not in p[0] and "property" not in p[0]]
            type_answers(session, wanted, self.demo.ids)
            session.set("/holds[2]/end", "10:06")
            w.records.save_draft(record, "report", session.answers())
            w.records.start("restraint")
        return record


@dataclass
class Stage:
    """One window in one look, with hands."""

    told: Told
    app: QApplication
    theme: Theme
    desk: Desk
    settings: Path
    out: Path

    def settle(self) -> None:
        """Until nothing is under way and everything is painted."""
        for _ in range(2000):
            self.app.processEvents()
            if self.desk.tasks.is_idle():
                break
            QTest.qWait(2)
        QTest.qWait(60)  # timers of the page (side column, suggestions)
        self.app.processEvents()

    def shoot(self, name: str, widget: QWidget, size: QSize | None = SIZE) -> None:
        """Take the picture."""
        if size is not None:
            widget.resize(size)
        widget.show()
        widget.activateWindow()
        self.settle()
        suffix = f"{self.theme.tokens.name}-{self.theme.scale}"
        widget.grab().save(str(self.out / f"{name}-{suffix}.png"))

    def window(self, folder: Path | None = None) -> AppWindow:
        """The window, at the door."""
        door = Door(folder or self.told.demo.vault, self.told.clock, POLICY)
        window = AppWindow(self.desk, door, Preferences(self.settings), self.app)
        window.resize(SIZE)
        window.show()
        window.unlock_page.load()
        self.settle()
        return window

    def signed_in(self, key: str, folder: Path | None = None) -> tuple[AppWindow, Shell]:
        """The window, with somebody signed in."""
        window = self.window(folder)
        person = self.told.demo.told["staff"][key]
        page = window.unlock_page
        page.who.setCurrentIndex(page.who.findText(person["sign_in"]))
        page.password.setText(person["password"])
        page.unlock()
        self.settle()
        assert window.shell is not None  # noqa: S101 - a picture of nothing is a bug
        return window, window.shell

    def close(self, window: AppWindow) -> None:
        """Lock and go."""
        window.close()
        self.settle()
        window.deleteLater()


def at_the_door(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """Unlock page and what it says."""
    window = stage.window()
    page = window.unlock_page
    page.say_note("Your draft of 10:42 is safe and opens again after unlocking.")
    page.password.setText("twelve words")
    page.field.say("Caps Lock is on", "warn", frame=False, sign="caps")
    page.password.setFocus()
    yield "unlock", window
    page.password.clear()
    page.field.say("This is not the password of this account. Check Caps Lock, then try again.")
    yield "unlock-wrong", window
    page.recovery_asked.emit()
    yield "recovery", window
    recovery: Any = window.stack.currentWidget()
    recovery.who.offer((("Tom Becker", ""),))
    recovery._show(1)
    yield "recovery-who", window
    window.stack.setCurrentWidget(window.cover)
    yield "cover", window
    stage.close(window)
    broken = stage.told.folder / "broken"
    broken.mkdir(exist_ok=True)
    (broken / "vault.keys.json").write_text("{")
    window = stage.window(broken)
    yield "unlock-damaged", window
    stage.close(window)


def first_run(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """Each step of the first run."""
    folder = Path(tempfile.mkdtemp(prefix="bt-first-"))
    window = stage.window(folder / "vault")
    wizard = window.stack.currentWidget()
    assert isinstance(wizard, FirstRun)  # noqa: S101 - as above
    stage.settle()
    yield "first-run-1-welcome", window
    wizard.go_on()
    wizard.go_on()
    yield "first-run-2-school-blank", window
    wizard.school.name.setText("Maple Creek Elementary School")
    wizard.school.address.setPlainText("410 Alder Road\nMaple Creek, CA 95000")
    wizard.school.phone.setText("(555) 010-0140")
    wizard.go_on()
    yield "first-run-3-rules", window
    wizard.go_on()
    wizard.administrator.given.setText("Tom")
    wizard.administrator.family.setText("Becker")
    wizard.administrator.job.setText("Principal")
    password = wizard.administrator.password
    password.first.setText(DEMO_PASSWORD)
    stage.settle()
    yield "first-run-4-administrator", window
    password.again.setText(DEMO_PASSWORD)
    wizard.go_on()
    stage.settle()
    yield "first-run-5-recovery", window
    key = [group.text() for group in wizard.recovery._groups]
    wizard.go_on()
    yield "first-run-6-check", window
    for frame, line in zip(wizard.confirm.frames, wizard.confirm.lines, strict=True):
        line.setText(key[int(frame.label.text().removeprefix("Group ")) - 1])
    wizard.go_on()
    stage.settle()
    assert wizard.roster.view is not None  # noqa: S101 - as above
    yield "first-run-7-roster", window
    wizard.roster.view.read(paths.resources_dir() / "demo" / "roster")
    stage.settle()
    yield "first-run-7-roster-preview", window
    wizard.go_on()
    yield "first-run-8-ready", window
    wizard.go_on()
    stage.settle()
    yield "home-new-school", window
    window.shell.go("students")  # type: ignore[union-attr]  # it is open
    yield "students-none", window
    stage.close(window)
    shutil.rmtree(folder, ignore_errors=True)


def told_roster(stage: Stage) -> Path:
    """A roster later in the year: someone new, a new grade, a doubtful guardian, bad rows."""
    folder = Path(tempfile.mkdtemp(dir=stage.told.demo.vault.parent))
    shutil.copytree(paths.resources_dir() / "demo" / "roster", folder, dirs_exist_ok=True)
    users = folder / "users.csv"
    head, *rows = users.read_text(encoding="utf-8").splitlines()
    names = head.split(",")
    rows = [row.replace(",4,", ",5,") for row in (*rows[:8], *rows[11:])]
    odd = dict.fromkeys(names, "")
    odd |= {"sourcedId": "odd-1", "role": "astronaut", "givenName": "Buzz", "familyName": "Nobody"}
    rows.append(",".join(odd[name] for name in names))
    rows.append("cut-off,,")
    users.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return folder


def inside(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """Places of the shell, as the technician and as the administrator."""
    window, shell = stage.signed_in("dana")
    yield "home", window
    shell.bar.search.setFocus()
    QTest.keyClicks(shell.bar.search, "ma")
    yield "search", window
    shell.bar.search.clear()
    shell.show_keys()
    stage.settle()
    for sheet in window.findChildren(QWidget):
        if sheet.isWindow() and sheet.isVisible():
            yield "keys", sheet
            sheet.close()
    window.show_manual()
    stage.settle()
    yield "manual!", window._manual  # type: ignore[misc]  # it is there now
    window._manual.close()  # type: ignore[union-attr]  # as above
    window.resize(960, 760)
    stage.settle()
    yield "home-narrow!", window
    stage.close(window)
    window, shell = stage.signed_in("tom")
    for key in ("records", "students"):
        shell.go(key)
        yield key, window
    shell.open_student(stage.told.demo.ids["mateo"])
    yield "student", window
    shell.open_roster()
    yield "roster", window
    shell.page.view.read(told_roster(stage))  # type: ignore[union-attr]  # RosterPage
    stage.settle()
    yield "roster-preview", window
    shell.page.view.lists.show_one("problems")  # type: ignore[union-attr]  # RosterPage
    yield "roster-problems", window
    shell.go("settings")
    sections = ("school", "holds", "staff", "accounts", "backups", "keys", "log", "medicine")
    for key in (*sections, "computer"):
        shell.page.show_section(key)  # type: ignore[union-attr]  # SettingsPage
        yield f"settings-{key}", window
    shell.page.section("log").make_slip()  # type: ignore[union-attr]  # SettingsPage
    stage.settle()
    yield "anchor-slip", window
    stage.close(window)


def sheets(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """Sheets over a page."""
    from bt_desktop.views.accounts import AccountSheet, PasswordSheet, RoleSheet
    from bt_desktop.views.people_staff import StaffSheet
    from bt_desktop.views.student_edit import GuardianSheet, HealthSheet, StudentSheet

    window, shell = stage.signed_in("tom")
    w: Workspace = window.workspace  # type: ignore[assignment]  # it is open
    mateo = stage.told.demo.ids["mateo"]
    other = next(one for one in w.accounts.list() if not one.own and one.active)
    made: list[tuple[str, Callable[[], QWidget]]] = [
        ("sheet-student", lambda: StudentSheet(stage.desk, w, w.people.get(mateo), shell)),
        ("sheet-allergies", lambda: HealthSheet(stage.desk, w, w.people.get(mateo), shell)),
        (
            "sheet-guardian",
            lambda: GuardianSheet(stage.desk, w, mateo, w.people.guardians(mateo)[0], shell),
        ),
        ("sheet-staff", lambda: StaffSheet(stage.desk, w, w.people.staff()[0], shell)),
        ("sheet-account", lambda: AccountSheet(stage.desk, w, w.people.staff(), shell)),
        ("sheet-password", lambda: PasswordSheet(stage.desk, w, None, shell)),
        ("sheet-password-new", lambda: PasswordSheet(stage.desk, w, other, shell)),
        ("sheet-role", lambda: RoleSheet(stage.desk, w, other, shell)),
    ]
    for name, make in made:
        sheet = make()
        sheet.open_sheet()  # type: ignore[attr-defined]  # a Sheet
        yield f"{name}!", sheet
        sheet.close()
    crash = CrashSheet(stage.theme, "ValueError at form_page.py:210:show_section", window)
    yield "crash!", crash
    crash.close()
    stage.close(window)


def checking(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The window that checks a copy."""
    window, _ = stage.signed_in("tom")
    stage.settle()
    check = VerifyWindow(stage.desk, stage.settings, window.workspace, window)
    check.show()
    yield "verify!", check
    files = {"genuine": stage.told.parent_copy, "changed": _flipped(stage.told.parent_copy)}
    for name, data in files.items():
        file = stage.told.folder / f"{name}.pdf"
        file.write_bytes(data)
        check.check(file)
        stage.settle()
        yield f"verify-{name}!", check
    check.close()
    stage.close(window)


def _flipped(pdf: bytes) -> bytes:
    at = len(pdf) // 3
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def form(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The page of a record: a draft and its check."""
    window, shell = stage.signed_in("dana")
    shell.open_record(stage.told.draft)
    stage.settle()
    page = shell.page
    yield "form", window
    for section in (
        "when_where",
        "people",
        "behavior",
        "holds",
        "monitoring",
        "injuries",
        "parent_told",
    ):
        if section in {s.name for s in page.draft.session.sections()}:  # type: ignore[union-attr]  # FormPage
            page.open_section(section)  # type: ignore[union-attr]
            yield f"form-{section.replace('_', '-')}", window
    page.deeds.do("check")  # type: ignore[union-attr]
    yield "form-check", window
    stage.close(window)


def copies(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """A signed record, its copies, and the notices that are owed."""
    window, shell = stage.signed_in("tom")
    shell.open_record(stage.told.record)
    stage.settle()
    page = shell.page
    yield "form-signed", window
    page.deeds.do("school_copy")  # type: ignore[union-attr]
    stage.settle()
    yield "preview", window
    shell.open_record(stage.told.unreleased)
    stage.settle()
    shell.page.deeds.do("parent_copy")  # type: ignore[union-attr]
    stage.settle()
    yield "release", window
    shell.go("notices")
    stage.settle()
    yield "notices", window
    next(iter(shell.page.rows.values())).call.click()  # type: ignore[union-attr]  # NoticesPage
    stage.settle()
    yield "notices-call!", QApplication.activeModalWidget() or window
    stage.close(window)


def events(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """An incident: begun beside today's report, its event, what it leads to; the report apart."""
    from bt_desktop.views.form_event_sheets import AlsoSheet, JoinSheet
    from bt_desktop.views.start_sheet import StartSheet

    window, shell = stage.signed_in("dana")
    w: Workspace = window.workspace  # type: ignore[assignment]  # it is open
    sheet = StartSheet(stage.desk, "Incident report", w.events.today(), shell)
    sheet.open_sheet()
    stage.settle()
    yield "start-sheet!", sheet
    sheet.close()
    incident = w.events.start("incident", w.records.open(stage.told.record).event_id)
    shell.open_record(incident)
    stage.settle()
    page = shell.page
    yield "event-offer", window
    page.event_side.use(page.event_side.view.offers[0])  # type: ignore[union-attr]  # FormPage
    page.draft.put("/hands_on", ["held"])  # type: ignore[union-attr]
    stage.settle()
    page.open_section("held_or_kept")  # type: ignore[union-attr]
    stage.settle()
    yield "event-lead", window
    page.open_section("people")  # type: ignore[union-attr]
    stage.settle()
    yield "event-people", window
    window.resize(960, 760)
    stage.settle()
    yield "event-lead-narrow!", window
    also = AlsoSheet(stage.desk, w, incident, page.event_side.view.others, shell)  # type: ignore[union-attr]
    also.open_sheet()
    yield "event-also!", also
    also.close()
    near = w.events.near(incident)
    if near:
        join = JoinSheet(stage.desk, w, incident, near, shell)
        join.open_sheet()
        yield "event-join!", join
        join.close()
    shell.open_record(w.records.start("risk"))
    stage.settle()
    yield "event-confidential", window
    stage.close(window)


def deadlines(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """What must be done by when, and the calendar it is counted by."""
    from bt_desktop.views.calendar_import import ImportSheet
    from bt_desktop.views.deadline_sheets import ReasonSheet

    window, shell = stage.signed_in("dana")
    yield "deadlines-home", window
    shell.go("deadlines")
    yield "deadlines", window
    shell.open_record(stage.told.draft)
    yield "deadlines-form", window
    stage.close(window)
    stage.told.clock.set(NOW + timedelta(days=2, hours=3))
    window, shell = stage.signed_in("tom")
    shell.go("deadlines")
    shell.page.choose("whose", "all")  # type: ignore[union-attr]  # DeadlinesPage
    yield "deadlines-late", window
    lines = window.workspace.deadlines.open("all")  # type: ignore[union-attr]  # it is open
    sheet = ReasonSheet(stage.desk, window.workspace, lines[0], shell)  # type: ignore[arg-type]  # as above
    sheet.open_sheet()
    yield "deadline-reason!", sheet
    sheet.close()
    stage.told.clock.set(NOW)
    shell.go("settings", "calendar")
    yield "settings-calendar", window
    section = shell.page.section("calendar")  # type: ignore[union-attr]  # SettingsPage
    section.turn(0)
    section.grid.choose(date(2026, 11, 18), date(2026, 11, 18))
    shell.page._scrolls[2].ensureWidgetVisible(section.editor)  # type: ignore[union-attr]  # as above
    section.grid.setFocus()
    yield "settings-calendar-day", window
    calendar = window.workspace.calendar  # type: ignore[union-attr]  # as above
    found = calendar.look_into(CALENDAR_FILE)
    taking = ImportSheet(stage.desk, window.workspace, found, "school.ics", shell)  # type: ignore[arg-type]  # as above
    taking.open_sheet()
    yield "calendar-import!", taking
    taking.close()
    stage.close(window)


def reviewed(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """A report on its way: returned with remarks, corrected, compared, withdrawn."""
    from tools.screens_review import back_and_forth  # after the path

    told = back_and_forth(stage.told.demo, stage.told.record)
    window, shell = stage.signed_in("tom")
    yield "home-waiting", window
    shell.open_record(told.waiting)
    stage.settle()
    yield "record-waiting", window
    page = shell.page
    page.deeds.do("review")  # type: ignore[union-attr]  # FormPage
    stage.settle()
    yield "review", window
    over = page.deeds.versions.review_page  # type: ignore[union-attr]
    over.send_back.click()
    stage.settle()
    yield "review-return", window
    shell.open_record(told.amended)
    stage.settle()
    yield "record-amended", window
    shell.page.deeds.do("compare")  # type: ignore[union-attr]
    stage.settle()
    yield "compare", window
    stage.close(window)
    told.tell_the_rest()
    window, shell = stage.signed_in("dana")
    yield "home-returned", window
    shell.open_record(told.returned)
    stage.settle()
    yield "record-returned", window
    shell.page.deeds.do("correct")  # type: ignore[union-attr]
    stage.settle()
    yield "amend-returned!", shell.page.deeds.versions.sheet  # type: ignore[union-attr]
    shell.page.deeds.versions.sheet.reject()  # type: ignore[union-attr]
    shell.open_record(told.amended)
    stage.settle()
    shell.page.deeds.do("amend")  # type: ignore[union-attr]
    stage.settle()
    yield "amend!", shell.page.deeds.versions.sheet  # type: ignore[union-attr]
    shell.page.deeds.versions.sheet.reject()  # type: ignore[union-attr]
    shell.open_record(told.amending)
    stage.settle()
    yield "record-amending", window
    shell.page.deeds.do("check")  # type: ignore[union-attr]
    stage.settle()
    yield "check-amendment", window
    shell.go("records")
    yield "records-states", window
    stage.close(window)


def gates(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """What stops a paper for a parent, and a copy printed again."""
    from tools.screens_gates import scenes  # after the path

    yield from scenes(stage)


ACTS = (
    at_the_door, first_run, inside, sheets, checking, form, copies, events,
    first_aid, medication_error, staff_injury, body_map, deadlines, people, finding, seen, dialogs,
    reviewed, gates, board, emergency, health_orders, health_stock, health_papers, health_trips,
    counter, in_emergencies, locked_note, months, backups, held, keys,
)  # fmt: skip
"""Every scene stands in one of these; a name that ends in `!` keeps the window's own size."""


README = {
    "form-holds": "form-page",
    "deadlines-home": "home",
    "body-map": "body-map",
    "dose-routine": "board",
}
"""Which scenes the README shows, and what they are called there."""

MANUAL = {
    "unlock": "unlock",
    "deadlines-home": "home",
    "finding-filters": "records",
    "people-student": "student",
    "deadlines": "deadlines",
    "night-note": "night-note",
    "verify-genuine": "verify",
    "start-sheet": "start-sheet",
    "form-holds": "form-holds",
    "body-map": "body-map",
    "form-check": "form-check",
    "dialog-sign": "sign",
    "record-returned": "record-returned",
    "release": "release",
    "preview": "preview",
    "notices": "notices",
    "visits-front-office": "visits-front-office",
    "dose-routine": "board",
    "dose-stopped": "dose-stopped",
    "health-file": "health-file",
    "health-lot": "stock",
    "visits-typing": "visits",
    "health-trip": "trip",
    "health-card": "card",
    "month": "month",
    "first-run-5-recovery": "recovery-key",
    "review": "review",
    "compare": "compare",
    "settings-school": "settings",
    "settings-calendar": "calendar",
    "people-tables-mapping": "tables",
    "backups": "backups",
    "health-glass-sheet": "glass",
    "recovery-due": "recovery-sheet",
    "held": "held",
    "access-log": "access-log",
    "settings-log": "activity",
}
"""Which scenes the manual shows, and what they are called there."""


def papers(told: Told) -> None:
    """The first page of both copies and of a letter, as pictures for the README."""
    letter = PAPERS["notice-head-b"]()
    shown = (("school-copy", told.school_copy), ("parent-copy", told.parent_copy))
    for name, pdf in (*shown, ("head-injury-letter", letter)):
        keep_small(pages(pdf, wide=816)[0], PICTURES / f"{name}.png")


def keep_small(image: QImage, file: Path, colors: int = 128) -> None:
    """A picture for the README or the manual: some of its own colors do, and it stays small."""
    file.parent.mkdir(parents=True, exist_ok=True)
    image.save(str(file))
    with Image.open(file) as whole:
        few = whole.convert("RGB").quantize(
            colors, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    few.save(file, optimize=True)


def hand_out() -> None:
    """Give the README and the manual the scenes that they show."""
    for shown, folder, colors in ((README, PICTURES, 128), (MANUAL, paths.manual_dir(), 48)):
        for scene, name in shown.items():
            picture = OUT / f"{scene}-light-100.png"
            if picture.exists():
                target = folder / "pictures" if shown is MANUAL else folder
                keep_small(QImage(str(picture)), target / f"{name}.png", colors)


def main() -> int:
    """Take the pictures; 0 when all were taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", help="only scenes whose names begin so")
    parser.add_argument("--quick", action="store_true", help="light at 100 %% only")
    parser.add_argument("--look", action="append", help="only this look, such as dark-200")
    parser.add_argument("--act", action="append", help="only this act, by its function's name")
    chosen = parser.parse_args()
    app = QApplication(["screens"])
    collector = Collector(app)  # as the program does: no lane ends a widget
    OUT.mkdir(parents=True, exist_ok=True)
    looks = [("light", 100)] if chosen.quick else [
        (mode, scale) for scale in (100, 200) for mode in ("light", "dark")
    ]  # fmt: skip
    if chosen.look:
        looks = [(m, s) for m, s in looks if f"{m}-{s}" in chosen.look]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="bt-screens-") as folder:
        told = Told(Path(folder) / "demo")
        if not chosen.scenes and not chosen.act:
            papers(told)
            failed += take([])
        acts = [one for one in ACTS if not chosen.act or one.__name__ in chosen.act]
        schools = {one: told.again(Path(folder) / one.__name__) for one in acts}
        for mode, scale in looks:
            theme = Theme(mode=mode, scale=scale)
            failed += _take(app, theme, schools, Path(folder) / "settings", tuple(chosen.scenes))
    hand_out()
    collector.end()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}")
    return 1 if failed else 0


Act = Callable[[Stage], Iterator[tuple[str, QWidget]]]


def _take(
    app: QApplication,
    theme: Theme,
    schools: dict[Act, Told],
    settings: Path,
    wanted: tuple[str, ...],
) -> int:
    """Every scene in one look, each act in its own school; how many acts broke off."""
    theme.apply(app)
    ring = FocusRing(theme, app)
    failed = 0
    for act, told in schools.items():
        stage = Stage(told, app, theme, make_desk(theme, told.clock), settings, OUT)
        try:
            for name, widget in act(stage):
                plain = name.rstrip("!")
                if not wanted or plain.startswith(wanted):
                    stage.shoot(plain, widget, None if name.endswith("!") else SIZE)
        except Exception as problem:
            failed += 1
            look = f"{theme.tokens.name} {theme.scale}"
            print(f"{act.__name__} {look}: {type(problem).__name__}: {problem}")
            traceback.print_exc()
            for window in app.topLevelWidgets():
                window.hide()
        stage.desk.tasks.close()
        gc.collect()
    app.focusChanged.disconnect(ring._follow)
    ring.deleteLater()
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
