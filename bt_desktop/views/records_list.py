"""The records: newest first, narrowed by text and state, opened by Enter or a click."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.buttons import Chip, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import (
    DETAIL_ROLE,
    ROW_ROLE,
    SORT_ROLE,
    STRONG_ROLE,
    TONE_ROLE,
    Table,
    state_tone,
    state_word,
)
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.records import RecordSummary, State
    from bt_desktop.services.workspace import Workspace

RECORD, STUDENT, WHEN, AUTHOR, STATE = range(5)
_STATES: tuple[State, ...] = (
    "draft",
    "signed",
    "returned",
    "final",
    "amended",
    "entered in error",
)
_PAGE = 50
_TYPING_PAUSE_MS = 120


class RecordsModel(RowsModel["RecordSummary"]):
    """Record summaries as rows."""

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
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row, column)
        if role == SORT_ROLE:
            at = row.event_at or row.updated_at
            return at.timestamp() if column == WHEN else self._text(row, column).casefold()
        if column == STATE and role == TONE_ROLE:
            return state_tone(row.state)
        if column == RECORD and role == STRONG_ROLE:
            return row.number is None
        if column == RECORD and role == DETAIL_ROLE and row.missing and row.state == "draft":
            return f"{row.missing} missing"
        return None

    def _text(self, row: RecordSummary, column: int) -> str:
        if column == RECORD:
            return row.number or row.title
        if column == STUDENT:
            return row.subject_name or "no student yet"
        if column == WHEN:
            return moment_words(row.event_at or row.updated_at, self._now())
        if column == AUTHOR:
            return row.author_name
        return state_word(row.state)


class RecordsPage(Page):
    """All records that the person may see. `opened(record_id)`, `new_asked`."""

    title = "Records"
    opened = Signal(str)
    new_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent)
        self._desk, self._workspace = desk, workspace
        self._state: str = ""
        self.model = RecordsModel(desk.clock.now, self)
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.load)
        self.column.addWidget(PageTitle("Records", self))
        self.filter = SearchLine(desk.theme, "Number of the record, or the student", parent=self)
        self.filter.textChanged.connect(self._pause.start)
        self.column.addWidget(self.filter)
        self.column.addLayout(self._states())
        self.column.addWidget(self._table_card())
        self.empty = self._empty()
        self.column.addWidget(self.empty)
        self.more = SecondaryButton("Show more", self)
        self.more.clicked.connect(self._load_more)
        self.more.hide()
        self.column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self.setFocusProxy(self.filter)

    def _states(self) -> FlowLayout:
        flow = FlowLayout()
        self.chips: dict[str, Chip] = {}
        for key in ("", *_STATES):
            chip = Chip(state_word(key) if key else "All", self)
            chip.setChecked(key == "")
            chip.clicked.connect(lambda _=False, k=key: self._choose(k))
            self.chips[key] = chip
            flow.addWidget(chip)
        return flow

    def _table_card(self) -> QFrame:
        self.card = QFrame(self)
        self.card.setObjectName("tableCard")
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(1, 1, 1, 4)
        self.table = Table(self._desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Records")
        self.table.setModel(self.model)
        self.table.set_shares(32, 24, 20, 17, 16)
        self.table.drop_below(AUTHOR, 640)
        self.table.opened.connect(lambda index: self.opened.emit(self.model.record(index).id))
        inside.addWidget(self.table)
        return self.card

    def _empty(self) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 24, 0, 24)
        column.setSpacing(8)
        self._empty_title = SectionTitle("", box)
        self._empty_words = Muted("", box)
        start = PrimaryButton("Start a report", box)
        start.clicked.connect(self.new_asked)
        self._empty_start = start
        row = QHBoxLayout()
        row.addWidget(start)
        row.addStretch(1)
        column.addWidget(self._empty_title)
        column.addWidget(self._empty_words)
        column.addLayout(row)
        box.hide()
        return box

    @Slot()
    def load(self) -> None:
        """Read the first page of what the filter asks for."""
        self._desk.tasks.latest(self, "list", self._read(None), self.show_records)

    def show_records(self, rows: tuple[RecordSummary, ...]) -> None:
        """Show these, or say why there is nothing."""
        self.model.set_rows(rows)
        self.table.rows_changed()
        self.more.setVisible(len(rows) == _PAGE)
        self.card.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        narrowed = bool(self.filter.text().strip() or self._state)
        self._empty_title.setText("Nothing found" if narrowed else "No records yet")
        self._empty_words.setText(
            "Try a part of the number, any part of the student's name, or All."
            if narrowed
            else "Every report that is started or signed stands here, newest first."
        )
        self._empty_start.setVisible(not narrowed)

    def _read(self, after: str | None) -> Callable[[], tuple[RecordSummary, ...]]:
        text, state, workspace = self.filter.text().strip(), self._state, self._workspace

        def work() -> tuple[RecordSummary, ...]:
            from bt_desktop.services.results.records import RecordFilter  # deferred: form engine

            states = (cast("State", state),) if state else ()
            if not text or any(c.isdigit() for c in text):
                return workspace.records.list(RecordFilter(states=states, text=text), _PAGE, after)
            found: list[RecordSummary] = []
            for hit in workspace.people.search(text, ("student",), 8):
                found += workspace.records.list(
                    RecordFilter(states=states, subject_id=hit.id), _PAGE
                )
            return tuple(found)

        return work

    @Slot()
    def _load_more(self) -> None:
        def grow(rows: tuple[RecordSummary, ...]) -> None:
            self.model.add_rows(rows)
            self.table.rows_changed()
            self.more.setVisible(len(rows) == _PAGE)

        self._desk.tasks.latest(self, "list", self._read(self.model.last_id()), grow)

    def _choose(self, state: str) -> None:
        self._state = state
        for key, chip in self.chips.items():
            chip.setChecked(key == state)
        self.load()
