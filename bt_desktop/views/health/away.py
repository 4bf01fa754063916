"""Who is not at school: today, in the days to come, and lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.away_groups import StudentGroup
from bt_desktop.services.health.away_model import Away
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.away_sheet import AwaySheet, BackSheet
from bt_desktop.views.health.away_words import days_words, students_words, times_between
from bt_desktop.views.health.row_card import Row, RowCard
from bt_desktop.views.widgets.buttons import ActionButton
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, SectionTitle
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_BACK, _AHEAD = timedelta(days=14), timedelta(days=120)
_LEAD = (
    "Absences, early pickups and late arrivals. Today’s board shows these students as away "
    "instead of overdue; what was given all the same can always be recorded."
)
_NOTHING = "Nobody is entered as away. Days without school for everybody are in the calendar."
_GROUPS = (("today", "Today"), ("coming", "To come"), ("past", "The last two weeks"))


@dataclass(frozen=True, slots=True)
class AwayView:
    """What the section shows, read in one go."""

    rows: tuple[Away, ...]
    names: Mapping[str, str]
    users: Mapping[str, str]
    groups: tuple[StudentGroup, ...]
    today: date


def read_away(workspace: Workspace) -> AwayView:
    """Everything the section shows (on a worker)."""
    away = workspace.health.away
    today = away.today()
    held = away.of(None, today - _BACK, today + _AHEAD)
    groups = away.groups() if away.may_edit else ()
    wanted = set(held) | {one for group in groups for one in group.student_ids}
    return AwayView(
        tuple(one for found in held.values() for one in found),
        workspace.people.labels(wanted),
        workspace.health.overview.names(),
        groups,
        today,
    )


class AwaySection(QWidget):
    """The list, by day."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._view: AwayView | None = None
        self.sheet: Sheet | None = None
        self.enter = ActionButton(
            desk.theme, "Not at school…", icon_name="plus", kind="primary", parent=self
        )
        self.enter.clicked.connect(lambda _=False: self.enter_away())
        self.enter.setVisible(workspace.health.away.may_edit)
        self.lead = Muted(_LEAD, self)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.lead, 1)
        head.addWidget(self.enter)
        self.nothing = Muted("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.nothing)
        self.cards: dict[str, RowCard] = {}
        self._titles: dict[str, SectionTitle] = {}
        for key, words in _GROUPS:
            title = self._titles[key] = SectionTitle(words, self)
            card = self.cards[key] = RowCard(f"Not at school: {words}", self)
            card.asked.connect(self.do)
            column.addWidget(title)
            column.addWidget(card)
        column.addStretch(1)

    def begin(self) -> None:
        """Opened: begin at the deed."""
        if self.enter.isVisible():
            self.enter.setFocus()

    @Slot()
    def load(self) -> None:
        """Read who is away."""
        workspace = self._workspace
        self._desk.tasks.latest(self, "away", lambda: read_away(workspace), self.show_view)

    def show_view(self, view: AwayView) -> None:
        """Show what was read."""
        self._view = view
        by_group: dict[str, list[Row]] = {key: [] for key, _ in _GROUPS}
        for row, group in self._rows(view):
            by_group[group].append(row)
        for key, _ in _GROUPS:
            self.cards[key].show_rows(by_group[key])
            self._titles[key].setVisible(bool(by_group[key]))
        self.nothing.setText("" if view.rows else _NOTHING)
        self.nothing.setVisible(not view.rows)
        tab_as_laid_out(*self.cards.values(), after=self.enter)

    def _rows(self, view: AwayView) -> Sequence[tuple[Row, str]]:
        trips: dict[str, list[Away]] = {}
        made = []
        for one in sorted(view.rows, key=lambda one: (one.first, view.names.get(one.student_id))):
            if one.kind == "trip":
                trips.setdefault(one.trip_id, []).append(one)
                continue
            name = view.names.get(one.student_id, "Student")
            by = view.users.get(one.by_user, "").partition(",")[0]
            entered = f"entered by {by} {moment_words(one.at, self._desk.clock.now())}"
            deeds = (("back", "Take it back…", f"Take back: {name}, {one.words}"),)
            made.append(
                (
                    Row(
                        one.id,
                        name,
                        f"{one.words} · {days_words(one.first, one.last)} · {entered}",
                        deeds=deeds if self._workspace.health.away.may_edit else (),
                    ),
                    _group(one, view.today),
                )
            )
        for trip_id, held in trips.items():
            one = held[0]
            when = " · ".join(
                filter(
                    None, (days_words(one.first, one.last), times_between(one.leaves, one.returns))
                )
            )
            row = Row(
                trip_id,
                f"Trip: {one.name}",
                f"{when} · {students_words(len(held))}",
                deeds=(("trip", "Open the trip", f"Open the trip {one.name}"),),
            )
            made.append((row, _group(one, view.today)))
        return made

    @Slot(str, str)
    def do(self, deed: str, key: str) -> None:
        """A button of a row."""
        if deed == "trip":
            self._page.show_section("trips", key)
            return
        view = self._view
        found = next((one for one in view.rows if one.id == key), None) if view else None
        if view is None or found is None:
            return
        name = view.names.get(found.student_id, "Student")
        about = f"{name}: {found.words}, {days_words(found.first, found.last)}"
        self._open(BackSheet(self._desk, self._workspace, about, [key], self))

    @Slot()
    def enter_away(self) -> None:
        """Enter an absence."""
        view = self._view
        if view is not None:
            self._open(
                AwaySheet(self._desk, self._workspace, view.today, view.groups, view.names, self)
            )

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.saved.connect(lambda _: self.load())
        sheet.open_sheet()


def _group(one: Away, today: date) -> str:
    if one.on(today):
        return "today"
    return "coming" if one.first > today else "past"
