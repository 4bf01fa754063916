"""Shift+F1: why a question is asked, by which rule, and whether anybody has checked that rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.views.form_draft import Draft
    from bt_desktop.views.form_field import FieldBlock

REASONS = {
    "statute": "A law asks for this.",
    "state_report": "The yearly report to the state counts this.",
    "district": "The district asks for this.",
    "best_practice": "No rule asks for this; it is asked because it helps to understand the event.",
}
UNVERIFIED = (
    "Unverified: nobody has yet compared this rule with the official text. Do not rely on the cite."
)


def reasons_for(draft: Draft, block: FieldBlock | None, section: str) -> list[str]:
    """The lines that answer “why is this asked?”."""
    form = draft.record.form
    if block is None:
        definition = form.section(section)
        cite, reason, guidance = definition.cite, "", definition.guidance_hint
        because = next((s.asked_because for s in draft.sections() if s.name == section), "")
        name = say(definition.label)
    else:
        view = draft.view(block.path)
        cite, reason, guidance = view.cite, view.field.reason, view.field.guidance_hint
        because, name = view.asked_because, say(view.label)
    lines = [name]
    if reason:
        lines.append(REASONS.get(reason, ""))
    if cite:
        lines.append(f"Source: {cite}")
        if form.pack is not None and not form.pack.is_verified:
            lines.append(UNVERIFIED)
    if because:
        lines.append(f"Asked because {because}.")
    if guidance:
        lines.append(say(guidance))
    return [line for line in lines if line]


class WhyPanel(QFrame):
    """A small panel over the page; Escape or its button closes it and gives the focus back."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self._theme = theme
        self._back: QWidget | None = None
        self.title = plain_label("", "sectionTitle", self)
        self.title.setWordWrap(True)
        self.words = plain_label("", "", self)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = SecondaryButton("Close", self)
        self.close_button.clicked.connect(self.close_panel)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        box.addWidget(self.title)
        box.addWidget(self.words)
        box.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def explain(self, draft: Draft, block: FieldBlock | None, section: str) -> None:
        """Show why the question (or the section) is asked."""
        lines = reasons_for(draft, block, section)
        self._back = QApplication.focusWidget()
        self.title.setText(lines[0])
        self.words.setText("\n\n".join(lines[1:]) or "No reason is noted for this question.")
        parent = self.parentWidget() or self
        width = min(parent.width() - 32, self._theme.px(480))
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((parent.width() - width) // 2, 72)
        self.show()
        self.raise_()
        self.close_button.setAccessibleDescription(". ".join(lines))
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_panel(self) -> None:
        """Close and give the focus back."""
        self.hide()
        if self._back is not None:
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return
        super().keyPressEvent(event)
