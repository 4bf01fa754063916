"""A student's health file: allergies on top, then every order with what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.entries import Document
from bt_desktop.services.health.model import Consent, Order
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone
from bt_desktop.views.health.file_out import FileOut
from bt_desktop.views.health.order_card import History, OrderCard
from bt_desktop.views.health.order_sheet import Begun, OrderSheet
from bt_desktop.views.health.order_steps import ContainerSheet, ReviewSheet, StepSheet
from bt_desktop.views.health.order_words import ENDED, is_stock
from bt_desktop.views.health.paper_page import PaperPage
from bt_desktop.views.health.statement_sheets import ParentSheet, PrescriberSheet
from bt_desktop.views.health.student_parts import AllergyCard, CardGroup
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, PageTitle
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Guardian, Person
    from bt_desktop.services.workspace import Workspace

STOCK_NAME = "The school’s own stock"
_STOCK_WORDS = (
    "Standing orders for what the school keeps for everybody: epinephrine, naloxone, inhalers, "
    "glucagon. They need a prescriber and a nurse’s review, and no parent."
)


@dataclass(frozen=True, slots=True)
class HealthFile:
    """What the page shows, read in one go. `person` None: the school's own stock."""

    person: Person | None
    orders: tuple[Order, ...]
    history: Mapping[str, History]
    papers: tuple[Document, ...]
    names: Mapping[str, str]
    guardians: tuple[Guardian, ...]
    today: date
    year_end: date


def read_file_of(workspace: Workspace, student_id: str) -> HealthFile:
    """Everything the page shows (on a worker); an opening of the health file."""
    health, people = workspace.health, workspace.people
    found = health.orders.of_student(student_id)
    stock = is_stock(student_id)
    guardians: tuple[Guardian, ...] = ()
    if not stock and health.may_edit_orders:
        try:
            guardians = people.guardians(student_id)
        except KnownError:
            guardians = ()
    return HealthFile(
        None if stock else people.get(student_id),
        found,
        {one.id: health.orders.history(one.id) for one in found},
        health.orders.documents(student_id),
        health.overview.names(),
        guardians,
        health.orders.today(),
        health.overview.year_end(),
    )


