"""An administrator lets a stopped paper go: at the nurse's side, with their own password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.health.paper_problems import AdministratorNeeded
from bt_desktop.services.results.export import Second
from bt_desktop.views.widgets.inputs import Choice, PasswordLine

if TYPE_CHECKING:
    from bt_desktop.views.widgets.sheet import Sheet


class LetsGo:
    """The two fields of a sheet; hidden while nothing stops the paper, or where whoever is signed
    in may decide it (`own`)."""

    def __init__(self, sheet: Sheet, able: Sequence[tuple[str, str]], *, own: bool) -> None:
        self._sheet, self._able, self._own = sheet, able, own
        self.who, self.password = Choice(), PasswordLine()
        rows: list[tuple[str, object]] = [(name, user) for user, name in able]
        self.who.fill([("Choose the administrator", ""), *rows], "")
        sheet.add("administrator", "Which administrator lets it go?", self.who, required=True)
        sheet.add("administrator_password", "Their password", self.password, required=True)
        self.needed = True
        self.show_needed(False)

    def show_needed(self, needed: bool) -> None:
        """Ask for an administrator, or for nobody."""
        self.needed = needed and not self._own
        for key in ("administrator", "administrator_password"):
            self._sheet.frames[key].setVisible(self.needed)

    def read(self) -> Second | Literal[False] | None:
        """Who it is; None where nobody is needed, False (and why beside the field) where somebody
        is missing."""
        if not self.needed:
            return None
        frames, who = self._sheet.frames, str(self.who.currentData() or "")
        if not self._able and not who:
            frames["administrator"].say("No administrator has an account now.")
        elif not who:
            frames["administrator"].say("Choose who lets it go.")
        elif not self.password.text():
            frames["administrator_password"].say("Let them type their own password.")
        else:
            return Second(who, self.password.text())
        return False

    def refused(self, problem: BaseException) -> bool:
        """Say a refusal beside whom it is about; False where it is about something else."""
        if isinstance(problem, AdministratorNeeded):
            self._sheet.frames["administrator"].say(problem.remedy)
            self.who.setFocus()
            return True
        if isinstance(problem, WrongPassword):
            self.password.clear()
            self._sheet.frames["administrator_password"].say(str(problem))
            self.password.setFocus()
            return True
        return False
