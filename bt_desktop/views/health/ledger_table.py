"""A container as it is read, and its ledger as rows, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.error_report import FORM
from bt_desktop.services.health.model import plain
from bt_desktop.services.health.overview import LedgerLine, LotView
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.views.health.choices import said
from bt_desktop.views.health.stock_sheets import Hands
from bt_desktop.views.health.stock_words import change_words, note_words, signers
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import DETAIL_ROLE, ROW_ROLE
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

WHEN, WHAT, CHANGE, AFTER, WHO, NOTE = range(6)
_REPORTS_SINCE = timedelta(days=60)
_MOST_REPORTS = 20


@dataclass(frozen=True, slots=True)
class LotFile:
    """What the page of a lot shows, read in one go."""

    view: LotView
    names: dict[str, str]  # of users and of the student
    hands: Hands
    reports: tuple[tuple[str, str], ...]


def read_lot(workspace: Workspace, lot_id: str) -> LotFile:
    """Everything the page shows (on a worker)."""
    overview = workspace.health.overview
    view = overview.lot(lot_id)
    names = dict(overview.names())
    subject = view.supply.balance.lot.subject
    names |= workspace.people.labels([subject]) if subject.startswith("student:") else {}
    reports: tuple[tuple[str, str], ...] = ()
    if view.supply.balance.stopped:
        since = workspace.clock.now().date() - _REPORTS_SINCE
        found = workspace.records.list(RecordFilter(form=FORM, since=since), _MOST_REPORTS)
        reports = tuple(
            (one.id, " · ".join(part for part in (one.number or "Draft", one.subject_name,
             moment_words(one.updated_at, workspace.clock.now())) if part))
            for one in found
        )  # fmt: skip
    hands = Hands(workspace.actor.user_id, overview.witnesses())
    return LotFile(view, names, hands, reports)


class LedgerModel(RowsModel[LedgerLine]):
    """The lines of a ledger, newest first."""

    HEADS = ("When", "What", "Change", "Left", "Signed by", "Notes")

    def __init__(self, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(parent)
        self._now = now
        self._names: dict[str, str] = {}

    def show_lines(self, lines: Sequence[LedgerLine], names: dict[str, str]) -> None:
        """Show these, signed by these."""
        self._names = names
        self.set_rows(tuple(lines))

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row, column = self._rows[index.row()], index.column()
        move = row.move
        if role == ROW_ROLE:
            return row
        if role == DETAIL_ROLE and column == WHEN and _entered_later(row):
            return "entered later"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (
                moment_words(move.at, self._now()),
                said("moves", move.kind),
                change_words(move),
                plain(row.after),
                signers(move, self._names, titles=role == Qt.ItemDataRole.ToolTipRole),
                note_words(move),
            )[column]
        return None


def _entered_later(row: LedgerLine) -> bool:
    return row.move.entered_at - row.move.at > timedelta(minutes=5)
