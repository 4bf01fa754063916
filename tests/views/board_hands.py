"""Hands at today's board: what stories of the board and of the dose panel share."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bt_desktop.services.health.model import DoseRecord
from bt_desktop.views.health.board import TodaySection
from bt_desktop.views.health.dose_panel import DosePanel
from bt_desktop.views.health.page import HealthPage
from tests.conftest import PACIFIC
from tests.journeys.hands import type_keys
from tests.views.shell_kit import Office


def board_of(office: Office) -> TodaySection:
    """Go to today's board."""
    office.shell.go("health", "today")
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    section = page.section("today")
    assert isinstance(section, TodaySection)
    return section


def shown(section: TodaySection) -> list[tuple[str, str]]:
    """Who and in which state, as the lines stand."""
    return [(line.child.given, line.words) for line in section.list.model.rows()]


def open_line(office: Office, section: TodaySection, order: str, nth: int = 0) -> DosePanel:
    """Open the panel of an order's line."""
    lines = [line for line in section.list.model.rows() if line.order_id == order]
    section.open_line(lines[nth])
    office.settle()
    panel = section.panel
    assert panel.isVisible()
    return panel


def here() -> QWidget:
    """What has the focus."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def key(office: Office, which: Qt.Key) -> None:
    """A key to what has the focus."""
    QTest.keyClick(here(), which)
    office.settle()


def write(widget: QWidget, text: str) -> None:
    """Type over what stands in a line."""
    target = widget.focusProxy() or widget
    target.setFocus()
    target.selectAll()  # type: ignore[attr-defined]  # a line
    type_keys(target, text)


def confirm(office: Office, panel: DosePanel) -> None:
    """Space in the confirmation."""
    panel.body.confirm.box.setFocus()
    key(office, Qt.Key.Key_Space)


def record(office: Office, panel: DosePanel) -> None:
    """The button."""
    panel.deed.click()
    office.settle()


def doses(office: Office, student: str) -> list[DoseRecord]:
    """What stands on record of today and the days before."""
    today = office.school.clock.now().astimezone(PACIFIC).date()
    first = today.replace(day=1)
    return office.workspace.health.doses.of_student(student, first, today).standing


def turn_to(office: Office, moment: datetime) -> None:
    """The clock goes on, with somebody at the keyboard."""
    office.school.clock.set(moment)
    office.window.idle.touch()
