"""Record summaries as rows of a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from bt_desktop.views.state_words import summary_state
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import (
    DETAIL_ROLE,
    DETAIL_TONE_ROLE,
    ROW_ROLE,
    SORT_ROLE,
    STRONG_ROLE,
    STRUCK_ROLE,
    TONE_ROLE,
    state_tone,
    state_word,
)
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.records import RecordSummary

RECORD, STUDENT, WHEN, AUTHOR, STATE = range(5)
IN_ERROR = "entered in error"


class RecordsModel(RowsModel["RecordSummary"]):
    """Record summaries as rows; the store has put them in order."""

    HEADS = ("Record", "Student", "When", "Written by", "State")

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now

    def record(self, index: QModelIndex | QPersistentModelIndex) -> RecordSummary:
        """The record of a row."""
        return self._rows[index.row()]

    def last_id(self) -> str | None:
        """The id of the last row, for the next page."""
        return self._rows[-1].id if self._rows else None

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            beside = self._beside(row) if column == RECORD else None
            void = state_word(row.state) if row.state == IN_ERROR and column == RECORD else None
            return ", ".join(filter(None, (self._text(row, column), void, beside)))
        if role == SORT_ROLE:
            at = row.event_at or row.updated_at
            return at.timestamp() if column == WHEN else self._text(row, column).casefold()
        if column == STATE:
            return state_tone(row.state) if role == TONE_ROLE else None
        if role == STRUCK_ROLE:
            return row.state == IN_ERROR
        return self._of_record(row, role) if column == RECORD else None

    def _of_record(self, row: RecordSummary, role: int) -> object:
        if role == STRONG_ROLE:
            return row.number is None
        if role == DETAIL_ROLE:
            return self._beside(row)
        return "danger" if role == DETAIL_TONE_ROLE and row.confidential else None

    def _beside(self, row: RecordSummary) -> str | None:
        kept_apart = "Confidential" if row.confidential else ""
        missing = f"{row.missing} missing" if row.missing and row.state == "draft" else ""
        return ", ".join(filter(None, (kept_apart, missing))) or None

    def _text(self, row: RecordSummary, column: int) -> str:
        if column == RECORD:
            return row.number or row.title
        if column == STUDENT:
            return row.subject_name or "no student yet"
        if column == WHEN:
            return moment_words(row.event_at or row.updated_at, self._now())
        if column == AUTHOR:
            return row.author_name
        return summary_state(row, self._now())
