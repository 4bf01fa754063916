"""The board of a day: what is due and given, what may be given again, what is still to be told."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bt_desktop.services.health.board_model import Board, Line
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.model import AsNeeded
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.school_days import Day, Term
from bt_desktop.services.workspace import Workspace
from tests.factory import School, mateo
from tests.health.dose_kit import noon_dose, prn_dose
from tests.health.kit import YEAR_BEGINS, YEAR_ENDS, active_order, as_needed, at, terms


@pytest.fixture
def maria(school: School) -> Workspace:
    school.clock.set(at(8))
    return school.sign_in("maria")


@pytest.fixture
def child(school: School) -> str:
    return school.ids["mateo"]


@pytest.fixture
def order(maria: Workspace, child: str) -> str:
    return active_order(maria, terms(child, times=(time(14, 30), time(12))))


def board(workspace: Workspace) -> Board:
    return workspace.health.board.today()


def told(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    return [(line.state, line.words) for line in lines]


def test_a_day_goes_by_on_the_board(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    assert told(board(maria).scheduled) == [
        ("later", "Due at 12:00 pm"), ("later", "Due at 2:30 pm"),
    ]  # fmt: skip
    school.clock.set(at(11, 10))
    assert board(maria).scheduled[0].words == "Soon: due at 12:00 pm"
    school.clock.set(at(11, 30))
    assert board(maria).scheduled[0].words == "Due now (12:00 pm)"
    school.clock.set(at(12, 31))
    assert board(maria).scheduled[0].words == "Late: was due at 12:00 pm"
    school.clock.set(at(13, 1))
    assert board(maria).scheduled[0].state == "overdue"
    maria.health.doses.record(
        noon_dose(child, order, at=at(12, 4), reason="written down late", happened=True)
    )
    line = board(maria).scheduled[0]
    assert (line.state, line.words, line.open) == ("given", "Given 12:04 pm by MC", False)
    assert board(maria).counts == {"given": 1, "later": 1}


def test_what_was_not_given_says_why_in_words(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    school.clock.set(at(12, 1))
    maria.health.doses.record(noon_dose(child, order, outcome="R", reason="closed her mouth"))
    line = board(maria).scheduled[0]
    assert (line.state, line.words) == ("not_given", "Refused, 12:01 pm by MC")


def test_an_as_needed_order_says_when_it_is_available_again(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, as_needed(child))
    assert told(board(maria).as_needed) == [("available", "Available, 2 left today")]
    school.clock.set(at(9, 40))
    maria.health.doses.record(prn_dose(child, order, at(9, 40)))
    assert told(board(maria).as_needed) == [("waits", "Available again at 1:40 pm")]
    school.clock.set(at(13, 40))
    assert told(board(maria).as_needed) == [("available", "Available, 1 left today")]
    maria.health.doses.record(prn_dose(child, order, at(13, 40)))
    assert board(maria).as_needed[0].state == "full"


def test_r12_r24_what_is_still_to_be_told_is_on_the_board_until_it_is(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    prn = active_order(maria, as_needed(child))
    given = maria.health.doses.record(prn_dose(child, prn, at(8))).dose
    school.clock.set(at(12, 1))
    none = noon_dose(child, order, outcome="N", reason="the bottle is empty")
    maria.health.doses.record(none)
    tasks = board(maria).tasks
    assert [(task.finding.rule, task.dose.id) for task in tasks] == [
        ("R12", given.id), ("R24", none.id),
    ]  # fmt: skip
    maria.health.doses.effect(given.id, "Headache gone", worse=False)
    assert [task.finding.rule for task in board(maria).tasks] == ["R24"]


def test_only_what_holds_today_is_on_it(maria: Workspace, child: str, order: str) -> None:
    maria.health.orders.hold(order, "Asked the doctor about it")
    assert board(maria).scheduled == ()
    waiting = maria.health.orders.add(terms(child))
    assert waiting
    assert board(maria).scheduled == ()


def test_no_school_and_an_early_bell_are_told(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    tom = school.sign_in("tom")
    tom.calendar.set_terms([Term(YEAR_BEGINS, YEAR_ENDS)])
    tom.calendar.set_days(
        [
            Day(date(2026, 11, 26), "no_school", label="Thanksgiving"),
            Day(date(2026, 11, 12), "early", time(13)),
        ]
    )
    assert board(maria).scheduled[1].words.endswith("School ends before that today.")
    school.clock.set(at(9, day=date(2026, 11, 26)))
    closed = board(maria)
    assert closed.scheduled == ()
    assert closed.closed.startswith("No school today (Thanksgiving).")


def test_a_name_alert_stands_on_the_line(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    school.sign_in("tom").people.add_student(mateo(given="Matea"))
    school.sign_in("tom").people.add_student(NewStudent("Ines", "Oyelaran", grade="4"))
    assert board(maria).scheduled[0].child.alike == ("Matea Núñez-Okafor",)


def test_a_delegate_sees_the_lines_that_are_theirs(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    prn = active_order(maria, as_needed(child))
    active_order(maria, terms(school.ids["lucja"]))
    maria.health.delegation.give(
        Delegation(
            "", school.users["dana"], child, frozenset((prn,)), date(2026, 9, 1),
            date(2027, 6, 11), consented_on=date(2026, 9, 1),
        )
    )  # fmt: skip
    dana = board(school.sign_in("dana"))
    assert [line.order_id for line in dana.as_needed] == [prn]
    assert dana.scheduled == ()
    assert board(school.sign_in("tom")).scheduled == ()


def test_tomorrow_is_another_board(
    school: School, maria: Workspace, child: str, order: str
) -> None:
    school.clock.set(at(12, 1))
    maria.health.doses.record(noon_dose(child, order))
    tomorrow = maria.health.board.today(date(2026, 11, 13))
    assert [line.state for line in tomorrow.scheduled] == ["later", "later"]
    school.clock.advance(timedelta(days=1))
    assert board(maria).scheduled[0].state == "due"


def test_yesterdays_tasks_stand_on_the_board_and_those_of_last_week_do_not(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, as_needed(child))
    given = maria.health.doses.record(prn_dose(child, order, at(8))).dose
    school.clock.set(at(7, 30, day=date(2026, 11, 13)))
    assert [task.dose.id for task in board(maria).tasks] == [given.id]
    school.clock.set(at(8, 1, day=date(2026, 11, 14)))
    assert board(maria).tasks == ()


def test_a_dose_of_last_night_still_counts_for_the_interval(
    school: School, maria: Workspace, child: str
) -> None:
    half_a_day = AsNeeded(("headache",), 12 * 60, 2)
    order = active_order(maria, as_needed(child, prn=half_a_day))
    school.clock.set(at(21))
    maria.health.doses.record(prn_dose(child, order, at(21)))
    school.clock.set(at(8, day=date(2026, 11, 13)))
    assert told(board(maria).as_needed) == [("waits", "Available again at 9:00 am")]
