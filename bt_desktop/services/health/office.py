"""The health office of an open vault: everything it offers, by what it is about."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.away import AwayService
from bt_desktop.services.health.board import BoardService
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.card import CardService
from bt_desktop.services.health.delegation import DelegationService
from bt_desktop.services.health.dose_notes import DoseNotes
from bt_desktop.services.health.doses import DoseService
from bt_desktop.services.health.glass import GlassService
from bt_desktop.services.health.health_export import HealthExport
from bt_desktop.services.health.keys import HealthKeys
from bt_desktop.services.health.months_service import MonthService
from bt_desktop.services.health.night_finish import NoteFinishing
from bt_desktop.services.health.night_notes import NightNotes
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.orders import OrderService
from bt_desktop.services.health.overview import Overview
from bt_desktop.services.health.packets import HealthPackets
from bt_desktop.services.health.parent_papers import ParentPapers
from bt_desktop.services.health.printing import HealthPrinting
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.settings import MedicationSettingsService
from bt_desktop.services.health.stock import StockService
from bt_desktop.services.health.sweep import SweepService
from bt_desktop.services.health.trip_plan import TripReader
from bt_desktop.services.health.trips import TripService
from bt_desktop.services.health.visit_export import VisitExport
from bt_desktop.services.health.visits import VisitService
from bt_desktop.services.openings import Openings
from bt_desktop.services.people import PeopleService


class HealthOffice:
    """`workspace.health`."""

    def __init__(
        self, context: Context, keys: HealthKeys, openings: Openings, people: PeopleService
    ) -> None:
        self._context, self._keys = context, keys
        box = HealthBox(context, keys)
        self._book = OrderBook(box)
        reaching = Reaching(context, self._book, keys)
        self.orders = OrderService(context, box, self._book, reaching, openings)
        self.stock = StockService(context, box, reaching)
        self.doses = DoseService(context, box, self._book, reaching, self.stock, openings)
        self.dose_notes = DoseNotes(context, box, reaching)
        self.away = AwayService(context)
        self.board = BoardService(context, box, self._book, reaching, self.away)
        trips = TripReader(context, box, self._book, reaching, self.stock, self.away)
        self.trips = TripService(context, box, self._book, trips, self.stock, self.away, self.doses)
        self.settings = MedicationSettingsService(context)
        self.overview = Overview(context, self._book, reaching, self.stock)
        self.delegation = DelegationService(context, box, self._book, reaching)
        self.glass = GlassService(context, box, self._book, self.orders, openings)
        self.night_notes = NightNotes(context, box)
        self.finishing = NoteFinishing(self.night_notes, self.doses)
        self.card = CardService(context, self._book, openings)
        self.months = MonthService(context, box, self._book, reaching, self.away, openings)
        self.sweep = SweepService(context, box, self._book, self.stock, self.overview, trips)
        self.printing = HealthPrinting(context, self._book, reaching, trips, self.card, openings)
        self.visits = VisitService(context, box, reaching, openings)
        self.parent_papers = ParentPapers(context, box, self._book, people, openings)
        self.export = HealthExport(context, box, self._book, reaching, people, openings)
        self.packets = HealthPackets(
            context, box, self._book, reaching, self.away, people, openings
        )
        self.visit_export = VisitExport(context, self.visits, openings)

    @property
    def may_read(self) -> bool:
        """Whether the role reads everybody's health file (a nurse; others what was delegated)."""
        return self._context.may(Action.HEALTH_READ)

    @property
    def may_totals(self) -> bool:
        """Whether the role is told how many are due, given and low, without a name."""
        return self._context.may_some(Action.HEALTH_TOTALS)

    @property
    def may_edit_orders(self) -> bool:
        """Whether the role enters and moves orders."""
        return self._context.may(Action.ORDER_EDIT)

    @property
    def may_edit_stock(self) -> bool:
        """Whether the role writes into the ledger."""
        return self._context.may(Action.STOCK_EDIT)

    def reaches_some(self) -> bool:
        """Whether any health file is open to the person today: by role or by delegation.

        Reads the store where the role alone does not say it.
        """
        return self.may_read or bool(self.delegation.mine())

    def reaches(self, student_id: str) -> bool:
        """Whether something of this student's health file is open to the person today. As above."""
        return self.may_read or any(one.student_id == student_id for one in self.delegation.mine())

    def tend(self, session: Session) -> None:
        """At a sign-in: whoever should hold a key is given it, whoever should not loses it."""
        self._keys.tend(session)
        self.delegation.tend(session)
        self.glass.tend(session)

    def close(self) -> None:
        """Before the vault is locked: what is open for a while is closed, and that is told."""
        self.glass.close_all("locked")

    def forget(self) -> None:
        """Let go of what was read (the vault is locked)."""
        self._book.forget()
        self.board.forget()
