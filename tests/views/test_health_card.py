"""The emergency card in the window: two clicks for everybody; confirmed by a nurse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.model import Medicine
from bt_desktop.views.health.card_page import NOT_ENTERED, CardPage
from bt_desktop.views.health.cards import CardsSection
from bt_desktop.views.health.page import HealthPage
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.student_view import StudentPage
from tests.factory import School
from tests.health.kit import active_order, terms
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office, shown_text

EPIPEN = Medicine("Epinephrine", "0.15 mg", "auto_injector")


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    maria = school.sign_in("maria")
    order = terms(
        school.ids["mateo"],
        medicine=EPIPEN,
        kind="epinephrine",
        times=(),
        route="im",
        reason="anaphylaxis",
        special={"allergy": "peanuts"},
    )
    active_order(maria, order)
    maria.lock()
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 900)
    return made


def confirmed(school: School) -> None:
    maria = school.sign_in("maria")
    body = maria.health.card.offer(school.ids["mateo"])
    maria.health.card.confirm(
        school.ids["mateo"], replace(body, allergies=("Peanuts: anaphylaxis",), doctor="Dr. Lane")
    )
    maria.lock()


def open_card(office: Office) -> CardPage:
    office.shell.open_student(office.school.ids["mateo"])
    office.settle()
    page = office.shell.page
    assert isinstance(page, StudentPage)
    page.card.click()
    office.settle()
    card = office.shell.page
    assert isinstance(card, CardPage)
    return card


@pytest.mark.parametrize("who", ["olga", "dana", "tom"])
def test_everybody_sees_it_from_the_students_page(office: Office, who: str) -> None:
    confirmed(office.school)
    office.sign_in(who)
    page = open_card(office)
    words = shown_text(page)
    for part in (
        "Peanuts: anaphylaxis",
        "Epinephrine 0.15 mg auto-injector: 10 mg, as a shot into the muscle",
        "Allergic reaction to peanuts",
        "Rosa Núñez",
        "mother · es, needs an interpreter",
        "Dr. Lane",
        "call 911 first",
        "confirmed by Maria Chen",
    ):
        assert part in words
    assert not page.change.isVisible()
    page.back_asked.emit()
    office.settle()
    assert isinstance(office.shell.page, StudentPage)


def test_it_is_printed(office: Office) -> None:
    confirmed(office.school)
    office.sign_in("olga")
    open_card(office).print.click()
    office.settle()
    preview = office.shell.page
    assert isinstance(preview, PdfPreview)
    preview.back.emit()
    office.settle()
    assert isinstance(office.shell.page, CardPage)


def test_where_nobody_confirmed_one_it_says_so(office: Office) -> None:
    office.sign_in("dana")
    page = open_card(office)
    assert page.allergy_words.text() == NOT_ENTERED
    assert "No nurse has confirmed" in page.facts.text()
    assert "No emergency medicine at school" in shown_text(page)


def test_the_nurse_is_told_on_home_and_confirms_what_is_offered(office: Office) -> None:
    office.sign_in("maria")
    home = office.shell.page
    words = shown_text(home)  # type: ignore[arg-type]  # the home page
    assert "1 emergency card says something else than the orders" in words
    home.health.rows[0].go.click()  # type: ignore[union-attr]  # the home page
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    section = page.section("cards")
    assert isinstance(section, CardsSection)
    assert "New: Epinephrine 0.15 mg" in shown_text(section)
    section.buttons[office.school.ids["mateo"]].click()
    office.settle()
    sheet = section.sheet
    assert sheet is not None
    sheet.allergies.setPlainText("Peanuts: anaphylaxis\nBees")
    assert not sheet.none.isEnabled()
    sheet.lines[0]["stored"].setText("Red bag, front office")
    sheet.phone.setText("(555) 010-0100")
    sheet.doctor.setText("Dr. Lane")
    sheet.save()
    office.settle()
    assert "says what the orders say" in shown_text(section)
    card = open_card(office)
    assert card.allergy_words.text() == "Peanuts: anaphylaxis\nBees"
    assert "Red bag, front office" in shown_text(card)
    assert "(555) 010-0100" in shown_text(card)


def test_the_nurse_changes_it_on_the_card_itself(office: Office) -> None:
    office.sign_in("maria")
    page = open_card(office)
    page.change.click()
    office.settle()
    assert page.sheet is not None
    page.sheet.none.setChecked(True)
    page.sheet.conditions.setPlainText("Wears a hearing aid")
    page.sheet.save()
    office.settle()
    assert page.allergy_words.text() == "No known allergies"
    assert page.condition_words.text() == "Wears a hearing aid"


def test_the_card_is_named_and_walked_through_in_order(office: Office) -> None:
    confirmed(office.school)
    office.sign_in("maria")
    page = open_card(office)
    assert faults(page) == []
    reached = walk(page)
    assert groups_of_one(reached, controls(page)) == []
    assert out_of_order(reached) == []
