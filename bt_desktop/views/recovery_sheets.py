"""The recovery sheet, while the records are open: looking for it, and another in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.results.export import Second
from bt_desktop.views.desk import Desk
from bt_desktop.views.first_run_recovery import ConfirmStep, RecoveryStep
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.inputs import Choice, PasswordLine, TextLine
from bt_desktop.views.widgets.one_of import OneOf
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.recovery import NewSheet, RecoveryStanding, Why
    from bt_desktop.services.workspace import Workspace

_FIND = (
    "Take the sheet out of where it lies, type its key, and put it back. Then it is sure that it "
    "can be found, read, and opens these records. What you type is kept nowhere."
)
_REPLACE = (
    "A new key is made and printed, and two groups of it are asked back. From then on the old "
    "sheet opens these records no more; until then it does. Backups of before still open with the "
    "old sheet: destroy it if you find it."
)
_REASONS: tuple[tuple[str, Why], ...] = (
    ("It cannot be found", "lost"),
    ("Somebody may have copied or photographed it", "copied"),
    ("Something else: it is worn, it cannot be read, it changes hands", "other"),
)


class FindSheet(Sheet):
    """Is it still there? `saved` once its key was typed; `replace_asked` where it is not."""

    replace_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(desk, "Can you still find the recovery sheet?", "Check it", parent)
        self._recovery = workspace.recovery
        words = plain_label(_FIND, "", self)
        words.setWordWrap(True)
        self.column.addWidget(words)
        self.line = TextLine(hint="ABC123-DEF456-…")
        self.add(
            "key",
            "Recovery key",
            self.line,
            required=True,
            hint="36 letters and digits in six groups; hyphens and capitals do not matter",
        )
        self.lost = LinkButton("It cannot be found: replace it", self)
        self.lost.clicked.connect(self._replace)
        self.column.addWidget(self.lost, 0, Qt.AlignmentFlag.AlignLeft)
        self.on_save(self._collect_key)

    def _collect_key(self) -> Callable[[], object] | None:
        typed = self.line.text()
        if not typed.strip():
            self.frames["key"].say("Type the key from the printed sheet.")
            return None
        recovery = self._recovery
        return lambda: recovery.found(typed)

    def _done(self, result: object) -> None:
        self.line.clear()
        super()._done(result)

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if isinstance(problem, KnownError) and problem.code.startswith("recovery-key"):
            self.banner.clear()
            self.frames["key"].say(str(problem))
            self.line.setFocus()

    @Slot()
    def _replace(self) -> None:
        self.reject()
        self.replace_asked.emit()

    def reject(self) -> None:
        """Nothing of what was typed stays."""
        self.line.clear()
        super().reject()


class ReplaceSheet(Sheet):
    """Why it is replaced, and by whom. `saved(NewSheet)`: nothing is changed yet."""

    def __init__(
        self, desk: Desk, workspace: Workspace, standing: RecoveryStanding, parent: QWidget
    ) -> None:
        super().__init__(desk, "Replace the recovery sheet", "Make a new key", parent, wide=540)
        self._workspace = workspace
        self._asks_second = bool(standing.seconds)
        words = plain_label(_REPLACE, "", self)
        words.setWordWrap(True)
        self.column.addWidget(words)
        self.why = Choice()
        self.why.fill([("Choose why", ""), *_REASONS], "")
        self.add("why", "Why is it replaced?", self.why, required=True)
        self.password = PasswordLine()
        self.add("password", "Your password", self.password, required=True)
        self.second, self.theirs = Choice(), PasswordLine()
        if self._asks_second:
            rows: list[tuple[str, object]] = [(name, user) for user, name in standing.seconds]
            self.second.fill([("Choose who agrees", ""), *rows], "")
            self.add(
                "second",
                "Which administrator agrees to it?",
                self.second,
                required=True,
                hint="The sheet is replaced by two administrators together, here and now.",
            )
            self.add("second_password", "Their password", self.theirs, required=True)
        self.column.addWidget(
            Muted("Have a printer ready, or paper and a pen. You can cancel until the end.", self)
        )
        self.on_save(self._collect_why)

    def _collect_why(self) -> Callable[[], NewSheet] | None:
        why: Why | str = self.why.currentData() or ""
        if why not in ("lost", "copied", "other"):
            self.frames["why"].say("Choose why.")
            return None
        if not self.password.text():
            self.frames["password"].say("Type your password.")
            return None
        second = None
        if self._asks_second:
            second = self._agreeing()
            if second is None:
                return None
        recovery, password = self._workspace.recovery, self.password.take()
        self.theirs.clear()
        return lambda: recovery.replace(password, why, second)

    def _agreeing(self) -> Second | None:
        who = str(self.second.currentData() or "")
        if not who:
            self.frames["second"].say("Choose who agrees.")
        elif not self.theirs.text():
            self.frames["second_password"].say("Let them type their own password.")
        else:
            return Second(who, self.theirs.text())
        return None

    def _refused(self, problem: BaseException) -> None:
        """A wrong password is said beside whose it was."""
        super()._refused(problem)
        if not isinstance(problem, KnownError) or problem.code != "wrong-password":
            return
        self.banner.clear()
        own = getattr(problem, "user_id", "") in ("", self._workspace.actor.user_id)
        frame = self.frames["password" if own else "second_password"]
        frame.say(str(problem))
        (frame.editor.focusProxy() or frame.editor).setFocus()


class NewKeySheet(Sheet):
    """Shows the new key to be printed, then asks two groups of it back. `saved` when it holds;
    Cancel leaves the old sheet as it is."""

    def __init__(self, desk: Desk, made: NewSheet, parent: QWidget) -> None:
        super().__init__(desk, "The new recovery key", RecoveryStep.next_word, parent, wide=560)
        self._made, self._under = made, parent
        self.key, self.confirm = RecoveryStep(desk), ConfirmStep(desk)
        self.key.take(made.recovery_key, made.recovery_sheet)
        self.confirm.ask_for(made.asked)
        self._steps = OneOf(self)
        for step in (self.key, self.confirm):
            self._steps.add(step)
        self.column.addWidget(self._steps)
        self.back = LinkButton("Show the key again", self)
        self.back.clicked.connect(self.show_key)
        self.confirm.column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self.confirm.next_asked.connect(self.save)
        self.on_save(self._collect_groups)

    @property
    def asks(self) -> bool:
        """Whether the groups are asked back now."""
        return self.confirm.isVisibleTo(self)

    @Slot()
    def show_key(self) -> None:
        """The key once more."""
        self._turn_to(self.key, "The new recovery key")

    def _turn_to(self, step: RecoveryStep | ConfirmStep, title: str) -> None:
        self._steps.show_only(step)
        self.title.setText(title)
        self.setWindowTitle(title)
        self.deed.setText(step.next_word)
        step.entered()

    def _collect_groups(self) -> Callable[[], object] | None:
        if not self.asks:
            self._turn_to(self.confirm, self.confirm.title)
            return None
        if not self.confirm.complete():
            return None
        made, groups = self._made, self.confirm.groups()
        return lambda: made.confirm(*groups)

    def _done(self, result: object) -> None:
        self.key.forget()
        super()._done(result)

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if isinstance(problem, KnownError) and self.confirm.refused(problem):
            self.banner.clear()

    def reject(self) -> None:
        """The old sheet stays."""
        if not self.deed.isEnabled():
            return  # it is being put in place
        self.key.forget()
        self._desk.tasks.run(self._under, self._made.give_up)
        super().reject()
