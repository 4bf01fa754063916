"""Editors for people: typed by any part of the name, shown with what tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from bt_desktop.views.editors.choices import folded
from bt_desktop.views.editors.flow import FillingFlow
from bt_desktop.views.editors.protocol import Editor, EditorContext, Typed, listed, mark
from bt_desktop.views.editors.suggest import CloseOnLeave, SuggestBox, Suggestion
from bt_desktop.views.editors.text import Line
from bt_desktop.views.widgets.buttons import TogglePressed

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_ADD = "\0add"
_KINDS = {"student": ("student",), "staff": ("staff",), "person": ("student", "staff")}


def month_of(day: date) -> str:
    """Feb 2027."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def details_of(person: Any, today: date) -> str:
    """What tells a person apart: grade, teacher, birth date; or title, training and its expiry.

    `person` is a `PersonHit` or a `PersonView`; what it lacks is left out.
    """
    if str(person.id).startswith("staff:"):
        return " · ".join(part for part in (person.title, _training(person, today)) if part)
    if str(person.id).startswith("guardian:"):
        return str(person.title)
    born = person.birth_date
    grade = getattr(person, "grade", "")
    parts = (
        f"grade {grade}" if grade else "",
        getattr(person, "teacher", ""),
        f"born {_MONTHS[born.month - 1]} {born.day}, {born.year}" if born else "",
    )
    return " · ".join(part for part in parts if part)


def _training(person: Any, today: date) -> str:
    if not person.training:
        return "no restraint training on file"
    until = person.training_until
    if until is None:
        return str(person.training)
    word = "to" if until >= today else "expired"
    return f"{person.training} {word} {month_of(until)}"


def training_concern(person: Any, today: date) -> str:
    """A sentence where a staff member's training is missing or over; empty otherwise."""
    if not str(person.id).startswith("staff:"):
        return ""
    if not person.training:
        return f"{person.name} has no restraint training on file."
    until = person.training_until
    if until is not None and until < today:
        return f"{person.name}: {person.training} expired in {month_of(until)}."
    return ""


