"""What is still to be done about doses: emergency doses to finish, parents to tell, effects to ask,
times that nothing is written of. One line each, most of them done with one key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.board_model import Board, Line, Task, Unfinished
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.board_task_words import (
    EFFECTS,
    effect_about,
    effect_title,
    missed_title,
    parent_about,
    parent_title,
    unfinished_about,
    unfinished_title,
)
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_MOST = 1
"""So many stand there, where there is room; the rest unfolds: at noon the doses come first."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do. `key` tells it from others over a refresh."""

    key: tuple[str, str]
    title: str
    about: str
    what: Task | Line | Unfinished


def todos(board: Board) -> tuple[Todo, ...]:
    """Everything that is still to be done, in order of haste."""
    found = [
        Todo(("unfinished", one.dose.id), unfinished_title(one), unfinished_about(one), one)
        for one in board.unfinished
    ]
    asked = sorted(board.tasks, key=lambda one: one.finding.rule != "R24")
    for task in asked:
        effect = task.finding.rule == "R12"
        title = effect_title(task) if effect else parent_title(task)
        about = effect_about(task) if effect else parent_about(task)
        found.append(Todo((task.finding.rule, task.dose.id), title, about, task))
    for line in board.missed:
        due = line.due_at.isoformat() if line.due_at else ""
        found.append(
            Todo(("missed", f"{line.order_id} {due}"), missed_title(line), line.words, line)
        )
    return tuple(found)


class TodoRow(QWidget):
    """A line with its deeds. `line_asked(Line)`, `finish_asked(Unfinished)`, `done`;
    `paper_asked(key)` for the paper that tells a parent."""

    line_asked = Signal(object)
    finish_asked = Signal(object)
    paper_asked = Signal(str)
    done = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, todo: Todo, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._workspace, self.todo = desk, workspace, todo
        self.title = plain_label("", "strong", self)
        self.title.setWordWrap(True)
        self.about = Muted("", self)
        self.deeds: list[QWidget] = []
        self.words = TextLine(self, hint="Whom you told, and how")
        self.words.setAccessibleName(f"Whom you told: {todo.title}")
        self.words.returnPressed.connect(self._told_parent)
        self.words.hide()
        self._flow_holder = QWidget(self)
        self._flow = FlowLayout(self._flow_holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addWidget(self._flow_holder)
        column.addWidget(self.words)
        self._offer()
        self.show_todo(todo)

    def show_todo(self, todo: Todo) -> None:
        """The same thing, with the words of now."""
        self.todo = todo
        self.title.setText(todo.title)
        self.about.setText(todo.about)

    def _offer(self) -> None:
        what = self.todo.what
        papers = self._workspace.health.parent_papers.may
        if isinstance(what, Unfinished):
            self._deed("Finish…", "", lambda: self.finish_asked.emit(what))
            if papers:
                key = f"given:{what.dose.id}"
                self._deed("Paper for the parent…", "", partial(self.paper_asked.emit, key))
        elif isinstance(what, Line):
            self._deed("Write it down", "", lambda: self.line_asked.emit(what))
        elif what.finding.rule == "R12":
            for place, (words, worse) in enumerate(EFFECTS, start=1):
                self._deed(words, str(place), partial(self._effect, words, worse=worse))
        else:
            self._deed("A parent was told…", "", self._ask_whom)
            if papers:
                key = f"not_given:{what.dose.id}"
                self._deed("Paper for the parent…", "", partial(self.paper_asked.emit, key))

    def _deed(self, words: str, keys: str, deed: Callable[[], object]) -> None:
        button = (
            ActionButton(self._desk.theme, words, keys=keys, parent=self._flow_holder)
            if keys
            else SecondaryButton(words, self._flow_holder)
        )
        button.setAccessibleName(f"{words}: {self.todo.title}")
        button.clicked.connect(lambda _=False: deed())
        self._flow.addWidget(button)
        self.deeds.append(button)
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)

    def _effect(self, words: str, *, worse: bool) -> None:
        what = self.todo.what
        if isinstance(what, Task):
            doses, which = self._workspace.health.doses, what.dose.id
            self._do(lambda: doses.effect(which, words, worse=worse))

    def _ask_whom(self) -> None:
        self.words.show()
        self.words.setFocus()

    @Slot()
    def _told_parent(self) -> None:
        what, words = self.todo.what, self.words.text()
        if isinstance(what, Task):
            notes, which = self._workspace.health.dose_notes, what.dose.id
            self._do(lambda: notes.parent_told(which, words))

    def _do(self, work: Callable[[], object]) -> None:
        self.setEnabled(False)

        def failed(problem: BaseException) -> None:
            self.setEnabled(True)
            self._desk.feedback.report(self, problem)

        self._desk.tasks.run(self, work, lambda _: self.done.emit(), failed)


class BoardTasks(Card):
    """The list; hidden where nothing is to be done. Signals as of its rows."""

    line_asked = Signal(object)
    finish_asked = Signal(object)
    paper_asked = Signal(str)
    done = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent, margin=14, spacing=6, edge="warn")
        self._desk, self._workspace = desk, workspace
        self._whole = self._aside = False
        self._most = _MOST
        self._todos: tuple[Todo, ...] = ()
        self.rows: dict[tuple[str, str], TodoRow] = {}
        self.head = plain_label("", "strong", self)
        self.head.setWordWrap(True)
        self.more = LinkButton("", self)
        self.more.clicked.connect(self._unfold)
        top = QHBoxLayout()
        top.addWidget(self.head, 1)
        top.addWidget(self.more)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.column.addLayout(top)
        self.column.addLayout(self._list)
        self.hide()

    def show_board(self, board: Board) -> None:
        """Show what is to be done; a row in which somebody types stays as it is."""
        self._todos = todos(board)
        self._show()

    def _show(self) -> None:
        shown = self._todos if self._whole else self._todos[: self._most]
        wanted = {one.key for one in shown}
        for key in [key for key in self.rows if key not in wanted]:
            row = self.rows.pop(key)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, todo in enumerate(shown):
            if todo.key in self.rows:
                self.rows[todo.key].show_todo(todo)
                continue
            row = self.rows[todo.key] = TodoRow(self._desk, self._workspace, todo, self)
            row.line_asked.connect(self.line_asked)
            row.finish_asked.connect(self.finish_asked)
            row.paper_asked.connect(self.paper_asked)
            row.done.connect(self.done)
            self._list.insertWidget(place, row)
        count = len(self._todos)
        first = f": {self._todos[0].title}" if count and not shown else ""
        self.head.setText(f"To do ({count}){first}")
        self.more.setVisible(count > self._most)
        self.more.setText("Fewer" if self._whole else f"Show all {count}")
        self.more.setAccessibleName(
            "Show fewer tasks" if self._whole else f"Show all {count} tasks"
        )
        self.setVisible(bool(count) and not self._aside)
        tab_as_laid_out(self)

    def give_room(self, much: bool) -> None:
        """Whether there is room for a task beside the doses; else its title only."""
        most = _MOST if much else 0
        if most != self._most:
            self._most = most
            self._show()

    def set_aside(self, on: bool) -> None:
        """Out of the way while somebody looks for a child."""
        if on != self._aside:
            self._aside = on
            self.setVisible(bool(self._todos) and not on)

    @Slot()
    def _unfold(self) -> None:
        self._whole = not self._whole
        self._show()
