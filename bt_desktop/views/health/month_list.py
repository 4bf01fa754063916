"""The list of a month: every order that held in it, and how its record stands."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from bt_desktop.services.health.month_views import MonthLine
from bt_desktop.services.names import fold
from bt_desktop.views.health.month_words import STATES, entries_words, open_words, state_words
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import DETAIL_ROLE, ROW_ROLE, STRONG_ROLE, TONE_ROLE

STUDENT, MEDICINE, ENTRIES, OPEN, STATE = range(5)
FILTERS = (
    ("all", "All"),
    ("open", "Open cells"),
    ("complete", "Complete"),
    ("running", "Not over yet"),
    ("closed", "Closed"),
)
LONGEST_STATE = "Closed, 2 later"


def keeps(which: str, line: MonthLine) -> bool:
    """Whether a filter leaves a line."""
    return which in ("all", line.state)


def named(line: MonthLine, wanted: list[str]) -> bool:
    """Whether every typed word (folded) stands in the line."""
    text = fold(f"{line.student} {line.medicine}")
    return all(word in text for word in wanted)


class MonthModel(RowsModel[MonthLine]):
    """The orders of a month."""

    HEADS = ("Student", "Medicine", "Entries", "Open", "Record")

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            cells = (row.student, row.medicine, str(row.entries), open_words(row), state_words(row))
            return cells[column]
        if role == DETAIL_ROLE:
            return _detail(row, column)
        if role == STRONG_ROLE and column == OPEN:
            return bool(row.open)
        if role == TONE_ROLE and column == STATE:
            return STATES[row.state][1]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._heard(row, column)
        return None

    def _heard(self, row: MonthLine, column: int) -> str | None:
        if column == ENTRIES:
            return entries_words(row)
        if column == OPEN:
            return f"Open cells: {open_words(row)}"
        detail = _detail(row, column)
        if detail:
            return f"{row.student if column == STUDENT else row.medicine}, {detail}"
        return None


def _detail(row: MonthLine, column: int) -> str:
    """What stands small beside a cell: the grade tells two students of one name apart."""
    if column == STUDENT:
        return f"grade {row.grade}" if row.grade else ""
    if column == MEDICINE:
        return "controlled" if row.controlled else "as needed" if row.as_needed else ""
    return ""
