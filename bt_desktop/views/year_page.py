"""The end of the school year: what becomes of each student, with exceptions, then all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.names import fold
from bt_desktop.services.year import DEEDS, GRADES, Deed, YearLine, next_grade
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone, ask
from bt_desktop.views.widgets.buttons import Chip, LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import Choice, SearchLine
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.table import ROW_ROLE, TONE_ROLE, Table, TableCard
from bt_desktop.views.widgets.text import Muted, PageTitle, plain_label
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from bt_desktop.services.workspace import Workspace
    from bt_desktop.services.year import LastRollover, YearPlan

_TALL = 360
_TONES = {"promoted": "plain", "retained": "warn", "graduated": "ok", "left": "accent"}
NAME, GRADE, WHAT, BECOMES = range(4)


class YearModel(RowsModel[YearLine]):
    """Students with what becomes of each."""

    HEADS = ("Name", "Grade", "At the end of the year", "Then in")

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        line, column = self._rows[index.row()], index.column()
        if role == ROW_ROLE:
            return line
        if role == TONE_ROLE and column == WHAT:
            return "danger" if line.unsure else _TONES[line.deed]
        if role == Qt.ItemDataRole.DisplayRole:
            what = "Look at this one" if line.unsure else DEEDS[line.deed]
            return (line.name, line.grade or "none", what, line.to_grade)[column]
        return None


class YearPage(Page):
    """`done` when the person goes back to the students."""

    title = "End of the school year"
    done = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent, wide=760)
        self._desk, self._year = desk, workspace.year
        self.plan: YearPlan | None = None
        self._only: str = ""
        back = LinkButton("‹ Students", self)
        back.setAccessibleName("Back to Students")
        back.clicked.connect(self.done)
        self.column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(PageTitle("End of the school year", self))
        self.column.addWidget(
            Muted(
                "Grades go up, those who leave become inactive, caseloads of the year end. "
                "Records, drafts and deadlines stay. Nothing happens before you press the button "
                "below; import the new year’s roster afterwards.",
                self,
            )
        )
        self.before = self._before()
        self.column.addWidget(self.before)
        self.column.addLayout(self._settings())
        self.column.addLayout(self._chips())
        self.filter = SearchLine(desk.theme, "Find in this list", parent=self)
        self.filter.textChanged.connect(self._narrow)
        self.column.addWidget(self.filter)
        self.column.addWidget(Muted("Press Enter on a student to make an exception.", self))
        self.column.addWidget(self._list())
        self.facts = plain_label("", "", self)
        self.facts.setWordWrap(True)
        self.column.addWidget(self.facts)
        self.go = PrimaryButton("End the school year", self)
        self.go.clicked.connect(self.end_year)
        self.column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)

    def _before(self) -> Card:
        card = Card(self, margin=12, spacing=6, edge="accent")
        self.before_words = plain_label("", "", card)
        self.before_words.setWordWrap(True)
        self.undo = SecondaryButton("Take it back", card)
        self.undo.clicked.connect(self.take_back)
        card.column.addWidget(self.before_words)
        card.column.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignLeft)
        card.hide()
        return card

    def _settings(self) -> QHBoxLayout:
        self.top = Choice(self)
        self.top.fill([(f"Grade {g}", g) for g in GRADES])
        self.top.currentIndexChanged.connect(self.load)
        today = self._desk.clock.now().date()
        self.day = DayLine(today, today)
        self.day_frame = FieldFrame(self._desk.theme, "Last day of school", self.day, parent=self)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(
            FieldFrame(self._desk.theme, "Last grade of this school", self.top, parent=self), 1
        )
        row.addWidget(self.day_frame, 1)
        return row

    def _chips(self) -> FlowLayout:
        self._flow = FlowLayout()
        self._group = QButtonGroup(self)
        self.chips: dict[str, Chip] = {}
        for key in ("", *DEEDS, "unsure"):
            chip = self.chips[key] = Chip("", self)
            chip.clicked.connect(lambda _=False, which=key: self._show_only(which))
            self._group.addButton(chip)
            self._flow.addWidget(chip)
        self.chips[""].setChecked(True)
        return self._flow

    def _list(self) -> QFrame:
        self.card = TableCard(self)
        inside = self.card.inside
        self.model = YearModel(self)
        self.table = Table(self._desk.theme, parent=self.card)
        self.table.setAccessibleName("What becomes of each student")
        self.table.setModel(self.model)
        self.filter.tells_of(self.model)
        self.table.set_shares(38, 14, 32, 16)
        self.table.opened.connect(lambda index: self.except_(self.model.row(index)))
        inside.addWidget(self.table)
        self._desk.theme.changed.connect(self._size_up)
        self._size_up()
        return self.card

    @Slot()
    def _size_up(self) -> None:
        self.card.setFixedHeight(self._desk.theme.px(_TALL))

    # --- showing ---------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Read what would become of each student."""
        year, top = self._year, str(self.top.currentData() or "") if self.plan else ""

        def read() -> tuple[YearPlan, LastRollover | None]:
            return year.plan(top), year.last()

        self._desk.tasks.latest(self, "year", read, self.show_plan)

    def show_plan(self, found: tuple[YearPlan, LastRollover | None]) -> None:
        """Show what would become of each student."""
        self.plan, last = found
        self.top.fill([(f"Grade {g}", g) for g in GRADES], self.plan.top_grade)
        self.before.setVisible(last is not None)
        if last is not None:
            on = full_date(last.on)
            words = f"The year was ended for {last.students:,} students (last day {on}). "
            self.before_words.setText(words + (last.why_not or "It can be taken back as a whole."))
            self.undo.setVisible(not last.why_not)
            self.undo.setProperty("batch", last.batch)
        self._show_lines()

    def _show_lines(self) -> None:
        if self.plan is None:
            return
        unsure = sum(1 for line in self.plan.lines if line.unsure)
        counts: dict[str, int] = {"": len(self.plan.lines), "unsure": unsure}
        counts |= {deed: self.plan.count(deed) for deed in DEEDS}
        words: dict[str, str] = {"": "All", "unsure": "To look at"}
        words |= {str(deed): said for deed, said in DEEDS.items()}
        for key, chip in self.chips.items():
            chip.setText(f"{words[key]} {counts[key]:,}")
            chip.setAccessibleName(f"{words[key]}: {counts[key]:,} students")
            chip.setVisible(key == "" or counts[key] > 0)
        self._narrow()
        ended = self.plan.caseloads
        self.facts.setText(
            f"{counts['promoted']:,} go up, {counts['retained']:,} stay in their grade, "
            f"{counts['graduated'] + counts['left']:,} leave. "
            + (f"{ended:,} caseload entries end." if ended else "No caseload ends.")
        )
        self.go.setEnabled(bool(self.plan.lines))

    def _show_only(self, which: str) -> None:
        self._only = which
        self._narrow()

    @Slot()
    def _narrow(self) -> None:
        if self.plan is None:
            return
        words = fold(self.filter.text()).split()
        only = self._only
        self.model.set_rows(
            tuple(
                line
                for line in self.plan.lines
                if (not only or line.deed == only or (only == "unsure" and line.unsure))
                and all(word in fold(line.name) for word in words)
            )
        )

    def except_(self, line: YearLine) -> None:
        """Make an exception for one student."""
        sheet = ExceptionSheet(self._desk, line, self)
        sheet.saved.connect(self._changed)
        sheet.open_sheet()

    def _changed(self, line: object) -> None:
        if self.plan is None:
            return
        new = cast(YearLine, line)
        lines = tuple(new if one.student_id == new.student_id else one for one in self.plan.lines)
        self.plan = replace(self.plan, lines=lines)
        self._show_lines()

    # --- doing -----------------------------------------------------------------------------

    def _day(self) -> date | None:
        try:
            day = self.day.day()
        except ValueError as wrong:
            self.day_frame.say(str(wrong))
            return None
        self.day_frame.say("" if day else "Write the last day of school.")
        return day

    @Slot()
    def end_year(self) -> None:
        """Ask once more, then do it."""
        day = self._day()
        if self.plan is None or day is None:
            return
        plan = replace(self.plan, last_day=day)
        count = len(plan.lines)
        if not ask(
            self,
            f"End the school year for {count:,} students?",
            "End the year",
            "Not yet",
            more="It is done whole or not at all, and can be taken back until one of these "
            "students is changed.",
        ):
            return
        self.go.setEnabled(False)
        year = self._year
        self._desk.tasks.run(self, lambda: year.apply(plan), self._done, self._failed)

    def _done(self, done: LastRollover) -> None:
        self.banner.tell(
            f"The year is ended for {done.students:,} students. Import the new year’s roster when "
            "it is there.",
            Tone.OK,
        )
        self.plan = None
        self.load()

    @Slot()
    def take_back(self) -> None:
        """Take the newest end of a year back, whole."""
        batch, year = str(self.undo.property("batch")), self._year
        if ask(self, "Take the end of the year back?", "Take it back", "Leave it as it is"):
            self._desk.tasks.run(self, lambda: year.undo(batch), self._undone, self._failed)

    def _undone(self, count: int) -> None:
        self.banner.tell(f"{count:,} students are as they were before.", Tone.OK)
        self.plan = None
        self.load()

    def _failed(self, problem: BaseException) -> None:
        self.go.setEnabled(True)
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)


