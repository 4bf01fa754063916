"""The long text of what happened, in which people stand as tokens and not as typed names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPalette, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from bt_desktop.paper.document import PersonSnapshot
from bt_desktop.views.editors.people import details_of
from bt_desktop.views.editors.protocol import Editor, EditorContext, NameOffer, Typed
from bt_desktop.views.editors.suggest import CloseOnLeave, SuggestBox, Suggestion
from bt_desktop.views.editors.text import GrowingText
from bt_desktop.views.editors.tokens_text import (
    ID,
    kept_text,
    place_in_kept,
    put_text,
    token_at,
    token_format,
    utf16,
)

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView

LONGEST_QUERY = 30


class TokenText(GrowingText):
    """A growing text box in which `@` looks a person up and a token is deleted as one."""

    person_chosen = Signal(object)

    def __init__(self, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(5, parent)
        self._context = context
        self._at: int | None = None
        self.box = SuggestBox(self)
        self.box.chosen.connect(self._insert)
        CloseOnLeave(self, self.box)
        self.cursorPositionChanged.connect(self._leave_token)
        self.textChanged.connect(self._look_up)

    def token_colors(self) -> tuple[QColor, QColor]:
        """Ink and ground of a token, from the palette in force."""
        palette = self.palette()
        ink = palette.color(QPalette.ColorRole.Link)
        ground = QColor(ink)
        ground.setAlphaF(0.14)
        return ink, ground

    def event(self, event: QEvent) -> bool:
        """Tab takes the marked person while the list is open."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Tab
            and self.box.take_key(event)
        ):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list first; then whole tokens for Backspace and Delete; then typing."""
        if self.box.take_key(event):
            if event.key() == Qt.Key.Key_Escape:
                self._at = None
            return
        if self._delete_token(event):
            return
        if event.text() and event.text().isprintable():
            self._leave_token()
        super().keyPressEvent(event)
        if event.text() == "@":
            self._at = self.textCursor().position()

    def insert_token(self, start: int, end: int, person_id: str, label: str) -> None:
        """Put a token in place of the characters from `start` to `end` (document places)."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        ink, ground = self.token_colors()
        cursor.insertText(label, token_format(person_id, label, ink, ground))
        cursor.setCharFormat(QTextCharFormat())
        cursor.endEditBlock()

    def _delete_token(self, event: QKeyEvent) -> bool:
        cursor = self.textCursor()
        keys = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
        if event.key() not in keys or cursor.hasSelection() or self.isReadOnly():
            return False
        place = cursor.position() + (1 if event.key() == Qt.Key.Key_Delete else 0)
        found = token_at(self.document(), place)
        if found is None:
            return False
        cursor.setPosition(found[0])
        cursor.setPosition(found[1], QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        return True

    def _leave_token(self) -> None:
        """What is typed beside a token never belongs to it."""
        if self.currentCharFormat().property(ID) and not self.textCursor().hasSelection():
            self.setCurrentCharFormat(QTextCharFormat())

    def _query(self) -> str | None:
        if self._at is None:
            return None
        cursor = self.textCursor()
        end = cursor.position()
        if end < self._at:
            return None
        cursor.setPosition(self._at - 1)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        text = cursor.selectedText()
        if not text.startswith("@") or "\u2029" in text or len(text) > LONGEST_QUERY:
            return None
        return text[1:]

    def _look_up(self) -> None:
        query = self._query()
        if query is None:
            self._at = None
            self.box.close_list()
            return
        if len(query.strip()) >= 1:
            self._context.search(
                query.strip(), ("student", "staff"), lambda hits: self._found(query, hits)
            )

    def _found(self, query: str, hits: Sequence[Any]) -> None:
        if not isValid(self) or self._query() != query or not self.hasFocus():
            return
        today = self._context.now().date()
        rows = [
            Suggestion(
                h.id,
                h.name,
                details_of(h, today),
                tuple(h.spans),
                "same name" if h.same_name else "",
                h,
            )
            for h in hits
        ]
        rect = self.cursorRect()
        self.box.show_rows(rows, QRect(self.viewport().mapTo(self, rect.topLeft()), rect.size()))

    def _insert(self, row: Suggestion) -> None:
        if self._at is None:
            return
        start, end = self._at - 1, self.textCursor().position()
        self._at = None
        self._context.people[row.key] = row.payload
        self.insert_token(start, end, row.key, row.title)
        self._leave_token()


class OfferBar(QFrame):
    """Asks, under the text, whether a name typed by hand should become a token."""

    answered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offerBar")
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(4)
        row.addWidget(self.words, 1)
        self.buttons: dict[str, QPushButton] = {}
        for answer, text in (("yes", "Yes"), ("no", "No"), ("all", "All")):
            button = QPushButton(text, self)
            button.setProperty("kind", "link")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, a=answer: self.answered.emit(a))
            row.addWidget(button)
            self.buttons[answer] = button
        self.hide()

    def show_offer(self, offer: NameOffer, left: int) -> None:
        """Ask about this name; `left` names wait, this one included."""
        typed = "" if offer.word == offer.name else f"“{offer.word}”: "
        self.words.setText(f"{typed}Make {offer.name} a protected name?")
        self.buttons["all"].setVisible(left > 1)
        self.buttons["all"].setText(f"All {left}")
        for answer, button in self.buttons.items():
            button.setAccessibleName(f"{self.words.text()} {button.text() or answer}")
        self.show()


