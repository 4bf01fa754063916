"""The middle of the page: one section, its questions in one column, its rows as cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors import EditorContext, words_of
from bt_desktop.views.form_field import SHORT, FieldBlock
from bt_desktop.views.form_rows import RemovedRow, RowCard
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.text import PageTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Field
    from bt_desktop.form_engine.views import SectionView
    from bt_desktop.views.form_draft import Draft

GAP = 18
_BETWEEN = 16


class ShortPair(QWidget):
    """Two short questions side by side, what is wrong with them below both; one below the other
    where there is no room for two."""

    def __init__(self, one: FieldBlock, other: FieldBlock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one, self._other = one, other
        one.make_narrow()
        other.make_narrow()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_BETWEEN)
        self._grid.setVerticalSpacing(4)
        self._stacked: bool | None = None
        self._place(stacked=False)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the wider of the two."""
        wide = max(self._one.minimumSizeHint().width(), self._other.minimumSizeHint().width())
        return QSize(wide, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where both fit."""
        super().resizeEvent(event)
        needs = (
            self._one.minimumSizeHint().width() + self._other.minimumSizeHint().width() + _BETWEEN
        )
        self._place(stacked=self.width() < needs)

    def _place(self, *, stacked: bool) -> None:
        if stacked == self._stacked:
            return
        self._stacked = stacked
        grid, top = self._grid, Qt.AlignmentFlag.AlignTop
        parts = (self._one, self._one.foot, self._other, self._other.foot)
        for part in parts:
            grid.removeWidget(part)
        if stacked:
            for row, part in enumerate(parts):
                grid.addWidget(part, row, 0, 1, 2)
        else:
            grid.addWidget(self._one, 0, 0, top)
            grid.addWidget(self._other, 0, 1, top)
            grid.addWidget(self._one.foot, 1, 0, 1, 2)
            grid.addWidget(self._other.foot, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)


class FieldColumn(QWidget):
    """Questions below one another; two short ones that follow each other share a line."""

    def __init__(
        self,
        draft: Draft,
        paths: Sequence[str],
        context: EditorContext,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.blocks: dict[str, FieldBlock] = {}
        self._pairs: list[tuple[QWidget, FieldBlock, FieldBlock]] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP)
        waiting: FieldBlock | None = None
        for path in paths:
            block = FieldBlock(draft, path, context, self)
            self.blocks[path] = block
            if waiting is not None and _short(block.field):
                box.addWidget(self._pair(waiting, block))
                waiting = None
            elif _short(block.field):
                if waiting is not None:
                    box.addWidget(waiting)
                waiting = block
            else:
                if waiting is not None:
                    box.addWidget(waiting)
                    waiting = None
                box.addWidget(block)
        if waiting is not None:
            box.addWidget(waiting)

    def refresh(self, paths: Iterable[str] | None = None) -> None:
        """Show these questions anew, or all."""
        wanted = self.blocks if paths is None else [p for p in paths if p in self.blocks]
        for path in wanted:
            self.blocks[path].refresh()
        for pair, one, other in self._pairs:
            pair.setVisible(not (one.isHidden() and other.isHidden()))

    def _pair(self, one: FieldBlock, other: FieldBlock) -> QWidget:
        holder = ShortPair(one, other, self)
        holder.setVisible(not (one.isHidden() and other.isHidden()))
        self._pairs.append((holder, one, other))
        return holder


def _short(field: Field) -> bool:
    time_only = field.type == "time" or (field.type == "datetime" and "time" in words_of(field))
    return (
        field.type in SHORT
        and (time_only or field.type in {"integer", "decimal"})
        and (not field.hint)
    )


class SectionPane(QWidget):
    """One section, built when it is shown.

    Signals: `left(path)` when a question was left; `row_added(row)`; `restructured` when rows came
    or went and the pane must be built anew.
    """

    left = Signal(str)
    restructured = Signal(str)
    checked = Signal()

    def __init__(
        self,
        draft: Draft,
        section: SectionView,
        context: EditorContext,
        open_rows: set[str],
        visited: set[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = section.name
        self._draft, self._context = draft, context
        self._open_rows, self._visited = open_rows, visited
        self._definition = draft.record.form.section(section.name)
        self.columns: list[FieldColumn] = []
        self.cards: list[RowCard] = []
        self.removed = RemovedRow(self)
        self.add_button: SecondaryButton | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(GAP)
        self._add_head(section)
        if self._definition.repeat is not None:
            self._add_rows()
        else:
            self._add_column(draft.session.paths(section.name), self._box)
        self._box.addStretch(1)
        self._row_ids = self._ids()

    # --- building -------------------------------------------------------------------------------

    def _add_head(self, section: SectionView) -> None:
        head = QVBoxLayout()
        head.setSpacing(2)
        line = self._head_line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        line.setSpacing(16)
        self.title = PageTitle(say(section.label), self)
        line.addWidget(self.title)
        because = f"Asked because {section.asked_because}" if section.asked_because else ""
        self.because = plain_label(because, "muted", self)
        self.because.setWordWrap(True)
        self.because.setAlignment(Qt.AlignmentFlag.AlignBottom)
        self.because.setContentsMargins(0, 0, 0, 4)
        self.because.setVisible(bool(because))
        line.addWidget(self.because, 1)
        self._settle_head()
        head.addLayout(line)
        hint = say(self._definition.hint) if self._definition.hint else ""
        words = " · ".join(part for part in (hint, section.cite or "") if part)
        if words:
            label = plain_label(words, "mutedBody", self)
            label.setWordWrap(True)
            head.addWidget(label)
        self._box.addLayout(head)
        state = self._draft.part_state(section.part)
        if not self._draft.may_edit(section.name):
            self._box.addWidget(self._read_only_note(section, state))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The reason goes below the title where it does not fit beside it on one line."""
        super().resizeEvent(event)
        self._settle_head()

    def _settle_head(self) -> None:
        reason = self.because.fontMetrics().horizontalAdvance(self.because.text())
        needs = self.title.sizeHint().width() + reason + 2 * _BETWEEN
        below = needs > self.width()
        way = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        if self._head_line.direction() != way:
            self._head_line.setDirection(way)
            self._head_line.setSpacing(2 if below else _BETWEEN)

    def _read_only_note(self, section: SectionView, state: object) -> QWidget:
        signer = getattr(state, "signer_name", "")
        if getattr(state, "state", "") == "signed":
            text = f"Signed by {signer}. It can be read here; a correction is an amendment."
        else:
            owner = getattr(state, "owner_name", "") or "someone with another role"
            text = f"This part belongs to {owner}. You can read it here."
        if not section.relevant:
            text = "This section does not apply after what was said in “What happened”."
        label = plain_label(text, "noteText", self)
        label.setWordWrap(True)
        return label

    def _add_column(self, paths: Sequence[str], box: QVBoxLayout) -> FieldColumn:
        column = FieldColumn(self._draft, paths, self._context, self)
        for path, block in column.blocks.items():
            block.left.connect(self._was_left)
            block.visited = path in self._visited
            block.blank_counts = self.name in self._visited
            if block.visited or block.blank_counts:
                block.refresh()
        box.addWidget(column)
        self.columns.append(column)
        return column

    def _add_rows(self) -> None:
        rows = self._draft.session.rows(self.name)
        ids = self._ids()
        for place, row in enumerate(rows):
            card = RowCard(self._draft, self.name, row, place + 1, self)
            if self._is_open(row, ids[place]):
                paths = [p for p in self._draft.session.paths(self.name) if p.startswith(row + "/")]
                card.set_body(self._add_column(paths, card.column))
            card.edit_asked.connect(self._open_row)
            card.done_asked.connect(self._fold_row)
            card.remove_asked.connect(self._remove_row)
            self._box.addWidget(card)
            self.cards.append(card)
        self._box.addWidget(self.removed)
        self.removed.bring_back.connect(self._bring_back)
        if self._draft.may_edit(self.name):
            repeat = self._definition.repeat
            add = say(repeat.add_label) if repeat and repeat.add_label else "Add a row"
            self.add_button = SecondaryButton(f"+ {add}", self)
            self.add_button.setAccessibleName(add)
            self.add_button.clicked.connect(self._add_row)
            line = QHBoxLayout()
            line.addWidget(self.add_button)
            line.addStretch(1)
            self._box.addLayout(line)

    def _ids(self) -> tuple[str, ...]:
        if self._definition.repeat is None:
            return ()
        return tuple(self._draft.session.row_ids(self.name))

    def _is_open(self, row: str, row_id: str) -> bool:
        if not self._draft.may_edit(self.name):
            return False
        return row_id in self._open_rows or _row_needs(self._draft, row)

    # --- showing --------------------------------------------------------------------------------

    @property
    def shown_rows(self) -> tuple[str, ...]:
        """The ids of the rows that this pane was built with."""
        return self._row_ids

    def first_change(self, before: Sequence[str]) -> int | None:
        """The place (from 0) of the first row that came or went since `before`; None for none."""
        pairs = zip_longest(before, self._row_ids)
        return next((place for place, (one, other) in enumerate(pairs) if one != other), None)

    def stop_at(self, place: int) -> QWidget:
        """Where one goes on at a row, by its place: its first question where it is open, else its
        link; behind the last row to what adds one."""
        if place < len(self.cards):
            card = self.cards[place]
            for path, block in self.blocks().items():
                if path.startswith(f"{card.row}/") and not block.isHidden():
                    return block.editor.focus_target()
            return card.edit
        return self.add_button or self.cards[-1].edit

    def refresh(self, paths: Iterable[str]) -> bool:
        """Show these paths anew; False when the rows changed and the pane must be built again."""
        if self._ids() != self._row_ids:
            return False
        mine = set(paths)
        for column in self.columns:
            column.refresh(mine)
        for card in self.cards:
            if any(p.startswith(card.row) for p in mine):
                card.refresh()
        return True

    def blocks(self) -> dict[str, FieldBlock]:
        """All questions on show, by path."""
        return {path: block for column in self.columns for path, block in column.blocks.items()}

    def show_blanks(self) -> None:
        """From now on, blank required questions are said, too (the section was left once)."""
        for block in self.blocks().values():
            block.visited = block.blank_counts = True
            block.refresh()

    def settle(self) -> None:
        """Close what editors have open; where rows came or went beneath, a path means another row
        by now, and no question speaks for it any more."""
        gone = self._ids() != self._row_ids
        for block in self.blocks().values():
            block.gone = gone
            block.editor.settle()

    def first_focus(self) -> QWidget | None:
        """Where the focus goes when the section is opened: the first open question."""
        for block in self.blocks().values():
            view = self._draft.view(block.path)
            if not block.isHidden() and view.issue is not None and block.editor.isEnabled():
                return block.editor.focus_target()
        for block in self.blocks().values():
            if not block.isHidden() and block.editor.isEnabled():
                return block.editor.focus_target()
        return self.add_button

    # --- rows -----------------------------------------------------------------------------------

    def _was_left(self, path: str) -> None:
        self._visited.add(path)
        self.left.emit(path)

    def _row_id(self, row: str) -> str:
        rows = self._draft.session.rows(self.name)
        return self._ids()[rows.index(row)]

    def open_row_of(self, path: str) -> None:
        """Unfold the row that this path lies in."""
        row = path.rsplit("/", 1)[0]
        if row in self._draft.session.rows(self.name) if self._definition.repeat else False:
            self._open_row(row)

    def _open_row(self, row: str) -> None:
        self._open_rows.add(self._row_id(row))
        self.restructured.emit(f"{row}/")

    def _fold_row(self, row: str) -> None:
        self._open_rows.discard(self._row_id(row))
        if _row_needs(self._draft, row):
            for path, block in self.blocks().items():
                if path.startswith(row + "/"):
                    block.visited = block.blank_counts = True
                    block.refresh()
            self.checked.emit()
            return
        self.restructured.emit("")

    def _add_row(self) -> None:
        for row_id in self._ids():
            self._open_rows.discard(row_id)
        row = self._draft.add_row(self.name)
        self._open_rows.add(self._row_id(row))
        self.restructured.emit(f"{row}/")

    def _remove_row(self, row: str, title: str) -> None:
        self._draft.remove_row(row)
        self.restructured.emit(f"-{title}")

    def _bring_back(self) -> None:
        row = self._draft.bring_back_row()
        self.restructured.emit(f"{row}/")


def _row_needs(draft: Draft, row: str) -> bool:
    """Whether something in the row still stands in the way."""
    return any(
        issue.severity == "error" and issue.path.startswith(row) for issue in draft.session.issues()
    )
