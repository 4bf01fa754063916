"""The panel of one dose: looked at, confirmed, recorded; stopped in words, and never blocked."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import Medicine, Quantity
from bt_desktop.services.health.settings import MedicationSettings
from bt_desktop.services.results.people import NewStudent
from bt_desktop.views.form_page import FormPage
from tests.factory import PASSWORD, School
from tests.health.board_kit import boxed, noon_order
from tests.health.dose_kit import prn_dose
from tests.health.kit import active_order, as_needed, at, stocked, terms, tom
from tests.views.board_hands import (
    board_of,
    confirm,
    doses,
    key,
    open_line,
    record,
    shown,
    turn_to,
    write,
)
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def nurse(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    school.clock.set(at(12, 2))
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 900)
    made.sign_in("maria")
    return made


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


def left(office: Office, lot: str) -> Decimal:
    found = office.workspace.health.stock.balances(also_empty=True)
    return next(one.office for one in found if one.lot.id == lot)


def test_a_dose_is_looked_at_confirmed_and_recorded(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo)
    lot = boxed(nurse.workspace, mateo, order)
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    words = shown_text(panel)
    for told in ("Mateo Núñez-Okafor", "born Mar 9, 2017", "grade 4", "Cetirizine 5 mg tablet",
                 "Give 5 mg (1 tablet) by mouth, at 12:00 pm",
                 "30 tablets, good until Aug 1, 2027 · Rx 55102"):  # fmt: skip
        assert told in words
    assert nurse.window.focusWidget() is panel.body.confirm.box
    key(nurse, Qt.Key.Key_Return)
    assert "confirm with Space" in panel.body.confirm.says.text()
    assert doses(nurse, mateo) == []
    key(nurse, Qt.Key.Key_Space)
    key(nurse, Qt.Key.Key_Return)
    [dose] = doses(nurse, mateo)
    assert (dose.outcome, str(dose.given), dose.lot_id) == ("given", "5 mg", lot)
    assert dose.identified.by == {"name_said", "birth_date"}, "there is no photo"
    assert dose.rights >= {"student", "medicine", "dose", "route", "time"}
    assert left(nurse, lot) == 29
    assert panel.isHidden()
    assert shown(board) == [("Mateo", "Given 12:02 pm by MC")]
    assert nurse.window.focusWidget() is board.filter


def test_the_same_dose_twice_in_two_seconds_is_one(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo)
    lot = boxed(nurse.workspace, mateo, order)
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    line = panel.line
    confirm(nurse, panel)
    QTest.keyClick(panel.body.confirm.box, Qt.Key.Key_Return)
    QTest.keyClick(panel.body.confirm.box, Qt.Key.Key_Return)
    nurse.settle()
    assert len(doses(nurse, mateo)) == 1
    assert line is not None
    board.open_line(line)  # as it stood before: somebody else's screen
    nurse.settle()
    assert "given already" in shown_text(panel.body.stops)
    assert left(nurse, lot) == 29


def test_an_as_needed_dose_one_minute_early_says_why_and_who_can_allow_it(
    nurse: Office, school: School, mateo: str
) -> None:
    order = active_order(nurse.workspace, as_needed(mateo))
    turn_to(nurse, at(8))
    nurse.workspace.health.doses.record(prn_dose(mateo, order, at(8)))
    turn_to(nurse, at(11, 59))
    board = board_of(nurse)
    assert shown(board) == [("Mateo", "Available again at 12:00 pm")]
    panel = open_line(nurse, board, order)
    panel.body.prn.chips[0].click()
    panel.body.prn.none.click()
    confirm(nurse, panel)
    card = panel.body.stops.cards["R9"]
    words = shown_text(card)
    for told in ("Too early: it may be given again at 12:00 pm", "4 hours between two",
                 "A nurse can allow it", "Wait until 12:00 pm"):  # fmt: skip
        assert told in words
    record(nurse, panel)
    assert "Do not give it yet" in panel.banner.text()
    assert len(doses(nurse, mateo)) == 1
    turn_to(nurse, at(12))
    board.load()
    nurse.settle()
    panel.leave()
    panel = open_line(nurse, board, order)
    panel.body.prn.chips[0].click()
    panel.body.prn.none.click()
    confirm(nurse, panel)
    assert panel.body.stops.cards == {}
    record(nurse, panel)
    assert len(doses(nurse, mateo)) == 2


def test_a_nurse_allows_an_early_dose_with_the_call_she_made(
    nurse: Office, school: School, mateo: str
) -> None:
    order = active_order(nurse.workspace, as_needed(mateo))
    nurse.workspace.health.doses.record(prn_dose(mateo, order, at(9)))
    panel = open_line(nurse, board_of(nurse), order)
    panel.body.prn.chips[0].click()
    panel.body.prn.none.click()
    confirm(nurse, panel)
    card = panel.body.stops.cards["R9"]
    record(nurse, panel)
    assert "Write it in a few words" in card.fields.frames["prescriber_call"].says()
    write(card.told["prescriber_call"], "Dr. Lane, 11:58, agreed")
    write(card.reason, "Headache is back and strong")
    nurse.settle()
    record(nurse, panel)
    dose = doses(nurse, mateo)[-1]
    assert [one.rule for one in dose.overridden] == ["R9"]
    assert "Dr. Lane" in dose.overridden[0].reason
    assert not dose.deviation


def test_what_has_happened_is_recorded_and_its_report_opens(
    nurse: Office, school: School, mateo: str
) -> None:
    order = active_order(nurse.workspace, as_needed(mateo))
    nurse.workspace.health.doses.record(prn_dose(mateo, order, at(9)))
    panel = open_line(nurse, board_of(nurse), order)
    panel.body.prn.chips[0].click()
    panel.body.prn.none.click()
    confirm(nurse, panel)
    assert panel.happened.isVisible()
    panel.happened.click()
    nurse.settle()
    dose = doses(nurse, mateo)[-1]
    assert dose.broken == ("R9",)
    page = nurse.shell.page
    assert isinstance(page, FormPage)
    nurse.until(lambda: page.draft is not None)
    answers = nurse.workspace.records.open(page.record_id).answers
    assert answers["error_types"] == ["wrong_time"]
    assert answers["student"] == mateo


def test_the_witness_is_never_the_giver(nurse: Office, school: School, mateo: str) -> None:
    nurse.workspace.health.settings.save(MedicationSettings(witness_on_dose=True))
    order = active_order(nurse.workspace, terms(mateo))
    lot = stocked(nurse.workspace, school, order)
    panel = open_line(nurse, board_of(nurse), order)
    assert panel.body.order.after.text() == "Count after it: 29 tablets."
    people = panel.body.people
    assert people is not None
    offered = [people.second.itemData(row) for row in range(people.second.count())]
    assert school.users["maria"] not in offered
    people.second.addItem("Maria Chen", school.users["maria"])
    people.second.setCurrentIndex(people.second.count() - 1)
    write(people.own, PASSWORD)
    write(people.password, PASSWORD)
    confirm(nurse, panel)
    record(nurse, panel)
    assert doses(nurse, mateo) == []
    assert "cannot be their own second person" in shown_text(panel.body)
    people.second.setCurrentIndex(people.second.findData(school.users["tom"]))
    write(people.password, "not his password at all")
    record(nurse, panel)
    assert "not the password" in shown_text(panel.body)
    write(people.password, PASSWORD)
    record(nurse, panel)
    [dose] = doses(nurse, mateo)
    assert dose.witness == school.users["tom"]
    assert left(nurse, lot) == 29


def test_a_decimal_comma_is_understood_and_less_than_ordered_asks_why(
    nurse: Office, mateo: str
) -> None:
    order = noon_order(nurse.workspace, mateo)
    lot = boxed(nurse.workspace, mateo, order)
    panel = open_line(nurse, board_of(nurse), order)
    panel.body.show_more()
    write(panel.body.amount.given, "2,5")
    nurse.settle()
    assert panel.body.more.frames["given"].says() == "Understood as 2.5."
    confirm(nurse, panel)
    record(nurse, panel)
    assert panel.body.frames["reason"].says() == "Write why."
    write(panel.body.amount.reason, "spat out the other half")
    nurse.settle()
    record(nurse, panel)
    [dose] = doses(nurse, mateo)
    assert str(dose.given) == "2.5 mg"
    assert left(nurse, lot) == Decimal("29.5")


def test_ten_times_the_dose_is_stopped(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo)
    panel = open_line(nurse, board_of(nurse), order)
    panel.body.show_more()
    write(panel.body.amount.given, "1000")
    nurse.settle()
    assert "1000 mg is more than ordered (5 mg)" in shown_text(panel.body.stops)
    confirm(nurse, panel)
    record(nurse, panel)
    assert doses(nurse, mateo) == []
    write(panel.body.amount.given, "1,000")
    record(nurse, panel)
    assert "can be read as 1000 or as 1" in panel.body.more.frames["given"].says()


def test_a_wrong_count_stops_what_is_routine(nurse: Office, school: School, mateo: str) -> None:
    order = active_order(nurse.workspace, terms(mateo))
    lot = stocked(nurse.workspace, school, order)
    count = NewMove(lot, "count", counted=Decimal(29))
    nurse.workspace.health.stock.move(count, password=PASSWORD, second=tom(school))
    panel = open_line(nurse, board_of(nurse), order)
    confirm(nurse, panel)
    assert "did not come out" in shown_text(panel.body.stops)
    record(nurse, panel)
    assert doses(nurse, mateo) == []
    card = panel.body.stops.cards["R20"]
    assert "A nurse and an administrator can allow it" in card.who.text()
    write(card.reason, "Both of us counted it again")
    record(nurse, panel)
    assert card.fields.frames["allow_by"].says() == "Choose who allows it."
    [principal] = card.allowers
    principal.by.setCurrentIndex(principal.by.findData(school.users["tom"]))
    write(principal.password, PASSWORD)
    record(nurse, panel)
    [dose] = doses(nurse, mateo)
    assert {one.role for one in dose.overridden} == {"nurse", "administrator"}
    assert dose.broken == ()


def test_what_was_given_from_a_stopped_container_is_recorded_as_it_happened(
    nurse: Office, school: School, mateo: str
) -> None:
    order = active_order(nurse.workspace, terms(mateo))
    lot = stocked(nurse.workspace, school, order)
    count = NewMove(lot, "count", counted=Decimal(29))
    nurse.workspace.health.stock.move(count, password=PASSWORD, second=tom(school))
    panel = open_line(nurse, board_of(nurse), order)
    confirm(nurse, panel)
    panel.happened.click()
    nurse.settle()
    [dose] = doses(nurse, mateo)
    assert dose.broken == ("R20",)


def test_two_students_of_one_name_in_one_grade_ask_for_the_birth_date(
    nurse: Office, school: School, mateo: str
) -> None:
    principal = school.sign_in("tom")
    twin = principal.people.add_student(
        NewStudent("Mateo", "Núñez-Okafor", birth_date=date(2017, 6, 1), grade="4")
    )
    principal.lock()
    order = noon_order(nurse.workspace, mateo)
    noon_order(nurse.workspace, twin)
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    assert "NAME ALERT" in panel.body.head.alert.text()
    assert nurse.window.focusWidget() is panel.body.confirm.birth
    confirm(nurse, panel)
    record(nurse, panel)
    assert "Ask the student" in panel.body.confirm.fields.frames["birth"].says()
    write(panel.body.confirm.birth, "6/1/2017")
    record(nurse, panel)
    assert "Is it the right child?" in panel.body.confirm.fields.frames["birth"].says()
    assert doses(nurse, mateo) == []
    write(panel.body.confirm.birth, "3/9/2017")
    record(nurse, panel)
    [dose] = doses(nurse, mateo)
    assert "birth_date" in dose.identified.by
    assert not dose.overridden


def test_a_refusal_needs_its_reason_and_no_confirmation(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo)
    lot = boxed(nurse.workspace, mateo, order)
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    panel.body.outcome.chips["R"].click()
    nurse.settle()
    assert not panel.body.confirm.isVisible()
    record(nurse, panel)
    assert "A few words are enough" in shown_text(panel)
    write(panel.body.amount.reason, "would not open the mouth")
    panel.body.amount.parent_called.click()
    record(nurse, panel)
    [dose] = doses(nurse, mateo)
    assert (dose.outcome, dose.parent_called) == ("R", True)
    assert left(nurse, lot) == 30
    assert shown(board) == [("Mateo", "Refused, 12:02 pm by MC")]


def test_a_wrong_entry_is_taken_out_with_the_reason(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo)
    lot = boxed(nurse.workspace, mateo, order)
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    confirm(nurse, panel)
    record(nurse, panel)
    panel = open_line(nurse, board, order)
    assert "By Maria Chen, School nurse" in shown_text(panel.done)
    panel.done.wrong.click()
    key(nurse, Qt.Key.Key_Return)
    assert panel.done.fields.frames["reason"].says()
    write(panel.done.reason, "It was his sister")
    key(nurse, Qt.Key.Key_Return)
    assert doses(nurse, mateo) == []
    assert left(nurse, lot) == 30
    assert shown(board) == [("Mateo", "Due now (12:00 pm)")]
    again = open_line(nurse, board, order)
    confirm(nurse, again)
    record(nurse, again)
    assert len(doses(nurse, mateo)) == 1


def test_a_dose_written_down_later_shows_both_times(
    nurse: Office, school: School, mateo: str
) -> None:
    order = noon_order(nurse.workspace, mateo)
    turn_to(nurse, at(13, 20))
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    panel.body.show_more()
    write(panel.body.more.day, "yesterday noon")
    confirm(nurse, panel)
    record(nurse, panel)
    assert "not a day" in panel.body.more.frames["day"].says()
    write(panel.body.more.day, "11/12/2026")
    write(panel.body.more.at, "12:04")
    nurse.settle()
    both = "Late entry: today 12:04 pm, written today 1:20 pm."
    assert panel.body.more.frames["at"].says() == both
    record(nurse, panel)
    [dose] = doses(nurse, mateo)
    assert (dose.at, dose.late_entry) == (at(12, 4), True)
    assert shown(board) == [("Mateo", "Given 12:04 pm by MC")]


def test_closing_keeps_nothing(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo, times=(time(12),))
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    confirm(nurse, panel)
    key(nurse, Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert nurse.window.focusWidget() is board.filter
    panel = open_line(nurse, board, order)
    assert not panel.body.confirm.box.isChecked()


def test_the_half_that_is_thrown_away_is_signed_by_two(
    nurse: Office, school: School, mateo: str
) -> None:
    order = active_order(nurse.workspace, terms(mateo))
    lot = stocked(nurse.workspace, school, order)
    panel = open_line(nurse, board_of(nurse), order)
    panel.body.show_more()
    write(panel.body.amount.given, "5")
    write(panel.body.amount.wasted, "1/2")
    nurse.settle()
    people = panel.body.people
    assert people is not None
    assert people.needed, "waste of a controlled medicine needs two"
    write(panel.body.amount.reason, "dropped the other half")
    write(people.own, PASSWORD)
    people.second.setCurrentIndex(people.second.findData(school.users["tom"]))
    write(people.password, PASSWORD)
    confirm(nurse, panel)
    record(nurse, panel)
    assert left(nurse, lot) == 29
    kinds = [(one.kind, one.witness) for one in nurse.workspace.health.stock.ledger(lot)[1:]]
    assert kinds == [("given", school.users["tom"]), ("wasted", school.users["tom"])]


def test_more_wasted_than_there_is_leaves_the_dose_and_says_so(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo)
    lot = boxed(nurse.workspace, mateo, order)
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    panel.body.show_more()
    write(panel.body.amount.wasted, "40")
    confirm(nurse, panel)
    record(nurse, panel)
    assert len(doses(nurse, mateo)) == 1
    assert left(nurse, lot) == 29
    assert "The dose is on record; what was wasted is not." in board.list.banner.text()


def test_a_nurse_allows_it_with_her_own_password_beside_a_delegate(
    qtbot: QtBot, school: School, tmp_path: Path, mateo: str
) -> None:
    school.clock.set(at(10, 30))
    maria = school.sign_in("maria")
    order = noon_order(maria, mateo)
    today = maria.health.orders.today()
    maria.health.delegation.give(
        Delegation(
            "", school.users["dana"], mateo, frozenset((order,)), today,
            today + timedelta(days=30), consented_on=today,
        )
    )  # fmt: skip
    maria.lock()
    office = Office(qtbot, school, tmp_path / "settings")
    office.window.resize(1280, 900)
    office.sign_in("dana")
    panel = open_line(office, board_of(office), order)
    confirm(office, panel)
    card = panel.body.stops.cards["R13"]
    assert "A nurse can allow it" in card.who.text()
    offered = [card.allowers[0].by.itemText(row) for row in range(1, card.allowers[0].by.count())]
    assert offered == ["Maria Chen"], "the principal may not lift this one"
    write(card.reason, "Leaves for the dentist at eleven")
    record(office, panel)
    assert card.fields.frames["allow_by"].says() == "Choose who allows it."
    card.allowers[0].by.setCurrentIndex(1)
    write(card.allowers[0].password, "not her password at all")
    record(office, panel)
    assert "not the password" in card.fields.frames["allow_password"].says()
    write(card.allowers[0].password, PASSWORD)
    record(office, panel)
    [dose] = doses(office, mateo)
    assert [(one.rule, one.by_user, one.role) for one in dose.overridden] == [
        ("R13", school.users["maria"], "nurse")
    ]
    assert not dose.deviation


def test_an_adult_says_who_it_is(nurse: Office, mateo: str) -> None:
    order = noon_order(nurse.workspace, mateo)
    panel = open_line(nurse, board_of(nurse), order)
    panel.body.confirm.by_adult.click()
    write(panel.body.confirm.adult_name, "Priya Raman")
    confirm(nurse, panel)
    record(nurse, panel)
    assert "Write who it is" in panel.body.confirm.adult.frames["relation"].says()
    write(panel.body.confirm.relation, "teacher")
    record(nurse, panel)
    [dose] = doses(nurse, mateo)
    assert (dose.identified.adult_name, dose.identified.adult_relation) == (
        "Priya Raman", "teacher",
    )  # fmt: skip


def test_what_a_special_kind_asks_of_each_dose_is_unfolded(nurse: Office, mateo: str) -> None:
    order = active_order(
        nurse.workspace,
        as_needed(
            mateo, medicine=Medicine("Albuterol", "90 mcg", "inhaler"), kind="inhaler",
            dose=Quantity(Decimal(2), "puff"), route="inhaled", reason="asthma",
            counted_in="puff", takes=Decimal(2),
        ),
    )  # fmt: skip
    panel = open_line(nurse, board_of(nurse), order)
    editors = panel.body.more.special.editors
    assert editors
    assert all(editor.isVisible() for editor in editors.values())


def test_a_wrong_as_needed_entry_is_taken_out_from_the_panel(nurse: Office, mateo: str) -> None:
    order = active_order(nurse.workspace, as_needed(mateo))
    nurse.workspace.health.doses.record(prn_dose(mateo, order, at(9)))
    board = board_of(nurse)
    panel = open_line(nurse, board, order)
    panel.body.order.last.click()
    assert panel.title.text() == "Mateo Núñez-Okafor: on record"
    assert panel.deed.isHidden()
    panel.done.ask_why()
    write(panel.done.reason, "It was for his sister")
    key(nurse, Qt.Key.Key_Return)
    assert doses(nurse, mateo) == []
    assert shown(board) == [("Mateo", "Available, 2 left today")]
