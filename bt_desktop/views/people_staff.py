"""Staff with their trainings and until when each is valid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.student_edit import line
from bt_desktop.views.student_team import CaseloadSheet
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, Pill, SectionTitle, plain_label
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Person, Training
    from bt_desktop.services.workspace import Workspace

_TRAININGS = 3
_SOON_DAYS = 60


def training_pill(training: Training, today: date) -> tuple[str, str]:
    """A training in words with its tone: valid, soon to expire, expired."""
    if training.until is None:
        return training.program, "ok"
    if training.until < today:
        return f"{training.program}: expired {full_date(training.until)}", "danger"
    soon = (training.until - today).days <= _SOON_DAYS
    words = "expires" if soon else "valid to"
    return f"{training.program}: {words} {full_date(training.until)}", "warn" if soon else "ok"


class StaffSheet(Sheet):
    """Add a staff member, or change one, with up to three trainings. `saved(staff id)`."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        person: Person | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = "Change the staff member" if person else "Add a staff member"
        super().__init__(desk, title, "Save", parent)
        self._workspace, self._person, p = workspace, person, person
        today = desk.clock.now().date()
        self.given, self.family = line(p.given if p else ""), line(p.family if p else "")
        self.job, self.email = line(p.title if p else ""), line(p.email if p else "")
        self.add("given", "First name", self.given, required=True)
        self.add("family", "Last name", self.family, required=True)
        self.pair("given", "family")
        self.add("title", "Title", self.job)
        self.add("email", "Email", self.email)
        self.pair("title", "email")
        held = list(p.trainings if p else ())
        self.trainings: list[tuple[str, TextLine, DayLine, TextLine]] = []
        for i in range(max(_TRAININGS, len(held) + 1)):
            training = held[i] if i < len(held) else None
            program = line(training.program if training else "")
            until = DayLine(today, training.until if training else None)
            certificate = line(training.certificate if training else "")
            key = f"training{i}"
            self.add(key, f"Training {i + 1}", program)
            self.add(f"{key}_until", "Valid to", until)
            self.add(f"{key}_certificate", "Certificate", certificate)
            self.pair(key, f"{key}_until", f"{key}_certificate")
            self.trainings.append((key, program, until, certificate))
        self.on_save(self._collect_staff)

    def _collect_staff(self) -> Callable[[], str] | None:
        from bt_desktop.services.results.people import NewStaff, Training

        kept = []
        for key, program, until, certificate in self.trainings:
            name = program.text().strip()
            if not name:
                continue
            try:
                day = until.day()
            except ValueError as wrong:
                self.frames[f"{key}_until"].say(str(wrong))
                return None
            kept.append(Training(name, day, certificate.text().strip()))
        p = self._person
        new = NewStaff(
            given=self.given.text().strip(),
            family=self.family.text().strip(),
            title=self.job.text().strip(),
            middle=p.middle if p else "",
            preferred=p.preferred if p else "",
            family_first=p.family_first if p else False,
            email=self.email.text().strip(),
            trainings=tuple(kept),
        )
        people = self._workspace.people
        if p is None:
            return lambda: people.add_staff(new)

        def change() -> str:
            people.update_staff(p.id, new)
            return p.id

        return change


class StaffSection(QWidget):
    """The list of staff."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.banner = Banner(desk.theme, self)
        self.add = PrimaryButton("Add a staff member", self)
        self.add.clicked.connect(lambda: self.edit(None))
        head = QHBoxLayout()
        head.addWidget(SectionTitle("Staff and trainings", self))
        head.addStretch(1)
        head.addWidget(self.add)
        self.card = Card(self, margin=0, spacing=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.card)
        column.addStretch(1)

    @Slot()
    def load(self) -> None:
        """Read the staff."""
        self._desk.tasks.run(self, self._workspace.people.staff, self.show_staff, lane=Lane.READ)

    def show_staff(self, staff: tuple[Person, ...]) -> None:
        """Show them."""
        while (item := self.card.column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for i, person in enumerate(staff):
            if i:
                self.card.column.addWidget(Hairline(self.card))
            self.card.column.addWidget(self._row(person))

    def _row(self, person: Person) -> QWidget:
        today = self._desk.clock.now().date()
        row = QWidget(self.card)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(plain_label(person.name, "strong", row))
        facts = " · ".join(f for f in (person.title, person.email) if f)
        if facts:
            words.addWidget(Muted(facts, row))
        if person.trainings:
            flow = FlowLayout(gap=6)
            for training in person.trainings:
                flow.addWidget(Pill(*training_pill(training, today), row))
            words.addLayout(flow)
        else:
            words.addWidget(Muted("no restraint training on file", row))
        change = LinkButton("Change", row)
        change.setAccessibleName(f"Change {person.name}")
        change.clicked.connect(lambda: self.edit(person))
        students = LinkButton("Students", row)
        students.setAccessibleName(f"Students of {person.name}")
        students.clicked.connect(lambda: self.show_students(person))
        line_ = QHBoxLayout(row)
        line_.setContentsMargins(14, 10, 14, 10)
        line_.setSpacing(14)
        line_.addLayout(words, 1)
        line_.addWidget(students, 0, Qt.AlignmentFlag.AlignTop)
        line_.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def show_students(self, person: Person) -> None:
        """Open the sheet of a staff member's own students."""
        CaseloadSheet(self._desk, self._workspace, person, self).open_sheet()

    def edit(self, person: Person | None) -> None:
        """Open the sheet."""
        sheet = StaffSheet(self._desk, self._workspace, person, self)
        sheet.saved.connect(self._saved)
        sheet.open_sheet()

    @Slot()
    def _saved(self) -> None:
        self.banner.tell("Saved.", Tone.OK)
        self.load()
