"""The way in with the printed recovery key: name a new password, then a new key is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.door import Door
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.first_run_recovery import ConfirmStep, RecoveryStep
from bt_desktop.views.first_run_steps import Step, paragraph
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice, TextLine
from bt_desktop.views.widgets.new_password import NewPassword
from bt_desktop.views.widgets.one_of import OneOf
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import PageTitle

if TYPE_CHECKING:
    from bt_desktop.services.access import Recovering, SetUp
    from bt_desktop.services.workspace import Workspace

_WIDE = 520


class KeyStep(Step):
    """Type the recovery key."""

    title = "Use the recovery key"
    next_word = "Go on"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.column.addWidget(
            paragraph(
                "With the printed recovery key an administrator's password can be set anew. "
                "Signatures given before stay valid; the use of the key is written down."
            )
        )
        self.line = TextLine(hint="ABC123-DEF456-…")
        self.frame: FieldFrame = self.field(
            "Recovery key",
            self.line,
            hint="36 letters and digits in six groups; hyphens and capitals do not matter",
            required=True,
        )
        self.line.returnPressed.connect(self.next_asked)

    def entered(self) -> None:
        self.line.setFocus()

    def complete(self) -> bool:
        blank = not self.line.text().strip()
        self.frame.say("Type the key from the printed sheet." if blank else "")
        return not blank

    def refused(self, problem: KnownError) -> bool:
        if problem.code.startswith("recovery-key"):
            self.frame.say(str(problem))
            self.line.setFocus()
            return True
        return False


class WhoStep(Step):
    """Whose password is set anew."""

    title = "A new password"
    next_word = "Set the password"

    def __init__(self, desk: Desk, door: Door) -> None:
        super().__init__(desk)
        self.who = Choice()
        self.field("Administrator", self.who)
        self.password = NewPassword(desk, door.password_problems, door.offer_passphrase)
        self.password.set_names(lambda: (self.who.currentText(),))
        self.column.addWidget(self.password)

    def offer(self, administrators: tuple[tuple[str, str], ...]) -> None:
        """Who can be chosen."""
        self.who.fill([(name, user_id) for user_id, name in administrators])

    def entered(self) -> None:
        self.password.first.setFocus()

    def complete(self) -> bool:
        return self.password.good()


class RecoveryPage(QWidget):
    """Four steps: the key, the password, the new key, two groups asked back.

    `done(workspace)` or `cancelled`.
    """

    done = Signal(object)
    cancelled = Signal()

    def __init__(self, desk: Desk, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._desk, self._door = desk, door
        self._recovering: Recovering | None = None
        self._made: SetUp | None = None
        self.key = KeyStep(desk)
        self.who = WhoStep(desk, door)
        self.new_key = RecoveryStep(desk)
        self.new_key.title = "The new recovery key"
        self.confirm = ConfirmStep(desk)
        self.steps: tuple[Step, ...] = (self.key, self.who, self.new_key, self.confirm)
        self._at = 0
        self.title = PageTitle("", self)
        self.banner = Banner(desk.theme, self)
        self.stack = OneOf(self)
        for step in self.steps:
            self.stack.add(step)
            step.next_asked.connect(self.go_on)
        self.cancel = SecondaryButton("Cancel", self)
        self.cancel.clicked.connect(self._give_up)
        self.next = PrimaryButton("", self)
        self.next.clicked.connect(self.go_on)
        self._lay_out()

    def _lay_out(self) -> None:
        self._card = Card(self, margin=24, spacing=16)
        for widget in (self.title, self.banner, self.stack):
            self._card.column.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        buttons.addWidget(self.next)
        self._card.column.addLayout(buttons)
        inner = QWidget(self)
        inner.setObjectName("ground")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 32, 16, 32)
        column.addStretch(1)
        row = QHBoxLayout()  # stretches, not an alignment: that would cut wrapped words
        row.addStretch(1)
        row.addWidget(self._card)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        scroll = Scroll(self)
        scroll.setWidget(inner)
        ground = QVBoxLayout(self)
        ground.setContentsMargins(0, 0, 0, 0)
        ground.addWidget(scroll)
        self._desk.theme.changed.connect(self._size_up)
        self._size_up()

    @Slot()
    def _size_up(self) -> None:
        self._card.setFixedWidth(self._desk.theme.px(_WIDE))

    def begin(self) -> None:
        """Ask for the key."""
        self._show(0)

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
        if self.step is self.key:
            typed, door = self.key.line.text(), self._door
            self._busy()
            self._desk.tasks.run(self, lambda: door.recover(typed), self._opened, self._refused)
        elif self.step is self.who:
            self._set_password()
        elif self.step is self.new_key:
            self._show(3)
        else:
            self._confirm()

    def _opened(self, recovering: Recovering) -> None:
        self._recovering = recovering
        self.key.line.clear()
        self.who.offer(recovering.administrators)
        self._show(1)

    def _set_password(self) -> None:
        recovering = self._recovering
        if recovering is None:
            return
        user_id, password = str(self.who.who.currentData()), self.who.password.text()
        self._busy()
        self._desk.tasks.run(
            self, lambda: recovering.complete(user_id, password), self._was_set, self._refused
        )

    def _was_set(self, made: SetUp) -> None:
        self._made = made
        self.who.password.clear()
        self.new_key.take(made.recovery_key, made.recovery_sheet)
        self.confirm.ask_for(made.asked)
        self._show(2)

    def _confirm(self) -> None:
        made, groups = self._made, self.confirm.groups()
        if made is None:
            return
        self._busy()
        self._desk.tasks.run(self, lambda: made.confirm(*groups), self._confirmed, self._refused)

    def _confirmed(self, workspace: Workspace) -> None:
        self.new_key.forget()
        self.done.emit(workspace)

    def _refused(self, problem: BaseException) -> None:
        self._ready()
        if not isinstance(problem, KnownError):
            self._desk.feedback.report(self, problem)
        elif not self.step.refused(problem):
            self.banner.tell(str(problem), Tone.DANGER)

    @Slot()
    def _give_up(self) -> None:
        made, recovering = self._made, self._recovering
        self._made = self._recovering = None
        if made is not None:
            self._desk.tasks.run(self, made.give_up)
        elif recovering is not None:
            self._desk.tasks.run(self, recovering.give_up)
        self.cancelled.emit()

    def _show(self, at: int) -> None:
        self._at = at
        self._ready()
        self.title.setText(self.step.title)
        self.stack.show_only(self.step)
        self.step.entered()

    def _busy(self) -> None:
        self.next.setText("One moment…")
        for widget in (self.next, self.cancel, self.stack):
            widget.setEnabled(False)

    def _ready(self) -> None:
        for widget in (self.next, self.cancel, self.stack):
            widget.setEnabled(True)
        self.next.setText(self.step.next_word)
