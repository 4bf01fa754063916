"""Two people sign one deed: the own password again, and a colleague with theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.health.problems import WitnessRefused
from bt_desktop.services.results.export import Second
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice, PasswordLine
from bt_desktop.views.widgets.text import Muted, SectionTitle

_WHY = (
    "A controlled medicine: two different people count and sign, each with their own password. "
    "Nothing is written until both are right."
)
_NOBODY = "Nobody else has an account. Ask an administrator to add one for a colleague."


class Fields(Protocol):
    """What holds fields by name: a sheet, or the panel of a dose."""

    column: QVBoxLayout
    frames: dict[str, FieldFrame]

    def add(
        self, key: str, label: str, editor: QWidget, *, hint: str = "", required: bool = False
    ) -> FieldFrame:
        """Add a field."""
        ...


class TwoPeople:
    """The fields in which two people sign; hidden while one is enough."""

    def __init__(self, sheet: Fields, own_id: str, witnesses: Sequence[tuple[str, str]]) -> None:
        self._sheet, self._own_id, self._witnesses = sheet, own_id, witnesses
        self.head = SectionTitle("Two people sign")
        self.why = Muted(_WHY)
        sheet.column.addWidget(self.head)
        sheet.column.addWidget(self.why)
        self.own = PasswordLine()
        self.second, self.password = Choice(), PasswordLine()
        rows: list[tuple[str, object]] = [(name, user) for user, name in witnesses]
        self.second.fill([("Choose who signs with you", ""), *rows], "")
        sheet.add("own_password", "Your own password", self.own, required=True)
        sheet.add("second", "The second person", self.second, required=True)
        sheet.add("second_password", "Their password", self.password, required=True)
        self.needed = False
        self.show_needed(False)

    def show_needed(self, needed: bool) -> None:
        """Ask for both, or for nothing."""
        self.needed = needed
        for widget in (self.head, self.why):
            widget.setVisible(needed)
        for key in ("own_password", "second", "second_password"):
            self._sheet.frames[key].setVisible(needed)

    def read(self) -> tuple[str, Second | None] | None:
        """(own password, second person) for the service; None, and why beside the field, where
        somebody is missing. What was typed is taken out of the fields only by `forget`."""
        if not self.needed:
            return "", None
        frames, who = self._sheet.frames, str(self.second.currentData() or "")
        if not self._witnesses and not who:
            frames["second"].say(_NOBODY)
        elif not self.own.text():
            frames["own_password"].say("Type your own password.")
        elif not who:
            frames["second"].say("Choose who signs with you.")
        elif not self.password.text():
            frames["second_password"].say("Let them type their own password.")
        else:
            return self.own.text(), Second(who, self.password.text())
        return None

    def refused(self, problem: BaseException) -> bool:
        """Say a refusal beside whom it is about; False where it is about something else."""
        if isinstance(problem, WitnessRefused):
            self._sheet.frames["second"].say(problem.remedy)
            self.second.setFocus()
            return True
        if isinstance(problem, WrongPassword):
            own = problem.user_id in ("", self._own_id)
            line, key = (self.own, "own_password") if own else (self.password, "second_password")
            line.clear()
            self._sheet.frames[key].say(str(problem))
            line.setFocus()
            return True
        return False

    def forget(self) -> None:
        """Empty both passwords."""
        self.own.clear()
        self.password.clear()
