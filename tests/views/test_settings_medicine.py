"""Settings of the health office, and what a nurse changes of a student."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.settings import MedicationSettings
from bt_desktop.views.settings_medicine import MedicineSection
from bt_desktop.views.student_edit import HealthSheet
from tests.factory import School
from tests.views.shell_kit import Office


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


def section(office: Office) -> MedicineSection:
    office.shell.go("settings", "medicine")
    office.settle()
    made = office.shell.page.section("medicine")  # type: ignore[union-attr]  # SettingsPage
    assert isinstance(made, MedicineSection)
    return made


def test_a_nurse_opens_the_window_wider_and_it_holds(office: Office) -> None:
    office.sign_in("maria")
    page = section(office)
    assert page.numbers["window_min"].text() == "30"
    page.numbers["window_min"].setText("60")
    page.witness.click()
    page.save.click()
    office.until(lambda: "Saved" in page.banner.text())
    assert office.workspace.health.settings.get() == MedicationSettings(
        window_min=60, witness_on_dose=True
    )


@pytest.mark.parametrize("typed", ["", "half an hour", "-5", "3.5", "٣٠", "99999"])
def test_what_is_no_number_is_said_beside_its_field(office: Office, typed: str) -> None:
    office.sign_in("maria")
    page = section(office)
    page.numbers["effect_minutes"].setText(typed)
    page.save.click()
    assert "whole number" in page.frames["effect_minutes"].says()
    assert office.workspace.health.settings.get() == MedicationSettings()


def test_a_number_out_of_its_range_is_said_beside_its_field(office: Office) -> None:
    office.sign_in("maria")
    page = section(office)
    page.numbers["window_min"].setText("600")
    page.save.click()
    office.until(lambda: bool(page.frames["window_min"].says()))
    assert "5 to 120" in page.frames["window_min"].says()


def test_others_than_nurses_give_what_is_controlled_only_with_a_reason(office: Office) -> None:
    office.sign_in("tom")
    page = section(office)
    assert not page.frames["who_gives_reason"].isVisible()
    page.who.setCurrentIndex(page.who.findData("licensed"))
    assert page.frames["who_gives_reason"].isVisible()
    page.save.click()
    office.until(lambda: bool(page.frames["who_gives_reason"].says()))
    page.reason.setText("Board policy 5141.21 of August 2026")
    page.save.click()
    office.until(lambda: "Saved" in page.banner.text())
    assert office.workspace.health.settings.get().who_gives_controlled == "licensed"


def test_a_technician_is_not_shown_them(office: Office) -> None:
    office.sign_in("dana")
    office.shell.go("settings")
    office.settle()
    page: Any = office.shell.page
    assert "medicine" not in page._makers


def test_a_nurse_writes_down_allergies_and_nothing_else(office: Office, school: School) -> None:
    office.sign_in("maria")
    mateo = school.ids["mateo"]
    before = office.workspace.people.get(mateo)
    office.shell.open_student(mateo)
    office.settle()
    page: Any = office.shell.page
    page.edit.click()
    sheet = next(one for one in QApplication.topLevelWidgets() if isinstance(one, HealthSheet))
    sheet.allergies.setText("peanuts, penicillin")
    sheet.save()
    office.settle()
    after = office.workspace.people.get(mateo)
    assert after.allergies == "peanuts, penicillin"
    assert (after.given, after.grade, after.phone) == (before.given, before.grade, before.phone)
    assert school.sign_in("tom").log.verify().holds
