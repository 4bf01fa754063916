"""Whose own a student is, on the student's page; and the students of a staff member."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.inputs import Choice, SearchLine, found_words
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from bt_desktop.services.results.people import OwnStudent, Person, PersonHit, TeamMember
    from bt_desktop.services.workspace import Workspace

_CASELOAD_TALL = 480
SOURCES = {
    "class": "from the class",
    "manager": "case manager",
    "hand": "added by hand",
}


class TeamCard(QWidget):
    """The staff whose own a student is."""

    def __init__(
        self, desk: Desk, workspace: Workspace, student_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._workspace, self._student = desk, workspace, student_id
        self.add = SecondaryButton("Add staff", self)
        self.add.setVisible(workspace.caseloads.may_edit)
        self.add.clicked.connect(self._open)
        head = QHBoxLayout()
        head.addWidget(SectionTitle("Staff who work with this student", self))
        head.addStretch(1)
        head.addWidget(self.add)
        self.card = Card(self, margin=0, spacing=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.card)

    @Slot()
    def load(self) -> None:
        """Read them."""
        caseloads, which = self._workspace.caseloads, self._student

        def read() -> tuple[TeamMember, ...]:
            try:
                return caseloads.team(which)
            except KnownError:
                return ()

        self._desk.tasks.latest(self, "team", read, self.show_team)

    def show_team(self, team: tuple[TeamMember, ...]) -> None:
        """Show them."""
        clear_column(self.card)
        if not team:
            words = Muted(
                "Nobody yet. Classes and case managers of the roster stand here by themselves; "
                "others are added by hand.",
                self.card,
            )
            words.setContentsMargins(14, 12, 14, 12)
            self.card.column.addWidget(words)
        before: QWidget = self.add
        for i, one in enumerate(team):
            if i:
                self.card.column.addWidget(Hairline(self.card))
            facts = " · ".join(f for f in (one.title, SOURCES.get(one.source, one.source)) if f)
            drop = None
            if one.source == "hand" and self._workspace.caseloads.may_edit:
                drop = partial(self._drop, one.staff_id)
            row = person_row(self.card, one.name, facts, drop)
            self.card.column.addWidget(row)
            for link in row.findChildren(LinkButton):
                QWidget.setTabOrder(before, link)  # made later, it would else come last
                before = link

    def _drop(self, staff: str) -> None:
        caseloads, which = self._workspace.caseloads, self._student
        self._desk.tasks.run(self, lambda: caseloads.remove(staff, [which]), self._changed)

    def _changed(self, _: object) -> None:
        self.load()

    @Slot()
    def _open(self) -> None:
        sheet = AddStaff(self._desk, self._workspace, self._student, self)
        sheet.saved.connect(self.load)
        sheet.open_sheet()


class AddStaff(Sheet):
    """Make a student somebody's own. `saved` after it."""

    def __init__(
        self, desk: Desk, workspace: Workspace, student_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, "Add staff to this student", "Add", parent, wide=420)
        self._workspace, self._student = workspace, student_id
        self.who = Choice()
        self.add(
            "who", "Staff member", self.who, hint="They open this student's records as their own."
        )
        desk.tasks.run(self, workspace.people.staff, self._show, lane=Lane.READ)
        self.on_save(self._collect_staff)

    def _show(self, staff: tuple[Person, ...]) -> None:
        self.who.fill([(f"{p.name} · {p.title}" if p.title else p.name, p.id) for p in staff])

    def _collect_staff(self) -> Callable[[], int] | None:
        staff, caseloads, which = self.who.currentData(), self._workspace.caseloads, self._student
        if not staff:
            self.frames["who"].say("Choose a staff member.")
            return None
        return lambda: caseloads.add(str(staff), [which])


