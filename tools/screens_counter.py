"""Scenes of the health office's counter: visits, the emergency note of the locked screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from bt_desktop.security.permissions import Role
from bt_desktop.services.health.emergency_note import EmergencyNote, leave
from bt_desktop.services.health.visit_model import NewVisit
from tools.screens_health import entered

if TYPE_CHECKING:
    from bt_desktop.demo import Demo
    from tools.screens import Stage


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
    section.strike()
    stage.settle()
    yield "visit-strike!", section.sheet
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


_WHY = "The nurse is at the other school, and he has a rash and swollen lips after lunch."


def _password(stage: Stage, who: str) -> str:
    return str(stage.told.demo.told["staff"][who]["password"])


def in_emergencies(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The card that everybody reads, a sealed file behind the glass, notes that wait."""
    demo = stage.told.demo
    stage.told.clock.set(stage.told.clock.now().replace(hour=13, minute=42))
    entered(demo)
    visited(demo)
    mateo, lucja = demo.ids["mateo"], demo.ids["lucja"]
    yield from _cards(stage, mateo, lucja)
    yield from _glass(stage, mateo)
    yield from _notes(stage)


def _cards(stage: Stage, mateo: str, lucja: str) -> Iterator[tuple[str, QWidget]]:
    with stage.told.demo.signed_in("maria") as maria:
        body = maria.health.card.offer(mateo)
        told = replace(
            body, allergies=("Peanuts: anaphylaxis", "Bee stings"), doctor="Dr. Lane",
            doctor_phone="(555) 010-0188", conditions=("Asthma: never face down",),
        )  # fmt: skip
        maria.health.card.confirm(mateo, told)
    window, shell = stage.signed_in("maria")
    stage.settle()
    yield "health-home", window
    shell.go("health", "cards")
    stage.settle()
    yield "health-cards", window
    section: Any = shell.page.section("cards")  # type: ignore[union-attr]  # HealthPage
    section.open_card(lucja)
    stage.settle()
    yield "health-card-sheet!", section.sheet
    section.sheet.reject()
    shell.open_card(mateo)
    stage.settle()
    yield "health-card", window
    shell.open_card(lucja)
    stage.settle()
    yield "health-card-directory", window
    stage.close(window)


def _glass(stage: Stage, mateo: str) -> Iterator[tuple[str, QWidget]]:
    window, shell = stage.signed_in("tom")
    shell.open_student(mateo)
    stage.settle()
    yield "health-student", window
    shell.page.sealed.click()  # type: ignore[union-attr]  # StudentPage
    stage.settle()
    sheet: Any = shell.glass.sheet
    sheet.reason.setPlainText("He is ill")
    sheet.save()
    stage.settle()
    yield "health-glass-sheet!", sheet
    sheet.reason.setPlainText(_WHY)
    sheet.password.setText(_password(stage, "tom"))
    sheet.save()
    stage.settle()
    yield "health-glass", window
    shell.go("home")
    stage.settle()
    yield "health-glass-line", window
    shell.go("health", "glass")
    stage.settle()
    yield "health-glass-uses", window
    stage.close(window)
    _make(stage, Role.ADMINISTRATOR)
    window, shell = stage.signed_in("loretta")
    yield "health-glass-home", window
    shell.go("health", "glass")
    stage.settle()
    uses: Any = shell.page.section("glass")  # type: ignore[union-attr]  # HealthPage
    next(iter(uses.buttons.values())).click()
    stage.settle()
    yield "health-glass-review!", uses.sheet
    stage.close(window)
    _make(stage, Role.FRONT_OFFICE)


def _make(stage: Stage, role: Role) -> None:
    """Give the front office another role, and back."""
    with stage.told.demo.signed_in("tom") as tom:
        staff = stage.told.demo.ids["loretta"]
        [user] = [one.user_id for one in tom.accounts.list() if one.staff_id == staff]
        tom.accounts.set_role(user, role)


def _notes(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    now = stage.told.clock.now()
    note = EmergencyNote(
        "", "Kim in room 4, red jacket", "EpiPen Jr", now.replace(hour=10, minute=5), now,
        "1 device", "Hives and wheezing after the snack. Better after five minutes.", "yes",
        "Ana, lunch aide",
    )  # fmt: skip
    leave(stage.told.demo.vault, note, stage.told.clock)
    leave(stage.told.demo.vault, replace(note, who="A visitor", at=now.replace(hour=23), by=""),
          stage.told.clock)  # fmt: skip
    window, shell = stage.signed_in("maria")
    stage.settle()
    yield "health-notes-home", window
    shell.go("health", "notes")
    stage.settle()
    yield "health-notes", window
    section: Any = shell.page.section("notes")  # type: ignore[union-attr]  # HealthPage
    next(iter(section.finish.values())).click()
    stage.settle()
    yield "health-note-finish!", section.sheet
    section.sheet.reject()
    section.open_aside(window.workspace.health.night_notes.waiting()[0])  # type: ignore[union-attr]  # open
    stage.settle()
    yield "health-note-aside!", section.sheet
    section.sheet.reject()
    for one in window.workspace.health.night_notes.waiting():  # type: ignore[union-attr]  # open
        window.workspace.health.night_notes.set_aside(one.id, "Of a picture")  # type: ignore[union-attr]  # as above
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
