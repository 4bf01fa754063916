"""Two versions of a part side by side: question by question, what changed said in words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.feedback import Banner
from bt_desktop.views.state_words import full_moment, version_line
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.versions import Comparison, Line, Version
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

SIGNS = {
    "same": ("", "unchanged"),
    "added": ("+", "added"),
    "removed": ("−", "taken out"),
    "changed": ("~", "changed"),
}
"""The sign and the word for each kind of line: never color alone."""
_NOTHING = "no answer"
_STACKED_BELOW = 720


def marked(line: Line, side: str) -> str:
    """One side of a line as rich text: what went is struck out, what came is underlined."""
    if not line.pieces:
        return escape(line.old if side == "old" else line.new).replace("\n", "<br>")
    gone, other = ("removed", "added") if side == "old" else ("added", "removed")
    tag = "s" if side == "old" else "u"
    out = []
    for piece in line.pieces:
        if piece.kind == other:
            continue
        text = escape(piece.text).replace("\n", "<br>")
        out.append(f"<b><{tag}>{text}</{tag}></b>" if piece.kind == gone else text)
    return "".join(out)


def spoken(line: Line) -> str:
    """A line for the ear: what was asked, what became of it, both answers."""
    word = SIGNS[line.kind][1]
    if line.kind == "same":
        return f"{line.question}: {line.new}, {word}"
    return f"{line.question}, {word}. Before: {line.old or _NOTHING}. Now: {line.new or _NOTHING}"


class LineRow(QWidget):
    """One question in both versions: sign and word, the question, before, now."""

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        sign, word = SIGNS[line.kind]
        self.setAccessibleName(spoken(line))
        self.word = plain_label(f"{sign} {word}".strip(), "lineWord", self)
        self.word.setProperty("tone", line.kind)
        self.question = plain_label(line.question.replace("&", "&&"), "muted", self)
        self.question.setWordWrap(True)
        self.old, self.new = self._side("old"), self._side("new")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 6, 0, 6)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(2)
        self.stack(stacked=False)

    def _side(self, side: str) -> QLabel:
        text = self.line.old if side == "old" else self.line.new
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setText(marked(self.line, side) if text else f"<i>{_NOTHING}</i>")
        label.setObjectName("" if text else "mutedBody")
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def stack(self, *, stacked: bool) -> None:
        """Side by side, or one below the other where there is no room for two columns."""
        grid, top = self._grid, Qt.AlignmentFlag.AlignTop
        for widget in (self.word, self.question, self.old, self.new):
            grid.removeWidget(widget)
        if stacked:
            places = ((0, 0), (0, 1), (1, 1), (2, 1))
            shares = (1, 6, 0, 0)
        else:
            places = ((0, 0), (0, 1), (0, 2), (0, 3))
            shares = (1, 3, 4, 4)
        widgets = (self.word, self.question, self.old, self.new)
        for widget, (row, column) in zip(widgets, places, strict=True):
            grid.addWidget(widget, row, column, top)
        for column, share in enumerate(shares):
            grid.setColumnStretch(column, share)


class ComparePage(QWidget):
    """Any two versions of a record's parts. `back` to leave.

    Opens with the newest version beside the one before it (or `part_key`, `older`, `newer`).
    """

    back = Signal()

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        parent: QWidget | None = None,
        *,
        part_key: str = "",
        pair: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("formCheck")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self._workspace, self._record_id = desk, workspace, record_id
        self._wanted, self._pair = part_key, pair
        self._by_part: dict[str, list[Version]] = {}
        self._shown: Comparison | None = None
        self.rows: list[LineRow] = []
        self.banner = Banner(desk.theme, self)
        self.part, self.older, self.newer = (Choice(self) for _ in range(3))
        self.earlier = SecondaryButton("‹ &Earlier", self)
        self.later = SecondaryButton("&Later ›", self)
        self.only = QCheckBox("&Only what changed", self)
        self.only.setChecked(True)
        self._body = QWidget(self)
        self._body.setObjectName("clear")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(36, 20, 36, 32)
        self._column.setSpacing(14)
        self._lay_out()
        self._connect_parts()
        desk.tasks.run(
            self, lambda: workspace.records.versions.of(record_id), self._know, lane=Lane.READ
        )

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QFrame(self)
        head.setObjectName("formHead")
        self.back_link = LinkButton("‹ &Back to the record", head)
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 7, 20, 7)
        row.addWidget(self.back_link)
        row.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        self._column.addWidget(PageTitle("Compare versions", self._body))
        self._column.addWidget(self.banner)
        self._column.addLayout(self._chooser())
        self.about = Muted("", self._body)
        self._column.addWidget(self.about)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(14)
        self._column.addLayout(self._lines)
        self._column.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(head)
        box.addWidget(scroll, 1)

    def _chooser(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for column, (words, box) in enumerate(
            (("&Part", self.part), ("Be&fore", self.older), ("&Now", self.newer))
        ):
            label = plain_label(words, "fieldLabel", self)
            label.setBuddy(box)
            box.setAccessibleName(words.replace("&", ""))
            grid.addWidget(label, 0, column)
            grid.addWidget(box, 1, column)
            grid.setColumnStretch(column, 2 if column else 1)
        steps = QHBoxLayout()
        steps.setSpacing(8)
        for widget in (self.earlier, self.later, self.only):
            steps.addWidget(widget)
        steps.addStretch(1)
        grid.addLayout(steps, 2, 0, 1, 3)
        return grid

    def _connect_parts(self) -> None:
        self.back_link.clicked.connect(self.back)
        self.part.activated.connect(lambda _: self._choose_part())
        self.older.activated.connect(lambda _: self.load())
        self.newer.activated.connect(lambda _: self.load())
        self.earlier.clicked.connect(lambda: self._step(-1))
        self.later.clicked.connect(lambda: self._step(1))
        self.only.toggled.connect(lambda _: self._show_lines())

    # --- choosing --------------------------------------------------------------------------------

    def _know(self, versions: Sequence[Version]) -> None:
        for one in versions:
            self._by_part.setdefault(one.part_key, []).append(one)
        comparable = {key: found for key, found in self._by_part.items() if len(found) > 1}
        for key, found in comparable.items():
            whose = f" of {found[0].by_name}" if key.startswith("statement") else ""
            self.part.addItem(f"{found[0].part_title}{whose}", key)
        if not comparable:
            self.about.setText("There is one version only. A later one comes with an amendment.")
            self._enable()
            return
        at = self.part.findData(self._wanted)
        self.part.setCurrentIndex(max(0, at))
        self._choose_part()

    def _choose_part(self) -> None:
        found = self._by_part[self.part.currentData()]
        now = self._desk.clock.now()
        for box in (self.older, self.newer):
            box.clear()
            for one in found:
                box.addItem(version_line(one, now), one.count)
        pair, self._pair = self._pair, None
        older, newer = pair or (found[-2].count, found[-1].count)
        self.older.setCurrentIndex(max(0, self.older.findData(older)))
        self.newer.setCurrentIndex(max(0, self.newer.findData(newer)))
        self.load()

    def _step(self, by: int) -> None:
        """Both one version earlier or later."""
        last = self.newer.count() - 1
        newer = min(max(1, self.newer.currentIndex() + by), last)
        self.newer.setCurrentIndex(newer)
        self.older.setCurrentIndex(newer - 1)
        self.load()

    @Slot()
    def load(self) -> None:
        """Compare the two that are chosen."""
        self._enable()
        older, newer, key = (b.currentData() for b in (self.older, self.newer, self.part))
        versions, record_id = self._workspace.records.versions, self._record_id
        self._desk.tasks.latest(
            self,
            "compare",
            lambda: versions.compare(record_id, key, older, newer),
            self.show_comparison,
        )

    def _enable(self) -> None:
        at, last = self.newer.currentIndex(), self.newer.count() - 1
        self.earlier.setEnabled(at > 1)
        self.later.setEnabled(0 <= at < last)
        for box in (self.part, self.older, self.newer):
            box.setEnabled(box.count() > 1)
        self.only.setEnabled(last > 0)

    # --- showing ---------------------------------------------------------------------------------

    def show_comparison(self, found: Comparison) -> None:
        """Show it."""
        self._shown = found
        newer, now = found.newer, self._desk.clock.now()
        parts = [f"{newer.kind_words} by {newer.by_name}"]
        if newer.signed_at is not None:
            parts.append(f"signed {full_moment(newer.signed_at, now)}")
        if newer.happened_at is not None:
            parts.append(f"happened {full_moment(newer.happened_at, now)}")
        why = f" Reason: {newer.reason}" if newer.reason else ""
        self.about.setText(f"{', '.join(parts)}.{why}")
        self._show_lines()

    def _show_lines(self) -> None:
        found = self._shown
        if found is None:
            return
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        shown = found.changes if self.only.isChecked() else found.lines
        if not shown:
            self._lines.addWidget(
                Muted("No answer differs between these two versions.", self._body)
            )
        for title, group in groupby(shown, key=lambda line: line.section_title):
            self._lines.addWidget(self._card(title, list(group)))
        self._fit()

    def _card(self, title: str, lines: Sequence[Line]) -> QWidget:
        card = Card(self._body, spacing=0, margin=16)
        card.column.addWidget(SectionTitle(title, card))
        for line in lines:
            if card.column.count() > 1:
                card.column.addWidget(Hairline(card))
            row = LineRow(line, card)
            card.column.addWidget(row)
            self.rows.append(row)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One version below the other where two columns do not fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        stacked = self.width() < self._desk.theme.px(_STACKED_BELOW)
        for row in self.rows:
            row.stack(stacked=stacked)
