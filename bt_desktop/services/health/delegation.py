"""Delegation: trained staff may give named medicines to named students, until a day.

A nurse checks the skill, names student and medicines, and seals the student's key to them; taking
it back takes the key away (R18; 5 CCR 601; EC 49468.2 for seizure rescue: a year at most).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.health import HealthGrant
from bt_desktop.models.school import Account
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import (
    DELEGATION,
    DELEGATION_END,
    Delegation,
    DelegationEnd,
)
from bt_desktop.services.health.keys import DELEGATE
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.problems import DelegationRefused
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.school_calendar import school_calendar

LONGEST = timedelta(days=366)
"""A skill check holds for a year at most (IA 281-14: annual; EC 49468.2: annual refresher)."""
_LEAST_REASON = 5


class DelegationService:
    """Gives, lists and takes back."""

    def __init__(
        self, context: Context, box: HealthBox, book: OrderBook, reaching: Reaching
    ) -> None:
        self._context = context
        self._box = box
        self._book = book
        self._reaching = reaching

    @property
    def may_edit(self) -> bool:
        """Whether the signed-in person delegates."""
        return self._context.may(Action.DELEGATION_EDIT)

    def all(self, student_id: str | None = None) -> tuple[Delegation, ...]:
        """What is delegated (of one student), also where its last day is over; oldest first."""
        self._context.require(Action.DELEGATION_EDIT)
        with self._context.store.read() as session:
            found = self._book.delegations(session)
        return tuple(one for one in found if student_id in (None, one.student_id))

    def mine(self) -> tuple[Delegation, ...]:
        """What was delegated to the signed-in person and holds today."""
        with self._context.store.read() as session:
            return self._reaching.delegations(session, self._today(session))

    def give(self, delegation: Delegation) -> str:
        """Delegate; returns its id. Raises DelegationRefused, Denied."""
        context = self._context
        context.require(Action.DELEGATION_EDIT)
        with context.store.write() as session:
            self._require(session, delegation)
            made = replace(delegation, id=str(uuid.uuid4()))
            self._box.add(
                session, made.student_id, DELEGATION, made, about=made.user_id,
                day=self._today(session), id=made.id,
            )  # fmt: skip
            self._box.keys.share(session, made.student_id, made.user_id, DELEGATE)
            context.note(session, "delegation.give", f"user:{made.user_id}")
        return made.id

    def end(self, delegation_id: str, reason: str) -> None:
        """Take it back; the key goes unless another delegation of the student still holds."""
        context = self._context
        context.require(Action.DELEGATION_EDIT)
        said = " ".join(reason.split())
        if len(said) < _LEAST_REASON:
            raise DelegationRefused("Say in a few words why it is taken back.")
        with context.store.write() as session:
            held = {one.id: one for one in self._book.delegations(session)}
            gone = held.pop(delegation_id, None)
            if gone is None:
                raise DelegationRefused("This was taken back already.")
            today = self._today(session)
            self._box.add(
                session, gone.student_id, DELEGATION_END, DelegationEnd(delegation_id, said),
                about=gone.user_id, day=today,
            )  # fmt: skip
            if not _still_held(held.values(), gone, today):
                self._box.keys.withdraw(session, gone.user_id, gone.student_id)
            context.note(session, "delegation.end", f"user:{gone.user_id}")

    def tend(self, session: Session) -> int:
        """At a nurse's sign-in: keys of what holds no more are taken back, keys that a new password
        or a closed account cost are sealed anew. Returns how many were changed."""
        if not self._context.may(Action.DELEGATION_EDIT):
            return 0
        today = self._today(session)
        wanted = {
            (one.student_id, one.user_id)
            for one in self._book.delegations(session)
            if today <= one.until
        }
        rows = select(HealthGrant.subject, HealthGrant.holder).where(HealthGrant.why == DELEGATE)
        held = {(subject, holder) for subject, holder in session.execute(rows)}
        active = set(session.scalars(select(Account.user_id).where(Account.active)))
        for subject, user_id in held - wanted:
            self._box.keys.withdraw(session, user_id, subject)
        lacking = {pair for pair in wanted - held if pair[1] in active}
        for subject, user_id in lacking:
            self._box.keys.share(session, subject, user_id, DELEGATE)
        return len(held - wanted) + len(lacking)

    # --- within --------------------------------------------------------------------------------

    def _require(self, session: Session, made: Delegation) -> None:
        """Raise DelegationRefused for what cannot be delegated so."""
        account = session.get(Account, made.user_id)
        if account is None or not account.active:
            raise DelegationRefused("Choose somebody who has an open account.")
        if account.user_id == self._context.actor.user_id:
            raise DelegationRefused("Nobody delegates to themselves.")
        if account.role == "auditor":
            raise DelegationRefused("An auditor gives no medicine. Choose somebody else.")
        orders = {one.terms.id: one for one in self._book.of_student(session, made.student_id)}
        if not made.order_ids or not made.order_ids <= set(orders):
            raise DelegationRefused("Choose at least one of this student's medicines.")
        chosen = [orders[one] for one in made.order_ids]
        if any(one.terms.medicine.controlled for one in chosen) and not made.controlled:
            raise DelegationRefused(
                "One of these is a controlled medicine. Say so, if your school allows it."
            )
        if made.until < made.checked_on or made.until - made.checked_on > LONGEST:
            raise DelegationRefused("A skill check holds for a year at most. Look at the dates.")
        if made.checked_on > self._today(session):
            raise DelegationRefused("The skill check is dated in the future.")
        if made.consented_on is None:
            raise DelegationRefused("Write when they agreed to do it: nobody has to (5 CCR 601).")

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()


def _still_held(others: Iterable[Delegation], gone: Delegation, today: date) -> bool:
    return any(
        one.user_id == gone.user_id and one.student_id == gone.student_id and today <= one.until
        for one in others
    )
