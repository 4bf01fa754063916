"""A sheet to fill in over the page: fields, problems beside them, one deed and Cancel."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.manual_pages import open_manual
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import SectionTitle
from bt_desktop.views.widgets.way_back import keep_way_back

_ONE_LINE = 28
"""Left free at the end, at 100 %."""


class Sheet(QDialog):
    """One column of fields. `saved(result)` once the deed is done; Enter never submits by itself.

    Build it with `add` and `tick`, give the deed with `on_save`: it reads the fields on the
    window's thread and returns the work for the worker, or None when a field says what is missing.
    A `KnownError` with `.problems` (field, sentence) is said beside the fields.
    """

    saved = Signal(object)

    def __init__(
        self, desk: Desk, title: str, deed: str, parent: QWidget | None = None, *, wide: int = 480
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._collect: Callable[[], Callable[[], Any] | None] | None = None
        self.frames: dict[str, FieldFrame] = {}
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.title = SectionTitle(title, self)
        self.banner = Banner(desk.theme, self)
        inner = QWidget()
        inner.setObjectName("ground")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(4, 4, 12, 4)
        self.column.setSpacing(14)
        self._inner = inner
        self._scroll = Scroll(self)
        self._scroll.setWidget(inner)
        cancel = SecondaryButton("Cancel", self)  # before the deed, as it stands
        cancel.clicked.connect(self.reject)
        self.deed = PrimaryButton(deed, self)
        self.deed.clicked.connect(self.save)
        buttons = QHBoxLayout()
        edges = self.column.contentsMargins()
        buttons.setContentsMargins(edges.left(), 0, edges.right(), 0)  # in line with the fields
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.deed)
        ground = QVBoxLayout(self)
        ground.setContentsMargins(20, 20, 12, 20)
        ground.setSpacing(12)
        ground.addWidget(self.title)
        ground.addWidget(self.banner)
        ground.addWidget(self._scroll, 1)
        ground.addLayout(buttons)
        self._wide = wide
        self._later: list[QWidget] = []

    def add(
        self, key: str, label: str, editor: QWidget, *, hint: str = "", required: bool = False
    ) -> FieldFrame:
        """A field named `key` (as the service names it in its problems)."""
        frame = FieldFrame(self._desk.theme, label, editor, hint=hint, required=required)
        self.frames[key] = frame
        self.column.addWidget(frame)
        return frame

    def pair(self, *keys: str) -> None:
        """Put fields that were added side by side (first and last name)."""
        row = QHBoxLayout()
        row.setSpacing(12)
        at = self.column.indexOf(self.frames[keys[0]])
        for key in keys:
            self.column.removeWidget(self.frames[key])
            row.addWidget(self.frames[key], 1, Qt.AlignmentFlag.AlignTop)
        self.column.insertLayout(at, row)

    def tick(self, text: str, on: bool = False) -> QCheckBox:
        """A box to tick."""
        box = QCheckBox(text)
        box.setChecked(on)
        box.setAccessibleName(text)
        self.column.addWidget(box)
        return box

    def add_later(self, widget: QWidget) -> None:
        """Something that shows only while the deed is done; there is room for it from the start."""
        self._later.append(widget)
        self.column.addWidget(widget)

    def side_by_side(self, *boxes: QCheckBox) -> None:
        """Put boxes to tick in one line."""
        row = QHBoxLayout()
        row.setSpacing(20)
        at = self.column.indexOf(boxes[0])
        for box in boxes:
            self.column.removeWidget(box)
            row.addWidget(box)
        row.addStretch(1)
        self.column.insertLayout(at, row)

    def on_save(self, collect: Callable[[], Callable[[], Any] | None]) -> None:
        """What to do; see the class."""
        self._collect = collect
        self.column.addStretch(1)

    def open_sheet(self) -> None:
        """Show it, sized to its content and its parent."""
        room = self._room()
        wide = min(self._desk.theme.px(self._wide), max(400, room.width() - 40))
        self.resize(wide, min(self._needs(wide), max(360, room.height() - 60)))
        keep_way_back(self.parentWidget())
        self.open()
        for frame in self.frames.values():
            (frame.editor.focusProxy() or frame.editor).setFocus()
            break

    def _needs(self, wide: int) -> int:
        """How tall it is with everything in it, and room for one line that says what is wrong."""
        ground = self.layout()
        if ground is None:
            return self.sizeHint().height()
        around = ground.sizeHint().height() - self._scroll.sizeHint().height()
        margins = ground.contentsMargins()
        inside = wide - margins.left() - margins.right()
        content = self._inner.sizeHint().height()
        if self.column.hasHeightForWidth():  # words that wrap ask for more than they take
            content = self.column.heightForWidth(inside)
        for one in self._later:
            content += one.sizeHint().height() + self.column.spacing() if one.isHidden() else 0
        return around + content + self._desk.theme.px(_ONE_LINE)

    def _room(self) -> QSize:
        """The window it stands over, or the screen."""
        parent = self.parentWidget()
        return self.screen().availableSize() if parent is None else parent.window().size()

    @Slot()
    def save(self) -> None:
        """Do the deed on the worker."""
        for frame in self.frames.values():
            frame.say("")
        self.banner.clear()
        work = self._collect() if self._collect else None
        if work is None:
            self._to_first_problem()
            return
        self._busy(True)
        self._desk.tasks.run(self, work, self._done, self._refused)

    def say_problems(self, problems: Iterable[Any]) -> None:
        """Say each problem (`.field`, `.sentence`) beside its field, the rest in the banner."""
        rest = []
        for problem in problems:
            frame = self.frames.get(problem.field)
            if frame is not None:
                frame.say(problem.sentence)
            else:
                rest.append(problem.sentence)
        if rest:
            self.banner.tell(" ".join(rest), Tone.DANGER)
        self._to_first_problem()

    def _done(self, result: object) -> None:
        self._busy(False)
        self.saved.emit(result)
        self.accept()

    def _refused(self, problem: BaseException) -> None:
        self._busy(False)
        problems = getattr(problem, "problems", ())
        if isinstance(problem, KnownError) and problems and hasattr(problems[0], "field"):
            self.say_problems(problems)
        elif isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)

    def _to_first_problem(self) -> None:
        for frame in self.frames.values():
            if frame.says():
                (frame.editor.focusProxy() or frame.editor).setFocus()
                self._scroll.ensureWidgetVisible(frame)
                return

    def _busy(self, on: bool) -> None:
        self.deed.setEnabled(not on)
        self._scroll.setEnabled(not on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1 and not event.modifiers():
            open_manual(self)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.save()
            return  # Enter in a line is not "save": people press it to go on
        super().keyPressEvent(event)
