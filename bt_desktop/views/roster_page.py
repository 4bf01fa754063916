"""The page on which a roster is imported later on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.roster_view import RosterView
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.text import PageTitle

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace


class RosterPage(Page):
    """`done` when the person goes back to the students."""

    title = "Import a roster"
    done = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent, wide=760)
        back = LinkButton("‹ Students", self)
        back.setAccessibleName("Back to Students")
        back.clicked.connect(self.done)
        self.column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(PageTitle("Import a roster", self))
        self.view = RosterView(desk, workspace, self)
        self.column.addWidget(self.view)
        self.column.addStretch(1)
