"""The names of the holds that the school's staff is trained in, as a list to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, SectionTitle

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_NAME = Qt.ItemDataRole.UserRole


class HoldsSection(QWidget):
    """Add, rename (F2 or double click), remove, order; Save puts it into the next report."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self.banner = Banner(desk.theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(SectionTitle("Names of holds", self))
        column.addWidget(self.banner)
        column.addWidget(
            Muted(
                "The list that a report offers. While it is empty, the list of your training "
                "program is used, which nobody has compared with the trainer's manual. "
                "“Another hold” is always offered at the end.",
                self,
            )
        )
        card = Card(self, margin=12, spacing=12)
        self.list = QListWidget(card)
        self.list.setObjectName("boxList")
        self.list.setAccessibleName("Names of holds")
        self.list.setMinimumHeight(220)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        card.column.addWidget(self.list)
        row = QHBoxLayout()
        row.setSpacing(8)
        for word, deed in (
            ("Add", self.add),
            ("Rename", self.rename),
            ("Remove", self.remove),
            ("Up", lambda: self.move_by(-1)),
            ("Down", lambda: self.move_by(1)),
        ):
            button = SecondaryButton(word, card)
            button.setAccessibleName(f"{word} a hold" if word == "Add" else f"{word} this hold")
            button.clicked.connect(deed)
            row.addWidget(button)
        row.addStretch(1)
        self.save = PrimaryButton("Save", card)
        self.save.clicked.connect(self.keep)
        row.addWidget(self.save)
        card.column.addLayout(row)
        column.addWidget(card)
        column.addStretch(1)

    @Slot()
    def load(self) -> None:
        """Read the list."""
        self._desk.tasks.run(
            self, self._workspace.school.hold_names, self.show_holds, lane=Lane.READ
        )

    def show_holds(self, holds: tuple[tuple[str, str], ...]) -> None:
        """Show it."""
        self.list.clear()
        for name, label in holds:
            self._put(name, label)

    def _put(self, name: str, label: str) -> QListWidgetItem:
        item = QListWidgetItem(label, self.list)
        item.setData(_NAME, name)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        return item

    @Slot()
    def add(self) -> None:
        """Add a line and begin to type in it."""
        item = self._put("", "")
        self.list.setCurrentItem(item)
        self.list.editItem(item)

    @Slot()
    def rename(self) -> None:
        """Type in the current line."""
        if (item := self.list.currentItem()) is not None:
            self.list.editItem(item)

    @Slot()
    def remove(self) -> None:
        """Take the current line away; it is gone once saved, old reports keep it."""
        row = self.list.currentRow()
        if row >= 0:
            self.list.takeItem(row)

    def move_by(self, by: int) -> None:
        """Move the current line."""
        row = self.list.currentRow()
        to = row + by
        if row >= 0 and 0 <= to < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(to, item)
            self.list.setCurrentRow(to)

    @Slot()
    def keep(self) -> None:
        """Save the list."""
        holds: list[tuple[str, str] | str] = []
        for i in range(self.list.count()):
            item = self.list.item(i)
            label, name = item.text().strip(), item.data(_NAME)
            if label:
                holds.append((str(name), label) if name else label)
        school = self._workspace.school
        self._desk.tasks.run(self, lambda: school.set_hold_names(holds), self._kept)

    def _kept(self, _: object) -> None:
        self.banner.tell("Saved. The next report offers this list.", Tone.OK)
        self.load()
