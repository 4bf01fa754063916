"""Scenes of today's board, the panel of a dose, and the emergency dose."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import AsNeeded, Identified, Lot, Medicine, Quantity
from bt_desktop.services.results.export import Second
from bt_desktop.services.workspace import Workspace
from tests.health.kit import active_order, as_needed, terms
from tools.screens_health import _user

if TYPE_CHECKING:
    from bt_desktop.demo import Demo
    from tools.screens import Stage

_CETIRIZINE = Medicine("Cetirizine", "5 mg", "tablet", "otc")
_GUANFACINE = Medicine("Guanfacine", "1 mg", "tablet")
_SURE = Identified(frozenset(("photo", "name_said")))
_LETTERS = "abcdefghijklmnop"


def face(shade: tuple[int, int, int]) -> bytes:
    """A drawn face: nobody's."""
    image = Image.new("RGB", (240, 300), (214, 224, 236))
    pen = ImageDraw.Draw(image)
    pen.ellipse((20, 220, 220, 420), fill=(74, 106, 140))
    pen.ellipse((65, 60, 175, 205), fill=shade)
    pen.pieslice((55, 40, 185, 190), 180, 360, fill=(60, 44, 38))
    pen.ellipse((92, 125, 104, 137), fill=(40, 30, 28))
    pen.ellipse((136, 125, 148, 137), fill=(40, 30, 28))
    pen.arc((98, 140, 142, 178), 20, 160, fill=(120, 60, 60), width=4)
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def noon(stage: Stage) -> datetime:
    """Three past twelve of the day."""
    now = stage.told.clock.now().replace(hour=12, minute=3, second=0, microsecond=0)
    stage.told.clock.set(now)
    return now


_MADE: dict[str, str] = {}
"""The orders of the line by what they show; made once for all looks of one school (`school`)."""


def lined_up(demo: Demo, now: datetime) -> dict[str, str]:
    """A noon line with everything in it; orders by what they show."""
    if _MADE.get("school") != str(demo.vault):
        _MADE["school"] = str(demo.vault)
        with demo.signed_in("maria") as maria:
            _line_up(demo, maria, now)
    return _MADE


def _line_up(demo: Demo, maria: Workspace, now: datetime) -> None:
    maria.health.settings.save(replace(maria.health.settings.get(), witness_on_dose=True))
    children: list[str] = []
    for letter in _LETTERS:
        hits = [one.id for one in maria.people.search(letter, ("student",), 30)]
        children += [one for one in hits if one not in children][:2]
    for place, student in enumerate(children[:3]):
        maria.photos.set(student, face(((236, 188, 150), (176, 124, 90), (120, 80, 58))[place]))
    told = ("none known", "Penicillin", "none known", "Peanuts: anaphylaxis", "none known")
    for place, student in enumerate(children):
        maria.people.update_health(
            student, allergies=told[place % len(told)], medical_alert="", health_note=""
        )
    for place, student in enumerate(children[:9]):
        name = "routine" if place == 1 else f"line {place}"
        _order(maria, student, name, medicine=_CETIRIZINE if place % 2 else _GUANFACINE)
    controlled = _order(maria, children[9], "controlled")
    _box(demo, maria, controlled)
    _order(maria, children[10], "late", times=(time(11),), medicine=_GUANFACINE)
    done = _order(maria, children[11], "given", times=(time(8, 30),), medicine=_CETIRIZINE)
    refused = _order(maria, children[12], "refused", times=(time(11, 45),))
    prn = as_needed(
        children[0],
        prn=AsNeeded(("headache", "cramps"), 240, 2, "no better after an hour", "stiff neck"),
    )  # fmt: skip
    active_order(maria, prn)
    again = _MADE["again"] = active_order(maria, replace(prn, student_id=children[13]))
    doses, morning = maria.health.doses, now.replace(hour=8, minute=31)
    last = now
    for order, student, at, more in (
        (done, children[11], morning, {"due_at": morning.replace(minute=30)}),
        (refused, children[12], now.replace(minute=1), {
            "due_at": now.replace(hour=11, minute=45), "outcome": "R",
            "reason": "Did not want it today",
        }),
        (again, children[13], now.replace(hour=9, minute=40),
         {"symptom": "headache", "home_asked": True}),
    ):  # fmt: skip
        demo._clock.set(at)
        request: Any = DoseRequest(
            "", student, order, at=at, identified=_SURE, birth_date_retyped=True, **more
        )
        doses.record(replace(request, happened=True))
    demo._clock.set(last)


