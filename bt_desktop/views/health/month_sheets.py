"""Sheets of a month: close it, close all that are complete, write a note for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.health.month_model import Explained
from bt_desktop.services.health.month_views import MonthView
from bt_desktop.services.health.problems import MonthRefused
from bt_desktop.services.health.rules import LEAST_REASON
from bt_desktop.services.work_progress import Progress
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.month_words import cell_words, month_name
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.inputs import PasswordLine, TextBox
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

MOST_SINGLE = 6
"""So many open cells have a line of their own; the others share one reason."""
_FOR_GOOD = (
    "A closed month is not opened again. Its page is sealed and kept in the student’s file; what "
    "comes later stands on an addendum."
)
_WHY = (
    "These times say nothing. Each is printed as not documented, with the reason. What somebody "
    "knows is better entered first: press Cancel."
)
_SHORT = "Say why in a few words (ten letters at least)."


class SigningSheet(Sheet):
    """Signs with the name as it is typed and the password again."""

    def __init__(
        self, desk: Desk, workspace: Workspace, title: str, deed: str, parent: QWidget
    ) -> None:
        super().__init__(desk, title, deed, parent, wide=560)
        self._workspace = workspace

    def add_signature(self) -> None:
        """The lines that sign."""
        self.column.addWidget(SectionTitle("Sign", self))
        self.name, self.password = line(), PasswordLine()
        hint = "Typed as your signature."
        self.add("name", "Your full name", self.name, hint=hint, required=True)
        self.add("password", "Your password", self.password, required=True)
        self.column.addWidget(Muted(_FOR_GOOD, self))

    def signed(self) -> tuple[str, str] | None:
        """Name and password; None, and why beside the field, where one is missing."""
        name = " ".join(self.name.text().split())
        if not name:
            self.frames["name"].say("Type your full name.")
        elif not self.password.text():
            self.frames["password"].say("Type your password.")
        else:
            return name, self.password.text()
        return None

    def _done(self, result: object) -> None:
        self.password.clear()
        super()._done(result)

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if isinstance(problem, WrongPassword):
            self.banner.clear()
            self.password.clear()
            self.frames["password"].say(str(problem))
            self.password.setFocus()


class CloseSheet(SigningSheet):
    """Closes one order's month; every open cell is explained first."""

    def __init__(self, desk: Desk, workspace: Workspace, view: MonthView, parent: QWidget) -> None:
        title = f"Close {month_name(view.line.month)}"
        super().__init__(desk, workspace, title, "Close and sign", parent)
        self._view = view
        self.column.addWidget(
            plain_label(f"{view.line.student}: {view.line.medicine}", "strong", self)
        )
        self.reasons: dict[str, datetime] = {}
        self._ask_why(view.open_cells)
        self.add_signature()
        self.on_save(self._collect_closing)

    def _ask_why(self, empty: Sequence[datetime]) -> None:
        if not empty:
            self.column.addWidget(Muted("Every time says what happened.", self))
            return
        self.column.addWidget(Muted(_WHY, self))
        several = len(empty) > 1
        if several:
            label = f"Why are these {len(empty)} times open?"
            self.add("all", label, line(), hint="One reason for all that have none below.")
        for number, due in enumerate(empty[:MOST_SINGLE]):
            key = f"cell{number}"
            self.reasons[key] = due
            why = "" if several else ": why is it open?"
            self.add(key, f"{cell_words(due)}{why}", line(), required=not several)

    def _collect_closing(self) -> Callable[[], Any] | None:
        shared = self._typed("all") if "all" in self.frames else ""
        given = {key: self._typed(key) for key in self.reasons}
        missing = [key for key, said in given.items() if not _enough(said or shared)]
        beyond = len(self._view.open_cells) > len(self.reasons) and not _enough(shared)
        if "all" in self.frames and (missing or beyond):
            missing = ["all"]
        for key in missing:
            self.frames[key].say(_SHORT)
        signed = self.signed()
        if missing or signed is None:
            return None
        months, line_ = self._workspace.health.months, self._view.line
        explained = [Explained(due, given[key]) for key, due in self.reasons.items() if given[key]]
        name, password = signed
        return lambda: months.close(
            line_.order_id, line_.month, password, signed_as=name, explained=explained,
            reason=shared,
        )  # fmt: skip

    def _typed(self, key: str) -> str:
        return " ".join(self.frames[key].editor.text().split())  # type: ignore[attr-defined]  # a TextLine

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if isinstance(problem, MonthRefused) and problem.unexplained:
            for key, due in self.reasons.items():
                if due in problem.unexplained:
                    self.frames[key].say(_SHORT)


def _enough(said: str) -> bool:
    return len(said) >= LEAST_REASON


class CloseAllSheet(SigningSheet):
    """Asks once for the signature under all complete months; `saved` gives (name, password)."""

    def __init__(
        self, desk: Desk, workspace: Workspace, month: date, count: int, parent: QWidget
    ) -> None:
        many = f"{count:,} records" if count != 1 else "one record"
        title = f"Close {many} of {month_name(month)}"
        super().__init__(desk, workspace, title, "Close and sign all", parent)
        words = (
            "Every record that is complete is closed, one after the other. You can stop in "
            "between: what is closed stays closed. Records with open cells are left for you to "
            "close one by one."
        )
        self.column.addWidget(Muted(words, self))
        self.add_signature()
        self.on_save(self._collect_name)

    def _collect_name(self) -> Callable[[], Any] | None:
        signed = self.signed()
        return None if signed is None else lambda: signed


class NoteSheet(Sheet):
    """A note for a month, also after it was closed."""

    def __init__(self, desk: Desk, workspace: Workspace, view: MonthView, parent: QWidget) -> None:
        title = f"Note for {month_name(view.line.month)}"
        super().__init__(desk, title, "Keep the note", parent, wide=520)
        self._workspace, self._line = workspace, view.line
        where = "on the addendum of the closed month" if view.line.closed else "behind the record"
        words = f"It is printed {where}, with your name and the time. It is not changed afterwards."
        self.column.addWidget(
            plain_label(f"{view.line.student}: {view.line.medicine}", "strong", self)
        )
        self.column.addWidget(Muted(words, self))
        self.text = TextBox(lines=3, most=8)
        self.add("text", "What is to be said?", self.text, required=True)
        self.on_save(self._collect_note)

    def _collect_note(self) -> Callable[[], Any] | None:
        months, line_, text = self._workspace.health.months, self._line, self.text.toPlainText()
        if len(text.split()) < 2:
            self.frames["text"].say("Write the note in a few words.")
            return None
        return lambda: months.note(line_.order_id, line_.month, text)


def close_all(
    workspace: Workspace, month: date, signed: tuple[str, str], progress: Progress
) -> Callable[[], Any]:
    """The work of closing all complete records of a month."""
    name, password = signed
    months = workspace.health.months
    return lambda: months.close_all(month, password, signed_as=name, progress=progress)
