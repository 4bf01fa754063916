"""A head injury from the door: seen, watched for half an hour while other work goes on, called in,
signed. In the real window over a real encrypted store, by keyboard and mouse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from bt_desktop.models.records import Revision
from bt_desktop.views.head_reminder import NOBODYS
from tests.factory import PASSWORD, School
from tests.journeys.health_office import AT_THE_DOOR, AT_THE_END, Morning
from tests.views.shell_kit import shown_text


@pytest.mark.slow
def test_a_head_injury_from_the_door_to_the_signed_report(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    day = Morning(qtbot, school, tmp_path)
    shell = day.office.sign_in("maria")

    # 10:17, at the door: who, what, and the first look
    day.at(2)
    shell.start("first_aid")
    day.on_page()
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
    day.check(2, "1037", physical="headache")
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
