"""One student: details, guardians with what may go to whom, and the records about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.problems import PurposeNeeded
from bt_desktop.views.desk import Desk
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.purpose_sheet import PurposeSheet, ask_purpose
from bt_desktop.views.records_model import RecordsModel
from bt_desktop.views.student_alerts import AlertNote
from bt_desktop.views.student_edit import PLANS, GuardianSheet, HealthSheet, StudentSheet
from bt_desktop.views.student_moves import MoveSheet, move_words
from bt_desktop.views.student_photo import PhotoBox
from bt_desktop.views.student_team import TeamCard
from bt_desktop.views.student_year import StudentYear
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.table import LONGEST_MOMENT, LONGEST_STATE, Table, TableCard
from bt_desktop.views.widgets.text import Muted, PageTitle, Pill, SectionTitle, plain_label
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Guardian, Person
    from bt_desktop.services.results.students import StudentRecords
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.services.year import Move

_MOVES = 5


@dataclass(frozen=True, slots=True)
class StudentView:
    """What the page shows, read in one go; `guardians` None where the role may not see them."""

    person: Person
    same_name: bool
    guardians: tuple[Guardian, ...] | None
    records: StudentRecords
    manager: str = ""
    moves: tuple[Move, ...] = ()
    health: bool = False


def read_student(workspace: Workspace, student_id: str) -> StudentView:
    """Everything the page shows (on a worker). Raises PurposeNeeded."""
    records = workspace.student_pages.open(student_id)  # asks what for, and is written down
    person = workspace.people.get(student_id)
    hits = workspace.people.search(person.name, ("student",), 15)
    same = any(hit.same_name for hit in hits if hit.id == student_id)
    try:
        guardians: tuple[Guardian, ...] | None = workspace.people.guardians(student_id)
    except KnownError:
        guardians = None
    manager = workspace.people.labels([person.case_manager]) if person.case_manager else {}
    moves = workspace.year.moves(student_id)
    return StudentView(
        person,
        same,
        guardians,
        records,
        "".join(manager.values()),
        moves[:_MOVES],
        workspace.health.reaches(student_id),
    )


class StudentPage(Page):
    """`back_asked`, `record_asked(record_id)`, `log_asked(student_id)` for who saw what,
    `health_asked(student_id)` for the health file, `card_asked(student_id)` for the emergency card,
    `glass_asked(student_id, name)` to open a sealed file in an emergency."""

    title = "Student"
    back_asked = Signal()
    record_asked = Signal(str)
    log_asked = Signal(str)
    health_asked = Signal(str)
    card_asked = Signal(str)
    glass_asked = Signal(str, str)

    def __init__(
        self, desk: Desk, workspace: Workspace, student_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk.theme, parent, wide=900)
        self._desk, self._workspace, self._id = desk, workspace, student_id
        self._person: Person | None = None
        self.asked_for: PurposeSheet | None = None
        self._make_head()
        self._make_parts()
        self._lay_out()

    def _make_head(self) -> None:
        back = self._back = LinkButton("‹ Students", self)
        back.setAccessibleName("Back to Students")
        back.clicked.connect(self.back_asked)
        self.name = PageTitle("", self)
        self.name.setWordWrap(True)
        self.edit = SecondaryButton("Change", self)
        self.edit.clicked.connect(self._change)
        self.active = SecondaryButton("Leaves…", self)
        self.active.clicked.connect(self._move)
        self.health = SecondaryButton("Health file", self)
        self.health.clicked.connect(lambda: self.health_asked.emit(self._id))
        self.health.hide()
        self.card = SecondaryButton("Emergency card", self)
        self.card.clicked.connect(lambda: self.card_asked.emit(self._id))
        self.card.setVisible(self._workspace.health.card.may_read)
        self.sealed = SecondaryButton("Sealed health file…", self)
        self.sealed.setAccessibleDescription("Open it in an emergency, with a reason")
        self.sealed.clicked.connect(lambda: self.glass_asked.emit(self._id, self.name.text()))
        self.sealed.hide()
        self.photo = PhotoBox(self._desk, self._workspace, self)
        head = self._head = QVBoxLayout()
        head.setSpacing(8)
        deeds = FlowLayout()  # four of them and a long name do not fit in one line at 200 %
        head.addWidget(self.name)
        for deed in (self.card, self.sealed, self.health, self.active, self.edit):
            deeds.addWidget(deed)
        head.addLayout(deeds)
        self.pills = FlowLayout()
        self.alerts = AlertNote(self._desk.theme, self)

    def _make_parts(self) -> None:
        desk = self._desk
        self.facts = Card(self)
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(24)
        self._facts.setVerticalSpacing(8)
        self._facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.facts.column.addLayout(self._facts)
        self.guardians = Card(self, margin=0, spacing=0)
        self.add = SecondaryButton("Add a guardian", self)
        self.add.clicked.connect(lambda: self._edit_guardian(None))
        guardians_head = self._guardians_head = QHBoxLayout()
        guardians_head.addWidget(SectionTitle("Guardians", self))
        guardians_head.addStretch(1)
        guardians_head.addWidget(self.add)
        self.team = TeamCard(desk, self._workspace, self._id, self)
        self.model = RecordsModel(desk.clock.now, self)
        self.records = TableCard(self)
        inside = self.records.inside
        self.table = Table(desk.theme, fit=True, parent=self.records)
        self.table.setAccessibleName("Records about this student")
        self.table.setModel(self.model)
        self.table.setColumnHidden(1, True)
        self.table.set_shares(32, 0, 26, 24, 18)
        self.table.drop_below(3, 620)
        self.table.keep_whole(2, LONGEST_MOMENT)
        self.table.keep_whole(4, LONGEST_STATE)
        self.table.opened.connect(lambda index: self.record_asked.emit(self.model.record(index).id))
        inside.addWidget(self.table)
        self.no_records = Muted(
            "No record about this student that you may see. What is written about them stands "
            "here, newest first.",
            self,
        )
        self.more = Muted("", self)
        self.log = LinkButton("Who saw what", self)
        self.log.setAccessibleDescription("The access log of this student")
        self.log.clicked.connect(lambda: self.log_asked.emit(self._id))
        self.year = StudentYear(desk.theme, self)
        self._records_head = QHBoxLayout()
        self._records_head.addWidget(SectionTitle("Records", self))
        self._records_head.addStretch(1)
        self._records_head.addWidget(self.log)

    def _lay_out(self) -> None:
        column = self.column
        column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._head)
        column.addWidget(self.photo)
        self.photo.beside.insertLayout(0, self.pills)
        column.addWidget(self.alerts)
        column.addWidget(self.year)
        column.addWidget(self.facts)
        column.addSpacing(4)
        column.addLayout(self._guardians_head)
        column.addWidget(self.guardians)
        column.addSpacing(4)
        column.addWidget(self.team)
        column.addSpacing(4)
        column.addLayout(self._records_head)
        column.addWidget(self.records)
        column.addWidget(self.more)
        column.addWidget(self.no_records)
        column.addStretch(1)

    @Slot()
    def load(self) -> None:
        """Read the student."""
        workspace, which = self._workspace, self._id
        self._desk.tasks.run(
            self, lambda: read_student(workspace, which), self.show_student, self._refused,
            lane=Lane.READ,
        )  # fmt: skip

    def _refused(self, problem: BaseException) -> None:
        if isinstance(problem, PurposeNeeded):
            self.asked_for = ask_purpose(
                self._desk, self._workspace, problem, self, then=self.load,
                otherwise=self.back_asked.emit,
            )  # fmt: skip
            return
        self._desk.feedback.report(self, problem)

    def show_student(self, view: StudentView) -> None:
        """Show what was read."""
        person = self._person = view.person
        self.name.setText(person.name)
        self.active.setText("Leaves…" if person.active else "Comes back…")
        self.active.setVisible(self._workspace.year.may_move)
        self.health.setVisible(view.health)
        self.sealed.setVisible(self._workspace.health.glass.may_open)
        self.photo.show_person(person)
        self.team.load()
        _clear(self.pills)
        for word, tone in self._marks(view):
            self.pills.addWidget(Pill(word, tone, self))
        self._show_facts(view)
        self._show_guardians(view.guardians)
        self.alerts.show_person(person)
        self._show_records(view.records)

    def _show_records(self, records: StudentRecords) -> None:
        timeline = records.timeline
        self.model.set_rows(timeline)
        self.table.rows_changed()
        self.records.setVisible(bool(timeline))
        self.no_records.setVisible(not timeline)
        self.more.setText("Older records stand in the list of all records." if records.more else "")
        self.more.setVisible(records.more)
        self.log.setVisible(records.access_log)
        self.year.show_records(records)

    def _marks(self, view: StudentView) -> list[tuple[str, str]]:
        marks = []
        if view.same_name:
            marks.append(("Another student has this name: check the birth date", "warn"))
        if not view.person.active:
            left = view.person.left_on
            marks.append((f"Left {full_date(left)}" if left else "Inactive", "plain"))
        names = dict(PLANS)
        plans = [names.get(plan, plan.replace("_", " ").upper()) for plan in view.person.plans]
        marks += [(word, "accent") for word in plans]
        return marks

    def _show_facts(self, view: StudentView) -> None:
        p = view.person
        while self._facts.rowCount():
            self._facts.removeRow(0)
        rows = (
            ("Called", p.preferred),
            ("Born", full_date(p.birth_date)),
            ("Grade", p.grade),
            ("Teacher", p.teacher),
            ("Student number", p.student_number),
            ("Home language", p.home_language),
            ("Phone", p.phone),
            ("Case manager", view.manager),
            ("Health note", p.health_note),
            ("At this school", "\n".join(map(move_words, view.moves))),
            ("From", "the imported roster" if p.from_roster else ""),
        )
        for word, value in rows:
            if not value:
                continue
            shown = plain_label(value, "", self.facts)
            shown.setWordWrap(True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addRow(Muted(word, self.facts, wrap=False), shown)

    def _show_guardians(self, guardians: tuple[Guardian, ...] | None) -> None:
        while (item := self.guardians.column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.add.setVisible(guardians is not None)
        if not guardians:
            words = Muted(
                "Your role does not show guardians."
                if guardians is None
                else "No guardian is entered. Without one no copy can be handed to a parent.",
                self.guardians,
            )
            words.setContentsMargins(14, 12, 14, 12)
            self.guardians.column.addWidget(words)
            return
        before: QWidget = self.add
        for i, guardian in enumerate(guardians):
            if i:
                self.guardians.column.addWidget(Hairline(self.guardians))
            row = GuardianRow(self._desk, guardian, self.guardians)
            row.change.clicked.connect(lambda _=False, g=guardian: self._edit_guardian(g))
            self.guardians.column.addWidget(row)
            QWidget.setTabOrder(before, row.change)  # made later, it would else come last
            before = row.change

    @Slot()
    def _change(self) -> None:
        if self._person is None:
            return
        people = self._workspace.people
        only_health = people.may_edit_health and not people.may_edit
        sheet = (HealthSheet if only_health else StudentSheet)(
            self._desk, self._workspace, self._person, self
        )
        sheet.saved.connect(self.load)
        sheet.open_sheet()

    def _edit_guardian(self, guardian: Guardian | None) -> None:
        sheet = GuardianSheet(self._desk, self._workspace, self._id, guardian, self)
        sheet.saved.connect(self.load)
        sheet.open_sheet()

    @Slot()
    def _move(self) -> None:
        if self._person is not None:
            sheet = MoveSheet(self._desk, self._workspace, self._person, self)
            sheet.saved.connect(self.load)
            sheet.open_sheet()


class GuardianRow(QWidget):
    """One guardian: who, how to reach, and in words what may and may not be done."""

    def __init__(self, desk: Desk, guardian: Guardian, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = plain_label(guardian.name, "strong", self)
        self.change = LinkButton("Change", self)
        self.change.setAccessibleName(f"Change {guardian.name}")
        interpreter = "needs an interpreter" if guardian.needs_interpreter else ""
        facts = (guardian.relation, guardian.language, interpreter, guardian.phone, guardian.email)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(Muted(" · ".join(f for f in facts if f), self))
        line = QHBoxLayout()
        line.setSpacing(6)
        allowed = guardian.allowed
        line.addWidget(
            IconLabel(desk.theme, "check" if allowed else "warn", "ok" if allowed else "danger",
                      16, self),
            0,
            Qt.AlignmentFlag.AlignTop,
        )  # fmt: skip
        says = "May receive copies." if allowed else guardian.why_not
        said = plain_label(says, "okSmall" if allowed else "dangerSmall", self)
        said.setWordWrap(True)
        line.addWidget(said, 1)
        words.addLayout(line)
        if guardian.custody_note:
            words.addWidget(Muted(f"Custody note: {guardian.custody_note}", self))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)


def _clear(layout: FlowLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