class ExceptionSheet(Sheet):
    """What becomes of one student. `saved(line)`."""

    def __init__(self, desk: Desk, line: YearLine, parent: QWidget | None = None) -> None:
        super().__init__(desk, line.name, "Keep", parent, wide=400)
        self._line = line
        self.deed_choice = Choice()
        self.deed_choice.fill([(words, deed) for deed, words in DEEDS.items()], line.deed)
        self.grade = Choice()
        self.grade.fill(
            [(g, g) for g in GRADES], line.to_grade or next_grade(line.grade) or line.grade
        )
        self.add("deed", "At the end of the year", self.deed_choice)
        self.grade_frame = self.add("grade", "New grade", self.grade)
        self.deed_choice.currentIndexChanged.connect(self._another)
        self._another()
        self.on_save(self._collect_line)

    @Slot()
    def _another(self) -> None:
        self.grade_frame.setVisible(self.deed_choice.currentData() in ("promoted", "retained"))
        if self.deed_choice.currentData() == "retained" and self._line.grade in GRADES:
            self.grade.setCurrentIndex(GRADES.index(self._line.grade))

    def _collect_line(self) -> Callable[[], YearLine]:
        deed = cast(Deed, self.deed_choice.currentData())
        stays = deed in ("promoted", "retained")
        to_grade = str(self.grade.currentData() or "") if stays else ""
        made = replace(self._line, deed=deed, to_grade=to_grade, unsure=False)
        return lambda: made
