"""Stock in the window: taken in and counted by two people, wasted, handed over, set right."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.ledger import Balance
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import Move, MoveKind
from bt_desktop.views.health.stock import StockSection
from bt_desktop.views.health.stock_lot import LotPage
from bt_desktop.views.widgets.sheet import Sheet
from tests.factory import PASSWORD, School
from tests.health.kit import active_order, as_needed, stocked, terms, tom
from tests.views.shell_kit import Office, shown_text
from tests.views.test_health_orders import all_right, fill, save, sheet_of, type_at
from tests.views.test_health_page import delegate


@pytest.fixture
def nurse(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    made.sign_in("maria")
    return made


@pytest.fixture
def order(nurse: Office, school: School) -> str:
    return active_order(nurse.workspace, terms(school.ids["mateo"]))


def section_of(office: Office) -> StockSection:
    office.shell.go("health", "stock")
    office.settle()
    section = office.shell.page.section("stock")  # type: ignore[union-attr]  # HealthPage
    assert isinstance(section, StockSection)
    return section


def lot_page(office: Office, lot: str) -> LotPage:
    section = section_of(office)
    section.open_lot(lot)
    office.settle()
    return section.lot


def balance_of(office: Office, lot: str) -> Balance:
    found = office.workspace.health.stock.balances(also_empty=True)
    return next(one for one in found if one.lot.id == lot)


def ledger(office: Office, lot: str) -> tuple[Move, ...]:
    return office.workspace.health.stock.ledger(lot)


def by_two(office: Office, school: School, lot: str, kind: MoveKind, **values: object) -> None:
    move = NewMove(lot, kind, **values)  # type: ignore[arg-type]  # names checked by NewMove
    office.workspace.health.stock.move(move, password=PASSWORD, second=tom(school))


TOM = {"second": "Tom", "second_password": PASSWORD}
BOTH = {"own_password": PASSWORD, **TOM}


def press(sheet: Sheet, office: Office) -> None:
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    office.settle()


def test_a_controlled_container_is_taken_in_by_two_people(
    nurse: Office, school: School, order: str
) -> None:
    nurse.shell.open_health(school.ids["mateo"])
    nurse.settle()
    nurse.shell.page.cards[order].buttons["receive"].click()  # type: ignore[union-attr]  # StudentHealthPage
    sheet = sheet_of(nurse)
    assert sheet.order.currentText() == "Mateo Núñez-Okafor: Methylphenidate 10 mg tablet"  # type: ignore[attr-defined]  # ReceiveSheet
    press(sheet, nurse)
    wrong = {key for key, frame in sheet.frames.items() if frame.says()}
    assert wrong == {"amount", "carried_by", "own_password"}
    fill(sheet, {"amount": "thirty", "carried_by": "Rosa Nunez", "relation": "mother"} | BOTH)
    press(sheet, nurse)
    assert "number only" in sheet.frames["amount"].says()
    type_at(sheet, "amount", "30")
    save(nurse, sheet)
    section = nurse.shell.page.section("stock")  # type: ignore[union-attr]  # HealthPage
    assert section.lot.isVisible()
    [balance] = nurse.workspace.health.stock.balances()
    assert (balance.office, balance.lot.order_id) == (30, order)
    assert balance.lot.expires_on == date(2027, 8, 1)
    assert section.lot.left.text() == "30 tablets"
    model = section.lot.model
    shown = [str(model.index(0, column).data()) for column in range(6)]
    assert shown[1:5] == [
        "Received", "+30", "30", "Maria Chen with Tom Becker"
    ]  # fmt: skip
    assert "Nothing in a ledger is undone" in shown_text(section.lot)


def test_a_count_by_two_that_comes_out_and_one_that_does_not(
    nurse: Office, school: School, order: str
) -> None:
    lot = stocked(nurse.workspace, school, order)
    page = lot_page(nurse, lot)
    page.buttons["count"].click()
    sheet = sheet_of(nurse)
    assert "30" not in shown_text(sheet), "whoever knows what it should be counts less well"
    fill(sheet, {"amount": "30"} | BOTH)
    save(nurse, sheet)
    assert not page.note.isVisible()
    page.buttons["count"].click()
    sheet = sheet_of(nurse)
    fill(sheet, {"amount": "29"} | BOTH)
    save(nurse, sheet)
    assert page.note.isVisible()
    assert "found 1 tablet less than the ledger says" in page.note.words.text()
    assert "29 counted" in str(page.model.index(0, 2).data())
    section = section_of(nurse)
    section.lot.back.click()
    nurse.settle()
    assert "Methylphenidate 10 mg tablet (Mateo Núñez-Okafor)" in section.alarm.text()


def test_what_does_not_come_out_is_reported_and_then_set_right(
    nurse: Office, school: School, order: str
) -> None:
    lot = stocked(nurse.workspace, school, order)
    by_two(nurse, school, lot, "count", counted=Decimal(29))
    page = lot_page(nurse, lot)
    page.note.right.click()
    sheet = sheet_of(nurse)
    fill(sheet, {"reason": "One tablet is missing"} | BOTH)
    press(sheet, nurse)
    assert "Write the report first" in sheet.frames["report"].says()
    sheet.reject()
    nurse.settle()
    page.note.report.click()
    nurse.settle()
    [report] = nurse.workspace.records.list()
    answers = nurse.workspace.records.open(report.id).answers
    assert (report.form, answers["error_types"]) == ("medication_error", ["count", "missing"])
    assert (answers["count_expected"], answers["count_found"]) == (30, 29)
    page = lot_page(nurse, lot)
    page.note.right.click()
    sheet = sheet_of(nurse)
    fill(sheet, {"reason": "One tablet is missing", "report": "Draft"} | BOTH)
    save(nurse, sheet)
    settled = balance_of(nurse, lot)
    assert (settled.office, settled.stopped) == (29, False)
    assert ledger(nurse, lot)[-1].incident == report.id
    assert not page.note.isVisible()


def test_the_witness_is_never_oneself_and_a_wrong_password_is_said_beside_whose_it_was(
    nurse: Office, school: School, order: str
) -> None:
    lot = stocked(nurse.workspace, school, order)
    page = lot_page(nurse, lot)
    page.buttons["wasted"].click()
    sheet = sheet_of(nurse)
    people = sheet.people  # type: ignore[attr-defined]  # LedgerSheet
    offered = [people.second.itemData(row) for row in range(people.second.count())]
    assert school.users["maria"] not in offered
    wasted = {"amount": "1", "reason": "Dropped on the floor", "method": "Flushed"}
    fill(sheet, wasted | BOTH)
    people.second.addItem("Maria Chen", school.users["maria"])
    people.second.setCurrentIndex(people.second.count() - 1)
    press(sheet, nurse)
    assert sheet.frames["second"].says() == (
        "Whoever does it cannot be their own second person. Ask a colleague to sign."
    )
    fill(sheet, TOM | {"second_password": "not his password at all"})
    press(sheet, nurse)
    assert "not the password" in sheet.frames["second_password"].says()
    assert people.own.text() == PASSWORD
    fill(sheet, TOM | {"own_password": "not my password at all"})
    press(sheet, nurse)
    assert "not the password" in sheet.frames["own_password"].says()
    assert len(ledger(nurse, lot)) == 1, "nothing was written"
    type_at(sheet, "own_password", PASSWORD)
    save(nurse, sheet)
    assert balance_of(nurse, lot).office == 29


def test_handed_to_the_police_with_the_receipt(nurse: Office, school: School, order: str) -> None:
    lot = stocked(nurse.workspace, school, order)
    page = lot_page(nurse, lot)
    page.buttons["destroyed"].click()
    sheet = sheet_of(nurse)
    assert sheet.amount.text() == "30"  # type: ignore[attr-defined]  # LedgerSheet
    fill(sheet, {"reason": "The year is over", "method": "Staff took"})
    assert sheet.flag.isVisible()  # type: ignore[attr-defined]  # DestroySheet
    fill(sheet, {"method": "Handed to"} | BOTH)
    assert not sheet.flag.isVisible()  # type: ignore[attr-defined]  # as above
    press(sheet, nurse)
    assert "found again" in sheet.frames["agency"].says()
    fill(sheet, {"agency": "Maple Creek Police", "carried_by": "Officer Ito", "receipt": "4711"})
    save(nurse, sheet)
    line = ledger(nurse, lot)[-1]
    assert (line.kind, line.change, line.agency, line.receipt) == (
        "destroyed", -30, "Maple Creek Police", "4711"
    )  # fmt: skip
    note = str(page.model.index(0, 5).data())
    assert note == (
        "The year is over · Handed to police or the school's officer · Officer Ito · "
        "Maple Creek Police · receipt 4711"
    )


def test_what_is_not_controlled_asks_one_person_and_goes_home_with_an_adult(
    nurse: Office, school: School
) -> None:
    order = active_order(nurse.workspace, as_needed(school.ids["mateo"]))
    section = section_of(nurse)
    section.take_in(order)
    sheet = sheet_of(nurse)
    assert not sheet.frames["second"].isVisible()
    fill(sheet, {"amount": "20", "carried_by": "Rosa Nunez", "expires_on": "12/1/2026"})
    save(nurse, sheet)
    [balance] = nurse.workspace.health.stock.balances()
    page = section.lot
    assert "Expires in 19 days" in shown_text(page)
    page.buttons["returned"].click()
    sheet = sheet_of(nurse)
    fill(sheet, {"amount": "25", "carried_by": "Mateo"})
    press(sheet, nurse)
    assert "goes home with an adult" in sheet.frames["reason"].says()
    assert "A nurse can allow it" in sheet.frames["reason"].says()
    fill(sheet, {"carried_by": "Rosa Nunez"})
    sheet.adult.click()  # type: ignore[attr-defined]  # ReturnSheet
    assert not sheet.frames["reason"].isVisible()
    press(sheet, nurse)
    assert "more than the ledger says" in sheet.banner.text()
    type_at(sheet, "amount", "20")
    save(nurse, sheet)
    assert balance_of(nurse, balance.lot.id).empty()
    section.lot.back.click()
    nurse.settle()
    assert section.model.rowCount() == 0
    section.chips["empty"].click()
    assert section.model.rowCount() == 1


def test_low_supply_and_expiry_are_said_in_words(nurse: Office, school: School, order: str) -> None:
    today = nurse.workspace.health.orders.today()
    stocked(nurse.workspace, school, order, 5, expires=today + timedelta(days=7))
    section = section_of(nurse)
    row = [str(section.model.index(0, column).data()) for column in range(5)]
    assert row == [
        "Methylphenidate 10 mg tablet", "5 tablets", "5 school days", "Nov 19, 2026",
        "Expires in 7 days +1",
    ]  # fmt: skip
    section.chips["low"].click()
    assert section.model.rowCount() == 1
    section.chips["school"].click()
    assert section.model.rowCount() == 0
    assert section.says.text() == "No container is like that now."


def test_an_expired_container_is_taken_in_only_at_the_second_press(
    nurse: Office, school: School
) -> None:
    active_order(nurse.workspace, as_needed(school.ids["mateo"]))
    section = section_of(nurse)
    section.receive.click()
    sheet = sheet_of(nurse)
    fill(sheet, {"amount": "20", "carried_by": "Rosa Nunez", "expires_on": "11/1/2026"})
    press(sheet, nurse)
    assert "It expired Nov 1, 2026" in sheet.frames["expires_on"].says()
    assert nurse.workspace.health.stock.balances() == ()
    save(nurse, sheet)
    assert len(nurse.workspace.health.stock.balances()) == 1


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_the_stock_by_keyboard_and_by_ear(nurse: Office, school: School, order: str) -> None:
    section_of(nurse)
    all_right(nurse.window)
    lot = stocked(nurse.workspace, school, order)
    by_two(nurse, school, lot, "count", counted=Decimal(29))
    section = section_of(nurse)
    all_right(nurse.window)
    section.open_lot(lot)
    nurse.settle()
    all_right(nurse.window)


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
@pytest.mark.parametrize(
    "deed", ["receive", "count", "wasted", "received", "returned", "destroyed"]
)
def test_sheets_of_the_ledger_by_keyboard_and_by_ear(
    nurse: Office, school: School, order: str, deed: str
) -> None:
    page = lot_page(nurse, stocked(nurse.workspace, school, order))
    if deed == "receive":
        section_of(nurse).take_in()
    else:
        page.buttons[deed].click()
    sheet = sheet_of(nurse)
    all_right(sheet)
    sheet.reject()


def test_the_students_page_leads_to_the_health_file(nurse: Office, school: School) -> None:
    nurse.shell.open_student(school.ids["mateo"])
    nurse.settle()
    page = nurse.shell.page
    assert page.health.isVisible()  # type: ignore[union-attr]  # StudentPage
    page.health.click()  # type: ignore[union-attr]  # as above
    nurse.settle()
    assert nurse.shell.place()["key"] == "health_file"


@pytest.mark.parametrize(("who", "shown"), [("dana", True), ("priya", False), ("tom", False)])
def test_the_link_is_for_whom_something_is_delegated(
    qtbot: QtBot, school: School, tmp_path: Path, who: str, shown: bool
) -> None:
    delegate(school, "dana")
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in(who)
    office.shell.open_student(school.ids["mateo"])
    office.settle()
    assert office.shell.page.health.isVisible() is shown  # type: ignore[union-attr]  # StudentPage
