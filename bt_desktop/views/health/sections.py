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


def _orders(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.orders import OrdersSection

    return OrdersSection(desk, workspace, page)


def _stock(desk: Desk, workspace: Workspace, page: HealthPage) -> QWidget:
    from bt_desktop.views.health.stock import StockSection

    return StockSection(desk, workspace, page)


def _is_nurse(health: HealthOffice) -> bool:
    return health.delegation.may_edit


def _reaches_some(health: HealthOffice) -> bool:
    return _is_nurse(health) or bool(health.delegation.mine())


SECTIONS: tuple[Section, ...] = (
    Section("orders", "Orders", _orders, _reaches_some),
    Section("stock", "Stock", _stock, _is_nurse),
)
"""In the order in which they stand."""


def allowed_sections(workspace: Workspace) -> tuple[Section, ...]:
    """The sections that the signed-in person is shown; empty hides the place. Reads the store."""
    return tuple(one for one in SECTIONS if one.allowed(workspace.health))
