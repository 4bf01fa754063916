"""A student's sealed health file behind an open glass: to be read, in a red frame, for an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.entries import Document
from bt_desktop.services.health.glass_model import GlassDose, GlassView, OpenGlass
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.visit_model import VisitState
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.glass_words import left_words
from bt_desktop.views.health.order_card import DOCUMENT_WORDS, OrderCard
from bt_desktop.views.health.paper_page import PaperPage
from bt_desktop.views.health.student_parts import AllergyCard, CardGroup
from bt_desktop.views.health.visit_words import said_of, when_words
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import DangerButton, LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, PageTitle, Pill, SectionTitle, plain_label
from bt_desktop.views.widgets.when import full_date, moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Person
    from bt_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page shows, read in one go."""

    person: Person
    view: GlassView


def read_seen(workspace: Workspace, student_id: str) -> Seen:
    """On a worker; a look, written down each time. Raises NotYours once it is closed."""
    return Seen(workspace.people.get(student_id), workspace.health.glass.view(student_id))


class GlassPage(PaperPage):
    """`back_asked` to the student's page; `close_asked(student_id)`; `card_asked(student_id)`."""

    title = "Sealed health file"
    back_asked = Signal()
    close_asked = Signal(str)
    card_asked = Signal(str)

    def __init__(
        self, desk: Desk, workspace: Workspace, glass: OpenGlass, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, parent, wide=900)
        self._workspace, self.glass = workspace, glass
        self.scroll_area.setObjectName("glassFrame")
        self.scroll_area.setFrameShape(QFrame.Shape.StyledPanel)
        self._back = LinkButton("‹ The student’s page", self)
        self._back.clicked.connect(self.back_asked)
        self.name = PageTitle("", self)
        self.name.setWordWrap(True)
        self.close_now = DangerButton("Close it now", self)
        self.close_now.clicked.connect(lambda: self.close_asked.emit(glass.student_id))
        self.card = SecondaryButton("Emergency card", self)
        self.card.clicked.connect(lambda: self.card_asked.emit(glass.student_id))
        self.left = plain_label("", "dangerText", self)
        self.reason = Muted(f"Why: {glass.reason}", self)
        self.allergies = AllergyCard(desk, self)
        self.allergies.hide()
        self._parts = QVBoxLayout()
        self._parts.setSpacing(12)
        self._lay_out()
        self.tell()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.name, 1)
        head.addWidget(self.card)
        head.addWidget(self.close_now)
        open_now = QHBoxLayout()
        open_now.setSpacing(8)
        open_now.addWidget(IconLabel(self._desk.theme, "unlock", "danger", 18, self))
        open_now.addWidget(self.left)
        open_now.addStretch(1)
        self.column.addWidget(self._back)
        self.column.addLayout(head)
        self.column.addLayout(open_now)
        self.column.addWidget(self.reason)
        self.column.addWidget(
            Muted("Sealed health file, opened in an emergency: to be read only.", self)
        )
        self.column.addWidget(self.allergies)
        self.column.addLayout(self._parts)
        self.column.addStretch(1)

    @Slot()
    def tell(self) -> None:
        """A second has passed."""
        words = left_words(self.glass, self._desk.clock.now())
        if words != self.left.text():
            self.left.setText(words)

    @Slot()
    def load(self) -> None:
        """Read the file."""
        workspace, which = self._workspace, self.glass.student_id
        self._desk.tasks.run(
            self, lambda: read_seen(workspace, which), self.show_file, lane=Lane.READ
        )

    def show_file(self, seen: Seen) -> None:
        """Show what was read."""
        while (item := self._parts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.name.setText(seen.person.name)
        self.allergies.show_person(seen.person)
        self.allergies.show()
        view, now = seen.view, self._desk.clock.now()
        orders = CardGroup("Orders", self)
        orders.show_cards(
            [OrderCard(self._desk, one, now.date(), may_edit=False) for one in view.orders]
        )
        self._parts.addWidget(orders)
        for title, none, rows in (
            ("Doses, newest first", "No dose.", [_dose(one, now) for one in view.doses]),
            ("Visits", "No visit.", [_visit(one, now) for one in view.visits]),
            ("Papers", "No paper.", [self._paper(one) for one in view.documents]),
        ):
            self._parts.addWidget(_part(title, none, rows))
        tab_as_laid_out(self.content)

    def _paper(self, document: Document) -> QWidget:
        kind = DOCUMENT_WORDS.get(document.kind, DOCUMENT_WORDS["other"])
        show = LinkButton("Look at it")
        show.setAccessibleName(f"Look at it: {kind}")
        show.clicked.connect(lambda: self._show_paper(document))
        return _row(kind, full_date(document.at.date()), "", show)

    def _show_paper(self, document: Document) -> None:
        glass, which = self._workspace.health.glass, self.glass.student_id
        self._desk.tasks.run(
            self,
            lambda: glass.document(which, document.id),
            lambda data: self._lay(document, data),
            lane=Lane.READ,
        )


def _dose(one: GlassDose, now: datetime) -> QWidget:
    dose, lists = one.dose, medication_lists()
    code = lists.outcomes.get(dose.outcome)
    what = code.said if code is not None else dose.outcome
    amount = lists.amount(dose.given) if dose.given is not None else ""
    more = (dose.reason, f"Struck: {one.struck}" if one.struck else "")
    facts = " · ".join(part for part in (what, amount, f"by {one.by}" if one.by else "") if part)
    word = "Struck" if one.struck else ("Emergency" if dose.emergency else "")
    return _row(
        f"{moment_words(dose.at, now)}: {one.medicine}",
        facts,
        "\n".join(part for part in more if part),
        Pill(word, "plain" if one.struck else "danger") if word else None,
    )


def _visit(state: VisitState, now: datetime) -> QWidget:
    visit = state.visit
    came = visit.came_at.astimezone(now.tzinfo)
    left = visit.left_at.astimezone(now.tzinfo) if visit.left_at else None
    day = moment_words(visit.came_at, now).split(",")[0]
    return _row(said_of(visit), f"{day}: {when_words(came, left)}", "", None)


def _part(title: str, none: str, rows: list[QWidget]) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(SectionTitle(title))
    card = Card(holder, margin=0, spacing=0)
    for place, row in enumerate(rows):
        if place:
            card.column.addWidget(Hairline(card))
        card.column.addWidget(row)
    if not rows:
        words = Muted(none, card)
        words.setContentsMargins(14, 12, 14, 12)
        card.column.addWidget(words)
    column.addWidget(card)
    return holder


def _row(title: str, facts: str, more: str, right: QWidget | None) -> QWidget:
    row = QWidget()
    words = QVBoxLayout()
    words.setSpacing(2)
    head = plain_label(title, "strong", row)
    head.setWordWrap(True)
    words.addWidget(head)
    words.addWidget(Muted(facts, row))
    if more:
        said = plain_label(more, "", row)
        said.setWordWrap(True)
        words.addWidget(said)
    line = QHBoxLayout(row)
    line.setContentsMargins(14, 10, 14, 10)
    line.setSpacing(14)
    line.addLayout(words, 1)
    if right is not None:
        line.addWidget(right)
    return row
