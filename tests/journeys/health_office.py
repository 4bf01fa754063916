"""The nurse at her computer, in the real window: what she answers, and how her hands do it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.views.check_answers import CheckAnswers, SignedPage
from bt_desktop.views.editors.body_map import BodyMapEditor
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.home import HomePage, StartRow
from bt_desktop.views.log_call import LogCall
from bt_desktop.views.start_sheet import StartSheet
from tests.conftest import PACIFIC
from tests.factory import PASSWORD, School
from tests.journeys.hands import Hands, click, press
from tests.views.shell_kit import Office

SEEN = datetime(2026, 11, 12, 10, 15, tzinfo=PACIFIC)

AT_THE_DOOR: dict[str, Any] = {
    "/student": "@mateo",
    "/event_date": "t",
    "/event_began": "1010",
    "/seen_at": "1015",
    "/period": "recess",
    "/location": "playground",
    "/surface": "mulch",
    "/equipment": "climber",
    "/narrative": 'He came in holding his forehead and said: "I slipped."',
    "/cause": "fall_height",
    "/injuries[1]/injury": "swelling",
    "/injuries[1]/injury_region": "head",
    "/head_bump": "yes",
    "/head_force": "Forehead on the lowest bar.",
    "/head_loss": "no",
    "/head_memory": "no",
    "/head_seizure": "no",
    "/head_previous": "no",
}
AT_THE_END: dict[str, Any] = {
    "/first_aid[1]/treated": "ice",
    "/first_aid[1]/treated_at": "1018",
    "/first_aid[1]/treated_by": "@maria",
    "/medicine_given": "no",
    "/supervisors": ["@dana"],
    "/supervision_level": "in_sight",
    "/disposition": ["home"],
    "/time_out": "1058",
    "/sent_with": "His mother",
    "/sent_with_id": "yes",
    "/written_on": "t",
    "/report_true": True,
}


def looked(at: str, **signs: str) -> dict[str, Any]:
    """What is answered in one check; nothing is seen but `signs` (`physical="headache"`)."""
    kinds = ("observed", "physical", "cognitive", "emotional", "danger")
    found = {f"head_{kind}": [signs.get(kind, "none")] for kind in kinds}
    return {"head_checked_at": at, "head_checked_by": "@maria", **found}


class Morning:
    """The nurse at her computer; `seen` is when the first child stands at the door, `signs_as` the
    name she signs with."""

    seen = SEEN
    signs_as = "Maria Chen"

    def __init__(self, bot: QtBot, school: School, folder: Path) -> None:
        self.school, self.hands = school, Hands(bot)
        self.at(0)
        self.office = Office(bot, school, folder / "settings")
        self.hands.names = {
            "mateo": "Mateo",
            "lucja": "Łucja",
            "huy": "Huy",
            "maria": "Maria Chen",
            "dana": "Dana Whitcomb",
        }

    def at(self, minutes: int) -> None:
        """So many minutes after she first looked."""
        self.school.clock.set(self.seen + timedelta(minutes=minutes))
        office = getattr(self, "office", None)
        if office is not None and office.window.shell is not None:
            office.window.idle.touch()  # she is at the keyboard
            office.shell.head_watch.look()

    @property
    def page(self) -> FormPage:
        """The record's page."""
        page = self.office.shell.page
        assert isinstance(page, FormPage)
        return page

    def banner(self) -> str:
        """What stands above every page."""
        banner = self.office.shell.head_banner
        return "" if banner.isHidden() else banner.words.text()

    def start(self, title: str) -> None:
        """On home, the row of a form; about today's events: it is something new."""
        shell = self.office.shell
        shell.go("home")
        self.office.settle()
        assert isinstance(shell.page, HomePage)
        name = f"Start {title}"
        click(next(r for r in shell.page.findChildren(StartRow) if r.accessibleName() == name))
        self.office.settle()
        sheet = shell.starting.sheet
        if sheet is not None:
            assert isinstance(sheet, StartSheet)
            shell.starting.sheet = None
            click(sheet.start)
        self.on_page()

    def on_page(self) -> None:
        """Wait until a record is on its page."""
        shell = self.office.shell
        self.hands.until(lambda: isinstance(shell.page, FormPage) and shell.page.draft is not None)
        self.office.settle()

    def answer(self, typed: dict[str, Any]) -> None:
        """Answer on the page."""
        for path, told in typed.items():
            self.hands.answer(self.page, path, told)

    def mark(self, view: str, x: float, y: float) -> str:
        """Click on the drawn body; the region that the drawing says was marked."""
        page = self.page
        page.open_section("body")
        self.office.settle()
        editor = page.blocks()["/body_marks"].editor
        assert isinstance(editor, BodyMapEditor)
        if view not in editor.figure.sheet.views:
            click(next(chip for chip in editor.sheets if chip.name == view.partition("_")[0]))
            self.office.settle()
        at: QPointF = editor.figure.point_of(view, x, y)
        page.area.ensureWidgetVisible(editor.figure)
        QTest.mouseClick(editor.figure, Qt.MouseButton.LeftButton, pos=at.toPoint())
        draft = page.draft
        assert draft is not None
        self.hands.until(lambda: draft.view("/body_marks").value is not None)
        marks = draft.view("/body_marks").value["marks"]
        return str(marks[-1]["region"])

    def check(self, row: int, at: str, **signs: str) -> None:
        """One check, in its row."""
        typed = looked(at, **signs)
        self.answer({f"/head_checks[{row}]/{n}": t for n, t in typed.items()})
        self.saved()

    def saved(self) -> None:
        """Wait until the store has acknowledged everything typed."""
        self.hands.until(lambda: self.page.draft is not None and self.page.draft.is_saved())
        self.office.settle()

    def go_there(self) -> None:
        """The button of the banner."""
        click(self.office.shell.head_banner.button)
        self.hands.until(
            lambda: (
                isinstance(self.office.shell.page, FormPage) and self.page.section == "head_checks"
            )
        )
        self.office.settle()

    def log_call(self, outcome: str = "no_answer") -> None:
        """A call to the mother: arrows, a space, Ctrl+Enter."""
        self.page.deeds.do("notice")
        self.hands.until(lambda: bool(self.page.findChildren(LogCall)))
        [sheet] = self.page.findChildren(LogCall)
        self.hands.until(lambda: getattr(QApplication.focusWidget(), "name", "") == "reached")
        while getattr(QApplication.focusWidget(), "name", "") != outcome:
            press(self.here(), Qt.Key.Key_Right)
        press(self.here(), Qt.Key.Key_Space)
        press(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        draft = self.page.draft
        assert draft is not None
        self.hands.until(lambda: bool(draft.session.rows("parent_told")))

    def here(self) -> QWidget:
        """Where the focus is."""
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def sign(self) -> SignedPage:
        """Check the answers, type the name and the password."""
        page = self.page
        page.deeds.do("check")
        self.hands.until(lambda: isinstance(page.stack.currentWidget(), CheckAnswers))
        sheet = page.stack.currentWidget()
        assert isinstance(sheet, CheckAnswers)
        assert [i.sentence for i in sheet.issues() if i.severity == "error"] == []
        for line in sheet.reasons.values():
            self.hands.write(line, "As it was")
        click(sheet.sign_button)
        dialog = page.deeds.sign_dialog
        assert dialog is not None
        self.hands.write(dialog.signature.name, self.signs_as)
        self.hands.write(dialog.password, PASSWORD)
        click(dialog.sign_button)
        self.hands.until(lambda: isinstance(page.stack.currentWidget(), SignedPage))
        done = page.stack.currentWidget()
        assert isinstance(done, SignedPage)
        return done
