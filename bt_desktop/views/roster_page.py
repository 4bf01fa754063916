"""The page on which people are brought in: a roster, tables of any system, photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.photos_view import PhotosView
from bt_desktop.views.roster_view import RosterView
from bt_desktop.views.tables_view import TablesView
from bt_desktop.views.widgets.buttons import Chip, LinkButton
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.text import PageTitle

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

WAYS = (("roster", "OneRoster"), ("tables", "Tables (CSV)"), ("photos", "Photos"))


class RosterPage(Page):
    """`done` when the person goes back to the students."""

    title = "Import people"
    done = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent, wide=760)
        back = LinkButton("‹ Students", self)
        back.setAccessibleName("Back to Students")
        back.clicked.connect(self.done)
        self.column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(PageTitle("Import people", self))
        self.chips: dict[str, Chip] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for way, words in WAYS:
            chip = self.chips[way] = Chip(words, self)
            chip.setAccessibleName(f"Bring in: {words}")
            chip.clicked.connect(lambda _=False, which=way: self.show_way(which))
            self._group.addButton(chip)
            row.addWidget(chip)
        row.addStretch(1)
        self.column.addLayout(row)
        self.view = RosterView(desk, workspace, self)
        self.tables = TablesView(desk, workspace, self)
        self.photos = PhotosView(desk, workspace, self)
        self._views: dict[str, QWidget] = {
            "roster": self.view, "tables": self.tables, "photos": self.photos,
        }  # fmt: skip
        for view in self._views.values():
            self.column.addWidget(view)
        self.column.addStretch(1)
        self.show_way("roster")

    @Slot(str)
    def show_way(self, which: str) -> None:
        """Show one way of bringing people in."""
        self.chips[which].setChecked(True)
        for way, view in self._views.items():
            view.setVisible(way == which)
