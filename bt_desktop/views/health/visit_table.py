"""The visits of a day as rows."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.visit_lists import visit_lists
from bt_desktop.services.health.visit_model import VisitLine
from bt_desktop.views.health.visit_words import STILL_HERE, said_of, when_words
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import (
    DETAIL_ROLE,
    ROW_ROLE,
    STRONG_ROLE,
    STRUCK_ROLE,
    TONE_ROLE,
)
from bt_desktop.views.widgets.when import clock_words

WHEN, WHO, COMPLAINT, CARE, WENT = range(5)
LONGEST_WENT = "To a doctor or urgent care"
LONGEST_WHEN = "12:05 pm, 120 min"


class VisitsModel(RowsModel[VisitLine]):
    """The lines of a day, on the school's clocks."""

    HEADS = ("When", "Who", "Came with", "Done", "Went to")

    def __init__(self, zone: tzinfo, parent: QWidget) -> None:
        super().__init__(parent)
        self.zone = zone

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(row, column)
        if role == STRONG_ROLE:
            return column == WHO
        if role == STRUCK_ROLE:
            return bool(row.state.struck) and column != WENT
        if role == TONE_ROLE and column == WENT:
            return self._tone(row)
        if role == DETAIL_ROLE:
            return self._detail(row, column)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.heard(row) if column == WHO else self._shown(row, column)
        return None

    def heard(self, row: VisitLine) -> str:
        """The whole line, as it is said aloud."""
        visit = row.state.visit
        left = visit.left_at.astimezone(self.zone) if visit.left_at else None
        parts = (
            row.name,
            f"grade {row.grade}" if row.grade else "",
            said_of(visit),
            when_words(visit.came_at.astimezone(self.zone), left),
            f"report {row.record_number}" if row.record_number else "",
            "medicine given" if row.state.dose_id else "",
            f"taken out: {row.state.struck}" if row.state.struck else "",
        )
        return ", ".join(part for part in parts if part)

    def _shown(self, row: VisitLine, column: int) -> str:
        visit, lists = row.state.visit, visit_lists()
        return (
            clock_words(visit.came_at.astimezone(self.zone)),
            row.name,
            lists.complaint(visit.complaint, visit.words),
            lists.cared(visit.care),
            _went(row),
        )[column]

    def _detail(self, row: VisitLine, column: int) -> str:
        visit = row.state.visit
        if column == WHEN:
            return f"{visit.minutes} min" if visit.minutes is not None else ""
        if column == WHO:
            return f"grade {row.grade}" if row.grade else ""
        if column == COMPLAINT:
            made = "report" if row.state.record_id else ""
            dose = "medicine given" if row.state.dose_id else ""
            return ", ".join(part for part in (row.record_number or made, dose) if part)
        return ""

    def _tone(self, row: VisitLine) -> str:
        visit = row.state.visit
        if row.state.struck:
            return "plain"
        if visit.disposition in ("ems", "emergency_room"):
            return "danger"
        if visit.left_at is None:
            return "accent"
        return "warn" if visit.disposition in ("home", "doctor") else "plain"


def _went(row: VisitLine) -> str:
    visit = row.state.visit
    if row.state.struck:
        return "Taken out"
    went = visit_lists().went(visit.disposition)
    if went:
        return went
    return STILL_HERE.capitalize() if visit.left_at is None else "Left"
