"""An emergency dose by whoever is signed in: one key, who and what; finished later at the board."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.security import emergency
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import STOCK_SUBJECT, Consent, Lot, Medicine, Quantity
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.health.dose_emergency import EmergencyPage
from bt_desktop.views.health.dose_finish import FinishEmergency
from bt_desktop.views.home import HomePage
from tests.factory import PASSWORD, School
from tests.health.kit import YEAR_BEGINS, active_order, as_needed, at, terms
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.board_hands import board_of, doses, here, write
from tests.views.shell_kit import Office, shown_text

ALBUTEROL = Medicine("Albuterol", "90 mcg", "inhaler")


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    school.clock.set(at(10, 16))
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 900)
    return made


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


def inhaler(office: Office, student: str, expires: date) -> tuple[str, str]:
    """Two puffs of albuterol, with a container that is good until then; order and lot."""
    maria = office.workspace
    order = active_order(
        maria,
        as_needed(
            student, medicine=ALBUTEROL, kind="inhaler", dose=Quantity(Decimal(2), "puff"),
            route="inhaled", reason="asthma", takes=Decimal(2), counted_in="puff",
        ),
    )  # fmt: skip
    lot = Lot("", student, ALBUTEROL, "puff", order, "881", expires)
    coming = NewMove("", "received", Decimal(112), carried_by="Rosa Núñez", relation="mother")
    return order, maria.health.stock.receive(lot, coming, password=PASSWORD)


def pressed(office: Office, *, chord: bool = False) -> EmergencyPage:
    """F9, or Ctrl+Shift+E."""
    shell = office.shell
    if chord:
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(shell, Qt.Key.Key_E, both)
    else:
        QTest.keyClick(shell, Qt.Key.Key_F9)
    page = shell.page
    assert isinstance(page, EmergencyPage)
    office.settle()
    return page


def find(office: Office, page: EmergencyPage, letters: str) -> None:
    """Find the student by letters."""
    page.form.pick.line.setFocus()
    QTest.keyClicks(page.form.pick.line, letters)
    office.settle()
    QTest.keyClick(page.form.pick.line, Qt.Key.Key_Return)
    office.settle()


@pytest.mark.parametrize("chord", [False, True])
def test_one_key_who_and_what_and_it_is_on_record(
    office: Office, mateo: str, *, chord: bool
) -> None:
    office.sign_in("maria")
    page = pressed(office, chord=chord)
    assert office.window.focusWidget() is page.form.pick.line
    find(office, page, "mat")
    assert page.form.who.text() == "Mateo Núñez-Okafor"
    write(here(), "EpiPen Jr")
    write(page.form.dose, "1 device")
    page.form.called.chips["yes"].click()
    page.record()
    office.settle()
    assert page.done.isVisible()
    [dose] = doses(office, mateo)
    assert (dose.emergency, dose.order_id, dose.medicine_text) == (
        True,
        None,
        "EpiPen Jr, 1 device",
    )
    assert dose.at == at(10, 16)
    assert "911 was called" in dose.reason
    assert not dose.deviation
    page.leave_deed.click()
    assert isinstance(office.shell.page, HomePage)


def test_whoever_holds_no_key_records_it_and_reads_nothing(
    office: Office, school: School, mateo: str
) -> None:
    office.sign_in("maria")
    inhaler(office, mateo, date(2027, 8, 1))
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()
    office.sign_in("olga")
    page = pressed(office)
    find(office, page, "mat")
    assert not page.form.frames["order"].isVisible()
    assert "Albuterol" not in shown_text(page)
    write(page.form.medicine, "his blue inhaler")
    page.record()
    office.settle()
    assert "A nurse finishes it" in page.told.text()
    maria = school.sign_in("maria")
    [dose] = maria.health.doses.of_student(mateo, at(10).date(), at(10).date()).standing
    assert dose.medicine_text == "his blue inhaler"
    [task] = maria.health.board.today().unfinished
    assert task.dose.id == dose.id


def test_an_expired_inhaler_is_warned_of_and_given_all_the_same(office: Office, mateo: str) -> None:
    office.sign_in("maria")
    order, lot = inhaler(office, mateo, date(2026, 11, 1))
    page = pressed(office)
    find(office, page, "mat")
    page.form.order.setCurrentIndex(page.form.order.findData(order))
    office.settle()
    assert page.form.lot.currentData() == lot
    assert "EXPIRED Nov 1, 2026" in page.form.lot.currentText()
    assert "was good until November 1, 2026" in page.form.warns.text()
    assert page.form.dose.text() == "2"
    page.form.parent_called.click()
    page.record()
    office.settle()
    [dose] = doses(office, mateo)
    assert (dose.order_id, dose.lot_id, dose.deviation) == (order, lot, False)
    [balance] = office.workspace.health.stock.balances()
    assert balance.office == 110
    assert office.workspace.health.board.today().unfinished == (), "nothing is left open"


def test_the_school_s_own_stock_is_offered_to_a_nurse(office: Office, mateo: str) -> None:
    office.sign_in("maria")
    orders = office.workspace.health.orders
    standing = orders.add(
        terms(
            STOCK_SUBJECT, medicine=Medicine("Epinephrine", "0.3 mg", "auto_injector"),
            kind="epinephrine", dose=Quantity(Decimal("0.3"), "mg"), route="im",
            reason="anaphylaxis", times=(), counted_in="device",
            special={"device": "auto_injector"},
        )
    )  # fmt: skip
    orders.consent(standing, "prescriber", Consent("District physician", YEAR_BEGINS, licence="MD"))
    orders.review(standing)
    page = pressed(office)
    find(office, page, "mat")
    place = page.form.order.findData(standing)
    assert "(the school’s own stock)" in page.form.order.itemText(place)
    page.form.order.setCurrentIndex(place)
    page.record()
    office.settle()
    [dose] = doses(office, mateo)
    assert (dose.order_id, str(dose.given), dose.deviation) == (standing, "0.3 mg", False)


def test_what_is_missing_is_asked_for_in_place(office: Office, mateo: str) -> None:
    office.sign_in("maria")
    page = pressed(office)
    page.record()
    assert "Find the student" in page.form.frames["student"].says()
    assert "Write what was given" in page.form.frames["medicine"].says()
    find(office, page, "mat")
    write(page.form.medicine, "EpiPen")
    write(page.form.at, "half past")
    page.record()
    assert "not a time" in page.form.frames["at"].says()
    write(page.form.at, "3:15 pm")
    page.record()
    assert "later than this computer's clock" in page.form.frames["at"].says()
    assert doses(office, mateo) == []
    write(page.form.at, "10:05")
    assert page.form.frames["at"].says() == "today 10:05 am"
    page.record()
    office.settle()
    [dose] = doses(office, mateo)
    assert dose.at == at(10, 5)


def test_typed_words_are_not_thrown_away_without_asking(office: Office) -> None:
    office.sign_in("maria")
    page = pressed(office)
    write(page.form.medicine, "EpiPen")
    answer_next(False)
    page.go_back()
    assert office.shell.page is page
    answer_next(True)
    page.go_back()
    office.settle()
    assert isinstance(office.shell.page, HomePage)


def test_a_lock_keeps_what_stands_there_as_a_sealed_note(office: Office, school: School) -> None:
    office.sign_in("maria")
    page = pressed(office)
    find(office, page, "mat")
    write(page.form.medicine, "EpiPen Jr")
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()
    assert list(emergency.waiting(school.folder)) == [], "it was filed before the lock"
    [note] = school.sign_in("maria").health.night_notes.waiting()
    assert (note.who, note.medicine, note.by) == ("Mateo Núñez-Okafor", "EpiPen Jr", "Maria Chen")


def test_it_is_finished_at_the_board_with_order_and_container(office: Office, mateo: str) -> None:
    office.sign_in("maria")
    order, lot = inhaler(office, mateo, date(2027, 8, 1))
    page = pressed(office)
    find(office, page, "mat")
    write(page.form.medicine, "albuterol")
    page.record()
    office.settle()
    board = board_of(office)
    row = next(row for key, row in board.list.tasks.rows.items() if key[0] == "unfinished")
    assert row.title.text() == "Finish the emergency dose of Mateo Núñez-Okafor"
    row.deeds[0].click()  # type: ignore[attr-defined]  # a button
    office.settle()
    sheet = board.sheet
    assert isinstance(sheet, FinishEmergency)
    assert sheet.order.currentData() == order, "the words name its medicine"
    sheet.save()
    assert "how it went on" in sheet.frames["how"].says()
    sheet.how.setPlainText("Breathing easy after five minutes, back in class")
    sheet.lot.setCurrentIndex(sheet.lot.findData(lot))
    sheet.save()
    assert "Write whom you told" in sheet.frames["parent"].says()
    sheet.parent_told.setText("Rosa Núñez, 10:20, by phone")
    sheet.save()
    office.settle()
    [dose] = doses(office, mateo)
    assert (dose.order_id, dose.at, dose.emergency) == (order, at(10, 16), True)
    [balance] = office.workspace.health.stock.balances()
    assert balance.office == 110
    assert all(key[0] != "unfinished" for key in board.list.tasks.rows)
    assert office.workspace.health.board.today().unfinished == ()


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_by_keyboard_and_by_ear(office: Office, mateo: str) -> None:
    office.sign_in("maria")
    inhaler(office, mateo, date(2027, 8, 1))
    page = pressed(office)
    find(office, page, "mat")
    assert faults(office.window) == []
    reached = walk(office.window)
    assert groups_of_one(reached, controls(office.window)) == []
    assert out_of_order(reached) == []
