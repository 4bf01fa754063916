"""Delegation: who of the staff may give which medicines of which student, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.model import Order
from bt_desktop.services.health.settings import WHO_WORDS, MedicationSettings
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.delegation_sheet import Delegating, DelegationSheet, EndSheet
from bt_desktop.views.health.order_words import ENDED, is_stock, medicine_title
from bt_desktop.views.health.row_card import Row, RowCard
from bt_desktop.views.widgets.buttons import ActionButton
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, SectionTitle
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_LEAD = (
    "Trained staff may give named medicines to named students once you have checked that they can. "
    "A check holds for a year at most."
)
_MINE = "The nurse lets you give these medicines. You see nothing else of these students’ files."
_NOTHING = "Nothing is delegated. Whoever is no nurse gives nothing then, but in an emergency."
SOON_DAYS = 30
"""A skill check that ends within so many days is shown as running out."""


@dataclass(frozen=True, slots=True)
class DelegationView:
    """What the section shows, read in one go. `choices` None: the person only sees their own."""

    rows: tuple[Delegation, ...]
    orders: Mapping[str, Order]
    students: Mapping[str, str]
    users: Mapping[str, str]
    settings: MedicationSettings
    today: date
    choices: Delegating | None


def read_delegation(workspace: Workspace) -> DelegationView:
    """Everything the section shows (on a worker)."""
    health = workspace.health
    edits, today = health.delegation.may_edit, health.orders.today()
    rows = health.delegation.all() if edits else health.delegation.mine()
    orders = {one.id: one for one in health.overview.orders()}
    users = {user: name.partition(",")[0] for user, name in health.overview.names().items()}
    students = {one.student_id for one in rows}
    students |= {one.terms.student_id for one in orders.values()}
    names = workspace.people.labels(one for one in students if not is_stock(one))
    settings = health.settings.get()
    choices = None
    if edits:
        found = sorted(
            (one.name, one.user_id)
            for one in workspace.accounts.list()
            if one.active and one.user_id != workspace.actor.user_id
        )
        choices = Delegating(
            tuple((user, name) for name, user in found),
            tuple(
                one
                for one in orders.values()
                if one.status not in ENDED and not is_stock(one.terms.student_id)
            ),
            names,
            settings,
            today,
            health.overview.year_end(),
        )
    return DelegationView(rows, orders, names, users, settings, today, choices)


class DelegationSection(QWidget):
    """The list: what holds, and what is over."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._view: DelegationView | None = None
        self.sheet: Sheet | None = None
        edits = workspace.health.delegation.may_edit
        self.give = ActionButton(
            desk.theme, "Delegate…", icon_name="plus", kind="primary", parent=self
        )
        self.give.clicked.connect(lambda _=False: self.delegate())
        self.give.setVisible(edits)
        self.lead = Muted(_LEAD if edits else _MINE, self)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.lead, 1)
        head.addWidget(self.give)
        self.setting = Muted("", self)
        self.nothing = Muted("", self)
        self.card = RowCard("Delegated now", self)
        self.over_title = SectionTitle("Skill check over", self)
        self.over = RowCard("Skill check over", self)
        for card in (self.card, self.over):
            card.asked.connect(self.do)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        for widget in (self.setting, self.nothing, self.card, self.over_title, self.over):
            column.addWidget(widget)
        column.addStretch(1)

    def begin(self) -> None:
        """Opened: begin at the deed."""
        if self.give.isVisible():
            self.give.setFocus()

    @Slot()
    def load(self) -> None:
        """Read what is delegated."""
        workspace = self._workspace
        self._desk.tasks.latest(
            self, "delegation", lambda: read_delegation(workspace), self.show_view
        )

    def errand(self, delegation_id: str) -> None:
        """Somebody came here for one of them: its buttons are in its row."""
        button = self.card.buttons.get(("again", delegation_id))
        if button is not None:
            button.setFocus()

    def show_view(self, view: DelegationView) -> None:
        """Show what was read."""
        self._view = view
        rows = sorted(view.rows, key=lambda one: (view.users.get(one.user_id, ""), one.until))
        holds = [one for one in rows if view.today <= one.until]
        over = [one for one in rows if view.today > one.until]
        self.card.show_rows(self._row(one, view) for one in holds)
        self.over.show_rows(self._row(one, view) for one in over)
        self.over_title.setVisible(bool(over))
        self.nothing.setText("" if rows else _NOTHING)
        self.nothing.setVisible(not rows)
        who = WHO_WORDS[view.settings.who_gives_controlled]
        self.setting.setText(f"By the school’s setting, {who} gives what is controlled.")
        tab_as_laid_out(self.card, self.over, after=self.give)

    def _row(self, one: Delegation, view: DelegationView) -> Row:
        who = view.users.get(one.user_id, "Somebody")
        student = view.students.get(one.student_id, "Student")
        medicines = [
            medicine_title(order.terms)
            for which in sorted(one.order_ids)
            if (order := view.orders.get(which)) is not None
        ]
        left = (one.until - view.today).days
        word, tone = f"Until {full_date(one.until)}", "ok"
        if left < 0:
            word, tone = f"Over since {full_date(one.until)}", "danger"
        elif left <= SOON_DAYS:
            tone = "warn"
            word = "Runs out today" if left == 0 else f"Runs out in {left} days"
        checked = f"Skill checked {full_date(one.checked_on)}"
        agreed = f"agreed {full_date(one.consented_on)}" if one.consented_on else ""
        also = "also what is controlled" if one.controlled else ""
        about = f"{student}: {', '.join(medicines) or 'no medicine any more'}"
        deeds = (
            ("again", "Check again…", f"Check the skill again: {who}, {student}"),
            ("end", "Take it back…", f"Take it back: {who}, {student}"),
        )
        mine = view.choices is None
        return Row(
            one.id,
            student if mine else who,
            ", ".join(medicines) if mine else about,
            " · ".join(filter(None, (checked, agreed, also, one.license, one.note))),
            word,
            tone,
            () if mine else deeds,
        )

    @Slot(str, str)
    def do(self, deed: str, which: str) -> None:
        """A button of a row."""
        view = self._view
        found = next((one for one in view.rows if one.id == which), None) if view else None
        if view is None or found is None or view.choices is None:
            return
        if deed == "again":
            self._open(DelegationSheet(self._desk, self._workspace, view.choices, found, self))
            return
        who = view.users.get(found.user_id, "Somebody")
        about = f"{who} gives medicine to {view.students.get(found.student_id, 'a student')}"
        self._open(EndSheet(self._desk, self._workspace, about, which, self))

    @Slot()
    def delegate(self) -> None:
        """Delegate something new."""
        view = self._view
        if view is not None and view.choices is not None:
            self._open(DelegationSheet(self._desk, self._workspace, view.choices, None, self))

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.saved.connect(lambda _: self.load())
        sheet.open_sheet()