class PersonChip(TogglePressed):
    """A chosen person; pressing it, Delete or Backspace takes them out."""

    def __init__(self, person_id: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(f"{name.replace('&', '&&')}  ✕", parent)
        self.person_id = person_id
        self.setProperty("kind", "person")
        self.setAutoDefault(False)
        self.setAccessibleName(f"{name}, press to remove")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace take the person out, too."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
            return
        super().keyPressEvent(event)


class _NameLine(Line):
    """The line a name is typed into."""

    emptied_back = Signal()
    list_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("nameLine")
        self.box = SuggestBox(self)
        CloseOnLeave(self, self.box)

    def event(self, event: QEvent) -> bool:
        """Tab takes the marked person, then leaves."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Tab
            and self.box.is_open()
        ):
            row = self.box.current()
            if row is not None and row.key != _ADD:
                self.box.take_key(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list gets its keys first; Backspace in an empty line takes the last person out, Down
        asks whom one need not type."""
        if self.box.take_key(event):
            return
        if event.key() == Qt.Key.Key_Down and not self.text():
            self.list_asked.emit()
            return
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied_back.emit()
            return
        super().keyPressEvent(event)


class PeopleEditor(Editor):
    """One person (`many=False`) or several: chips in a frame, with a line that is typed into.

    `kind` is `student`, `staff` or `person` (either, and the family where the context knows it).
    Text that names nobody stays in the line and is handed over as typed, so that the session can
    say so; nothing typed vanishes.
    """

    def __init__(
        self, kind: str, many: bool, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kind, self._many, self._context = kind, many, context
        self._ids: list[str] = []
        self._asked = ""
        self.chips: list[PersonChip] = []
        self.frame = QFrame(self)
        self.frame.setObjectName("peopleFrame")
        self._flow = FillingFlow(self.frame, gap=6)
        self._flow.setContentsMargins(8, 4, 6, 4)
        self.line = _NameLine(self.frame)
        self.line.setFrame(False)
        self.line.setProperty("ringAround", self.frame)
        self.line.setMinimumWidth(120)
        self._flow.addWidget(self.line)
        self.notes = QLabel(self)
        self.notes.setObjectName("muted")
        self.notes.setWordWrap(True)
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        self.watch(self.line)
        self.frame.installEventFilter(self)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._search)
        self.line.box.chosen.connect(self._choose)
        self.line.emptied_back.connect(self._take_last)
        self.line.list_asked.connect(self._offer_family)
        self.left.connect(self._resolve)
        self._show()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.frame)
        box.addWidget(self.notes)
        policy = self.frame.sizePolicy()
        policy.setHeightForWidth(True)
        self.frame.setSizePolicy(policy)

    def typed(self) -> Typed:
        """The id, or the list of ids; text that names nobody yet; None where blank."""
        loose = self.line.text().strip()
        if self._many:
            return " ".join([*self._ids, loose]) if loose else (list(self._ids) or None)
        if self._ids:
            return self._ids[0]
        return loose or None

    def set_typed(self, typed: Typed) -> None:
        """Show these people."""
        words = [word for item in listed(typed) for word in item.split()]
        ids = [word for word in words if ":" in word]
        loose = " ".join(word for word in words if ":" not in word)
        if ids != self._ids or len(self.chips) != len(ids):
            self._ids = ids
            self._show()
        if not self.line.hasFocus() and loose != self.line.text():
            self.line.setText(loose)

    def set_view(self, view: FieldView) -> None:
        """Read-only as the session says."""
        self.frame.setEnabled(not view.read_only)
        self.line.setVisible(not view.read_only and (self._many or not self._ids))

    def focus_target(self) -> QWidget:
        """The line; the chip, where the one person is chosen."""
        if not self.line.isHidden() or not self.chips:
            return self.line
        return self.chips[0]

    def describe(self, name: str, description: str) -> None:
        """Say who is chosen along with the name of the field; a chip says whom it takes out."""
        chosen = ", ".join(self._context.name_of(i) for i in self._ids)
        said = f"Chosen: {chosen}." if chosen else ""
        parts = (said, self.notes.text(), description)
        super().describe(name, " ".join(part for part in parts if part))
        for chip, person_id in zip(self.chips, self._ids, strict=True):
            chip.setAccessibleName(f"{name}: {self._context.name_of(person_id)}, press to remove")

    def set_wrong(self, wrong: bool) -> None:
        """Mark the frame."""
        mark(self.frame, "wrong", wrong)

    def settle(self) -> None:
        """Close the list."""
        self.line.box.close_list()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The frame looks focused while its line is; a click in the frame goes to the line."""
        if watched is self.line and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            mark(self.frame, "focused", event.type() == QEvent.Type.FocusIn)
            if event.type() == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
                self.line.box.close_list()
        if (
            watched is self.frame
            and event.type() == QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
        ):
            self.focus_target().setFocus()
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        for chip in self.chips:
            self.forget(chip)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for place, person_id in enumerate(self._ids):
            chip = PersonChip(person_id, self._context.name_of(person_id), self.frame)
            chip.clicked.connect(self._removed)
            self._flow.insert_widget(place, chip)
            chip.show()
            self.watch(chip)
            self.chips.append(chip)
        for one, other in pairwise([*self.chips, self.line]):
            self.setTabOrder(one, other)  # as they stand: the chosen, then the line
        self.line.setVisible(self._many or not self._ids)
        empty = not self._ids
        wanted = {
            "student": "Type any part of the student's name",
            "staff": "Type any part of the name",
        }.get(self._kind, "Type any part of a name")
        if self._kind == "person" and self._context.family():
            wanted = "Type a name, or press Down for the family"
        self.line.setPlaceholderText(wanted if empty else ("Add another" if self._many else ""))
        self._show_notes()
        self.frame.updateGeometry()

    def _show_notes(self) -> None:
        today = self._context.now().date()
        people = [self._context.people[i] for i in self._ids if i in self._context.people]
        if self._many:
            text = " ".join(filter(None, (training_concern(p, today) for p in people)))
        else:
            text = " ".join(details_of(p, today) for p in people)
        same = [p.name for p in people if getattr(p, "same_name", False)]
        if same:
            text = f"{text} Another person has the same name: check the birth date.".strip()
        self.notes.setText(text)
        self.notes.setVisible(bool(text))

    def _search(self, text: str) -> None:
        self._asked = text.strip()
        self.changed.emit()
        if len(self._asked) < 2:
            self.line.box.close_list()
            return
        asked = self._asked
        self._context.search(asked, _KINDS[self._kind], lambda hits: self._found(asked, hits))

    def _found(self, asked: str, hits: Any) -> None:
        if not isValid(self) or asked != self._asked:
            return  # another section is on show by now, or the typing went on
        if not self.line.hasFocus() or asked != self.line.text().strip():
            return
        rows = self._rows([*self._family_like(asked), *hits])
        rows.append(Suggestion(_ADD, "Add a person by hand…", f"“{asked}” is not in the list"))
        self._show_rows(rows)

    def _offer_family(self) -> None:
        self._show_rows(self._rows(self._family_like("")))

    def _family_like(self, asked: str) -> list[Any]:
        if self._kind != "person":
            return []
        words = folded(asked).split()
        return [one for one in self._context.family() if all(w in folded(one.name) for w in words)]

    def _rows(self, hits: Sequence[Any]) -> list[Suggestion]:
        today = self._context.now().date()
        return [
            Suggestion(
                hit.id,
                hit.name,
                details_of(hit, today),
                tuple(hit.spans),
                "same name, check the birth date" if hit.same_name else "",
                hit,
            )
            for hit in hits
            if hit.id not in self._ids
        ]

    def _show_rows(self, rows: Sequence[Suggestion]) -> None:
        self.line.box.show_rows(
            rows,
            self.frame.rect().translated(
                self.frame.mapTo(self.line.window(), self.frame.rect().topLeft())
                - self.line.mapTo(self.line.window(), self.line.rect().topLeft())
            ),
        )

    def _choose(self, row: Suggestion) -> None:
        if row.key == _ADD:
            kind = "staff" if self._kind == "staff" else "student"
            self._context.add_person(kind, self.line.text().strip(), self._take)
            return
        self._take(row.payload)

    def _take(self, person: Any) -> None:
        self._context.people[person.id] = person
        self._ids = [*self._ids, person.id] if self._many else [person.id]
        self.line.clear()
        self._asked = ""
        held = self.has_focus()
        self._show()
        if held or self._many:
            self.focus_target().setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _removed(self) -> None:
        chip = self.sender()
        if isinstance(chip, PersonChip):
            self._remove(chip.person_id)

    def _take_last(self) -> None:
        if self._ids:
            self._remove(self._ids[-1])

    def _remove(self, person_id: str) -> None:
        self._ids = [one for one in self._ids if one != person_id]
        self._show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _resolve(self) -> None:
        """On leaving: a whole name that fits exactly one person means that person."""
        asked = self.line.text().strip()
        if len(asked) < 2:
            return

        def found(hits: Any) -> None:
            if not isValid(self):
                return  # another section is on show by now
            known = [*self._family_like(asked), *hits]
            same = [h for h in known if h.name.casefold() == asked.casefold() and not h.same_name]
            if len(same) == 1 and self.line.text().strip() == asked and not self.has_focus():
                self._take(same[0])

        self._context.search(asked, _KINDS[self._kind], found)
