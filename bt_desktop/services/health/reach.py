"""Whom and what the signed-in person may see of the health office.

Two things must agree: the role (the table of permissions) and the key (the grant). A nurse reaches
everything; a delegate the named medicines of their students; an open glass one student, to read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.keys import HealthKeys
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.problems import NotYours


@dataclass(frozen=True, slots=True)
class Reach:
    """What is reached on a day: everything, or some orders; `glass` names students to read."""

    everything: bool
    orders: frozenset[str]
    students: frozenset[str]
    glass: frozenset[str]

    def sees_order(self, order_id: str, student_id: str) -> bool:
        """Whether an order and its doses are shown."""
        return self.everything or student_id in self.glass or order_id in self.orders

    def sees_student(self, student_id: str) -> bool:
        """Whether something of a student is shown at all."""
        return self.everything or student_id in self.glass or student_id in self.students


class Reaching:
    """Works out what is reached."""

    def __init__(self, context: Context, book: OrderBook, keys: HealthKeys) -> None:
        self._context = context
        self._book = book
        self._keys = keys

    def now(self, session: Session, day: date) -> Reach:
        """What the signed-in person reaches on that day."""
        context = self._context
        everything = context.may(Action.HEALTH_READ)
        mine = () if everything else self.delegations(session, day)
        return Reach(
            everything,
            frozenset(order for one in mine for order in one.order_ids),
            frozenset(one.student_id for one in mine),
            self._keys.behind_glass(),
        )

    def delegations(self, session: Session, day: date) -> tuple[Delegation, ...]:
        """What was delegated to the signed-in person and holds on that day."""
        user = self._context.actor.user_id
        return tuple(
            one
            for one in self._book.delegations(session)
            if one.user_id == user and one.checked_on <= day <= one.until
        )

    def require_student(self, session: Session, day: date, student_id: str) -> Reach:
        """What is reached, if it holds anything of that student. Raises Denied, NotYours."""
        reach = self.now(session, day)
        if not reach.sees_student(student_id):
            if not self._context.may_some(Action.HEALTH_READ):
                raise Denied(Action.HEALTH_READ.value)
            raise NotYours
        return reach

    def require_order(self, session: Session, day: date, order_id: str, student_id: str) -> Reach:
        """As `require_student`, for one order."""
        reach = self.now(session, day)
        if not reach.sees_order(order_id, student_id):
            raise NotYours
        return reach
