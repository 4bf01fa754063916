"""The frame around an editor: its label (a buddy), the word "required", hint, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bt_desktop.views.announce import announce
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.text import Muted, plain_label

T = TypeVar("T")


class FieldFrame(QWidget):
    """Label above, editor, and below it an error, a warning or a note, each in words with a sign.

    `editor` gets an accessible name ("Name, required") and a description (hint and problem);
    `buddy` is what the label's key jumps to where it is not the editor itself.
    """

    def __init__(
        self,
        theme: Theme,
        label: str,
        editor: QWidget,
        *,
        hint: str = "",
        required: bool = False,
        buddy: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._target = buddy or editor.focusProxy() or editor
        self._label_text = label
        self._hint_text = hint
        self._required = required
        self._described = ""
        self.label = plain_label(label.replace("&", "&&"), "fieldLabel", self)
        self.label.setBuddy(self._target)
        self.mark = plain_label("required", "requiredMark", self)
        self.mark.setVisible(required)
        self.hint = Muted(hint, self)
        self.hint.setVisible(bool(hint))
        self._sign = IconLabel(theme, "warn", "danger", 16, self)
        self._says = QLabel(self)
        self._says.setTextFormat(Qt.TextFormat.PlainText)
        self._says.setObjectName("fieldError")
        self._says.setWordWrap(True)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self.label)
        self.head.addWidget(self.mark)
        self.head.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(5)
        below.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._says, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self.head)
        column.addWidget(self.hint)
        column.addWidget(editor)
        column.addLayout(below)
        self._says.hide()
        self._sign.hide()
        self._name()

    def set_label(self, label: str, hint: str = "") -> None:
        """Call it something else."""
        self._label_text, self._hint_text = label, hint
        self.label.setText(label.replace("&", "&&"))
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._name()

    def set_required(self, required: bool) -> None:
        """Whether an answer is needed."""
        self._required = required
        self.mark.setVisible(required)
        self._name()

    def say(self, text: str, tone: str = "danger", *, frame: bool = True, sign: str = "") -> None:
        """Show a problem (`danger`), a warning (`warn`) or a note (`ok`, `muted`); "" clears.

        `frame` False leaves the editor's frame as it is; `sign` is another icon.
        """
        before = self._says.text()
        self._says.setText(text)
        self._says.setVisible(bool(text))
        self._sign.setVisible(bool(text) and tone != "muted")
        if text:
            self._sign.show_icon(sign or ("check" if tone == "ok" else "warn"), tone)
        for widget in (self._says, self._target):
            wrong = tone if frame and text and tone in {"danger", "warn"} else ""
            value = tone if widget is self._says else wrong
            if (widget.property("tone") or "") != value:
                widget.setProperty("tone", value)
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        self._describe(text)
        # Whoever is in the field hears it at once; elsewhere it is said when the field is entered.
        if text and tone in {"danger", "warn"} and text != before and self._target.hasFocus():
            announce(self._target, text)

    def read(self, read: Callable[[], T | None], missing: str) -> T | None:
        """What `read` gives; None, and the reason beside the field, where it cannot be read
        (ValueError) or is blank (`missing` says what is asked for)."""
        try:
            found = read()
        except ValueError as problem:
            self.say(str(problem))
            return None
        if found is None:
            self.say(missing)
        return found

    def says(self) -> str:
        """What stands below the editor now."""
        return self._says.text()

    def _name(self) -> None:
        name = f"{self._label_text}, required" if self._required else self._label_text
        self._target.setAccessibleName(name)
        self._describe(self._says.text())

    def _describe(self, problem: str) -> None:
        words = " ".join(w for w in (problem, self._hint_text) if w)
        self._target.setAccessibleDescription(words)
        if not _can_be_entered(self._target):  # a group is not heard: what stands in it is
            for part in self._target.findChildren(QWidget):
                if _can_be_entered(part) and part.accessibleDescription() in ("", self._described):
                    part.setAccessibleDescription(words)
        self._described = words


def _can_be_entered(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
