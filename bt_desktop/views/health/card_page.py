"""The emergency card on the screen: allergies in the largest type, what to give, whom to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.card_model import CardMedicine, EmergencyCard
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.card_sheet import CardSheet
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label
from bt_desktop.views.widgets.when import full_date, moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.workspace import Workspace

CALL = "In danger of life call 911 first. Then give the medicine, then call the parents."
NONE_KNOWN = "No known allergies"
NOT_ENTERED = "Not entered: ask a parent"
_DIRECTORY_ONLY = "No nurse has confirmed a card yet: this is what the directory knows."


class CardPage(Page):
    """`back_asked`; `paper_asked(PrintedCopy)` to print it."""

    title = "Emergency card"
    back_asked = Signal()
    paper_asked = Signal(object)

    def __init__(
        self, desk: Desk, workspace: Workspace, student_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk.theme, parent, wide=820)
        self._desk, self._workspace, self._id = desk, workspace, student_id
        self.sheet: CardSheet | None = None
        self._back = LinkButton("‹ The student’s page", self)
        self._back.clicked.connect(self.back_asked)
        self.name = PageTitle("", self)
        self.name.setWordWrap(True)
        self.change = SecondaryButton("Confirm or change…", self)
        self.change.setVisible(workspace.health.card.may_confirm)
        self.change.clicked.connect(self.confirm)
        self.print = ActionButton(
            desk.theme, "Print", icon_name="print", kind="primary", parent=self
        )
        self.print.setAccessibleName("Print this emergency card")
        self.print.clicked.connect(self.print_card)
        self.facts = Muted("", self)
        self.allergies = Card(self, spacing=4, edge="danger")
        self.allergy_words = plain_label("", "pageTitle", self.allergies)
        self.allergy_words.setWordWrap(True)
        self.rescue = QVBoxLayout()
        self.conditions = Card(self, spacing=4)
        self.condition_words = plain_label("", "", self.conditions)
        self.condition_words.setWordWrap(True)
        self.contacts = Card(self, margin=0, spacing=0)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.name, 1)
        head.addWidget(self.change)
        head.addWidget(self.print)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(IconLabel(self._desk.theme, "warn", "danger", 20, self.allergies))
        told.addWidget(plain_label("Allergies", "strong", self.allergies))
        told.addStretch(1)
        self.allergies.column.addLayout(told)
        self.allergies.column.addWidget(self.allergy_words)
        self.conditions.column.addWidget(plain_label("Also know", "strong", self.conditions))
        self.conditions.column.addWidget(self.condition_words)
        call = plain_label(CALL, "strong", self)
        call.setWordWrap(True)
        self.rescue.setSpacing(12)
        self.column.addWidget(self._back)
        self.column.addLayout(head)
        self.column.addWidget(self.facts)
        self.column.addWidget(self.allergies)
        self.column.addWidget(call)
        self.column.addWidget(SectionTitle("What to give", self))
        self.column.addLayout(self.rescue)
        self.column.addWidget(self.conditions)
        self.column.addWidget(SectionTitle("Whom to call", self))
        self.column.addWidget(self.contacts)
        self.column.addStretch(1)

    @Slot()
    def load(self) -> None:
        """Read the card; a look, written down once in half an hour."""
        card, which = self._workspace.health.card, self._id
        self._desk.tasks.run(self, lambda: card.get(which), self.show_card, lane=Lane.READ)

    def show_card(self, card: EmergencyCard) -> None:
        """Show it."""
        now, body = self._desk.clock.now(), card.body
        self.name.setText(card.name)
        born = f"born {full_date(card.birth_date)}" if card.birth_date else ""
        grade = f"Grade {card.grade}" if card.grade else ""
        confirmed = _DIRECTORY_ONLY
        if card.confirmed_at is not None:
            confirmed = f"confirmed by {card.confirmed_by} {moment_words(card.confirmed_at, now)}"
        self.facts.setText(" · ".join(one for one in (grade, born, confirmed) if one))
        none = NONE_KNOWN if body.no_allergies else NOT_ENTERED
        self.allergy_words.setText("\n".join(body.allergies) or none)
        self.allergies.setAccessibleName(f"Allergies: {self.allergy_words.text()}")
        _empty(self.rescue)
        for one in body.rescue:
            self.rescue.addWidget(_medicine(one))
        if not body.rescue:
            self.rescue.addWidget(Muted("No emergency medicine at school.", self))
        self.condition_words.setText("\n".join(body.conditions))
        self.conditions.setVisible(bool(body.conditions))
        self._show_contacts(card)

    def _show_contacts(self, card: EmergencyCard) -> None:
        _empty(self.contacts.column)
        rows = [
            (
                one.name,
                " · ".join(
                    filter(None, (one.relation, _speaks(one.language, one.needs_interpreter)))
                ),
                one.phone or "no phone",
            )
            for one in card.contacts
        ]
        if card.body.doctor:
            rows.append((card.body.doctor, "doctor", card.body.doctor_phone or "no phone"))
        for place, (name, about, phone) in enumerate(rows):
            if place:
                self.contacts.column.addWidget(Hairline(self.contacts))
            self.contacts.column.addWidget(_contact(name, about, phone))
        if not rows:
            words = Muted("Not entered: ask the school office.", self.contacts)
            words.setContentsMargins(14, 12, 14, 12)
            self.contacts.column.addWidget(words)

    # --- deeds -----------------------------------------------------------------------------------

    @Slot()
    def print_card(self) -> None:
        """The card on paper."""
        card, which = self._workspace.health.card, self._id

        def show(made: PrintedCopy) -> None:
            self.print.setEnabled(True)
            self.paper_asked.emit(made)

        def refused(problem: BaseException) -> None:
            self.print.setEnabled(True)
            self._desk.feedback.report(self, problem)

        self.print.setEnabled(False)
        self._desk.tasks.run(self, lambda: card.printed(which), show, refused, lane=Lane.READ)

    @Slot()
    def confirm(self) -> None:
        """Look through what the orders say, and keep it."""
        card, which = self._workspace.health.card, self._id

        def open_sheet(body: object) -> None:
            self.sheet = CardSheet(self._desk, self._workspace, which, body, self)  # type: ignore[arg-type]  # what `offer` gave
            self.sheet.saved.connect(lambda _: self.load())
            self.sheet.open_sheet()

        self._desk.tasks.run(self, lambda: card.offer(which), open_sheet, lane=Lane.READ)


def _medicine(one: CardMedicine) -> Card:
    card = Card(spacing=6)
    title = plain_label(f"{one.medicine}: {one.dose}, {one.route}", "cardTitle", card)
    title.setWordWrap(True)
    card.column.addWidget(title)
    rows = QFormLayout()
    rows.setHorizontalSpacing(20)
    rows.setVerticalSpacing(4)
    rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    stored = one.stored or "not entered"
    if one.carried:
        stored = f"The student carries it. A second one: {one.stored or 'none at school'}"
    expires = full_date(one.expires_on) or "not entered"
    facts = (
        ("Give it when", one.when or "not entered"),
        ("Then", one.then),
        ("Where it is", stored),
        ("Expires", expires),
    )
    for label, said in facts:
        if said:
            words = plain_label(said, "", card)
            words.setWordWrap(True)
            rows.addRow(Muted(label, card, wrap=False), words)
    card.column.addLayout(rows)
    return card


def _contact(name: str, about: str, phone: str) -> QWidget:
    row = QWidget()
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(plain_label(name, "strong", row))
    words.addWidget(Muted(about, row))
    line = QHBoxLayout(row)
    line.setContentsMargins(14, 10, 14, 10)
    line.setSpacing(14)
    line.addLayout(words, 1)
    line.addWidget(plain_label(phone, "cardTitle", row))
    return row


def _speaks(language: str, interpreter: bool) -> str:
    return f"{language}, needs an interpreter" if interpreter and language else language


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
