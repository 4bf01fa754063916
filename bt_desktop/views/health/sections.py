"""What the health office is made of: one line for each section, made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.views.desk import Desk

if TYPE_CHECKING:
    from bt_desktop.services.health.office import HealthOffice
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page.

    `make(desk, workspace, page)` builds its widget, which reads anew whenever it has a `load`;
    `allowed` says whether the signed-in person is shown it, and is asked on a worker (it may read).
    `scrolls` False leaves scrolling to the section itself.
    """

    key: str
    title: str
    make: Callable[[Desk, Workspace, HealthPage], QWidget]
    allowed: Callable[[HealthOffice], bool]
    scrolls: bool = True


def _today(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.board import TodaySection

    return TodaySection(desk, workspace, page)


def _orders(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.orders import OrdersSection

    return OrdersSection(desk, workspace, page)


def _stock(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.stock import StockSection

    return StockSection(desk, workspace, page)


def _visits(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.visits import VisitsSection

    return VisitsSection(desk, workspace, page)


def _papers(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.papers import PapersSection

    return PapersSection(desk, workspace, page)


def _away(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.away import AwaySection

    return AwaySection(desk, workspace, page)


def _trips(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.trips import TripsSection

    return TripsSection(desk, workspace, page)


def _delegation(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.delegation import DelegationSection

    return DelegationSection(desk, workspace, page)


def _carry(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.carry import CarrySection

    return CarrySection(desk, workspace, page)


def _year_end(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.year_end import YearEndSection

    return YearEndSection(desk, workspace, page)


def _months(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.months import MonthsSection

    return MonthsSection(desk, workspace, page)


def _notes(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.notes import NotesSection

    return NotesSection(desk, workspace, page)


def _cards(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.cards import CardsSection

    return CardsSection(desk, workspace, page)


def _glass(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.glass_uses import GlassUses

    return GlassUses(desk, workspace, page)


def _has_notes(health: HealthOffice) -> bool:
    notes = health.night_notes
    return notes.may_finish and bool(notes.count() or notes.damaged())


def _sees_glass(health: HealthOffice) -> bool:
    return health.glass.may_review or (health.may_read and bool(health.glass.uses()))


def _sees_trips(health: HealthOffice) -> bool:
    return health.trips.may_plan or bool(health.delegation.mine())


def _sees_delegation(health: HealthOffice) -> bool:
    return health.delegation.may_edit or bool(health.delegation.mine())


SECTIONS: tuple[Section, ...] = (
    Section("today", "Today", _today, lambda health: health.reaches_some(), scrolls=False),
    Section("orders", "Orders", _orders, lambda health: health.reaches_some()),
    Section("visits", "Visits", _visits, lambda health: health.visits.may_add),
    Section("stock", "Stock", _stock, lambda health: health.may_edit_stock),
    Section("months", "Months", _months, lambda health: health.months.may_close),
    Section("papers", "Papers for parents", _papers, lambda health: health.parent_papers.may),
    Section("away", "Absences", _away, lambda health: health.away.may_edit),
    Section("trips", "Trips", _trips, _sees_trips),
    Section("delegation", "Delegation", _delegation, _sees_delegation),
    Section("carry", "Self-carry", _carry, lambda health: health.printing.may),
    Section("year_end", "Year’s end", _year_end, lambda health: health.sweep.may_read),
    Section("notes", "Emergency notes", _notes, _has_notes),
    Section("cards", "Emergency cards", _cards, lambda health: bool(health.card.due())),
    Section("glass", "Opened in emergencies", _glass, _sees_glass),
)
"""In the order in which they stand."""


def allowed_sections(workspace: Workspace) -> tuple[Section, ...]:
    """The sections that the signed-in person is shown; empty hides the place. Reads the store."""
    return tuple(one for one in SECTIONS if one.allowed(workspace.health))
