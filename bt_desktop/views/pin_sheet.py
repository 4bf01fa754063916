"""Setting a PIN, and typing the password where the PIN is not enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.inputs import PasswordLine, pin_line
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.pin import PinKeeper
    from bt_desktop.services.workspace import Workspace


class _Again(Sheet):
    """A sheet on which the password of the signed-in person is typed again."""

    def __init__(self, desk: Desk, title: str, deed: str, parent: QWidget) -> None:
        super().__init__(desk, title, deed, parent)
        self.password = PasswordLine()

    def _typed(self) -> str:
        """The password; blank, and said so, where there is none."""
        typed = self.password.take()
        if not typed:
            self.frames["password"].say("Type your password.")
        return typed

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if isinstance(problem, KnownError) and problem.code in ("wrong-password", "throttled"):
            self.banner.clear()
            self.frames["password"].say(str(problem))
            self.password.setFocus()


class PinSheet(_Again):
    """Set a PIN for this computer until it is locked, sleeps, or eight hours are over."""

    def __init__(
        self, desk: Desk, workspace: Workspace, keeper: PinKeeper, parent: QWidget
    ) -> None:
        super().__init__(desk, "Set a PIN", "Set the PIN", parent)
        self._workspace, self._keeper = workspace, keeper
        self.pin, self.twice = pin_line(), pin_line()
        self.column.addWidget(
            Muted(
                "It opens the records after they locked, on this computer, for eight hours and "
                "while the program runs. Locking the computer, sleep and five wrong tries end it.",
                self,
            )
        )
        self.add("password", "Your password", self.password, required=True)
        self.add("pin", "PIN", self.pin, required=True, hint="Six digits or more")
        self.add("twice", "The PIN again", self.twice, required=True)
        self.on_save(self._collect_pin)

    def _collect_pin(self) -> Callable[[], None] | None:
        pin = self.pin.text()
        if pin != self.twice.text():
            self.frames["twice"].say("The two are not the same.")
            return None
        password = self._typed()
        if not password:
            return None
        keeper, workspace = self._keeper, self._workspace
        return lambda: keeper.set(workspace, password, pin)

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if isinstance(problem, KnownError) and problem.code == "bad-pin":
            self.banner.clear()
            self.frames["pin"].say(str(problem))
            self.pin.setFocus()


class PasswordAgainSheet(_Again):
    """After a PIN: type the password, and everything is open as after signing in with it."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(desk, "Type your password", "Go on", parent)
        self._workspace = workspace
        self.column.addWidget(
            Muted(
                "The records were opened with the PIN. Amending, exporting, breaking the glass and "
                "accounts need the password; signing asks for it each time.",
                self,
            )
        )
        self.add("password", "Your password", self.password, required=True)
        self.on_save(self._collect_password)

    def _collect_password(self) -> Callable[[], None] | None:
        password, workspace = self._typed(), self._workspace
        return (lambda: workspace.reauthenticate(password)) if password else None
