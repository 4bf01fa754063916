"""A student's health file on paper or as a file, from the window."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.model import STOCK_SUBJECT
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.health.file_out import FileOut
from bt_desktop.views.health.student_orders import StudentHealthPage
from tests.factory import School
from tests.health.kit import active_order, terms
from tests.health.test_parent_papers import given
from tests.views.shell_kit import Office
from tests.views.test_health_orders import all_right
from tests.views.test_health_papers_page import preview_of, told


@pytest.fixture
def nurse(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    made.sign_in("maria")
    active_order(made.workspace, terms(school.ids["mateo"]))
    given(made.workspace, school.ids["mateo"])
    return made


def page_of(office: Office, which: str) -> StudentHealthPage:
    office.shell.open_health(which)
    office.settle()
    page = office.shell.page
    assert isinstance(page, StudentHealthPage)
    return page


def out_of(office: Office, school: School) -> FileOut:
    return page_of(office, school.ids["mateo"]).out


def test_the_medication_record_asks_what_it_is_for(nurse: Office, school: School) -> None:
    out = out_of(nurse, school)
    out.print.click()
    menu = out.findChildren(QMenu)[-1]
    assert [one.text() for one in menu.actions()] == [
        "Medication record…",
        "Copy of the order: Ibuprofen 200 mg tablet",
        "Copy of the order: Methylphenidate 10 mg tablet",
    ]
    menu.close()
    out.open_packet()
    sheet = out.sheet
    assert sheet is not None
    sheet.why.code.setCurrentIndex(sheet.why.code.findData("other"))  # type: ignore[attr-defined]  # PacketSheet
    sheet.save()
    assert "Write in a few words" in sheet.frames["purpose_words"].says()
    sheet.why.words.setText("The new school asked for it")  # type: ignore[attr-defined]  # PacketSheet
    sheet.scans.setChecked(False)  # type: ignore[attr-defined]  # PacketSheet
    sheet.save()
    page = preview_of(nurse)
    words = told(page)
    assert "Made for: The new school asked for it." in words
    assert "Log of November 2026" in words
    page.back.emit()
    nurse.settle()
    assert isinstance(nurse.shell.page, StudentHealthPage)


def test_an_order_is_copied(nurse: Office, school: School) -> None:
    out = out_of(nurse, school)
    dict(out.papers())["Copy of the order: Methylphenidate 10 mg tablet"]()
    assert "What was done to it" in told(preview_of(nurse))


def test_the_file_is_written_where_the_person_says(
    nurse: Office, school: School, tmp_path: Path
) -> None:
    out = out_of(nurse, school)
    out.export.click()
    target = tmp_path / "out.json"
    answer_next(target)
    assert out.sheet is not None
    out.sheet.save()
    nurse.settle()
    Bundle.model_validate(json.loads(target.read_bytes()))
    assert target.stat().st_mode & 0o777 == 0o600
    page = nurse.shell.page
    assert isinstance(page, StudentHealthPage)
    assert page.banner.text().startswith("3 entries saved. The file is not encrypted")
    out.export.click()
    out.sheet.format.setCurrentIndex(2)  # type: ignore[attr-defined]  # TakeOutSheet
    answer_next(tmp_path / "doses")
    out.sheet.save()
    nurse.settle()
    text = (tmp_path / "doses.csv").read_text("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert row["Medicine"] == "Ibuprofen 200 mg tablet"


def test_nobody_says_where_and_nothing_is_written(nurse: Office, school: School) -> None:
    out = out_of(nurse, school)
    out.export.click()
    answer_next(None)
    assert out.sheet is not None
    out.sheet.save()
    nurse.settle()
    assert out.sheet.isVisible()
    out.sheet.reject()
    nurse.settle()
    taken = [one for one in school.sign_in("tom").log.entries() if one.action == "health.export"]
    assert taken == []


def test_the_schools_stock_offers_neither(nurse: Office) -> None:
    assert not page_of(nurse, STOCK_SUBJECT).out.isVisible()


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_its_sheets_by_keyboard_and_by_ear(nurse: Office, school: School) -> None:
    out = out_of(nurse, school)
    all_right(out)
    for open_ in (out.open_packet, out.open_export):
        open_()
        assert out.sheet is not None
        out.sheet.why.code.setCurrentIndex(out.sheet.why.code.findData("other"))  # type: ignore[attr-defined]  # both ask it
        nurse.settle()
        all_right(out.sheet)
        out.sheet.reject()
        nurse.settle()
