"""Who gets the paper: each guardian with language and interpreter, and what stops it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from bt_desktop.paper.languages import language_name
from bt_desktop.views.editors.text import GrowingText
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, SectionTitle, UnderChoice, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Guardian

_INDENT = 28
REASON_AT_LEAST = 10
"""As the service asks (`gates.REASON_AT_LEAST`); the window only says it beforehand."""


class Recipients(Card):
    """The choice of a recipient. `changed` when it, or the reason for an exception, is another.

    Somebody whom a flag stops can be chosen only by who may decide it, and then asks for a reason.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=4)
        self._indent = theme.px(_INDENT)
        self.guardians: tuple[Guardian, ...] = ()
        self.choices: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self._may_override = False
        self.column.addWidget(SectionTitle("Who gets it?", self))
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.column.addLayout(self._list)
        self.why_box = QWidget(self)
        box = QVBoxLayout(self.why_box)
        box.setContentsMargins(self._indent, 6, 0, 0)
        box.setSpacing(4)
        label = plain_label("Why is it released all the same?", "fieldLabel", self.why_box)
        self.why = GrowingText(2, self.why_box)
        self.why.setAccessibleName("Why is it released all the same?")
        label.setBuddy(self.why)
        box.addWidget(label)
        box.addWidget(self.why)
        box.addWidget(Muted("The reason and your name stay with the copy.", self.why_box))
        self.column.addWidget(self.why_box)
        self.why_box.hide()
        self._group.buttonToggled.connect(lambda *_: self._chosen())
        self.why.textChanged.connect(self.changed)

    def show_guardians(self, guardians: Sequence[Guardian], *, may_override: bool) -> None:
        """Offer these; the only one who may have it is chosen already."""
        self.guardians, self._may_override = tuple(guardians), may_override
        for guardian in self.guardians:
            self._list.addWidget(self._choice(guardian))
        if not self.guardians:
            self._list.addWidget(
                Muted(
                    "The roster names no guardian for this student. Add one on the student's page.",
                    self,
                )
            )
        allowed = [one for one in self.guardians if one.allowed]
        if len(allowed) == 1:
            self.choices[allowed[0].id].setChecked(True)

    def _choice(self, guardian: Guardian) -> QWidget:
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        about = about_guardian(guardian)
        choice = QRadioButton(guardian.name.replace("&", "&&"), holder)
        choice.setEnabled(guardian.allowed or self._may_override)
        who = guardian.stops[0].who if guardian.stops else ""
        said = self._to_read(guardian)
        told = (about, guardian.why_not, said, who)
        choice.setAccessibleDescription(". ".join(part for part in told if part))
        self._group.addButton(choice)
        self.choices[guardian.id] = choice
        column.addWidget(choice)
        words = UnderChoice(about, choice, holder)
        words.setVisible(bool(about))
        column.addWidget(words)
        lines = ((f"▲ {guardian.why_not}", "warnText"), (said, ""), (who, "muted"))
        for text, name in lines:
            if not guardian.allowed and text:
                column.addWidget(UnderChoice(text, choice, holder, name=name))
        return holder

    def _to_read(self, guardian: Guardian) -> str:
        """What who decides has to read first, in the words of who wrote it down."""
        if not self._may_override:
            return ""
        notes = (("note", guardian.custody_note.strip()), ("alert", guardian.alert))
        return " ".join(f"The {kind} says: “{text}”" for kind, text in notes if text)

    def _chosen(self) -> None:
        whom = self.recipient()
        self.why_box.setVisible(whom is not None and not whom.allowed)
        self.changed.emit()

    def recipient(self) -> Guardian | None:
        """Who is chosen."""
        for guardian in self.guardians:
            if self.choices[guardian.id].isChecked():
                return guardian
        return None

    def choose(self, guardian_id: str) -> None:
        """Choose somebody, where that may be."""
        choice = self.choices.get(guardian_id)
        if choice is not None and choice.isEnabled():
            choice.setChecked(True)

    def reason(self) -> str:
        """Why it is released in spite of what stops it; "" where nothing does."""
        whom = self.recipient()
        stopped = whom is not None and not whom.allowed
        return " ".join(self.why.toPlainText().split()) if stopped else ""

    def waits(self) -> str:
        """What is still to be done here; "" where it may go."""
        whom = self.recipient()
        if whom is None:
            return "Choose who gets it." if self.guardians else "Nobody may get it yet."
        if not whom.allowed and len(self.reason()) < REASON_AT_LEAST:
            return "Say why it is released all the same."
        return ""


def about_guardian(guardian: Guardian) -> str:
    """Relation, language, interpreter, in one line."""
    interpreter = "needs an interpreter" if guardian.needs_interpreter else ""
    parts = (guardian.relation, language_name(guardian.language), interpreter)
    return " · ".join(part for part in parts if part)
