"""Break-glass: an administrator reads one student's health file for an hour, and it is seen.

For when the nurse is away and a child reacts (security design §6; HIPAA 164.312(a)(2)(ii) as a
yardstick). The password again and a reason take the student's key out of the escrow; nothing can
be written or taken out with it; after an hour, at closing or at a lock the key is forgotten.
Another administrator reviews each use. The emergency card needs none of this.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.health import HealthGlass
from bt_desktop.models.people import Student
from bt_desktop.security import vault
from bt_desktop.security.health_keys import NotReadable
from bt_desktop.security.permissions import Action
from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.glass_model import GlassPlan, GlassUse, GlassView, OpenGlass
from bt_desktop.services.health.glass_read import read_file
from bt_desktop.services.health.glass_steps import (
    CLOSE,
    OPEN,
    REVIEW,
    VIEW,
    Limit,
    object_of,
    write_step,
)
from bt_desktop.services.health.glass_uses import uses
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.orders import OrderService
from bt_desktop.services.health.problems import GlassRefused, NothingToReview, NotYours
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.people_rows import bare
from bt_desktop.services.problems import SecondNeeded
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.export import Second
from bt_desktop.services.results.people import Problem
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.second_person import agreed, seconds_for

LASTS = timedelta(minutes=60)
LEAST_REASON = 15
"""Characters that a reason has at least (security design §6)."""
ALONE_PER_DAY = 3
"""So often in a day without a second person."""
_LONGEST_REASON = 2_000


class GlassService:
    """Opens, shows, closes and lists; remembers what is open in this sign-in."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        orders: OrderService,
        openings: Openings,
    ) -> None:
        self._context = context
        self._box = box
        self._keys = box.keys
        self._book = book
        self._orders = orders
        self._openings = openings
        self._guard = threading.Lock()
        self._open: dict[str, OpenGlass] = {}

    @property
    def may_open(self) -> bool:
        """Whether the role may break the glass."""
        return self._context.may(Action.HEALTH_GLASS)

    @property
    def may_review(self) -> bool:
        """Whether the role reviews what others opened."""
        return self._context.may(Action.HEALTH_GLASS_REVIEW)

    def plan(self) -> GlassPlan:
        """What opening asks for now. Raises Denied."""
        self._context.require(Action.HEALTH_GLASS)
        with self._context.store.read() as session:
            so_often = self._opened_today(session)
        return GlassPlan(
            LEAST_REASON,
            round(LASTS.total_seconds() / 60),
            seconds_for(self._context, Action.HEALTH_GLASS) if so_often >= ALONE_PER_DAY else (),
            second_needed=so_often >= ALONE_PER_DAY,
        )

    def open(
        self, student_id: str, reason: str, password: str, second: Second | None = None
    ) -> OpenGlass:
        """Read one student's health file for an hour.

        Slow (derives keys). Raises GlassRefused (with the problems; from the fourth time a day on
        without a second person), Denied, KeyError, and as `vault.unlock` for a wrong password.
        """
        context = self._context
        context.require(Action.HEALTH_GLASS)
        standing = {one.student_id: one for one in self.opened()}.get(student_id)
        if standing is not None:
            return standing
        said = _reason(reason)
        second_user = self._second(second)
        vault.check_password(context.folder, context.actor.user_id, password, context.clock)
        limit = Limit.of(context.clock, LASTS)
        step = self._step(student_id, str(uuid.uuid4()), OPEN, said, limit.until)
        step.second_user = second_user

        def seen(session: Session) -> None:
            if session.get(Student, bare(student_id)) is None:
                raise KeyError(student_id)
            whose = [Seen(student_id, None, own=False)]
            self._openings.note_students(session, "glass", whose, Purpose("safety", said))

        made = OpenGlass(step.glass_id, student_id, step.at, limit.until, said)
        try:
            self._keys.break_glass(step, limit, seen)
        except NotReadable:
            raise GlassRefused(self._why_nothing(student_id)) from None
        with self._guard:
            self._open[student_id] = made
        return made

    def view(self, student_id: str) -> GlassView:
        """The file behind an open glass, to be read. Raises NotYours once it is closed."""
        glass = self._standing(student_id)
        with self._context.store.write() as session:
            self._context.note(session, VIEW, object_of(glass.id), reason="file")
            found = read_file(session, self._box, self._book, student_id, self._today(session))
        self._openings.shown_health(student_id)
        return found

    def document(self, student_id: str, document_id: str) -> bytes:
        """A scan behind an open glass, to be looked at. Raises NotYours, OrderRefused."""
        glass = self._standing(student_id)
        with self._context.store.write() as session:
            self._context.note(session, VIEW, object_of(glass.id), reason="document")
        return self._orders.document_data(document_id)

    def opened(self) -> tuple[OpenGlass, ...]:
        """What is open now; what is over is closed at this."""
        held = self._keys.behind_glass()
        with self._guard:
            over = [one for one in self._open.values() if one.student_id not in held]
        for one in over:
            self.close(one.student_id, "over")
        with self._guard:
            return tuple(self._open.values())

    def close(self, student_id: str, how: str = "closed") -> None:
        """Forget the key at once, and write down that it is closed; again does nothing."""
        with self._guard:
            glass = self._open.pop(student_id, None)
        if glass is None:
            return
        self._keys.forget(student_id)
        self._book.forget()
        with self._context.store.write() as session:
            if session.get(HealthGlass, (glass.id, CLOSE)) is None:  # by a sign-in elsewhere
                write_step(session, self._context, self._step(student_id, glass.id, CLOSE, how))

    def close_all(self, how: str) -> None:
        """Before a lock."""
        with self._guard:
            students = tuple(self._open)
        for one in students:
            self.close(one, how)

    def tend(self, session: Session) -> None:
        """At a sign-in: what a program that was killed left open is closed, once its hour is over.

        Its key went with that program.
        """
        now = self._context.clock.now()
        closed = select(HealthGlass.glass_id).where(HealthGlass.step == CLOSE)
        left = select(HealthGlass).where(
            HealthGlass.step == OPEN, HealthGlass.glass_id.not_in(closed)
        )
        for row in session.scalars(left).all():
            if row.until is not None and row.until <= now:
                write_step(
                    session,
                    self._context,
                    self._step(row.student_id, row.glass_id, CLOSE, "killed"),
                )

    # --- reviewing -----------------------------------------------------------------------------

    def uses(self) -> tuple[GlassUse, ...]:
        """Every use of the glass, newest first: for administrators, and for nurses.

        Nothing sealed is read for it. Raises Denied.
        """
        if not self._context.may_some(Action.HEALTH_GLASS_REVIEW):
            self._context.require(Action.HEALTH_READ)
        with self._context.store.read() as session:
            return uses(session, self._context)

    def to_review(self) -> tuple[GlassUse, ...]:
        """What others opened and nobody has reviewed, the oldest first; none for other roles."""
        if not self.may_review:
            return ()
        with self._context.store.read() as session:
            return tuple(
                one
                for one in reversed(uses(session, self._context))
                if one.reviewed_at is None and not one.own
            )

    def review(self, glass_id: str, remark: str = "") -> None:
        """Say that one has looked at why somebody else opened it.

        Raises NothingToReview for what is reviewed already, or is none; Denied for one's own.
        """
        context = self._context
        with context.store.write() as session:
            row = session.get(HealthGlass, (glass_id, OPEN))
            if row is None:
                raise NothingToReview
            own = row.by_user == context.actor.user_id
            context.require(Action.HEALTH_GLASS_REVIEW, own=own)
            if session.get(HealthGlass, (glass_id, REVIEW)) is not None:
                raise NothingToReview
            said = " ".join(remark.split())[:_LONGEST_REASON]
            write_step(session, context, self._step(row.student_id, glass_id, REVIEW, said))

    # --- within --------------------------------------------------------------------------------

    def _standing(self, student_id: str) -> OpenGlass:
        for one in self.opened():
            if one.student_id == student_id:
                return one
        raise NotYours

    def _second(self, second: Second | None) -> str | None:
        """Who agrees to it, where somebody must. Raises GlassRefused."""
        with self._context.store.read() as session:
            if self._opened_today(session) < ALONE_PER_DAY:
                return None
        try:
            return agreed(self._context, Action.HEALTH_GLASS, second)
        except SecondNeeded:
            sentence = (
                f"You did this {ALONE_PER_DAY} times today. Another administrator has to agree "
                "with their own password. The emergency card can be printed without anybody."
            )
            raise GlassRefused(sentence, (Problem("second", "needed", sentence),)) from None
        except WrongPassword as wrong:
            wrong.user_id = second.user_id if second is not None else ""
            raise

    def _opened_today(self, session: Session) -> int:
        """How often the signed-in person broke it on this day of the school."""
        zone = school_calendar(session, self._context.clock.now()).zone
        mine = select(HealthGlass.at).where(
            HealthGlass.step == OPEN, HealthGlass.by_user == self._context.actor.user_id
        )
        today = self._context.clock.now().astimezone(zone).date()
        return _on(session.scalars(mine), today, zone)

    def _why_nothing(self, student_id: str) -> str:
        with self._context.store.read() as session:
            if self._keys.holds_escrow(session):
                return "Nothing is kept in the health office about this student yet."
        return (
            "Your account cannot open the escrow yet. It can once another administrator has "
            "signed in; until then ask that administrator."
        )

    def _step(
        self, student_id: str, glass_id: str, step: str, detail: str, until: datetime | None = None
    ) -> HealthGlass:
        return HealthGlass(
            glass_id=glass_id,
            step=step,
            student_id=student_id,
            by_user=self._context.actor.user_id,
            at=self._context.clock.now(),
            until=until,
            detail=detail,
            second_user=None,
        )

    def _today(self, session: Session) -> date:
        now = self._context.clock.now()
        return now.astimezone(school_calendar(session, now).zone).date()


def _on(moments: Iterable[datetime], day: date, zone: object) -> int:
    return sum(one.astimezone(zone).date() == day for one in moments)  # type: ignore[arg-type]  # a tzinfo


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if len(said) < LEAST_REASON:
        sentence = f"Say why, in {LEAST_REASON} characters or more: whoever reviews it reads this."
        raise GlassRefused(sentence, (Problem("reason", "short", sentence),))
    return said[:_LONGEST_REASON]
