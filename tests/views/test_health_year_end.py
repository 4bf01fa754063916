"""The year's end in the window: three lists, each line leads to where it is finished."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.school_days import Term
from bt_desktop.views.health.page import HealthPage
from bt_desktop.views.health.student_orders import StudentHealthPage
from bt_desktop.views.health.year_end import YearEndSection
from bt_desktop.views.preview import PdfPreview
from tests.factory import PASSWORD, School
from tests.health.dose_kit import prn_dose
from tests.health.kit import (
    YEAR_BEGINS,
    YEAR_ENDS,
    active_order,
    as_needed,
    at,
    stocked,
    terms,
    tom,
)
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office, shown_text
from tests.views.test_health_trips import section

MAY = date(2027, 5, 28)


@pytest.fixture
def nurse(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    school.sign_in("tom").calendar.set_terms([Term(YEAR_BEGINS, YEAR_ENDS)])
    school.clock.set(at(8, 30, day=MAY))
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 900)
    made.sign_in("maria")
    return made


@pytest.fixture
def lot(nurse: Office, school: School) -> str:
    """Fourteen tablets of a controlled medicine are left."""
    return stocked(
        nurse.workspace, school, active_order(nurse.workspace, terms(school.ids["mateo"])), 14
    )


def year_end(office: Office) -> YearEndSection:
    found = section(office, "year_end")
    assert isinstance(found, YearEndSection)
    return found


def press(page: YearEndSection, group: str, deed: str) -> None:
    card = page.cards[group]  # type: ignore[index]  # one of the groups
    next(button for (which, _), button in card.buttons.items() if which == deed).click()


def test_a_school_without_medicine_is_done(nurse: Office) -> None:
    page = year_end(nurse)
    assert "Nothing is left to do" in page.nothing.text()
    assert "The last day is Jun 11, 2027" in page.lead.text()


def test_a_line_leads_to_where_it_is_finished_and_is_gone_then(
    nurse: Office, school: School, lot: str
) -> None:
    page = year_end(nurse)
    words = shown_text(page.cards["medicine"])
    for told in ("Mateo Núñez-Okafor, grade 4: Methylphenidate 10 mg tablet", "14 tablets left",
                 "Parent not asked yet. Dispose of it by Jun 11, 2027.", "Two people"):  # fmt: skip
        assert told in words, told
    press(page, "medicine", "go")
    nurse.settle()
    shown = nurse.shell.page
    assert isinstance(shown, HealthPage)
    assert shown.section("stock").lot.isVisible()  # type: ignore[union-attr]  # StockSection
    home = NewMove(lot, "returned", Decimal(14), carried_by="Rosa Núñez", adult=True)
    nurse.workspace.health.stock.move(home, password=PASSWORD, second=tom(school))
    page = year_end(nurse)
    assert not page.cards["medicine"].isVisible()


def test_an_order_that_ends_leads_to_the_file_and_prints_the_form_for_the_next_year(
    nurse: Office, school: School, lot: str
) -> None:
    page = year_end(nurse)
    assert "Ends with the school year" in shown_text(page.cards["order"])
    press(page, "order", "form")
    nurse.settle()
    assert isinstance(nurse.shell.page, PdfPreview)
    page = year_end(nurse)
    press(page, "order", "go")
    nurse.settle()
    assert isinstance(nurse.shell.page, StudentHealthPage)


def test_the_letter_to_the_parent_is_where_papers_are(nurse: Office, lot: str) -> None:
    page = year_end(nurse)
    press(page, "medicine", "letter")
    nurse.settle()
    shown = nurse.shell.page
    assert isinstance(shown, HealthPage)
    assert shown.shown == "papers"


def test_what_is_not_finished_is_told(nurse: Office, school: School, lot: str) -> None:
    prn = active_order(nurse.workspace, as_needed(school.ids["mateo"]))
    nurse.workspace.health.doses.record(prn_dose(school.ids["mateo"], prn, at(8, 30, day=MAY)))
    count = NewMove(lot, "count", counted=Decimal(13))
    nurse.workspace.health.stock.move(count, password=PASSWORD, second=tom(school))
    words = shown_text(year_end(nurse).cards["task"])
    assert "The count does not come out by 1 tablet." in words
    assert "Nobody asked how the dose of May 28 worked." in words


def test_the_list_is_printed(nurse: Office, lot: str) -> None:
    page = year_end(nurse)
    page.print.click()
    nurse.settle()
    assert isinstance(nurse.shell.page, PdfPreview)


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_by_keyboard_and_by_ear(nurse: Office, lot: str) -> None:
    year_end(nurse)
    assert faults(nurse.window) == []
    reached = walk(nurse.window)
    assert groups_of_one(reached, controls(nurse.window)) == []
    assert out_of_order(reached) == []