class CaseloadSheet(Sheet):
    """The students of a staff member: found, added, taken away, each at once."""

    changed = Signal()

    def __init__(
        self, desk: Desk, workspace: Workspace, person: Person, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, f"Students of {person.name}", "Done", parent, wide=560)
        self._workspace, self._staff = workspace, person.id
        self.may = workspace.caseloads.may_edit
        self.line = SearchLine(desk.theme, "Add a student: any part of a name")
        self.line.setVisible(self.may)
        self.line.textChanged.connect(self._search)
        self.found = Card(None, margin=0, spacing=0)
        self.found.hide()
        self.news = Banner(desk.theme)
        self.own = Card(None, margin=0, spacing=0)
        for widget in (self.line, self.found, self.news, self.own):
            self.column.addWidget(widget)
        self.on_save(lambda: lambda: None)
        for button in self.findChildren(SecondaryButton):
            button.hide()  # each deed is done at once: there is nothing to cancel
        self.load()

    def open_sheet(self) -> None:
        """Show it, with room for the students who are still being read."""
        super().open_sheet()
        room = self._room().height() - 60
        tall = min(self._desk.theme.px(_CASELOAD_TALL), room)
        self.resize(self.width(), max(self.height(), tall))

    def load(self) -> None:
        """Read the students."""
        caseloads, staff = self._workspace.caseloads, self._staff
        self._desk.tasks.latest(self, "own", lambda: caseloads.students(staff), self.show_own)

    def show_own(self, own: tuple[OwnStudent, ...]) -> None:
        """Show them."""
        clear_column(self.own)
        if not own:
            words = Muted("No students yet.", self.own)
            words.setContentsMargins(14, 12, 14, 12)
            self.own.column.addWidget(words)
        for i, one in enumerate(own):
            if i:
                self.own.column.addWidget(Hairline(self.own))
            grade = f"grade {one.grade}" if one.grade else ""
            facts = " · ".join(f for f in (grade, SOURCES.get(one.source, "")) if f)
            drop = None
            if one.source == "hand" and self.may:
                drop = partial(self._drop, one.student_id)
            self.own.column.addWidget(person_row(self.own, one.name, facts, drop))

    @Slot()
    def _search(self) -> None:
        text, people = self.line.text().strip(), self._workspace.people
        if not text:
            self.found.hide()
            return
        self._desk.tasks.latest(
            self, "find", lambda: people.search(text, ("student",), 6), self._show_found
        )

    def _show_found(self, hits: tuple[PersonHit, ...]) -> None:
        self.line.tell(found_words(len(hits)))
        clear_column(self.found)
        for i, hit in enumerate(hits):
            if i:
                self.found.column.addWidget(Hairline(self.found))
            grade = f"grade {hit.grade}" if hit.grade else ""
            facts = " · ".join(f for f in (grade, hit.teacher) if f)
            row = person_row(self.found, hit.name, facts, partial(self._add, hit.id), "Add")
            self.found.column.addWidget(row)
        self.found.setVisible(bool(hits))

    def _add(self, student: str) -> None:
        caseloads, staff = self._workspace.caseloads, self._staff
        self._desk.tasks.run(self, lambda: caseloads.add(staff, [student]), self._added)

    def _added(self, count: int) -> None:
        self.news.tell("Added." if count else "They are among them already.", Tone.OK)
        self.line.clear()
        self.line.setFocus()
        self.load()
        self.changed.emit()

    def _drop(self, student: str) -> None:
        caseloads, staff = self._workspace.caseloads, self._staff
        self._desk.tasks.run(
            self, lambda: caseloads.remove(staff, [student]), lambda _: self.load()
        )


def person_row(
    parent: QWidget,
    name: str,
    facts: str,
    deed: Callable[[], None] | None,
    verb: str = "Remove",
) -> QWidget:
    """One person of a card, with a deed at the right where there is one."""
    row = QWidget(parent)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(plain_label(name, "strong", row))
    words.addWidget(Muted(facts, row))
    line = QHBoxLayout(row)
    line.setContentsMargins(14, 8, 14, 8)
    line.setSpacing(14)
    line.addLayout(words, 1)
    if deed is not None:
        link = LinkButton(verb, row)
        link.setAccessibleName(f"{verb} {name}")
        link.clicked.connect(lambda _=False: deed())
        line.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
    return row


def clear_column(card: Card) -> None:
    """Take everything out of a card."""
    while (item := card.column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
