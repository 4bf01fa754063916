"""What stands above every page while a sealed health file is open, and the hour that runs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from bt_desktop.services.health.glass_model import OpenGlass
from bt_desktop.views.announce import announce
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.glass_words import left_words
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_EVERY_MS = 1_000


class GlassWatch(QFrame):
    """`show_asked(student_id)`; `closed(student_id, words)` once a file is closed, whatever closed
    it; `ticked` each second. Hidden while nothing is open.
    """

    show_asked = Signal(str)
    closed = Signal(str, str)
    ticked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._open: dict[str, tuple[OpenGlass, str]] = {}
        self._ends: dict[str, float] = {}
        self._on_its_page = False
        self.setObjectName("banner")
        self.setProperty("slot", "whole")
        self.setProperty("tone", "danger")
        self.words = plain_label("", "strong", self)
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_it = LinkButton("Show it", self)
        self.show_it.clicked.connect(lambda: self.show_asked.emit(self._first()))
        self.close_it = SecondaryButton("Close it now", self)
        self.close_it.clicked.connect(lambda: self.close_glass(self._first()))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(IconLabel(desk.theme, "unlock", "danger", 20, self))
        row.addWidget(self.words, 1)
        row.addWidget(self.show_it)
        row.addWidget(self.close_it)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self.hide()

    def opened(self, glass: OpenGlass, name: str) -> None:
        """A file was opened."""
        clock = self._desk.clock
        self._open[glass.student_id] = glass, name
        # A clock that is set back makes no hour longer.
        left = (glass.until - clock.now()).total_seconds()
        self._ends[glass.student_id] = clock.monotonic() + left
        self._timer.start()
        self._tell()

    def on_its_page(self, on: bool) -> None:
        """Whether the page of the file itself is shown, which says all of this."""
        self._on_its_page = on
        self._tell()

    def of_student(self, student_id: str) -> OpenGlass | None:
        """The open glass of a student."""
        found = self._open.get(student_id)
        return found[0] if found is not None else None

    def _first(self) -> str:
        return next(iter(self._open), "")

    @Slot()
    def look(self) -> None:
        """A second has passed: what is over is closed."""
        clock = self._desk.clock
        for student, (glass, _) in list(self._open.items()):
            if clock.now() >= glass.until or clock.monotonic() >= self._ends[student]:
                self.close_glass(student, "The hour is over: the sealed health file is closed.")
        self._tell()
        self.ticked.emit()

    def close_glass(
        self, student_id: str, words: str = "The sealed health file is closed."
    ) -> None:
        """Close a file, and say so once it is."""
        if self._open.pop(student_id, None) is None:
            return
        if not self._open:
            self._timer.stop()
        self._tell()
        glass = self._workspace.health.glass

        def close() -> None:
            glass.opened()  # writes down as over what is over
            glass.close(student_id)

        self._desk.tasks.run(self, close)
        announce(self, words)
        self.closed.emit(student_id, words)

    def _tell(self) -> None:
        self.setVisible(bool(self._open) and not self._on_its_page)
        if not self._open:
            return
        glass, name = next(iter(self._open.values()))
        more = f" {len(self._open) - 1} more open." if len(self._open) > 1 else ""
        text = f"Sealed health file of {name}. {left_words(glass, self._desk.clock.now())}.{more}"
        if text != self.words.text():
            self.words.setText(text)
            self.setAccessibleName(text)
