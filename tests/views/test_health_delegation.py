"""Delegation in the window: given, checked again, taken back; agreements to carry medicine."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.model import SelfCarry
from bt_desktop.views.health.carry import CarrySection
from bt_desktop.views.health.delegation import DelegationSection
from bt_desktop.views.health.page import HealthPage
from bt_desktop.views.health.student_orders import StudentHealthPage
from bt_desktop.views.preview import PdfPreview
from tests.factory import School
from tests.health.kit import active_order, as_needed, terms
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office, shown_text
from tests.views.test_health_orders import fill, press, save, sheet_of, type_at
from tests.views.test_health_trips import section

TODAY = date(2026, 11, 12)


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 900)
    return made


@pytest.fixture
def nurse(office: Office) -> Office:
    office.sign_in("maria")
    return office


@pytest.fixture
def ibuprofen(nurse: Office, school: School) -> str:
    return active_order(nurse.workspace, as_needed(school.ids["mateo"]))


def delegation_of(office: Office) -> DelegationSection:
    found = section(office, "delegation")
    assert isinstance(found, DelegationSection)
    return found


def given(office: Office, order: str, until: date, **changes: object) -> str:
    school = office.school
    made = Delegation(
        "", school.users["dana"], school.ids["mateo"], frozenset((order,)), date(2026, 9, 1), until,
        consented_on=date(2026, 9, 1), **changes,  # type: ignore[arg-type]  # names checked by it
    )  # fmt: skip
    return office.workspace.health.delegation.give(made)


def test_a_medicine_is_delegated_by_field(nurse: Office, ibuprofen: str) -> None:
    found = delegation_of(nurse)
    assert "Nothing is delegated" in found.nothing.text()
    assert "a nurse gives what is controlled" in found.setting.text()
    found.give.click()
    sheet = sheet_of(nurse)
    press(sheet)
    wrong = {key for key, frame in sheet.frames.items() if frame.says()}
    assert wrong == {"user_id", "student_id", "orders", "consented_on"}
    fill(sheet, {"user_id": "Dana", "student_id": "Mateo"})
    ticked = sheet.ticks[ibuprofen]  # type: ignore[attr-defined]  # DelegationSheet
    assert ticked.isChecked(), "the only one is taken"
    type_at(sheet, "until", "12/1/2028")
    type_at(sheet, "consented_on", "9/1/2026")
    press(sheet)
    nurse.settle()
    assert "a year at most" in sheet.banner.text()
    type_at(sheet, "until", "6/11/2027")
    save(nurse, sheet)
    words = shown_text(found.card)
    assert "Dana Whitcomb" in words
    assert "Mateo Núñez-Okafor: Ibuprofen 200 mg tablet" in words
    assert "Until Jun 11, 2027" in words


def test_what_is_controlled_is_asked_for_by_name(nurse: Office, school: School) -> None:
    order = active_order(nurse.workspace, terms(school.ids["mateo"]))
    found = delegation_of(nurse)
    found.give.click()
    sheet = sheet_of(nurse)
    fill(sheet, {"user_id": "Dana", "student_id": "Mateo", "consented_on": "9/1/2026"})
    assert sheet.controlled.isVisible()  # type: ignore[attr-defined]  # DelegationSheet
    press(sheet)
    nurse.settle()
    assert "controlled medicine" in sheet.banner.text()
    sheet.controlled.setChecked(True)  # type: ignore[attr-defined]  # as above
    save(nurse, sheet)
    [made] = nurse.workspace.health.delegation.all()
    assert made.controlled
    assert made.order_ids == {order}


def test_a_skill_check_that_ran_out_yesterday_is_over_and_checked_again(
    nurse: Office, school: School, ibuprofen: str
) -> None:
    old = given(nurse, ibuprofen, TODAY - timedelta(days=1))
    found = delegation_of(nurse)
    assert not found.card.isVisible()
    assert "Over since Nov 11, 2026" in shown_text(found.over)
    found.over.buttons["again", old].click()
    sheet = sheet_of(nurse)
    assert sheet.title.text() == "Check the skill again"
    save(nurse, sheet)
    [held] = nurse.workspace.health.delegation.all()
    assert held.id != old
    assert held.checked_on == TODAY
    assert not found.over.isVisible()
    assert "Dana Whitcomb" in shown_text(found.card)


def test_it_is_taken_back_with_a_reason(nurse: Office, ibuprofen: str) -> None:
    which = given(nurse, ibuprofen, TODAY)
    found = delegation_of(nurse)
    assert "Runs out today" in shown_text(found.card)
    found.card.buttons["end", which].click()
    sheet = sheet_of(nurse)
    press(sheet)
    assert "why it is taken back" in sheet.frames["reason"].says()
    type_at(sheet, "reason", "She changed to another school")
    save(nurse, sheet)
    assert nurse.workspace.health.delegation.all() == ()


def test_a_delegate_sees_the_place_as_soon_as_it_is_delegated_and_no_longer_than_that(
    office: Office, school: School
) -> None:
    office.sign_in("dana")
    button = office.shell.rail.button("health")
    assert not button.isVisible()
    maria = school.sign_in("maria")
    order = active_order(maria, as_needed(school.ids["mateo"]))
    which = maria.health.delegation.give(
        Delegation("", school.users["dana"], school.ids["mateo"], frozenset((order,)), TODAY,
                   date(2027, 6, 11), consented_on=TODAY)
    )  # fmt: skip
    office.shell.watch.ticked.emit()
    office.settle()
    assert button.isVisible()
    office.shell.go("health", "delegation")
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    assert {"orders", "trips", "delegation"} <= set(page.chips)
    assert "stock" not in page.chips
    words = shown_text(page)
    assert "You see nothing else" in words
    assert "Ibuprofen 200 mg tablet" in words
    maria.health.delegation.end(which, "She changed to another school")
    office.shell.go("home")
    office.shell.watch.ticked.emit()
    office.settle()
    assert not button.isVisible()


# --- self-carry and the form for statements ------------------------------------------------------


def test_an_agreement_to_carry_says_what_is_missing_and_is_printed(
    nurse: Office, school: School
) -> None:
    carry = section(nurse, "carry")
    assert isinstance(carry, CarrySection)
    assert "No order says" in carry.nothing.text()
    order = active_order(
        nurse.workspace,
        as_needed(school.ids["mateo"], self_carry=SelfCarry(competent=True, shown=True)),
    )
    carry.load()
    nurse.settle()
    words = shown_text(carry.card)
    assert "missing" in words
    assert "civil liability" in words
    carry.card.buttons["print", order].click()
    nurse.settle()
    assert isinstance(nurse.shell.page, PdfPreview)
    nurse.shell.go("health", "carry")
    nurse.settle()
    carry.form.click()
    nurse.settle()
    assert isinstance(nurse.shell.page, PdfPreview)


def test_the_form_for_statements_is_printed_from_the_health_file(
    nurse: Office, school: School, ibuprofen: str
) -> None:
    nurse.shell.open_health(school.ids["mateo"])
    nurse.settle()
    page = nurse.shell.page
    assert isinstance(page, StudentHealthPage)
    page.form.click()
    nurse.settle()
    shown = nurse.shell.page
    assert isinstance(shown, PdfPreview)
    shown.back.emit()
    nurse.settle()
    assert isinstance(nurse.shell.page, StudentHealthPage)


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_by_keyboard_and_by_ear(nurse: Office, school: School, ibuprofen: str) -> None:
    given(nurse, ibuprofen, date(2027, 6, 11))
    given(nurse, ibuprofen, TODAY - timedelta(days=1))
    active_order(nurse.workspace, as_needed(school.ids["mateo"], self_carry=SelfCarry()))
    for key in ("delegation", "carry"):
        section(nurse, key)
        assert faults(nurse.window) == []
        reached = walk(nurse.window)
        assert groups_of_one(reached, controls(nurse.window)) == []
        assert out_of_order(reached) == []
