"""Absences and trips in the window: planned, signed out by two, written down, counted back."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.ledger import Balance
from bt_desktop.services.health.trip_model import TripItem
from bt_desktop.views.health.away import AwaySection
from bt_desktop.views.health.page import HealthPage
from bt_desktop.views.health.trip_page import TripPage
from bt_desktop.views.health.trips import TripsSection
from bt_desktop.views.health.who_goes import WhoGoes
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.widgets.sheet import Sheet
from tests.factory import PASSWORD, School
from tests.health.kit import active_order, as_needed, at, stocked, terms, tom
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office, shown_text
from tests.views.test_health_orders import fill, press, save, sheet_of, type_at
from tests.views.test_health_stock import BOTH

FRIDAY = date(2026, 11, 13)
ZOO = NewAway("trip", FRIDAY, FRIDAY, time(9), time(14), "Zoo")


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    school.clock.set(at(14, 10, day=FRIDAY))
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 900)
    return made


@pytest.fixture
def nurse(office: Office) -> Office:
    office.sign_in("maria")
    return office


@pytest.fixture
def order(nurse: Office, school: School) -> str:
    return active_order(nurse.workspace, terms(school.ids["mateo"]))


@pytest.fixture
def lot(nurse: Office, school: School, order: str) -> str:
    """Thirty tablets of a controlled medicine."""
    return stocked(nurse.workspace, school, order)


def section(office: Office, key: str) -> QWidget:
    office.shell.go("health", key)
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    found = page.section(key)
    assert found is not None
    return found


def trips_of(office: Office) -> TripsSection:
    found = section(office, "trips")
    assert isinstance(found, TripsSection)
    return found


def trip_page(office: Office, trip: str) -> TripPage:
    trips = trips_of(office)
    trips.open_trip(trip)
    office.settle()
    return trips.trip


def stands(office: Office, lot: str) -> Balance:
    found = office.workspace.health.stock.balances(also_empty=True)
    return next(one for one in found if one.lot.id == lot)


def choose(sheet: Sheet, *students: str) -> None:
    who = sheet.frames["who"].editor
    assert isinstance(who, WhoGoes)
    who.choose(students)


def planned(office: Office, order: str, lot: str, much: int) -> str:
    health = office.workspace.health
    trip = health.trips.plan(ZOO, [office.school.ids["mateo"], office.school.ids["lucja"]])
    maria = office.school.users["maria"]
    health.trips.take_along(
        TripItem("", trip, "", order, giver=maria, lot_id=lot, amount=Decimal(much))
    )
    return trip


# --- absences ------------------------------------------------------------------------------------


def test_the_front_office_enters_an_absence_and_takes_it_back(
    office: Office, school: School
) -> None:
    office.sign_in("olga")
    away = section(office, "away")
    assert isinstance(away, AwaySection)
    assert "Nobody is entered as away" in away.nothing.text()
    away.enter.click()
    sheet = sheet_of(office)
    press(sheet)
    assert "Choose the student" in sheet.frames["who"].says()
    choose(sheet, school.ids["mateo"])
    save(office, sheet)
    assert "Mateo Núñez-Okafor" in shown_text(away.cards["today"])
    [(_, key)] = away.cards["today"].buttons
    away.cards["today"].buttons["back", key].click()
    sheet = sheet_of(office)
    type_at(sheet, "reason", "He came on the late bus")
    save(office, sheet)
    assert not away.cards["today"].isVisible()


def test_a_whole_grade_leaves_early_and_each_time_is_asked(nurse: Office, school: School) -> None:
    away = section(nurse, "away")
    assert isinstance(away, AwaySection)
    away.enter.click()
    sheet = sheet_of(nurse)
    who = sheet.frames["who"].editor
    assert isinstance(who, WhoGoes)
    who.group.setCurrentIndex(who.group.findText("Grade 4 (3)"))
    who.all.click()
    assert who.says.text() == "3 students."
    type_at(sheet, "kind", "Picked up early")
    press(sheet)
    nurse.settle()
    assert "Write when they leave" in sheet.frames["leaves"].says()
    type_at(sheet, "leaves", "11:30 am")
    save(nurse, sheet)
    held = nurse.workspace.health.away.of(None, FRIDAY, FRIDAY)
    assert {one.words for found in held.values() for one in found} == {"Picked up at 11:30 am"}
    assert len(held) == 3


# --- trips ---------------------------------------------------------------------------------------


def test_a_trip_from_the_plan_to_the_packet(
    nurse: Office, school: School, order: str, lot: str
) -> None:
    trips = trips_of(nurse)
    assert "No trip is planned" in trips.nothing.text()
    trips.plan.click()
    sheet = sheet_of(nurse)
    press(sheet)
    assert "Write where the trip goes" in sheet.frames["name"].says()
    fill(sheet, {"name": "Zoo", "place": "City zoo", "leader": "Priya Raman", "leaves": "9:00 am",
                 "returns": "2:00 pm"})  # fmt: skip
    choose(sheet, school.ids["mateo"], school.ids["lucja"])
    save(nurse, sheet)
    page = trips.trip
    assert page.isVisible()
    assert page.facts.text() == (
        "Friday, November 13 · 9:00 am to 2:00 pm · City zoo · Led by Priya Raman"
    )
    assert page.others.text() == "Łucja Kowalczyk"
    page.card.buttons["plan", order].click()
    sheet = sheet_of(nurse)
    assert sheet.amount.text() == "1", "one dose is due on the way"  # type: ignore[attr-defined]  # ItemSheet
    save(nurse, sheet)
    words = shown_text(page.card)
    assert "1 tablet in a labeled envelope, given by Maria Chen." in words
    assert "1 dose is due on the way." in words
    page.send.click()
    sheet = sheet_of(nurse)
    press(sheet)
    assert "Type your own password" in sheet.frames["own_password"].says()
    fill(sheet, BOTH)
    save(nurse, sheet)
    assert stands(nurse, lot).trips != {}
    assert page.count.isVisible()
    assert not page.send.isVisible()
    page.packet.click()
    nurse.settle()
    assert isinstance(nurse.shell.page, PdfPreview)


def test_a_dose_of_the_slip_is_written_down_and_the_rest_counted_back(
    nurse: Office, school: School, order: str, lot: str
) -> None:
    trip = planned(nurse, order, lot, 2)
    page = trip_page(nurse, trip)
    page.send.click()
    sheet = sheet_of(nurse)
    fill(sheet, BOTH)
    save(nurse, sheet)
    page.card.buttons["dose", order].click()
    sheet = sheet_of(nurse)
    type_at(sheet, "at", "12:05 pm")
    sheet.sure.setChecked(True)  # type: ignore[attr-defined]  # DoseSheet
    save(nurse, sheet)
    page.count.click()
    sheet = sheet_of(nurse)
    fill(sheet, {"counted0": "1"} | BOTH)
    save(nurse, sheet)
    assert (stands(nurse, lot).office, stands(nurse, lot).stopped) == (29, False)
    assert "Back" in shown_text(page.card)
    assert not page.count.isVisible()


def test_29_come_back_where_30_went_and_the_window_says_what_next(
    nurse: Office, school: School, order: str, lot: str
) -> None:
    trip = planned(nurse, order, lot, 30)
    page = trip_page(nurse, trip)
    page.send.click()
    sheet = sheet_of(nurse)
    fill(sheet, BOTH)
    save(nurse, sheet)
    page.count.click()
    sheet = sheet_of(nurse)
    assert "not written down yet" in shown_text(sheet)
    assert "30" not in shown_text(sheet), "whoever knows it counts less well"
    fill(sheet, {"counted0": "29"} | BOTH)
    save(nurse, sheet)
    assert stands(nurse, lot).mismatch == -1
    assert "does not come out" in page.banner.text()
    page.card.buttons["stock", order].click()
    nurse.settle()
    shown = nurse.shell.page
    assert isinstance(shown, HealthPage)
    assert shown.shown == "stock"
    assert shown.section("stock").lot.isVisible()  # type: ignore[union-attr]  # StockSection


def test_home_says_that_medicine_is_still_on_a_trip(
    nurse: Office, school: School, order: str, lot: str
) -> None:
    health = nurse.workspace.health
    yesterday = NewAway("trip", date(2026, 11, 12), date(2026, 11, 12), name="Museum")
    trip = health.trips.plan(yesterday, [school.ids["mateo"]])
    health.trips.take_along(
        TripItem("", trip, "", order, giver=school.users["maria"], lot_id=lot, amount=Decimal(1))
    )
    health.trips.send(trip, password=PASSWORD, second=tom(school))
    nurse.shell.go("home")
    nurse.settle()
    words = shown_text(nurse.shell.page)
    assert "Medicine is still on a trip" in words
    assert "Museum. Count it back." in words


def test_the_witness_is_not_who_signs_it_out(
    nurse: Office, school: School, order: str, lot: str
) -> None:
    trip = planned(nurse, order, lot, 1)
    page = trip_page(nurse, trip)
    page.send.click()
    sheet = sheet_of(nurse)
    people = sheet.people.second  # type: ignore[attr-defined]  # SendSheet
    assert "Maria Chen" not in [people.itemText(row) for row in range(people.count())]
    fill(sheet, BOTH | {"second_password": "not the password at all"})
    press(sheet)
    nurse.settle()
    assert sheet.frames["second_password"].says()
    assert stands(nurse, lot).trips == {}
    sheet.reject()


def test_a_delegate_finds_their_trip_and_no_other_medicine(
    nurse: Office, school: School, order: str, lot: str
) -> None:
    mateo, health = school.ids["mateo"], nurse.workspace.health
    prn = active_order(nurse.workspace, as_needed(mateo))
    stock = stocked(nurse.workspace, school, prn)
    today = health.orders.today()
    health.delegation.give(
        Delegation("", school.users["dana"], mateo, frozenset((prn,)), today, date(2027, 6, 11),
                   consented_on=today)
    )  # fmt: skip
    trip = planned(nurse, order, lot, 1)
    health.trips.take_along(
        TripItem("", trip, "", prn, giver=school.users["dana"], lot_id=stock, amount=Decimal(2))
    )
    nurse.window.lock()
    nurse.until(lambda: nurse.window.shell is None)
    nurse.settle()
    nurse.sign_in("dana")
    page = trip_page(nurse, trip)
    words = shown_text(page)
    assert "Ibuprofen 200 mg" in words
    assert "Methylphenidate" not in words
    for hidden in (page.send, page.count, page.packet, page.more, page.less):
        assert not hidden.isVisible()


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_by_keyboard_and_by_ear(nurse: Office, school: School, order: str, lot: str) -> None:
    trip = planned(nurse, order, lot, 1)
    nurse.workspace.health.away.add([school.ids["huy"]], NewAway("absent", FRIDAY, FRIDAY))
    for key in ("away", "trips"):
        section(nurse, key)
        assert faults(nurse.window) == []
        reached = walk(nurse.window)
        assert groups_of_one(reached, controls(nurse.window)) == []
        assert out_of_order(reached) == []
    trip_page(nurse, trip)
    assert faults(nurse.window) == []
    reached = walk(nurse.window)
    assert groups_of_one(reached, controls(nurse.window)) == []
    assert out_of_order(reached) == []
