"""Trips: planned with their students, their medicine out and back, the packet to take along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.away_groups import StudentGroup
from bt_desktop.services.health.trip_model import TripLine
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.row_card import Row, RowCard
from bt_desktop.views.health.trip_page import TripPage
from bt_desktop.views.health.trip_sheets import TripSheet
from bt_desktop.views.health.trip_words import line_pill, line_words
from bt_desktop.views.widgets.buttons import ActionButton
from bt_desktop.views.widgets.one_of import OneOf
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, SectionTitle

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_LEAD = (
    "Plan who goes; then which medicine goes along and who gives it. What goes out is counted, "
    "and what comes back is counted again."
)
_NOTHING = "No trip is planned. Plan one, and the board shows its students as away."


@dataclass(frozen=True, slots=True)
class TripsView:
    """What the list shows, read in one go."""

    lines: tuple[TripLine, ...]
    groups: tuple[StudentGroup, ...]
    names: Mapping[str, str]
    today: date


def read_trips(workspace: Workspace) -> TripsView:
    """Everything the list shows (on a worker)."""
    health = workspace.health
    groups = health.away.groups() if health.away.may_edit else ()
    wanted = {one for group in groups for one in group.student_ids}
    return TripsView(
        health.trips.list(), groups, workspace.people.labels(wanted), health.away.today()
    )


class TripsSection(QWidget):
    """The list, and over it one trip."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._view: TripsView | None = None
        self.sheet: TripSheet | None = None
        self.list = QWidget(self)
        self.trip = TripPage(desk, workspace, page)
        self.trip.back_asked.connect(self._back)
        self.one_of = OneOf(self)
        self.one_of.add(self.list)
        self.one_of.add(self.trip)
        self.plan = ActionButton(
            desk.theme, "Plan a trip…", icon_name="plus", kind="primary", parent=self.list
        )
        self.plan.clicked.connect(lambda _=False: self.plan_trip())
        self.plan.setVisible(workspace.health.trips.may_plan)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Muted(_LEAD, self.list), 1)
        head.addWidget(self.plan)
        self.nothing = Muted("", self.list)
        self.coming = RowCard("Trips to come", self.list)
        self.over_title = SectionTitle("Over", self.list)
        self.over = RowCard("Trips that are over", self.list)
        for card in (self.coming, self.over):
            card.asked.connect(lambda _deed, key: self.open_trip(key))
        inner = QVBoxLayout(self.list)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        inner.addLayout(head)
        inner.addWidget(self.nothing)
        inner.addWidget(self.coming)
        inner.addWidget(self.over_title)
        inner.addWidget(self.over)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.one_of)

    def begin(self) -> None:
        """Opened: begin at the deed, or at the trip that is shown."""
        if self.list.isVisible():
            self.plan.setFocus()
        else:
            self.trip.back.setFocus()

    @Slot()
    def load(self) -> None:
        """Read the trips, and the one that is shown."""
        workspace = self._workspace
        self._desk.tasks.latest(self, "trips", lambda: read_trips(workspace), self.show_view)
        if not self.trip.isHidden():
            self.trip.load()

    def errand(self, trip_id: str) -> None:
        """Somebody came here for one trip."""
        self.open_trip(trip_id)

    def show_view(self, view: TripsView) -> None:
        """Show what was read."""
        self._view = view
        self.trip.know(view.groups, view.names, view.today)
        coming = [one for one in view.lines if one.trip.last >= view.today or one.out or one.short]
        over = [one for one in reversed(view.lines) if one not in coming]
        self.coming.show_rows(_row(one) for one in coming)
        self.over.show_rows(_row(one) for one in over)
        self.over_title.setVisible(bool(over))
        self.nothing.setText("" if view.lines else _NOTHING)
        self.nothing.setVisible(not view.lines)
        tab_as_laid_out(self.coming, self.over, after=self.plan)

    def open_trip(self, trip_id: str) -> None:
        """Show one trip."""
        self.trip.open_trip(trip_id)
        self.one_of.show_only(self.trip)
        self.trip.back.setFocus()

    @Slot()
    def _back(self) -> None:
        self.one_of.show_only(self.list)
        self.load()
        self.plan.setFocus()

    def plan_trip(self) -> None:
        """Plan a new one."""
        view = self._view
        if view is None:
            return
        sheet = self.sheet = TripSheet(
            self._desk, self._workspace, view.today, view.groups, view.names, self
        )
        sheet.saved.connect(self._planned)
        sheet.open_sheet()

    @Slot(object)
    def _planned(self, trip_id: object) -> None:
        self.load()
        self.open_trip(str(trip_id))


def _row(line: TripLine) -> Row:
    word, tone = line_pill(line)
    trip = line.trip
    return Row(
        trip.id, trip.name, line_words(line), pill=word, tone=tone,
        deeds=(("open", "Open", f"Open the trip {trip.name}"),),
    )  # fmt: skip