class NarrativeEditor(Editor):
    """A long text with person tokens, and the offers to make tokens of names typed by hand."""

    holds_text = True

    def __init__(self, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._quiet = False
        self._offers: list[NameOffer] = []
        self._refused: set[tuple[str, str]] = set()
        self.box = TokenText(context, self)
        self.help = QLabel("Type @ to name a person. A parent's copy then shows a letter.", self)
        self.help.setObjectName("muted")
        self.help.setWordWrap(True)
        self.bar = OfferBar(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.box, self.help, self.bar):
            layout.addWidget(widget)
        self.watch(self.box, *self.bar.buttons.values())
        self.box.textChanged.connect(self._tell)
        self.bar.answered.connect(self._answered)
        self.left.connect(self._look_for_names)

    def typed(self) -> Typed:
        """The text as it is kept, tokens in braces; None where it is blank."""
        return kept_text(self.box.document()) or None

    def set_typed(self, typed: Typed) -> None:
        """Show the text; the cursor stays where it was as far as it can."""
        text = typed if isinstance(typed, str) else ""
        if text == kept_text(self.box.document()):
            return
        at = self.caret()
        ink, ground = self.box.token_colors()
        self._quiet = True
        put_text(self.box.document(), text, self._context.name_of, ink, ground)
        self._quiet = False
        self.set_caret(at)

    def set_view(self, view: FieldView) -> None:
        """Read-only as the session says."""
        self.box.setReadOnly(view.read_only)
        self.help.setVisible(not view.read_only)

    def describe(self, name: str, description: str) -> None:
        """Say how to name a person, too."""
        super().describe(name, " ".join(filter(None, (description, self.help.text()))))

    def caret(self) -> int:
        """The cursor's place in the shown text."""
        return self.box.textCursor().position()

    def set_caret(self, position: int) -> None:
        """Put the cursor there."""
        cursor = self.box.textCursor()
        cursor.setPosition(min(position, max(0, self.box.document().characterCount() - 1)))
        self.box.setTextCursor(cursor)

    def settle(self) -> None:
        """Close the list of people."""
        self.box.box.close_list()

    def changeEvent(self, event: QEvent) -> None:
        """Paint the tokens anew when light turns dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._repaint_tokens()

    def offers(self) -> tuple[NameOffer, ...]:
        """The names that wait for an answer."""
        return tuple(self._offers)

    def _repaint_tokens(self) -> None:
        text = kept_text(self.box.document())
        if "{@" not in text:
            return
        at = self.caret()
        ink, ground = self.box.token_colors()
        self._quiet = True
        put_text(self.box.document(), text, self._context.name_of, ink, ground)
        self._quiet = False
        self.set_caret(at)

    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit()
            if self._offers:
                self._offers = []
                self.bar.hide()

    def _look_for_names(self) -> None:
        text = kept_text(self.box.document())
        if text and not self.box.isReadOnly():
            self._context.offers(text, lambda offers: self._offered(text, offers))

    def _offered(self, text: str, offers: Sequence[NameOffer]) -> None:
        if not isValid(self.box) or text != kept_text(self.box.document()):
            return  # another section is on show by now, or the text went on
        self._offers = [o for o in offers if (o.word, o.person_id) not in self._refused]
        self._show_next()

    def _show_next(self) -> None:
        if self._offers:
            self.bar.show_offer(self._offers[0], len(self._offers))
        else:
            self.bar.hide()

    def _answered(self, answer: str) -> None:
        if not self._offers:
            return
        if answer == "no":
            refused = self._offers.pop(0)
            self._refused.add((refused.word, refused.person_id))
            if refused.others:
                (person_id, name), *less_likely = refused.others
                asked = replace(refused, person_id=person_id, name=name, others=tuple(less_likely))
                self._offers.insert(0, asked)
            self._show_next()
            return
        taken = self._offers if answer == "all" else self._offers[:1]
        kept = kept_text(self.box.document())
        last = taken[-1]
        for offer in sorted(taken, key=lambda o: o.start, reverse=True):
            self._make_token(kept, offer)
        rest = [] if answer == "all" else self._offers[1:]
        self._offers = []
        self.bar.hide()
        self.changed.emit()
        if rest:
            self._look_for_names()
        elif last:
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_token(self, kept: str, offer: NameOffer) -> None:
        start = place_in_kept(self.box.document(), utf16(kept[: offer.start]))
        end = start + utf16(kept[offer.start : offer.end])
        if offer.person_id not in self._context.people:
            kind = offer.person_id.split(":")[0]
            self._context.people[offer.person_id] = PersonSnapshot(
                offer.person_id, kind, offer.name
            )
        self._quiet = True
        self.box.insert_token(start, end, offer.person_id, self._context.name_of(offer.person_id))
        self._quiet = False
