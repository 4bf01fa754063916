"""One table to be mapped: each column with what stands in it, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bt_desktop.services.csv_fields import FIELDS, IGNORE, KINDS, TableKind, lacking
from bt_desktop.services.csv_model import CsvChoice, DateOrder
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.text import Muted, Pill, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.csv_model import CsvColumn, CsvFile
    from bt_desktop.services.workspace import Workspace

_MEANING_WIDE = 260


class ColumnRow(QWidget):
    """A column: its header, some of its values, and the choice of its meaning."""

    def __init__(self, desk: Desk, column: CsvColumn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = column
        self._theme = desk.theme
        header = plain_label(column.header or "(no name)", "strong", self)
        header.setWordWrap(True)
        shown = " · ".join(column.samples) or ("never read" if column.secret else "blank")
        samples = Muted(shown, self)
        self.meaning = Choice(self)
        self.meaning.setAccessibleName(f"What is in the column {column.header or 'without name'}?")
        self.meaning.setAccessibleDescription(f"For example: {shown}")
        self.meaning.setEnabled(not column.secret)
        header.setBuddy(self.meaning)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.meaning.setSizePolicy(policy)
        desk.theme.changed.connect(self._size_up)
        self._size_up()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(header)
        words.addWidget(samples)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.meaning, 0, Qt.AlignmentFlag.AlignVCenter)

    @Slot()
    def _size_up(self) -> None:
        self.meaning.setFixedWidth(self._theme.px(_MEANING_WIDE))

    def offer(self, kind: TableKind, guess: str) -> None:
        """Offer the meanings of this kind of table."""
        rows: list[tuple[str, object]] = [("Do not read", IGNORE)]
        rows += [(one.label, one.key) for one in FIELDS[kind]]
        self.meaning.fill(rows, IGNORE if self.column.secret else guess)

    def chosen(self) -> str:
        """The meaning chosen."""
        return str(self.meaning.currentData() or IGNORE)


class TableMapping(QWidget):
    """The mapper of one table. `changed` when something was chosen."""

    changed = Signal()

    def __init__(
        self, desk: Desk, workspace: Workspace, found: CsvFile, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._workspace, self.found = desk, workspace, found
        title = SectionTitle(found.path.name, self)
        title.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(title)
        rows = "1 row" if found.rows == 1 else f"{found.rows:,} rows"
        head.addWidget(Muted(f"{rows}, {len(found.columns)} columns", self, wrap=False))
        if found.remembered:
            head.addWidget(Pill("Known from last time", "ok", self))
        head.addStretch(1)
        self.kind = Choice(self)
        self.kind.fill([(words, kind) for kind, words in KINDS.items()], found.kind)
        self.kind.currentIndexChanged.connect(self._another_kind)
        holds = FieldFrame(desk.theme, "What does this table hold?", self.kind, parent=self)
        self.order = Choice(self)
        self.order_frame = FieldFrame(
            desk.theme, "How are the dates written?", self.order, required=True, parent=self
        )
        self.order.currentIndexChanged.connect(self.changed)
        card = Card(self, margin=0, spacing=0)
        self.rows: list[ColumnRow] = []
        for i, column in enumerate(found.columns):
            if i:
                card.column.addWidget(Hairline(card))
            row = ColumnRow(desk, column, card)
            row.meaning.currentIndexChanged.connect(self._mapped)
            card.column.addWidget(row)
            self.rows.append(row)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(10)
        column_.addLayout(head)
        column_.addWidget(holds)
        column_.addWidget(card)
        column_.addWidget(self.order_frame)
        self._offer(found.kind)
        self._ask_order(found.either)

    def first_focus(self) -> QWidget:
        """Where to begin."""
        return self.kind

    def in_order(self) -> list[QWidget]:
        """What can have the keyboard, from top to bottom."""
        return [self.kind, *(row.meaning for row in self.rows), self.order]

    def choice(self) -> CsvChoice:
        """What was chosen."""
        order = self.order.currentData() if not self.order_frame.isHidden() else ""
        return CsvChoice(
            self.found.path,
            cast(TableKind, self.kind.currentData()),
            tuple(row.chosen() for row in self.rows),
            cast(DateOrder, order or ""),
        )

    def lacks(self) -> str:
        """What is still to be chosen, in a sentence; empty when nothing is."""
        choice = self.choice()
        name = self.found.path.name
        used = [key for key in choice.fields if key != IGNORE]
        twice = next((key for key in used if used.count(key) > 1), "")
        if twice:
            label = next(one.label for one in FIELDS[choice.kind] if one.key == twice)
            return f"{name}: two columns mean “{label}”. Leave one of them out."
        missing = lacking(choice.fields, choice.kind)
        if missing:
            return f"{name}: say which column holds {', and '.join(missing)}."
        if not self.order_frame.isHidden() and not choice.date_order:
            return f"{name}: say how the dates are written."
        return ""

    @Slot()
    def _another_kind(self) -> None:
        self._offer(cast(TableKind, self.kind.currentData()))
        self._mapped()

    def _offer(self, kind: TableKind) -> None:
        for row, guess in zip(self.rows, self.found.guesses[kind], strict=True):
            row.offer(kind, guess)

    @Slot()
    def _mapped(self) -> None:
        """A column means something else: the dates may have to be asked about."""
        tables, choice = self._workspace.tables, self.choice()
        if not lacking(choice.fields, choice.kind):
            self._desk.tasks.latest(
                self, "order", lambda: tables.unsure_date(choice), self._ask_order
            )
        self.changed.emit()

    def _ask_order(self, either: str) -> None:
        """Ask which way round the dates are, where nothing in the table tells."""
        was = self.order.currentData() or self.found.date_order
        self.order_frame.setVisible(bool(either))
        if either:
            self.order_frame.set_label(
                "How are the dates written?",
                f"The table has {either} and nothing that tells which number is the month.",
            )
            self.order.fill(
                [
                    ("Choose…", ""),
                    ("Month first, as in the United States", "month-first"),
                    ("Day first", "day-first"),
                ],
                was,
            )
        self.changed.emit()
