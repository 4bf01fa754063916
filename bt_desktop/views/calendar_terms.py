"""The terms and summer sessions of the calendar, and the bell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.school_days import Term
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import ask
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label
from bt_desktop.views.widgets.when import clock_words, full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.deadlines import CalendarView
    from bt_desktop.services.workspace import Workspace


class TermsCard(Card):
    """Each term in a line with Edit and Remove. `changed(words)`."""

    changed = Signal(str)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=12, spacing=8)
        self._desk, self._workspace = desk, workspace
        self.terms: tuple[Term, ...] = ()
        head = QHBoxLayout()
        head.addWidget(plain_label("Terms and summer sessions", "strong", self))
        head.addStretch(1)
        self.add = SecondaryButton("Add a term", self)
        self.add.clicked.connect(lambda: self.edit(None))
        head.addWidget(self.add)
        self.column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.column.addLayout(self._rows)

    def show_terms(self, view: CalendarView) -> None:
        """Show them."""
        self.terms = view.terms
        self.add.setVisible(view.may_edit)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not view.terms:
            self._rows.addWidget(
                Muted("No terms yet. Add the first one with its first and last day.", self)
            )
        for number, term in enumerate(view.terms):
            self._rows.addWidget(self._row(number, term, view.may_edit))

    def _row(self, number: int, term: Term, may_edit: bool) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(16)
        words = term_words(term)
        label = plain_label(words, "", holder)
        label.setWordWrap(True)
        row.addWidget(label, 1)
        if may_edit:
            for word, deed in (("Edit", self.edit), ("Remove", self.remove)):
                link = LinkButton(word, holder)
                link.setAccessibleName(f"{word} {words}")
                link.clicked.connect(partial(self._do, deed, number))
                row.addWidget(link)
        return holder

    def _do(self, deed: Callable[[int], None], number: int, _checked: bool = False) -> None:
        deed(number)

    def edit(self, number: int | None) -> None:
        """Change a term, or add one (None)."""
        term = self.terms[number] if number is not None else None
        sheet = TermSheet(self._desk, self._workspace, self.terms, number, term, self)
        sheet.saved.connect(self._saved)
        sheet.open_sheet()

    def remove(self, number: int) -> None:
        """Take a term away, once the person agrees."""
        term = self.terms[number]
        if not ask(
            self, f"Remove {term_words(term)}?", "Remove", "Keep it",
            more="Open deadlines are counted anew without it.",
        ):  # fmt: skip
            return
        left = [one for i, one in enumerate(self.terms) if i != number]
        calendar = self._workspace.calendar
        self._desk.tasks.run(self, lambda: calendar.set_terms(left), self._saved)

    @Slot(object)
    def _saved(self, moved: object) -> None:
        self.changed.emit(saved_words(moved))


def saved_words(moved: object) -> str:
    """“Saved. 3 open deadlines moved.”"""
    count = moved if isinstance(moved, int) else 0
    if count == 0:
        return "Saved. No open deadline moved."
    return f"Saved. {count} open {'deadline' if count == 1 else 'deadlines'} moved."


def term_words(term: Term) -> str:
    """“Fall · Aug 17, 2026 to Dec 18, 2026”."""
    kind = "summer session" if term.summer else ""
    bell = f"ends {clock_words(term.bell)}" if term.bell is not None else ""
    span = f"{full_date(term.begins)} to {full_date(term.ends)}"
    return " · ".join(word for word in (term.label or "Term", span, kind, bell) if word)


class TermSheet(Sheet):
    """One term: name, first and last day, whether it is a summer session, its own bell."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        terms: tuple[Term, ...],
        number: int | None,
        term: Term | None,
        parent: QWidget | None = None,
    ) -> None:
        title = "Add a term" if term is None else "Edit the term"
        super().__init__(desk, title, "Save", parent)
        self._workspace, self._terms, self._number = workspace, terms, number
        today = desk.clock.now().date()
        self.name = TextLine(hint="Fall")
        self.begins = DayLine(today, term.begins if term else None)
        self.ends = DayLine(today, term.ends if term else None)
        self.bell = TextLine(hint="As always")
        if term is not None:
            self.name.setText(term.label)
            self.bell.setText(term.bell.strftime("%H:%M") if term.bell else "")
        self.add("name", "Name", self.name)
        self.add("begins", "First day", self.begins, required=True)
        self.add("ends", "Last day", self.ends, required=True)
        self.pair("begins", "ends")
        self.add("bell", "School ends at", self.bell,
                 hint="Only where it differs from the usual bell.")  # fmt: skip
        self.summer = self.tick("A summer session (extended school year)",
                                term.summer if term else False)  # fmt: skip
        self.on_save(self._work)

    def _work(self) -> Callable[[], Any] | None:
        begins = self.frames["begins"].read(self.begins.day, "Say on which day.")
        ends = self.frames["ends"].read(self.ends.day, "Say on which day.")
        try:
            bell = read_clock(self.bell.text(), self._desk.clock.now())
        except ValueError as e:
            self.frames["bell"].say(str(e))
            return None
        if begins is None or ends is None:
            return None
        if ends < begins:
            self.frames["ends"].say("This is before the first day. Correct one of the two.")
            return None
        made = Term(begins, ends, self.name.text().strip(), self.summer.isChecked(), bell)
        terms = list(self._terms)
        if self._number is None:
            terms.append(made)
        else:
            terms[self._number] = made
        calendar = self._workspace.calendar
        return lambda: calendar.set_terms(terms)


class BellSheet(Sheet):
    """The usual end of the school day."""

    def __init__(
        self, desk: Desk, workspace: Workspace, bell: time | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, "The bell", "Save", parent, wide=380)
        self._workspace = workspace
        self.clock = TextLine(hint="3:10 pm")
        self.clock.setText(bell.strftime("%H:%M") if bell is not None else "")
        self.add("bell", "School ends at", self.clock,
                 hint="Blank: a school day counts until 11:59 pm.")  # fmt: skip
        self.on_save(self._work)

    def _work(self) -> Callable[[], Any] | None:
        try:
            bell = read_clock(self.clock.text(), self._desk.clock.now())
        except ValueError as e:
            self.frames["bell"].say(str(e))
            return None
        calendar = self._workspace.calendar
        return lambda: calendar.set_bell(bell)


__all__ = ["BellSheet", "TermSheet", "TermsCard", "saved_words", "term_words"]
