"""A row of a repeat: a card to fill, or one line that reads as a sentence once it is done."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors.moments import clock_words, moment_of
from bt_desktop.views.editors.protocol import listed
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView
    from bt_desktop.views.form_draft import Draft

PEOPLE = frozenset({"staff", "student", "person"})
MOST_PARTS = 2
_BARE = frozenset({"yes", "no", "not_known", "unknown"})
_UNITS = frozenset({"f", "c"})


class RowCard(Card):
    """One row. Signals carry its path: `edit_asked`, `done_asked`, `remove_asked(path, title)`."""

    edit_asked = Signal(str)
    done_asked = Signal(str)
    remove_asked = Signal(str, str)

    def __init__(
        self, draft: Draft, section: str, row: str, number: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.row = row
        self._draft, self._section = draft, section
        repeat = draft.record.form.section(section).repeat
        label = say(repeat.label) if repeat is not None and repeat.label else "Row"
        self.name = f"{label} {number}"
        self.body: QWidget | None = None
        self.title = plain_label(self.name, "strong", self)
        self.sentence = plain_label("", "", self)
        self.sentence.setTextFormat(Qt.TextFormat.RichText)
        self.sentence.setWordWrap(True)
        self.details = plain_label("", "muted", self)
        self.details.setWordWrap(True)
        may = draft.may_edit(section)
        self.edit = self._link("Edit" if may else "Open", self._ask_edit)
        self.done = self._link("Done", self._ask_done)
        self.remove = self._link("Remove", self._ask_remove)
        self.edit.setVisible(may)
        words = QVBoxLayout()
        words.setSpacing(2)
        for widget in (self.title, self.sentence, self.details):
            words.addWidget(widget)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addLayout(words, 1)
        for link in (self.edit, self.done, self.remove):
            head.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
        self.column.addLayout(head)
        self.done.hide()
        self.remove.hide()
        self.title.hide()
        self.refresh()

    def set_body(self, body: QWidget) -> None:
        """The row is open: show its questions (already added to `column`)."""
        self.body = body
        self.set_accent(True)
        self.title.show()
        self.sentence.hide()
        self.details.hide()
        self.edit.hide()
        self.done.show()
        self.remove.show()

    def refresh(self) -> None:
        """Say the row anew."""
        if self.body is None:
            first, second = row_sentence(self._draft, self._section, self.row)
            name = _escaped(self.name)
            self.sentence.setText(f"<b>{name}</b>{' · ' if first else ''}{_escaped(first)}")
            self.details.setText(second)
            self.details.setVisible(bool(second))
            self.setAccessibleName(", ".join(p for p in (self.name, first, second) if p))
            self.edit.setAccessibleName(f"Edit {self.name}: {first}")

    def _link(self, text: str, slot: object) -> LinkButton:
        link = LinkButton(text, self)
        link.setAccessibleName(f"{text} {self.name}")
        link.clicked.connect(slot)
        return link

    def _ask_edit(self) -> None:
        self.edit_asked.emit(self.row)

    def _ask_done(self) -> None:
        self.done_asked.emit(self.row)

    def _ask_remove(self) -> None:
        self.remove_asked.emit(self.row, self.name)


class RemovedRow(QFrame):
    """“Removed Hold 2 · Bring back”, in the place where the rows are."""

    bring_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offerBar")
        self.words = plain_label("", "", self)
        self.link = LinkButton("Bring back", self)
        self.link.clicked.connect(self.bring_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 10, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.link)
        self.hide()

    def show_removed(self, title: str) -> None:
        """Offer to bring this row back."""
        self.words.setText(f"Removed {title[:1].lower()}{title[1:]}")
        self.link.setAccessibleName(f"Bring back {title}")
        self.show()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shown_value(draft: Draft, view: FieldView) -> str:
    """An answer as people read it: labels of choices, names of people, times by the clock."""
    if view.unknown_reason is not None:
        return "not known"
    kind = view.field.type
    if view.field.choices:
        labels = {c.name: say(c.label) for c in draft.record.form.choices[view.field.choices]}
        return ", ".join(labels.get(name, name) for name in listed(view.typed))
    if kind in PEOPLE:
        return ", ".join(draft.name_of(i) if ":" in i else i for i in listed(view.typed))
    if kind == "time" or (kind == "datetime" and "time" in (view.field.appearance or "")):
        value = moment_of(kind, view.value)
        return clock_words(value) if isinstance(value, datetime | time) else str(view.typed)
    if kind == "acknowledge":
        return "yes" if view.value else ""
    return str(view.typed) if view.typed not in (None, "") else ""


def tells(draft: Draft, view: FieldView) -> bool:
    """Whether an answer says something without its question: “yes” and a unit do not."""
    names = {choice.name for choice in draft.record.form.choices.get(view.field.choices or "", ())}
    return not names <= _BARE and not names <= _UNITS


def span(times: list[str]) -> str:
    """10:12 – 10:14 am; both halves of the day where they differ."""
    if len(times) == 2 and times[0][-3:] == times[1][-3:] and times[0][-3:] in (" am", " pm"):
        return f"{times[0][:-3]} – {times[1]}"
    return " – ".join(times)


def row_sentence(draft: Draft, section: str, row: str) -> tuple[str, str]:
    """A row as a sentence: (times and what, who and how long)."""
    times: list[str] = []
    what: list[str] = []
    who: list[str] = []
    sums: list[str] = []
    for path in draft.session.paths(section):
        if not path.startswith(row + "/"):
            continue
        view = draft.view(path)
        if not view.relevant:
            continue
        text = shown_value(draft, view)
        if not text:
            continue
        kind = view.field.type
        if kind in {"time", "datetime"}:
            times.append(text)
        elif kind in PEOPLE:
            who.append(text)
        elif kind == "calculate":
            if "minutes" in view.field.name:
                sums.append(f"{text} min")
        elif kind == "select_one" and len(text) <= 60 and tells(draft, view):
            what.append(text[:1].lower() + text[1:] if view.field.choices else text)
    first = " · ".join(part for part in (span(times[:2]), ", ".join(what[:MOST_PARTS])) if part)
    return first, " · ".join(part for part in (", ".join(who), *sums) if part)
