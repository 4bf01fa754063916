"""How a report is begun from the shell: asked about today's events first, then opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.start_sheet import StartSheet
from bt_desktop.views.tasks import Lane

if TYPE_CHECKING:
    from bt_desktop.services.results.events import EventToday
    from bt_desktop.services.workspace import Workspace


class Starting(QObject):
    """Begins one report at a time; `busy(bool)` is told so that it is not begun twice.

    The question is asked only where something was written today; in the morning nobody meets it.
    """

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        window: QWidget,
        busy: Callable[[bool], None],
        opened: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._desk, self._workspace, self._window = desk, workspace, window
        self._busy, self._opened = busy, opened
        self.sheet: StartSheet | None = None

    def start(self, form: str, title: str, reported_to: QWidget) -> None:
        """Ask, begin, open."""
        self._busy(True)
        events = self._workspace.events

        def asked(today: tuple[EventToday, ...]) -> None:
            if not today:
                self._begin(form, "", reported_to)
                return
            self._busy(False)
            self.sheet = StartSheet(self._desk, title, today, self._window)
            self.sheet.chosen.connect(lambda event: self._begin(form, event, reported_to))
            self.sheet.open_sheet()

        self._desk.tasks.run(
            self, events.today, asked, lambda p: self._refused(p, reported_to), lane=Lane.READ
        )

    def _begin(self, form: str, event_id: str, reported_to: QWidget) -> None:
        self._busy(True)
        events = self._workspace.events

        def begun(record_id: str) -> None:
            self._busy(False)
            self._opened(record_id)

        self._desk.tasks.run(
            self,
            lambda: events.start(form, event_id or None),
            begun,
            lambda problem: self._refused(problem, reported_to),
        )

    def _refused(self, problem: BaseException, reported_to: QWidget) -> None:
        self._busy(False)
        self._desk.feedback.report(reported_to, problem)
