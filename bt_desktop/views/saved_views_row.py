"""The views over the list of records: chosen by a chip, kept, renamed and deleted from a menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import ask
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import Chip, LinkButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.sheet import Sheet

if TYPE_CHECKING:
    from bt_desktop.services.results.records import RecordFilter
    from bt_desktop.services.results.views import SavedView
    from bt_desktop.services.workspace import Workspace


class ViewSheet(Sheet):
    """Names a view: a new one over `filters`, or an old one anew."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        filters: RecordFilter | None,
        view: SavedView | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title, deed = ("Rename this view", "Rename") if view else ("Keep these filters", "Keep")
        super().__init__(desk, title, deed, parent, wide=420)
        self.name = TextLine()
        self.name.setText(view.name if view else "")
        self.add("name", "Name", self.name, required=True, hint="For example: To review")
        views = workspace.views
        may_share = views.may_share and view is None
        self.shared = self.tick("Everybody sees this view") if may_share else None

        def collect() -> object:
            name = self.name.text()
            if not name.strip():
                self.frames["name"].say("Give it a name.")
                return None
            if view is not None:
                return lambda: views.rename(view.id, name)
            shared = self.shared is not None and self.shared.isChecked()
            return lambda: views.save(name, filters, shared=shared)  # type: ignore[arg-type]  # a new view has filters

        self.on_save(collect)  # type: ignore[arg-type]  # work, or None for what is missing


class ViewsRow(QWidget):
    """`chosen(filters)` when a view is pressed. `show_for` marks the view that is on."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._filters: RecordFilter | None = None
        self._narrowed = False
        self.views: tuple[SavedView, ...] = ()
        self.chips: dict[str, Chip] = {}
        self._flow = FlowLayout(self, gap=10, between=6)
        self.keep = LinkButton("Keep these filters", self)
        self.keep.clicked.connect(self.keep_view)
        self.more = LinkButton("Change views", self)
        self.more.clicked.connect(self.open_menu)
        self._fill()

    @Slot()
    def load(self) -> None:
        """Read the views."""
        views = self._workspace.views
        self._desk.tasks.run(self, views.list, self.show_views, lane=Lane.READ)

    def show_views(self, views: tuple[SavedView, ...]) -> None:
        """Show them."""
        self.views = views
        self._fill()

    def show_for(self, filters: RecordFilter, narrowed: bool) -> None:
        """These filters are on."""
        self._filters, self._narrowed = filters, narrowed
        for view in self.views:
            self.chips[view.id].setChecked(view.filters == filters)
        self.keep.setVisible(narrowed and all(v.filters != filters for v in self.views))
        self.setVisible(bool(self.views) or self.keep.isVisibleTo(self))

    def _fill(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, Chip):
                widget.hide()
                widget.deleteLater()
        self.chips = {}
        for view in self.views:
            chip = Chip(view.name.replace("&", "&&"), self)
            shared = ", shared with everybody" if view.shared else ""
            chip.setAccessibleName(f"View: {view.name}{shared}")
            chip.clicked.connect(lambda _=False, v=view: self.chosen.emit(v.filters))
            self._flow.addWidget(chip)
            self.chips[view.id] = chip
        self._flow.addWidget(self.keep)
        self._flow.addWidget(self.more)
        self.more.setVisible(bool(self._changeable()))
        if self._filters is not None:
            self.show_for(self._filters, self._narrowed)

    def _changeable(self) -> list[SavedView]:
        share = self._workspace.views.may_share
        return [view for view in self.views if view.own or (view.shared and share)]

    @Slot()
    def keep_view(self) -> None:
        """Keep the filters that are on under a name."""
        sheet = ViewSheet(self._desk, self._workspace, self._filters, parent=self)
        sheet.saved.connect(self.load)
        sheet.open_sheet()

    @Slot()
    def open_menu(self) -> None:
        """Rename or delete a view."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for view in self._changeable():
            name = view.name.replace("&", "&&")
            menu.addAction(f"Rename “{name}”…", partial(self.rename, view))
            menu.addAction(f"Delete “{name}”…", partial(self.delete, view))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def rename(self, view: SavedView) -> None:
        """Call it otherwise."""
        sheet = ViewSheet(self._desk, self._workspace, None, view, self)
        sheet.saved.connect(self.load)
        sheet.open_sheet()

    def delete(self, view: SavedView) -> None:
        """Throw it away, after a question where it is everybody's."""
        whose = "It goes for everybody. " if view.shared else ""
        question = "Delete this view?"
        if not ask(self, question, "Delete", "Keep it", more=f"{whose}No record is touched."):
            return
        views = self._workspace.views
        self._desk.tasks.run(self, lambda: views.delete(view.id), lambda _: self.load())
