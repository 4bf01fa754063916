"""Several students: found by name one by one, or a whole grade or class at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.away_groups import StudentGroup
from bt_desktop.views.desk import Desk
from bt_desktop.views.student_pick import StudentPick
from bt_desktop.views.widgets.buttons import FilterChip, SecondaryButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_SHOWN = 40


class WhoGoes(QWidget):
    """`ids()` are the chosen ones, in the order of choosing. `changed` when there are others."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        groups: Sequence[StudentGroup],
        names: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._groups, self._names = groups, dict(names)
        self._chosen: dict[str, str] = {}
        self.pick = StudentPick(desk, workspace, self)
        self.pick.chosen.connect(self._take)
        self.pick.line.setAccessibleName("Find a student")
        self.group = Choice(self)
        rows: list[tuple[str, object]] = [("A whole grade or class", "")]
        rows += [
            (f"{one.label} ({len(one.student_ids)})", place) for place, one in enumerate(groups)
        ]
        self.group.fill(rows, "")
        self.group.setAccessibleName("A whole grade or class")
        self.all = SecondaryButton("Add them all", self)
        self.all.clicked.connect(self._take_group)
        self.chips: dict[str, FilterChip] = {}
        self._flow = FlowLayout(gap=6)
        self.says = Muted("", self)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.group, 1)
        line.addWidget(self.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.pick)
        column.addLayout(line)
        column.addWidget(self.says)
        column.addLayout(self._flow)
        self.setFocusProxy(self.pick)
        self._show()

    def ids(self) -> tuple[str, ...]:
        """Who was chosen."""
        return tuple(self._chosen)

    def choose(self, ids: Iterable[str]) -> None:
        """Choose these as well."""
        for one in ids:
            self._chosen.setdefault(one, self._names.get(one, "Student"))
        self._show()
        self.changed.emit()

    @Slot(str, str)
    def _take(self, student_id: str, name: str) -> None:
        self._names[student_id] = name
        self.pick.clear()
        self.choose([student_id])

    @Slot()
    def _take_group(self) -> None:
        place = self.group.currentData()
        if isinstance(place, int):
            self.choose(self._groups[place].student_ids)

    def _drop(self, student_id: str) -> None:
        self._chosen.pop(student_id, None)
        self._show()
        self.changed.emit()
        self.pick.line.setFocus()

    def _show(self) -> None:
        for chip in self.chips.values():
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = {}
        for student_id, name in list(self._chosen.items())[:_SHOWN]:
            chip = self.chips[student_id] = FilterChip(self._desk.theme, name, self)
            chip.setAccessibleName(f"Take away {name}")
            chip.clicked.connect(lambda _=False, which=student_id: self._drop(which))
            self._flow.addWidget(chip)
        count = len(self._chosen)
        words = "1 student" if count == 1 else f"{count} students"
        more = f", {count - _SHOWN} of them not shown here" if count > _SHOWN else ""
        self.says.setText(f"{words}{more}." if count else "Nobody chosen yet.")
        self.updateGeometry()
