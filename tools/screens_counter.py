"""Scenes of the health office's counter: visits, the emergency note of the locked screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.visit_model import NewVisit

if TYPE_CHECKING:
    from screens import Stage

    from bt_desktop.demo import Demo


def visited(demo: Demo) -> None:
    """A morning in the health office, once for all looks."""
    with demo.signed_in("maria") as maria:
        visits = maria.health.visits
        now = visits.now()
        if visits.day(now.date(), also_struck=True):
            return
        ids = demo.ids
        came = now.replace(hour=8, minute=40, second=0, microsecond=0)
        first = visits.add(NewVisit(ids["mateo"], came, complaint="stomach", care=("rest",)))
        visits.leave(first, came + timedelta(minutes=22), "class", ("water",))
        fell = NewVisit(
            ids["lucja"], came + timedelta(minutes=50), complaint="bump",
            care=("ice", "washed"), words="elbow, on the slide",
        )  # fmt: skip
        visits.add(fell)
        home = NewVisit(
            ids["mateo"], came + timedelta(hours=2), complaint="fever", care=("temperature",),
            disposition="home", left_at=came + timedelta(hours=2, minutes=35), words="101.2",
        )  # fmt: skip
        visits.add(home)
        lane = NewVisit(
            None, came + timedelta(hours=3), "Mrs. Lane, a visitor", disposition="ems",
            left_at=came + timedelta(hours=3, minutes=18), words="faint",
        )  # fmt: skip
        visits.add(lane)
        visits.strike(visits.add(fell), "Entered twice")


def counter(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The visit log of a nurse and of the front office."""
    stage.told.clock.set(stage.told.clock.now().replace(hour=13, minute=42))
    visited(stage.told.demo)
    window, shell = stage.signed_in("maria")
    shell.go("health", "visits")
    stage.settle()
    section: Any = shell.page.section("visits")  # type: ignore[union-attr]  # HealthPage
    section.table.setCurrentIndex(section.model.index(1, 0))
    stage.settle()
    yield "visits", window
    section.entry.line.setFocus()
    QTest.keyClicks(section.entry.line, "ma stomach ache rest 1:05")
    stage.settle()
    yield "visits-typing", window
    QTest.keyClick(section.entry.line, "\r")
    stage.settle()
    yield "visits-understood", window
    section.correct()
    stage.settle()
    yield "visit-sheet!", section.sheet
    section.sheet.reject()
    window.resize(760, 800)
    stage.settle()
    yield "visits-narrow!", window
    stage.close(window)
    window, shell = stage.signed_in("loretta")
    shell.go("health", "visits")
    stage.settle()
    yield "visits-front-office", window
    stage.close(window)


def locked_note(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """F9 at the locked window."""
    window = stage.window()
    window.note_emergency()
    page: Any = window.stack.currentWidget()
    page.who.setText("Kim, room 4, red jacket")
    page.at.setText("1:05p")
    page.keep()
    stage.settle()
    yield "night-note", window
    page.medicine.setText("EpiPen Jr")
    page.keep()
    stage.settle()
    yield "night-note-kept", window
    page.left.emit()
    stage.close(window)