def _order(maria: Workspace, student: str, marked: str, **changes: Any) -> str:
    values = {"instructions": "With water.", "reason": "attention"} | changes
    drug = values.get("medicine")
    if isinstance(drug, Medicine):
        values["dose"] = Quantity(Decimal(drug.strength.split()[0]), "mg")
    order = _MADE[marked] = active_order(maria, terms(student, **values))
    made = maria.health.orders.get(order).terms
    if not made.medicine.controlled:
        _receive(maria, order, Decimal(24), "", None)
    return order


def _box(demo: Demo, maria: Workspace, order: str) -> None:
    staff = demo.told["staff"]
    second = Second(_user(maria, staff["tom"]), staff["tom"]["password"])
    _receive(maria, order, Decimal(30), staff["maria"]["password"], second)


def _receive(
    maria: Workspace, order: str, amount: Decimal, password: str, second: Second | None
) -> None:
    made = maria.health.orders.get(order).terms
    lot = Lot(
        "", made.student_id, made.medicine, "tablet", order, "7714402", date(2027, 8, 1), "cabinet"
    )
    coming = NewMove("", "received", amount, carried_by="A parent", relation="mother", adult=True)
    maria.health.stock.receive(lot, coming, password=password, second=second)


def board(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The board by time and by student, a dose in every way, an empty day."""
    clock, before = stage.told.clock, stage.told.clock.now()
    window, shell = stage.signed_in("maria")
    shell.go("health", "today")
    stage.settle()
    if stage.theme.tokens.name == "light" and not window.workspace.health.overview.orders():
        yield "board-empty", window
    stage.close(window)
    orders = lined_up(stage.told.demo, noon(stage))
    window, shell = stage.signed_in("maria")
    shell.go("health", "today")
    stage.settle()
    section: Any = shell.page.section("today")  # type: ignore[union-attr]  # HealthPage
    section.filter.setFocus()
    yield "board-time", window
    section.list.arrange("student")
    stage.settle()
    yield "board-student", window
    section.list.arrange("time")
    QTest.keyClicks(section.filter, "zz")
    stage.settle()
    yield "board-nobody", window
    section.filter.clear()
    yield from _panels(stage, window, section, orders)
    window.resize(760, 800)
    stage.settle()
    yield "board-narrow!", window
    stage.close(window)
    clock.set(before)


def emergency(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """A dose that no order asked for: recorded, and finished afterwards."""
    before = stage.told.clock.now()
    noon(stage)
    window, shell = stage.signed_in("maria")
    shell.record_emergency()
    stage.settle()
    yield "dose-emergency", window
    page: Any = shell.page
    mateo = stage.told.demo.ids["mateo"]
    page.form.choose(mateo, "Mateo Núñez-Okafor")
    page.form.medicine.setText("EpiPen Jr")
    page.form.dose.setText("1 device")
    page.form.at.setText("11:58")
    page.form.happened.setPlainText("Hives and swollen lips after lunch.")
    page.form.called.chips["yes"].click()
    stage.settle()
    yield "dose-emergency-told", window
    page.record()
    stage.settle()
    yield "dose-emergency-done", window
    shell.go("health", "today")
    stage.settle()
    section: Any = shell.page.section("today")
    yield "board-todo", window
    section.finish(section.list._board.unfinished[0])
    stage.settle()
    yield "dose-finish!", section.sheet
    section.sheet.reject()
    shell.go("home")
    stage.settle()
    yield "board-home", window
    stage.close(window)
    stage.told.clock.set(before)


def _open(stage: Stage, section: Any, order: str) -> Any:
    lines = [one for one in section.list.lines if one.order_id == order]
    section.panel.leave()
    section.open_line(lines[0])
    stage.settle()
    return section.panel


def _panels(
    stage: Stage, window: QWidget, section: Any, orders: dict[str, str]
) -> Iterator[tuple[str, QWidget]]:
    panel = _open(stage, section, orders["routine"])
    yield "dose-routine", window
    panel.body.confirm.box.setChecked(True)
    panel.body.show_more()
    stage.settle()
    bar = panel.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    yield "dose-more", window
    panel = _open(stage, section, orders["controlled"])
    panel.body.confirm.box.setChecked(True)
    panel.record()
    stage.settle()
    bar.setValue(bar.maximum())
    yield "dose-witness", window
    panel = _open(stage, section, orders["again"])
    panel.body.prn.chips[0].click()
    panel.body.prn.none.click()
    panel.body.confirm.box.setChecked(True)
    stage.settle()
    yield "dose-needed", window
    panel.record()
    stage.settle()
    yield "dose-stopped", window
    panel.happened.setFocus()
    yield "dose-deviation", window
    panel = _open(stage, section, orders["late"])
    yield "dose-late", window
    panel = _open(stage, section, orders["given"])
    panel.done.ask_why()
    stage.settle()
    yield "dose-on-record", window
    panel.leave()
