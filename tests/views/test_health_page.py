"""The place of the health office: whom it is shown to, and the way between its sections."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.entries import Delegation
from bt_desktop.views.health.page import HealthPage
from tests.factory import School
from tests.health.kit import active_order, as_needed
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    return made


def delegate(school: School, who: str) -> None:
    """Maria lets somebody give Mateo's ibuprofen."""
    maria = school.sign_in("maria")
    order = active_order(maria, as_needed(school.ids["mateo"]))
    today = maria.health.orders.today()
    maria.health.delegation.give(
        Delegation(
            "", school.users[who], school.ids["mateo"], frozenset((order,)), today,
            today + timedelta(days=30), consented_on=today,
        )
    )  # fmt: skip
    maria.lock()


def page_of(office: Office) -> HealthPage:
    page = office.shell.page
    assert isinstance(page, HealthPage)
    return page


def test_a_nurse_goes_there_by_its_key(office: Office) -> None:
    office.sign_in("maria")
    assert office.shell.rail.button("health").isVisible()
    office.press(Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    office.settle()
    page = page_of(office)
    assert list(page.chips) == [
        "today", "orders", "visits", "stock", "months", "papers", "away", "trips", "delegation",
        "carry", "year_end",
    ]  # fmt: skip
    assert page.shown == "today"
    page.chips["stock"].click()
    office.settle()
    assert page.shown == "stock"
    assert office.shell.rail.button("health").accessibleName() == "Health office, you are here"


def test_who_reaches_nothing_does_not_see_the_place(office: Office) -> None:
    office.sign_in("dana")
    assert not office.shell.rail.button("health").isVisible()
    office.press(Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    office.settle()
    assert not isinstance(office.shell.page, HealthPage)


def test_a_delegate_sees_what_was_delegated_and_no_stock(office: Office, school: School) -> None:
    delegate(school, "dana")
    office.sign_in("dana")
    assert office.shell.rail.button("health").isVisible()
    office.shell.go("health")
    office.settle()
    assert list(page_of(office).chips) == ["today", "orders", "trips", "delegation"]


def test_after_a_lock_the_same_section_is_there(office: Office) -> None:
    office.sign_in("maria")
    office.shell.go("health", "stock")
    office.settle()
    assert page_of(office).shown == "stock"
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()
    office.sign_in("maria")
    assert page_of(office).shown == "stock"


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_by_keyboard_and_by_ear(office: Office) -> None:
    office.sign_in("maria")
    office.shell.go("health")
    office.settle()
    assert faults(office.window) == []
    reached = walk(office.window)
    assert groups_of_one(reached, controls(office.window)) == []
    assert out_of_order(reached) == []


def test_where_the_sections_would_fill_the_page_they_are_a_list_to_choose_from(
    office: Office,
) -> None:
    office.sign_in("maria")
    office.window.resize(1280, 900)
    office.shell.go("health")
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    assert page.chips["stock"].isVisible()
    assert not page.chooser.isVisible()
    office.window.resize(640, 700)
    office.settle()
    assert page.chooser.isVisible()
    assert not page.chips["stock"].isVisible()
    page.chooser.setCurrentIndex(page.chooser.findData("stock"))
    office.settle()
    assert page.shown == "stock"
    office.window.resize(1280, 900)
    office.settle()
    assert page.chips["stock"].isChecked()
