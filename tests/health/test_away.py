"""Children who are absent, picked up early or on a trip: not overdue, and still recordable."""

from __future__ import annotations

from datetime import date, time
from typing import cast

import pytest
from sqlalchemy import text

from bt_desktop.errors import Denied
from bt_desktop.services.health.away_model import AwayKind, NewAway
from bt_desktop.services.health.board_model import Line
from bt_desktop.services.health.problems import AwayRefused, NotYours
from bt_desktop.services.workspace import Workspace
from tests.factory import School
from tests.health.dose_kit import noon_dose
from tests.health.kit import active_order, as_needed, at, terms

TODAY, TOMORROW = date(2026, 11, 12), date(2026, 11, 13)
ABSENT = NewAway("absent", TODAY, TODAY)
ZOO = NewAway("trip", TODAY, TODAY, time(9), time(14), "Zoo")


@pytest.fixture
def maria(school: School) -> Workspace:
    school.clock.set(at(8))
    return school.sign_in("maria")


@pytest.fixture
def olga(school: School, maria: Workspace) -> Workspace:
    return school.sign_in("olga")


@pytest.fixture
def child(school: School) -> str:
    return school.ids["mateo"]


@pytest.fixture
def order(maria: Workspace, child: str) -> str:
    return active_order(maria, terms(child, times=(time(12), time(14, 30))))


def line(workspace: Workspace, number: int = 0) -> Line:
    return workspace.health.board.today().scheduled[number]


def test_the_front_office_takes_the_call_and_the_board_knows(
    school: School, maria: Workspace, olga: Workspace, child: str, order: str
) -> None:
    school.clock.set(at(13, 30))
    assert line(maria).state == "overdue"
    olga.health.away.add([child], ABSENT)
    noon = line(maria)
    assert (noon.state, noon.words, noon.away, noon.open) == (
        "away", "Absent (12:00 pm)", "Absent", False,
    )  # fmt: skip
    assert maria.health.board.today().counts == {"away": 2}
    assert maria.health.board.today(TOMORROW).counts == {"later": 2}


def test_who_enters_an_absence_reads_no_medicine(olga: Workspace, child: str, order: str) -> None:
    olga.health.away.add([child], ABSENT)
    assert olga.health.board.today().scheduled == ()
    with pytest.raises((Denied, NotYours)):
        olga.health.orders.of_student(child)


def test_whoever_works_here_knows_who_is_away_and_an_auditor_does_not(
    school: School, olga: Workspace, child: str
) -> None:
    olga.health.away.add([child], ABSENT)
    dana = school.sign_in("dana").health.away
    assert [one.words for one in dana.of([child], TODAY, TODAY)[child]] == ["Absent"]
    with pytest.raises(Denied):
        dana.add([child], NewAway("absent", TOMORROW, TOMORROW))
    with pytest.raises(Denied):
        school.sign_in("amir").health.away.of(None, TODAY, TODAY)


def test_an_absent_child_who_was_given_a_dose_has_it_on_record(
    school: School, maria: Workspace, olga: Workspace, child: str, order: str
) -> None:
    olga.health.away.add([child], ABSENT)
    school.clock.set(at(12, 1))
    maria.health.doses.record(noon_dose(child, order))
    noon = line(maria)
    assert (noon.state, noon.words[:14], noon.away) == ("given", "Given 12:01 pm", "Absent")
    assert line(maria, 1).state == "away"


def test_a_class_on_a_trip_is_away_while_it_is_out(
    school: School, maria: Workspace, olga: Workspace, child: str, order: str
) -> None:
    active_order(maria, as_needed(child))
    lucja, huy = school.ids["lucja"], school.ids["huy"]
    ids = olga.health.away.add([child, lucja, huy, child], ZOO)
    assert len(ids) == 3
    assert line(maria).words == "On trip: Zoo (12:00 pm)"
    assert line(maria, 1).words == "Due at 2:30 pm", "they are back by then"
    assert maria.health.board.today().as_needed[0].away == ""
    school.clock.set(at(10))
    assert maria.health.board.today().as_needed[0].away == "On trip: Zoo"
    held = maria.health.away.of(None, TODAY, TODAY)
    assert set(held) == {child, lucja, huy}
    assert len({one.trip_id for found in held.values() for one in found}) == 1
    assert {one.code for found in held.values() for one in found} == {"F"}


