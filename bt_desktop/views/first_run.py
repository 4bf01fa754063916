"""The first run: from an empty folder to a school with its administrator and recovery key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.door import Door, SetupChoices, setup_choices
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.first_run_recovery import ConfirmStep, RecoveryStep
from bt_desktop.views.first_run_steps import (
    AdministratorStep,
    DoneStep,
    RosterStep,
    RulesStep,
    SchoolStep,
    Step,
    WelcomeStep,
)
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.one_of import OneOf
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import PageTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.access import SetUp, Setup
    from bt_desktop.services.workspace import Workspace

_FORM_WIDE = 560


class FirstRun(QWidget):
    """Steps with Back and Next; each says in place what is missing.

    `done(workspace)` at the end; `check_asked` to check a printed copy instead. Nothing is written
    before the administrator's step; what is then made counts only once the recovery key was
    typed back (a set-up broken off before is put aside by the next one).
    """

    done = Signal(object)
    check_asked = Signal()

    def __init__(self, desk: Desk, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._desk, self._door = desk, door
        self._made: SetUp | None = None
        self._workspace: Workspace | None = None
        theme = desk.theme
        self.welcome = WelcomeStep(desk)
        self.welcome.check_asked.connect(self.check_asked)
        self.school = SchoolStep(desk)
        self.rules = RulesStep(desk)
        self.administrator = AdministratorStep(desk, door)
        self.administrator.password.set_names(self._names)
        self.recovery = RecoveryStep(desk)
        self.confirm = ConfirmStep(desk)
        self.roster = RosterStep(desk)
        self.finish = DoneStep(desk)
        self.steps: tuple[Step, ...] = (
            self.welcome,
            self.school,
            self.rules,
            self.administrator,
            self.recovery,
            self.confirm,
            self.roster,
            self.finish,
        )
        self._at = 0
        self.banner = Banner(theme, self)
        self.title = PageTitle("", self)
        self._marks = [plain_label("", "stepOff", self) for _ in self.steps]
        self.stack = OneOf(self)
        for step in self.steps:
            self.stack.add(step)
            step.next_asked.connect(self.go_on)
        self.back = SecondaryButton("&Back", self)
        self.back.clicked.connect(self.go_back)
        self.next = PrimaryButton("&Next", self)
        self.next.clicked.connect(self.go_on)
        self._lay_out()
        theme.changed.connect(self._size_up)
        self._show(0)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addSpacing(6)
        for mark in self._marks:
            side.addWidget(mark)
        side.addStretch(1)
        self._side = QWidget(self)
        self._side.setLayout(side)
        self._card = Card(self, margin=24, spacing=16)
        self._card.column.addWidget(self.title)
        self._card.column.addWidget(self.banner)
        self._card.column.addWidget(self.stack)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.next)
        self._card.column.addLayout(buttons)
        inner = QWidget(self)
        inner.setObjectName("ground")
        row = QHBoxLayout(inner)
        row.setContentsMargins(24, 32, 24, 32)
        row.setSpacing(32)
        row.addStretch(1)
        middle = QVBoxLayout()  # a stretch, not an alignment: that would cut wrapped words
        middle.addWidget(self._card)
        middle.addStretch(1)
        row.addWidget(self._side, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(middle)
        row.addStretch(2)
        scroll = Scroll(self)
        scroll.setWidget(inner)
        ground = QVBoxLayout(self)
        ground.setContentsMargins(0, 0, 0, 0)
        ground.addWidget(scroll)
        self._size_up()

    @Slot()
    def _size_up(self) -> None:
        px = self._desk.theme.px
        self._card.setFixedWidth(min(px(_FORM_WIDE), max(400, self.width() - 64)))
        self._side.setFixedWidth(px(170))
        self._side.setVisible(self.width() >= px(_FORM_WIDE + 170) + 110)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_up()

    # --- going on ------------------------------------------------------------------------

    def begin(self) -> None:
        """Read what can be chosen from."""
        self._desk.tasks.run(self, setup_choices, self._offer)

    def _offer(self, choices: SetupChoices) -> None:
        self.rules.offer(choices)

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self.steps[self._at]

    @Slot()
    def go_on(self) -> None:
        """Next, if this step is complete."""
        self.banner.clear()
        if not self.next.isEnabled() or not self.step.complete():
            return
        if self.step is self.administrator:
            self._make()
        elif self.step is self.confirm:
            self._confirm()
        elif self.step is self.finish:
            self.done.emit(self._workspace)
        else:
            self._show(self._at + 1)

    @Slot()
    def go_back(self) -> None:
        """The step before."""
        self.banner.clear()
        self._show(self._at - 1)

    def _show(self, at: int) -> None:
        self._at = at
        step = self.step
        self.title.setText(step.title)
        self.stack.show_only(step)
        self.back.setVisible(step.may_go_back)
        self.next.setText(f"&{step.next_word}")
        for i, mark in enumerate(self._marks):
            self._mark(mark, i)
        step.entered()
        if not step.isAncestorOf(self.focusWidget() or self):
            self.next.setFocus()

    def _mark(self, mark: QLabel, i: int) -> None:
        state = "Done" if i < self._at else "On" if i == self._at else "Off"
        sign = {"Done": "✓", "On": "●", "Off": "○"}[state]
        mark.setText(f"{sign}  {self.steps[i].short}")
        spoken = {"Done": "done", "On": "you are here", "Off": "still to come"}[state]
        mark.setAccessibleName(f"{self.steps[i].short}, {spoken}")
        mark.setObjectName(f"step{state}")
        mark.style().unpolish(mark)
        mark.style().polish(mark)

    def _names(self) -> tuple[str, ...]:
        return (*self.administrator.names(), self.school.name.text())

    # --- deeds ---------------------------------------------------------------------------

    def _make(self) -> None:
        """Make the vault; the key derivation takes a second or two, on the worker."""
        old, self._made = self._made, None
        door = self._door

        answers = self._answers()

        def make() -> SetUp:
            if old is not None:
                old.give_up()
            return door.set_up(answers)

        self._busy("Making the vault…")
        self._desk.tasks.run(self, make, self._was_made, self._refused)

    def _answers(self) -> Setup:
        from bt_desktop.services.access import Setup  # deferred: loads cryptography

        school, admin = self.school, self.administrator
        return Setup(
            school_name=school.name.text().strip(),
            address=school.address.toPlainText().strip(),
            phone=school.phone.text().strip(),
            pack=self.rules.pack(),
            training_program=self.rules.program(),
            admin_given=admin.given.text().strip(),
            admin_family=admin.family.text().strip(),
            admin_title=admin.job.text().strip(),
            admin_password=admin.password.text(),
            contact_name=school.contact.text().strip(),
        )

    def _was_made(self, made: SetUp) -> None:
        self._made = made
        self._ready()
        self.recovery.take(made.recovery_key, made.recovery_sheet)
        self.confirm.ask_for(made.asked)
        self._show(self._at + 1)

    def _confirm(self) -> None:
        made = self._made
        if made is None:
            return
        groups = self.confirm.groups()
        logo = self.school.logo_bytes()

        def work() -> Workspace:
            workspace = made.confirm(*groups)
            if logo:
                workspace.school.update(logo=logo)
            return workspace

        self._busy("Checking…")
        self._desk.tasks.run(self, work, self._confirmed, self._refused)

    def _confirmed(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._ready()
        self.administrator.password.clear()
        self.recovery.forget()
        self.roster.take(workspace)
        self.finish.take(self.school.name.text().strip())
        self._show(self._at + 1)

    def _refused(self, problem: BaseException) -> None:
        self._ready()
        if not isinstance(problem, KnownError):
            self._desk.feedback.report(self, problem)
        elif not self.step.refused(problem):
            self.banner.tell(str(problem), Tone.DANGER)

    def _busy(self, word: str) -> None:
        self.next.setText(word)
        for widget in (self.next, self.back, self.stack):
            widget.setEnabled(False)

    def _ready(self) -> None:
        for widget in (self.next, self.back, self.stack):
            widget.setEnabled(True)
        self.next.setText(f"&{self.step.next_word}")
