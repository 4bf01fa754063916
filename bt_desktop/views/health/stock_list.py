"""The list of containers: what is read for it, what a filter leaves, how it stands in rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.model import Order
from bt_desktop.services.health.overview import Supply
from bt_desktop.views.health.order_words import ENDED, is_stock
from bt_desktop.views.health.stock_sheets import Hands
from bt_desktop.views.health.stock_words import (
    chips,
    expires_words,
    lasts_words,
    left_words,
    lot_title,
    whose,
)
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import DETAIL_ROLE, ROW_ROLE, STRONG_ROLE, TONE_ROLE

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

MEDICINE, LEFT, LASTS, EXPIRES, NOTICE = range(5)


@dataclass(frozen=True, slots=True)
class StockView:
    """What the section shows, read in one go."""

    supplies: tuple[Supply, ...]
    orders: tuple[Order, ...]
    names: dict[str, str]
    hands: Hands
    today: date


def read_stock(workspace: Workspace) -> StockView:
    """Everything the section shows (on a worker)."""
    overview = workspace.health.overview
    supplies = overview.supplies(also_empty=True)
    orders = tuple(one for one in overview.orders() if one.status not in ENDED)
    subjects = {one.balance.lot.subject for one in supplies}
    subjects |= {one.terms.student_id for one in orders}
    students = [one for one in subjects if not is_stock(one)]
    return StockView(
        supplies,
        orders,
        dict(workspace.people.labels(students)),
        Hands(workspace.actor.user_id, overview.witnesses()),
        workspace.health.orders.today(),
    )


def keeps(which: str, supply: Supply) -> bool:
    """Whether a filter leaves a lot; empty ones stand in a filter of their own."""
    lot = supply.balance.lot
    if supply.balance.empty() and not supply.balance.stopped:
        return which == "empty"
    return {
        "all": True,
        "low": supply.low,
        "expiring": supply.expiry_step is not None,
        "controlled": lot.medicine.controlled,
        "school": is_stock(lot.subject),
    }.get(which, False)


def urgency(supply: Supply) -> tuple[int, int, int]:
    """What does not come out first, then what expires, then what runs out."""
    return (
        0 if supply.balance.stopped else 1,
        supply.expires_in if supply.expiry_step is not None and supply.expires_in else 9999,
        supply.days_left if supply.low and supply.days_left is not None else 9999,
    )


class StockModel(RowsModel[Supply]):
    """The containers."""

    HEADS = ("Medicine", "Left", "Lasts", "Expires", "Look at")

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._names: dict[str, str] = {}

    def show_stock(self, supplies: tuple[Supply, ...], names: dict[str, str]) -> None:
        """Show these."""
        self._names = names
        self.set_rows(supplies)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row, column = self._rows[index.row()], index.column()
        lot = row.balance.lot
        noticed = chips(row)
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            words = ", ".join(word for word, _ in noticed)
            shown = words if role == Qt.ItemDataRole.ToolTipRole else _first(noticed)
            left, lasts = left_words(row.balance), lasts_words(row)
            return (lot_title(lot), left, lasts, expires_words(lot), shown)[column]
        if role == Qt.ItemDataRole.AccessibleTextRole and column == MEDICINE:
            return f"{lot_title(lot)}, {whose(lot, self._names)}"
        if role == DETAIL_ROLE and column == MEDICINE:
            return whose(lot, self._names)
        if role == STRONG_ROLE and column == LEFT:
            return True
        if role == TONE_ROLE and column == NOTICE and noticed:
            return noticed[0][1]
        return None


def _first(noticed: list[tuple[str, str]]) -> str:
    if not noticed:
        return ""
    more = f" +{len(noticed) - 1}" if len(noticed) > 1 else ""
    return f"{noticed[0][0]}{more}"


def named(supply: Supply, names: dict[str, str], wanted: list[str]) -> bool:
    lot = supply.balance.lot
    text = f"{lot_title(lot)} {whose(lot, names)} {lot.rx_number}".casefold()
    return all(word in text for word in wanted)