@pytest.mark.parametrize(
    ("new", "words", "code", "states"),
    [
        (NewAway("early", TODAY, TODAY, leaves=time(12)), "Picked up at 12:00 pm", "E",
         ["away", "away"]),
        (NewAway("early", TODAY, TODAY, leaves=time(12, 1)), "Picked up at 12:01 pm", "E",
         ["later", "away"]),
        (NewAway("late", TODAY, TODAY, returns=time(12)), "Arrives at 12:00 pm", "A",
         ["later", "later"]),
        (NewAway("late", TODAY, TODAY, returns=time(12, 30)), "Arrives at 12:30 pm", "A",
         ["away", "later"]),
    ],
)  # fmt: skip
def test_part_of_a_day(
    maria: Workspace,
    olga: Workspace,
    child: str,
    order: str,
    new: NewAway,
    words: str,
    code: str,
    states: list[str],
) -> None:
    olga.health.away.add([child], new)
    [held] = maria.health.away.of([child], TODAY, TODAY)[child]
    assert (held.words, held.code) == (words, code)
    assert [line(maria, number).state for number in (0, 1)] == states


def test_a_trip_over_night(maria: Workspace, olga: Workspace, child: str, order: str) -> None:
    camp = NewAway("trip", TODAY, TOMORROW, time(13), time(13), "Camp")
    olga.health.away.add([child], camp)
    assert [line(maria, number).state for number in (0, 1)] == ["later", "away"]
    second = maria.health.board.today(TOMORROW).scheduled
    assert [one.state for one in second] == ["away", "later"]


def test_it_is_taken_back_with_a_reason_and_both_stay(
    school: School, maria: Workspace, olga: Workspace, child: str, order: str
) -> None:
    [entered] = olga.health.away.add([child], ABSENT)
    with pytest.raises(AwayRefused):
        olga.health.away.take_back([entered], " no ")
    olga.health.away.take_back([entered], "He came on the second bus")
    assert line(maria).state == "later"
    with pytest.raises(AwayRefused, match="not entered"):
        olga.health.away.take_back([entered], "He came on the second bus")
    assert olga.health.away.add([child], ABSENT), "and he can go home ill after all"
    tom = school.sign_in("tom")
    assert tom.log.verify().holds
    told = [one.action for one in tom.log.entries() if one.action == "away.add"]
    assert len(told) == 3


def test_a_row_changed_by_hand_is_found(school: School, olga: Workspace, child: str) -> None:
    [entered] = olga.health.away.add([child], ABSENT)
    with olga._context.store.write() as session:
        session.execute(text("DROP TRIGGER student_away_no_update"))
        session.execute(text("UPDATE student_away SET last = '2026-11-30'"))
    found = school.sign_in("tom").log.verify()
    assert not found.holds
    assert entered


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewAway("absent", TOMORROW, TODAY), "last"),
        (NewAway("absent", TODAY, date(2027, 11, 12)), "last"),
        (NewAway("absent", date(2026, 1, 5), date(2026, 1, 5)), "first"),
        (NewAway("absent", date(2028, 1, 5), date(2028, 1, 5)), "first"),
        (NewAway("early", TODAY, TODAY), "leaves"),
        (NewAway("early", TODAY, TOMORROW, leaves=time(12)), "last"),
        (NewAway("late", TODAY, TODAY), "returns"),
        (NewAway("trip", TODAY, TODAY), "name"),
        (NewAway("trip", TODAY, TODAY, time(9), time(9), "Zoo"), "returns"),
        (NewAway("trip", TODAY, TODAY, name="Zoo" * 50), "name"),
        (NewAway(cast(AwayKind, "lost"), TODAY, TODAY), "kind"),
    ],
)
def test_what_cannot_be(olga: Workspace, child: str, new: NewAway, field: str) -> None:
    assert [one.field for one in olga.health.away.problems(new)] == [field]
    with pytest.raises(AwayRefused):
        olga.health.away.add([child], new)
    assert olga.health.away.of(None, TODAY, date(2028, 12, 31)) == {}


def test_nobody_and_strangers_are_not_away(olga: Workspace, child: str) -> None:
    for wrong in ([], ["student:none"], [olga.actor.staff_id]):
        with pytest.raises(AwayRefused):
            olga.health.away.add(wrong, ABSENT)
    olga.health.away.add([child], ABSENT)
    with pytest.raises(AwayRefused):
        olga.health.away.add([child], ABSENT)


def test_a_grade_or_a_class_is_entered_at_once(school: School, olga: Workspace, child: str) -> None:
    groups = {one.label: one.student_ids for one in olga.health.away.groups()}
    assert groups["Class of Raman"] == (child,)
    assert set(groups["Grade 4"]) == {child, school.ids["lucja"], school.ids["huy"]}
    olga.health.away.add(groups["Grade 4"], ABSENT)
    assert len(olga.health.away.of(None, TODAY, TODAY)) == 3
    olga.health.away.add([*groups["Grade 4"]], NewAway("absent", TOMORROW, TOMORROW))
