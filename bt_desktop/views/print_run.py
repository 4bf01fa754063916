"""Many papers made one after the other, then shown as one print; it can be stopped in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.progress import ProgressLine
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.views.desk import Desk

Make = Callable[[], PrintedCopy]
Join = Callable[[Sequence[PrintedCopy]], PrintedCopy]


class PrintRun(Card):
    """How far it is, with a button to stop; hidden while nothing is made.

    `finished(whole, made)`: all as one print (None where nothing was made), and each by itself.
    `refused` are the sentences of what was not made.
    """

    finished = Signal(object, object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=8)
        self._desk = desk
        self._join: Join | None = None
        self._waiting: list[Make] = []
        self._made: list[PrintedCopy] = []
        self.refused: list[str] = []
        self._whole = 0
        self.words = plain_label("", "", self)
        self.line = ProgressLine(desk.theme, 0.0, self)
        self.cancel = SecondaryButton("Stop", self)
        self.cancel.setAccessibleName("Stop printing; what is made so far stays in the log")
        self.cancel.clicked.connect(self.stop)
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        row.addWidget(self.cancel)
        self.column.addLayout(row)
        self.column.addWidget(self.line)
        self.hide()

    @property
    def under_way(self) -> bool:
        """Whether papers are being made."""
        return self._whole > 0

    def start(self, makes: Sequence[Make], join: Join) -> None:
        """Make these, one short piece of work each: what is typed elsewhere is saved in between."""
        self._waiting, self._join = list(makes), join
        self._made, self.refused, self._whole = [], [], len(makes)
        self.cancel.setEnabled(True)
        self.show()
        self._next()

    @Slot()
    def stop(self) -> None:
        """Make no more; what is sealed so far is shown."""
        self._waiting = []
        self.cancel.setEnabled(False)
        self.words.setText("Stopping…")

    def _next(self) -> None:
        done = self._whole - len(self._waiting)
        self.words.setText(f"{done} of {self._whole} papers sealed")
        self.line.set_share(done / self._whole)
        if self._waiting:
            self._desk.tasks.run(self, self._waiting.pop(0), self._one, self._not_one)
        else:
            self._bind()

    def _one(self, copy: PrintedCopy) -> None:
        self._made.append(copy)
        self._next()

    def _not_one(self, problem: BaseException) -> None:
        if not isinstance(problem, KnownError):
            self._end(None)
            self._desk.feedback.report(self, problem)
            return
        self.refused.append(problem.sentence)
        self._next()

    def _bind(self) -> None:
        made, join = tuple(self._made), self._join
        if not made or join is None:
            self._end(None)
            return
        self._desk.tasks.run(self, lambda: join(made), self._end, lane=Lane.READ)

    def _end(self, whole: PrintedCopy | None) -> None:
        made = tuple(self._made) if whole is not None else ()
        self._whole, self._waiting = 0, []
        self.hide()
        self.finished.emit(whole, made)


def refused_words(refused: Sequence[str]) -> str:
    """How many were not made, and why the first one was not."""
    papers = "1 paper was" if len(refused) == 1 else f"{len(refused)} papers were"
    return f"{papers} not made. {refused[0]}"
