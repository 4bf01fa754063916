"""One trip: its students, which medicine goes along, where it is, what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.away_groups import StudentGroup
from bt_desktop.services.health.trip_model import Giver, TripChild, TripMedicine, TripView
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.health.order_words import dose_words, medicine_title
from bt_desktop.views.health.row_card import Row, RowCard
from bt_desktop.views.health.stock_sheets import Hands
from bt_desktop.views.health.trip_out_sheets import ComeBackSheet, SendSheet
from bt_desktop.views.health.trip_sheets import DoseSheet, ItemSheet, LeaveOutSheet, MoreSheet
from bt_desktop.views.health.trip_words import STATES, doses_words, planned_words, when_words
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton, SecondaryButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage


@dataclass(frozen=True, slots=True)
class _Read:
    view: TripView
    users: dict[str, str]
    hands: Hands


class TripPage(QWidget):
    """`back_asked` to the list."""

    back_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._id = ""
        self._read: _Read | None = None
        self._groups: tuple[StudentGroup, ...] = ()
        self._names: Mapping[str, str] = {}
        self._today = date.min
        self.sheet: Sheet | None = None
        trips, may_print = workspace.health.trips, workspace.health.printing.may
        self.back = LinkButton("‹ Trips", self)
        self.back.setAccessibleName("Back to the trips")
        self.back.clicked.connect(self.back_asked)
        self.name = PageTitle("", self)
        self.name.setWordWrap(True)
        self.facts = Muted("", self)
        self.banner = Banner(desk.theme, self)
        self.packet = ActionButton(
            desk.theme, "Print the packet", icon_name="print", kind="secondary", parent=self
        )
        self.packet.clicked.connect(self.print_packet)
        self.send = ActionButton(desk.theme, "Sign it out…", kind="primary", parent=self)
        self.send.clicked.connect(self.sign_out)
        self.count = ActionButton(desk.theme, "Count it back…", kind="primary", parent=self)
        self.count.clicked.connect(self.count_back)
        self.more = SecondaryButton("More students…", self)
        self.more.clicked.connect(self.add_students)
        self.less = SecondaryButton("Somebody does not go…", self)
        self.less.clicked.connect(self.leave_out)
        for button, may in (
            (self.packet, may_print),
            (self.more, trips.may_plan),
            (self.less, trips.may_plan),
        ):
            button.setVisible(may)
        self._deeds = FlowLayout(gap=8)
        for deed in (self.send, self.count, self.packet, self.more, self.less):
            self._deeds.addWidget(deed)
        self.card = RowCard("Medicine on this trip", self)
        self.card.asked.connect(self.do)
        self.others_title = SectionTitle("Without medicine at school", self)
        self.others = Muted("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        above: tuple[QWidget, ...] = (self.name, self.facts, self.banner)
        below: tuple[QWidget, ...] = (self.card, self.others_title, self.others)
        for widget in above:
            column.addWidget(widget)
        column.addLayout(self._deeds)
        for widget in below:
            column.addWidget(widget)
        column.addStretch(1)

    def know(self, groups: tuple[StudentGroup, ...], names: Mapping[str, str], today: date) -> None:
        """What the list has read anyway."""
        self._groups, self._names, self._today = groups, names, today

    def open_trip(self, trip_id: str) -> None:
        """Show this one."""
        if trip_id != self._id:
            self._id, self._read = trip_id, None
            self.banner.clear()
        self.load()

    @Slot()
    def load(self) -> None:
        """Read the trip."""
        workspace, which = self._workspace, self._id

        def read() -> _Read:
            overview = workspace.health.overview
            hands = Hands(workspace.actor.user_id, overview.witnesses())
            return _Read(workspace.health.trips.view(which), dict(overview.names()), hands)

        self._desk.tasks.latest(self, "trip", read, self._show, self._gone)

    def _gone(self, problem: BaseException) -> None:
        if isinstance(problem, KnownError):  # called off: nothing is left to show
            self.back_asked.emit()
        else:
            self._desk.feedback.report(self, problem)

    def _show(self, read: _Read) -> None:
        self._read = read
        view, trip = read.view, read.view.trip
        self.name.setText(trip.name)
        leader = f"Led by {trip.leader}" if trip.leader else ""
        self.facts.setText(" · ".join(filter(None, (when_words(trip), trip.place, leader))))
        states = [m.state for _, m in view.along]
        waiting = [m for _, m in view.along if m.state == "planned" and m.lot is not None]
        may = self._workspace.health.trips.may_pack
        self.send.setVisible(may and bool(waiting))
        self.count.setVisible(may and "out" in states)
        if "short" in states:
            self.banner.tell(
                "What came back does not come out. Count that container again under Stock, and "
                "set it right with the report.",
                Tone.DANGER,
            )
        else:
            self.banner.clear()
        self.card.show_rows(
            self._row(child, one, read.users) for child in view.children for one in child.medicines
        )
        others = [one.name for one in view.children if not one.medicines]
        self.others.setText(", ".join(others))
        self.others.setVisible(bool(others))
        self.others_title.setVisible(bool(others) and may)
        tab_as_laid_out(self.card, after=self.less)

    def _row(self, child: TripChild, one: TripMedicine, users: dict[str, str]) -> Row:
        terms, trips = one.order.terms, self._workspace.health.trips
        title = f"{child.name}: {medicine_title(terms)}"
        word, tone = STATES[one.state] if one.goes else ("", "plain")
        if not one.goes and one.open_doses:
            word, tone = "A dose is due", "warn"
        deeds: list[tuple[str, str, str]] = []
        if trips.may_pack and one.state == "planned":
            words = "Change the plan…" if one.goes else "Goes along?"
            deeds.append(("plan", words, f"{words} {title}"))
        openable = bool(one.open_doses) or terms.prn is not None
        if one.goes and openable and (one.state != "planned" or one.lot is None):
            deeds.append(("dose", "Write down a dose…", f"Write down a dose: {title}"))
        if one.state == "short":
            deeds.append(("stock", "Look at the container", f"Look at the container: {title}"))
        return Row(
            one.order.id,
            title,
            dose_words(terms),
            f"{planned_words(one, users)} {doses_words(one)}",
            word,
            tone,
            deeds,
        )

    # --- deeds -----------------------------------------------------------------------------------

    @Slot(str, str)
    def do(self, deed: str, order_id: str) -> None:
        """A button of a medicine."""
        read = self._read
        found = _found(read.view, order_id) if read else None
        if read is None or found is None:
            return
        child, medicine = found
        trip = read.view.trip
        if deed == "stock" and medicine.lot is not None:
            self._to_stock(medicine.lot.lot.id)
        elif deed == "dose":
            self._open(DoseSheet(self._desk, self._workspace, trip, child, medicine, self))
        elif deed == "plan":
            trips = self._workspace.health.trips

            def open_sheet(givers: tuple[Giver, ...]) -> None:
                self._open(
                    ItemSheet(self._desk, self._workspace, trip, child, medicine, givers, self)
                )

            self._desk.tasks.run(self, lambda: trips.givers(trip.id, order_id), open_sheet)

    def _to_stock(self, lot_id: str) -> None:
        self._page.show_section("stock")
        stock = self._page.section("stock")
        if stock is not None:
            stock.open_lot(lot_id)  # type: ignore[attr-defined]  # StockSection

    @Slot()
    def sign_out(self) -> None:
        """What is planned goes out."""
        read = self._read
        if read is None:
            return
        along = [(c, m) for c, m in read.view.along if m.state == "planned" and m.lot is not None]
        self._open(
            SendSheet(
                self._desk, self._workspace, read.view.trip, along, read.users, read.hands, self
            )
        )

    @Slot()
    def count_back(self) -> None:
        """What is out comes back."""
        read = self._read
        if read is None:
            return
        along = [(c, m) for c, m in read.view.along if m.state == "out"]
        self._open(
            ComeBackSheet(self._desk, self._workspace, read.view.trip, along, read.hands, self)
        )

    @Slot()
    def add_students(self) -> None:
        """More go."""
        if self._read is not None:
            self._open(
                MoreSheet(
                    self._desk, self._workspace, self._read.view.trip, self._today, self._groups,
                    self._names, self,
                )
            )  # fmt: skip

    @Slot()
    def leave_out(self) -> None:
        """Somebody does not go, or nobody."""
        if self._read is not None:
            view = self._read.view
            children = [(one.id, one.name) for one in view.children]
            self._open(LeaveOutSheet(self._desk, self._workspace, view.trip, children, self))

    @Slot()
    def print_packet(self) -> None:
        """The packet as of now."""
        printing, which, page = self._workspace.health.printing, self._id, self._page
        name = self.name.text()
        self.packet.setEnabled(False)

        def show(made: PrintedCopy) -> None:
            self.packet.setEnabled(True)
            page.paper_asked.emit(made, f"Trip packet: {name}")

        def refused(problem: BaseException) -> None:
            self.packet.setEnabled(True)
            self._desk.feedback.report(self, problem)

        self._desk.tasks.run(self, lambda: printing.trip_packet(which), show, refused)

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.saved.connect(lambda _: self.load())
        sheet.open_sheet()


def _found(view: TripView, order_id: str) -> tuple[TripChild, TripMedicine] | None:
    pairs = ((c, m) for c in view.children for m in c.medicines)
    return next((one for one in pairs if one[1].order.id == order_id), None)
