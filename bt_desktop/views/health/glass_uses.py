"""Who opened a sealed health file in an emergency, why, and who reviewed it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.glass_model import GlassUse
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.glass_words import review_words, use_words
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.inputs import TextBox
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, Pill, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_NOTHING = "Nobody has opened a sealed health file in an emergency."


class ReviewGlassSheet(Sheet):
    """Says that one has looked at why somebody else opened it."""

    def __init__(self, desk: Desk, workspace: Workspace, use: GlassUse, parent: QWidget) -> None:
        super().__init__(desk, "Review an emergency opening", "Mark as reviewed", parent, wide=520)
        self._workspace, self._id = workspace, use.id
        self.column.addWidget(plain_label(use.student_name, "strong", self))
        self.column.addWidget(Muted(use_words(use, desk.clock.now()), self))
        reason = plain_label(use.reason, "", self)
        reason.setWordWrap(True)
        self.column.addWidget(reason)
        self.column.addWidget(
            Muted("What was looked at stands in the student’s access log and in the trail.", self)
        )
        self.remark = TextBox(lines=2, most=5)
        self.add("remark", "What came of it?", self.remark, hint="Whom you asked, what was said.")
        self.on_save(self._collect_review)

    def _collect_review(self) -> Callable[[], None]:
        glass, which, remark = self._workspace.health.glass, self._id, self.remark.toPlainText()
        return lambda: glass.review(which, remark)


class GlassUses(QWidget):
    """The list, newest first."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace = desk, workspace
        self.sheet: Sheet | None = None
        self.buttons: dict[str, SecondaryButton] = {}
        self.nothing = Muted(_NOTHING, self)
        self.nothing.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.nothing)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self._column.addLayout(self._rows)
        self._column.addStretch(1)

    @Slot()
    def load(self) -> None:
        """Read the list."""
        glass = self._workspace.health.glass
        self._desk.tasks.run(self, glass.uses, self.show_uses, lane=Lane.READ)

    def show_uses(self, uses: tuple[GlassUse, ...]) -> None:
        """Show it."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        self.nothing.setVisible(not uses)
        for use in uses:
            self._rows.addWidget(self._card(use))
        tab_as_laid_out(self)

    def _card(self, use: GlassUse) -> Card:
        now = self._desk.clock.now()
        card = Card(self, spacing=4)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(plain_label(use.student_name, "strong", card))
        head.addWidget(Pill(*review_words(use, now), card))
        head.addStretch(1)
        if use.reviewed_at is None and not use.own and self._workspace.health.glass.may_review:
            button = self.buttons[use.id] = SecondaryButton("Review", card)
            button.setAccessibleName(f"Review: {use.by_name}, {use.student_name}")
            button.clicked.connect(partial(self.review, use))
            head.addWidget(button)
        reason = plain_label(use.reason, "", card)
        reason.setWordWrap(True)
        card.column.addLayout(head)
        card.column.addWidget(Muted(use_words(use, now), card))
        card.column.addWidget(reason)
        if use.remark:
            card.column.addWidget(Muted(f"{use.reviewed_by}: {use.remark}", card))
        return card

    def review(self, use: GlassUse, _clicked: bool = False) -> None:
        """Review one."""
        self.sheet = ReviewGlassSheet(self._desk, self._workspace, use, self)
        self.sheet.saved.connect(lambda _: self.load())
        self.sheet.open_sheet()
