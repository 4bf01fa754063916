"""Stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage


class StockSection(QWidget):
    """Stock."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Muted("Stock", self))
        column.addStretch(1)