class StudentHealthPage(PaperPage):
    """`back_asked`; `student_asked(student_id)` for the student's own page; `stock_asked(order_id)`
    to take in a container; `print_asked(PrintedCopy)` to show a form, `paper_asked(copy, title)`
    another paper."""

    title = "Health file"
    back_asked = Signal()
    student_asked = Signal(str)
    stock_asked = Signal(str)
    print_asked = Signal(object)
    paper_asked = Signal(object, str)

    def __init__(
        self, desk: Desk, workspace: Workspace, student_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, parent, wide=900)
        self._workspace, self._id = workspace, student_id
        self._file: HealthFile | None = None
        self._go_on_at = ""
        self.sheet: Sheet | None = None
        self.cards: dict[str, OrderCard] = {}
        self._back = LinkButton("‹ Orders", self)
        self._back.setAccessibleName("Back to the orders")
        self._back.clicked.connect(self.back_asked)
        self.name = PageTitle("", self)
        self.name.setWordWrap(True)
        self.new = ActionButton(desk.theme, "New order", icon_name="plus", kind="primary",
                                parent=self)  # fmt: skip
        self.new.clicked.connect(self.new_order)
        self.new.setVisible(workspace.health.may_edit_orders)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.name, 1)
        head.addWidget(self.new, 0, Qt.AlignmentFlag.AlignTop)
        self.facts = Muted("", self)
        self.to_student = LinkButton("The student’s page", self)
        self.to_student.clicked.connect(lambda: self.student_asked.emit(self._id))
        self.to_student.hide()
        self.form = LinkButton("Print an authorization form for this student", self)
        self.form.clicked.connect(self.print_form)
        self.form.setVisible(workspace.health.printing.may and not is_stock(student_id))
        self.out = FileOut(desk, workspace, student_id, self)
        self.out.paper_asked.connect(self.paper_asked)
        self.out.saved.connect(self._taken_out)
        self.out.refused.connect(lambda problem: desk.feedback.report(self, problem))
        self.out.setVisible(not is_stock(student_id) and workspace.health.packets.may)
        self.allergies = AllergyCard(desk, self)
        self.allergies.hide()
        self._running = CardGroup("", self)
        self._ended = CardGroup("Ended", self)
        self.nothing = Muted("", self)
        self.column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addLayout(head)
        self.column.addWidget(self.facts)
        self.column.addWidget(self.to_student)
        self.column.addWidget(self.form, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.out, self.allergies, self.nothing, self._running, self._ended):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    @Slot()
    def load(self) -> None:
        """Read the file."""
        workspace, which = self._workspace, self._id
        self._desk.tasks.run(
            self, lambda: read_file_of(workspace, which), self.show_file, lane=Lane.READ
        )

    def show_file(self, file: HealthFile) -> None:
        """Show what was read."""
        self._file = file
        person = file.person
        self.name.setText(person.name if person else STOCK_NAME)
        self.facts.setText(_facts(person))
        self.to_student.setVisible(person is not None)
        self.allergies.setVisible(person is not None)
        if person is not None:
            self.allergies.show_person(person)
        running = [one for one in file.orders if one.status not in ENDED]
        ended = [one for one in file.orders if one.status in ENDED]
        self.out.show_orders(file.orders)
        self.cards = {}
        for group, orders in ((self._running, running), (self._ended, ended)):
            group.show_cards([self._card(one, file) for one in orders])
        self.nothing.setText("" if file.orders else self._nothing())
        self.nothing.setVisible(not file.orders)
        tab_as_laid_out(self.out, self._running, self._ended, after=self.form)
        self._take_up_focus()

    def _take_up_focus(self) -> None:
        """After a deed its card is a new one: go on at its first button, not at the top."""
        card, self._go_on_at = self.cards.get(self._go_on_at), ""
        if card is not None:
            card.begin()

    def _nothing(self) -> str:
        if is_stock(self._id):
            return "No standing order yet."
        if not self._workspace.health.may_edit_orders:
            return "Nothing of this student is delegated to you today."
        return (
            "No order yet. Enter what the prescriber’s paper says; it counts once the prescriber’s "
            "and the parent’s statements are here and you have reviewed it."
        )

    def _card(self, order: Order, file: HealthFile) -> OrderCard:
        card = self.cards[order.id] = OrderCard(
            self._desk,
            order,
            file.today,
            may_edit=self._workspace.health.may_edit_orders,
            history=file.history.get(order.id, ()),
            names=file.names,
            papers=[one for one in file.papers if one.order_id == order.id],
            parent=self,
        )
        card.asked.connect(self.do)
        card.paper_asked.connect(self.show_paper)
        return card

    # --- deeds ---------------------------------------------------------------------------

    @Slot()
    def new_order(self) -> None:
        """Enter an order from nothing."""
        self._enter(None, changes=False)

    @Slot()
    def print_form(self) -> None:
        """The form for both statements, with what the school knows of the student."""
        printing, which = self._workspace.health.printing, self._id
        self._desk.tasks.run(self, lambda: printing.authorization(which), self.print_asked.emit)

    @Slot(str, object)
    def do(self, deed: str, order: Order) -> None:
        """Open the sheet of a deed with an order."""
        file = self._file
        if file is None:
            return
        desk, workspace = self._desk, self._workspace
        if deed == "receive":
            self.stock_asked.emit(order.id)
            return
        if deed in ("change", "renew"):
            self._enter(order, changes=deed == "change")
            return
        makers: dict[str, Callable[[], Sheet]] = {
            "prescriber": lambda: PrescriberSheet(
                desk, workspace, order, file.today, self._former(order), self
            ),
            "parent": lambda: ParentSheet(desk, workspace, order, file.today, file.guardians, self),
            "container": lambda: ContainerSheet(desk, workspace, order, file.today, self),
            "review": lambda: ReviewSheet(desk, workspace, order, self),
        }
        self._go_on_at = order.id
        make = makers.get(deed, lambda: StepSheet(desk, workspace, order, deed, self))
        self._open(make())

    def _enter(self, order: Order | None, *, changes: bool) -> None:
        file = self._file
        if file is None:
            return
        begun = Begun(
            self._id,
            file.today,
            file.year_end,
            file.person.allergies if file.person else "",
            order.terms if order else None,
            changes,
        )
        self._open(OrderSheet(self._desk, self._workspace, begun, self))

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.saved.connect(self._done)
        sheet.rejected.connect(self._left)
        sheet.open_sheet()

    @Slot()
    def _left(self) -> None:
        self._go_on_at = ""

    @Slot(object)
    def _done(self, result: object) -> None:
        if isinstance(result, str):  # the id of an order that was entered
            self._go_on_at = result
        self.load()

    def _former(self, order: Order) -> Consent | None:
        """Who prescribed the order that this one takes the place of."""
        orders = self._file.orders if self._file else ()
        before = next((one for one in orders if one.id == order.terms.replaces), None)
        return before.prescriber if before else None

    @Slot(int)
    def _taken_out(self, count: int) -> None:
        entries = "1 entry" if count == 1 else f"{count} entries"
        self.banner.tell(
            f"{entries} saved. The file is not encrypted: keep it where only you get at it.",
            Tone.OK,
        )

    # --- papers --------------------------------------------------------------------------

    @Slot(object)
    def show_paper(self, document: Document) -> None:
        """Show a kept scan over the page; that is written down."""
        orders = self._workspace.health.orders
        self._desk.tasks.run(
            self, lambda: orders.document_data(document.id), lambda data: self._lay(document, data)
        )


def _facts(person: Person | None) -> str:
    if person is None:
        return _STOCK_WORDS
    born = f"born {full_date(person.birth_date)}" if person.birth_date else ""
    grade = f"Grade {person.grade}" if person.grade else ""
    return " · ".join(part for part in (born, grade, person.teacher) if part)
