"""A head injury from the door: seen, watched for half an hour while other work goes on, called in,
signed. In the real window over a real encrypted store, by keyboard and mouse."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from bt_desktop.models.records import Revision
from bt_desktop.views.check_answers import CheckAnswers, SignedPage
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.head_reminder import NOBODYS
from bt_desktop.views.log_call import LogCall
from tests.conftest import PACIFIC
from tests.factory import PASSWORD, School
from tests.journeys.hands import Hands, click, press
from tests.views.shell_kit import Office, shown_text

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


def looked(at: str, physical: str = "none") -> dict[str, Any]:
    """What is answered in one check."""
    signs = {name: ["none"] for name in ("observed", "cognitive", "emotional", "danger")}
    signs["physical"] = [physical]
    found = {f"head_{name}": typed for name, typed in signs.items()}
    return {"head_checked_at": at, "head_checked_by": "@maria", **found}


class Morning:
    """The nurse at her computer."""

    def __init__(self, bot: QtBot, school: School, folder: Path) -> None:
        self.school, self.hands = school, Hands(bot)
        self.at(0)
        self.office = Office(bot, school, folder / "settings")
        self.hands.names = {
            "mateo": "Mateo",
            "maria": "Maria Chen",
            "dana": "Dana Whitcomb",
        }

    def at(self, minutes: int) -> None:
        """So many minutes after she first looked."""
        self.school.clock.set(SEEN + timedelta(minutes=minutes))
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

    def answer(self, typed: dict[str, Any]) -> None:
        """Answer on the page."""
        for path, told in typed.items():
            self.hands.answer(self.page, path, told)

    def check(self, row: int, at: str, physical: str = "none") -> None:
        """One check, in its row."""
        self.answer({f"/head_checks[{row}]/{n}": t for n, t in looked(at, physical).items()})
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

    def log_call(self) -> None:
        """A call to the mother, whom nobody reaches: an arrow, a space, Ctrl+Enter."""
        self.page.deeds.do("notice")
        self.hands.until(lambda: bool(self.page.findChildren(LogCall)))
        [sheet] = self.page.findChildren(LogCall)
        self.hands.until(lambda: getattr(QApplication.focusWidget(), "name", "") == "reached")
        while getattr(QApplication.focusWidget(), "name", "") != "no_answer":
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
        self.hands.write(dialog.signature.name, "Maria Chen")
        self.hands.write(dialog.password, PASSWORD)
        click(dialog.sign_button)
        self.hands.until(lambda: isinstance(page.stack.currentWidget(), SignedPage))
        done = page.stack.currentWidget()
        assert isinstance(done, SignedPage)
        return done


def test_a_head_injury_from_the_door_to_the_signed_report(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    day = Morning(qtbot, school, tmp_path)
    shell = day.office.sign_in("maria")

    # 10:17, at the door: who, what, and the first look
    day.at(2)
    shell.start("first_aid")
    day.hands.until(lambda: isinstance(shell.page, FormPage) and shell.page.draft is not None)
    day.office.settle()
    day.answer(AT_THE_DOOR)
    chips = day.page.head_chips
    assert not chips.isHidden()
    day.check(1, "1017")
    day.hands.until(lambda: day.banner() == "")

    # 10:37, in the list of students: the second check is overdue, and late when it is made
    shell.go("students")
    day.office.settle()
    day.at(22)
    assert day.banner() == "Head check due now: Mateo N., 15 minutes."
    day.go_there()
    day.check(2, "1037", "headache")
    assert chips is not None
    assert day.page.head_chips.chips["15"].text() == "✓ 15 min: 10:37 am, 7 min late"

    # 10:46, locked: it says that a check is due, and not whose
    day.office.window.lock()
    day.hands.until(lambda: day.office.window.shell is None)
    day.at(31)
    reminder = day.office.window.unlock_page.reminder
    reminder.look()
    assert not reminder.isHidden()
    assert reminder.text() == NOBODYS
    assert "Mateo" not in shown_text(day.office.window)
    day.office.choose("maria")
    day.office.type_password(PASSWORD)
    day.hands.until(lambda: day.office.window.shell is not None)
    day.office.settle()
    assert day.banner() == "Head check due now: Mateo N., 30 minutes."
    day.go_there()
    day.check(3, "1046")
    day.hands.until(lambda: day.banner() == "")

    # 10:50, nobody answers at home; 10:58, his mother comes and he leaves with her
    day.at(35)
    day.log_call()
    day.at(44)
    day.check(4, "1056")
    day.answer(AT_THE_END)
    done = day.sign()
    assert done.title.text() == "AID-2026-0001"

    with day.office.workspace._context.store.read() as session:
        body = session.scalars(select(Revision.body)).one()
    told = json.loads(body)["answers"]
    assert told["head_variant"] == "B"
    assert [row.get("head_late") for row in told["head_checks"]] == [None, 7, None, None]
    assert [row["head_entered"][11:16] for row in told["head_checks"]] == [
        "10:17",
        "10:37",
        "10:46",
        "10:59",
    ]
