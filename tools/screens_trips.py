"""Scenes of absences, trips, delegation, what students carry, and the year's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.trip_model import TripItem
from bt_desktop.services.results.export import Second
from bt_desktop.services.workspace import Workspace
from tools.screens_health import _user, counted, entered

if TYPE_CHECKING:
    from bt_desktop.demo import Demo
    from tools.screens import Stage


def health_trips(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The five sections, a trip that is out, and their sheets."""
    demo = stage.told.demo
    entered(demo)
    window, shell = stage.signed_in("maria")
    counted(demo, window.workspace)
    _away(demo, window.workspace)
    yield from _absences(stage, window, shell)
    yield from _trips(stage, window, shell)
    for key in ("delegation", "carry", "year_end"):
        section = _section(stage, shell, key)
        yield f"health-{key.replace('_', '-')}", window
        if key == "delegation":
            section.delegate()
            sheet = section.sheet
            sheet.student.setCurrentIndex(1)
            stage.settle()
            yield "health-delegate!", sheet
            sheet.save()
            yield "health-delegate-wrong!", sheet
            sheet.reject()
            section.do("end", section._view.rows[0].id)
            stage.settle()
            yield "health-delegate-end!", section.sheet
            section.sheet.reject()
    window.resize(760, 760)
    stage.settle()
    yield "health-year-end-narrow!", window
    stage.close(window)


def _absences(stage: Stage, window: QWidget, shell: Any) -> Iterator[tuple[str, QWidget]]:
    section = _section(stage, shell, "away")
    yield "health-away", window
    section.enter_away()
    sheet = section.sheet
    sheet.who.choose(stage.told.demo.ids[one] for one in ("mateo", "lucja"))
    sheet.kind.setCurrentIndex(1)
    stage.settle()
    yield "health-away-sheet!", sheet
    sheet.reject()
    section.do("back", section._view.rows[0].id)
    stage.settle()
    yield "health-away-back!", section.sheet
    section.sheet.reject()


def _trips(stage: Stage, window: QWidget, shell: Any) -> Iterator[tuple[str, QWidget]]:
    section = _section(stage, shell, "trips")
    yield "health-trips", window
    section.plan_trip()
    stage.settle()
    yield "health-trip-plan!", section.sheet
    section.sheet.reject()
    zoo = next(one.trip.id for one in section._view.lines if one.trip.name == "Zoo")
    section.open_trip(zoo)
    stage.settle()
    page = section.trip
    yield "health-trip", window
    for deed in ("dose", "plan"):
        order = next(which for which, key in _keys(page) if which == deed)
        page.do(deed, next(key for which, key in _keys(page) if which == order))
        stage.settle()
        yield f"health-trip-{deed}!", page.sheet
        page.sheet.reject()
    for name, deed in (
        ("out", page.sign_out), ("back", page.count_back), ("more", page.add_students),
        ("leave-out", page.leave_out),
    ):  # fmt: skip
        deed()
        stage.settle()
        yield f"health-trip-{name}!", page.sheet
        page.sheet.reject()


def _keys(page: Any) -> list[tuple[str, str]]:
    return list(page.card.buttons)


def _section(stage: Stage, shell: Any, key: str) -> Any:
    shell.go("health", key)
    stage.settle()
    return shell.page.section(key)


def _away(demo: Demo, maria: Workspace | None) -> None:
    """Who is away, two trips, one of them out, and what is delegated; once for all looks."""
    if maria is None or maria.health.trips.list():
        return
    health, ids = maria.health, demo.ids
    today = health.away.today()
    staff = demo.told["staff"]
    second = Second(_user(maria, staff["tom"]), staff["tom"]["password"])
    own, dana = staff["maria"]["password"], _user(maria, staff["dana"])
    lucja, mateo = ids["lucja"], ids["mateo"]
    group = next(one for one in health.away.groups() if one.label.startswith("Grade 3"))
    health.away.add(group.student_ids[:2], NewAway("absent", today, today + timedelta(days=1)))
    health.away.add(group.student_ids[2:3], NewAway("early", today, today, leaves=time(11, 30)))
    albuterol = next(
        one for one in health.overview.orders() if one.terms.medicine.name == "Albuterol"
    )
    health.delegation.give(
        Delegation(
            "", dana, mateo, frozenset((albuterol.id,)), today - timedelta(days=90),
            today + timedelta(days=20), consented_on=today - timedelta(days=90),
            note="Inhaler with spacer, showed it twice",
        )
    )  # fmt: skip
    zoo = NewAway("trip", today, today, time(9), time(14), "Zoo")
    trip = health.trips.plan(zoo, [mateo, lucja, *group.student_ids[4:9]], place="City zoo",
                             leader="Priya Raman")  # fmt: skip
    camp = NewAway("trip", date(2026, 12, 1), date(2026, 12, 3), time(8), time(15), "Science camp")
    health.trips.plan(camp, [mateo, *group.student_ids[:12]], place="Pine Lake")
    view = health.trips.view(trip)
    found = [(c, m) for c in view.children for m in c.medicines if m.order.status == "active"]
    for _, medicine in found:
        lots = [one for one in medicine.lots if one.office > 0 and not one.stopped]
        if not lots:
            continue
        giver = dana if medicine.order.id == albuterol.id else maria.actor.user_id
        item = TripItem(
            "", trip, "", medicine.order.id, giver=giver, lot_id=lots[0].lot.id, amount=Decimal(2),
            travels="original",
        )  # fmt: skip
        if not health.trips.problems(item):
            health.trips.take_along(item)
    health.trips.send(trip, [albuterol.id], password=own, second=second)
