"""The health office of an open vault: everything it offers, by what it is about."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.delegation import DelegationService
from bt_desktop.services.health.doses import DoseService
from bt_desktop.services.health.keys import HealthKeys
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.orders import OrderService
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.settings import MedicationSettingsService
from bt_desktop.services.health.stock import StockService
from bt_desktop.services.openings import Openings


class HealthOffice:
    """`workspace.health`."""

    def __init__(self, context: Context, keys: HealthKeys, openings: Openings) -> None:
        self._keys = keys
        box = HealthBox(context, keys)
        self._book = OrderBook(box)
        reaching = Reaching(context, self._book)
        self.orders = OrderService(context, box, self._book, reaching, openings)
        self.stock = StockService(context, box, reaching)
        self.doses = DoseService(context, box, self._book, reaching, self.stock, openings)
        self.settings = MedicationSettingsService(context)
        self.delegation = DelegationService(context, box, self._book, reaching)

    def tend(self, session: Session) -> None:
        """At a sign-in: whoever should hold a key is given it, whoever should not loses it."""
        self._keys.tend(session)
        self.delegation.tend(session)

    def forget(self) -> None:
        """Let go of what was read (the vault is locked)."""
        self._book.forget()
