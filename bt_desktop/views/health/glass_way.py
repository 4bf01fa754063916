"""The way to a sealed health file in an emergency: asked for, opened, shown, closed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.glass_model import GlassPlan, OpenGlass
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.glass_watch import GlassWatch
from bt_desktop.views.tasks import Lane

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.glass_sheet import GlassSheet


class GlassWay(QObject):
    """`asked_for(OpenGlass)` to show a file that is open; `closed(student_id, words)`.

    `watch` is the line above every page while one is open.
    """

    asked_for = Signal(object)
    closed = Signal(str, str)

    def __init__(self, desk: Desk, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._workspace, self._window = desk, workspace, window
        self.sheet: GlassSheet | None = None
        self.watch = GlassWatch(desk, workspace, window)
        self.watch.show_asked.connect(self._show_again)
        self.watch.closed.connect(self.closed)

    @Slot(str, str)
    def ask(self, student_id: str, name: str) -> None:
        """Show the file if it is open; else ask for what opening it asks for."""
        from bt_desktop.views.health.glass_sheet import GlassSheet  # deferred: seldom needed

        glass = self.watch.of_student(student_id)
        if glass is not None:
            self.asked_for.emit(glass)
            return
        service = self._workspace.health.glass

        def open_sheet(plan: GlassPlan) -> None:
            sheet = GlassSheet(self._desk, self._workspace, student_id, name, plan, self._window)
            self.sheet = sheet
            sheet.saved.connect(lambda made: self._opened(made, name))
            sheet.open_sheet()

        self._desk.tasks.run(self, service.plan, open_sheet, lane=Lane.READ)

    def _opened(self, glass: OpenGlass, name: str) -> None:
        self.watch.opened(glass, name)
        self.asked_for.emit(glass)

    @Slot(str)
    def _show_again(self, student_id: str) -> None:
        glass = self.watch.of_student(student_id)
        if glass is not None:
            self.asked_for.emit(glass)
