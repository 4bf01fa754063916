"""Breaking the glass: what it means, why, the password again; from the fourth time on, a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.health.glass_model import GlassPlan, OpenGlass
from bt_desktop.services.results.export import Second
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.inputs import Choice, PasswordLine, TextBox
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_MEANS = (
    "The nurse is not here and you must know now. For {minutes} minutes you may read the orders, "
    "doses and papers of this one student, and nothing can be changed or taken out. It is written "
    "down in the student’s access log and in the audit trail, and another administrator reviews it."
)
_FIRST = "Allergies, rescue medicines and whom to call stand on the emergency card, without this."
_AGAIN = "You did this three times today, so somebody else has to agree here and now."
_NOBODY = "Nobody else can agree: add a second administrator in the settings."


class GlassSheet(Sheet):
    """`saved(OpenGlass)` once the file is open."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        student_id: str,
        name: str,
        plan: GlassPlan,
        parent: QWidget,
    ) -> None:
        deed = f"Open for {plan.minutes} minutes"
        super().__init__(desk, "Open the sealed health file", deed, parent, wide=540)
        self._workspace, self._id, self._plan = workspace, student_id, plan
        self.column.addWidget(plain_label(name, "strong", self))
        means = plain_label(_MEANS.format(minutes=plan.minutes), "", self)
        means.setWordWrap(True)
        self.column.addWidget(means)
        self.column.addWidget(Muted(_FIRST, self))
        self.reason = TextBox(lines=2, most=5)
        hint = f"{plan.least_reason} characters or more; whoever reviews it reads this."
        self.add("reason", "What is happening?", self.reason, required=True, hint=hint)
        self.password = PasswordLine()
        self.add("password", "Your password", self.password, required=True)
        self.second, self.theirs = Choice(), PasswordLine()
        if plan.second_needed:
            self.column.addWidget(Muted(_AGAIN, self))
            rows: list[tuple[str, object]] = [(name, user) for user, name in plan.seconds]
            self.second.fill([("Choose who agrees", ""), *rows], "")
            self.add("second", "Who agrees to it?", self.second, required=True)
            self.add("second_password", "Their password", self.theirs, required=True)
        self.on_save(self._collect_glass)

    def _collect_glass(self) -> Callable[[], OpenGlass] | None:
        frames, reason = self.frames, self.reason.toPlainText()
        if len(" ".join(reason.split())) < self._plan.least_reason:
            frames["reason"].say(f"Write at least {self._plan.least_reason} characters.")
            return None
        if not self.password.text():
            frames["password"].say("Type your password.")
            return None
        second = None
        if self._plan.second_needed:
            second = self._agreeing()
            if second is None:
                return None
        glass, which, password = self._workspace.health.glass, self._id, self.password.take()
        self.theirs.clear()
        return lambda: glass.open(which, reason, password, second)

    def _agreeing(self) -> Second | None:
        who, frames = str(self.second.currentData() or ""), self.frames
        if not self._plan.seconds:
            frames["second"].say(_NOBODY)
        elif not who:
            frames["second"].say("Choose who agrees.")
        elif not self.theirs.text():
            frames["second_password"].say("Let them type their own password.")
        else:
            return Second(who, self.theirs.text())
        return None

    def _refused(self, problem: BaseException) -> None:
        """A wrong password is said beside whose it was."""
        if isinstance(problem, WrongPassword):
            self._busy(False)
            own = problem.user_id in ("", self._workspace.actor.user_id)
            frame = self.frames["password" if own else "second_password"]
            frame.say(str(problem))
            (frame.editor.focusProxy() or frame.editor).setFocus()
            return
        super()._refused(problem)
