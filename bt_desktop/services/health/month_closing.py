"""Closes one order's month: explained, made as a sealed page, and written down in one deed.

R25 and R26 speak over its facts (`forms/medication_rules.yaml`); what they stop, the nurse who
closes allows with the reasons written beside each open cell.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import DOCUMENT, MONTH, Document
from bt_desktop.services.health.mar_fill import fill
from bt_desktop.services.health.mar_slots import is_over, open_cells
from bt_desktop.services.health.mar_source import MarSource
from bt_desktop.services.health.month_model import ClosedMonth, Explained
from bt_desktop.services.health.month_paper import Press
from bt_desktop.services.health.months import CLOSED, closing, month_digest, month_rows
from bt_desktop.services.health.problems import MonthRefused
from bt_desktop.services.health.rule_facts import blank
from bt_desktop.services.health.rules import LEAST_REASON, Allowance, Finding, allowed, check

PAPER = "paper"
"""The kind of a kept document that was printed here."""
_MOST_TRIES = 5
_PDF = "application/pdf"
Read = Callable[[Session], MarSource]


class Closer:
    """Closes months, and finds their pages again."""

    def __init__(self, context: Context, box: HealthBox) -> None:
        self._context = context
        self._box = box

    def close(
        self, read: Read, signed_as: str, explained: Sequence[Explained], reason: str
    ) -> ClosedMonth:
        """Close what `read` finds. The closer's password was asked before. Slow.

        Raises MonthRefused.
        """
        for _ in range(_MOST_TRIES):
            with self._context.store.read() as session:
                source = read(session)
                rows = month_rows(session, source.standing.terms.id, source.first)
                digest = month_digest(rows)
                made = self._made(source, len(rows), digest, signed_as, (explained, reason))
                press = Press.ready(session, self._context, source.place.now)
            pdf = press.print(fill(source, closed=made))
            if self._written(source, made, pdf):
                return made
        raise MonthRefused("Somebody is writing into this month. Wait a moment, then close it.")

    def frozen(self, session: Session, month: ClosedMonth) -> bytes:
        """The page of a closed month, byte for byte as it was closed."""
        kept = self._box.one(session, month.document)
        if kept is None or kept.kind != DOCUMENT:
            raise MonthRefused("The page of this closed month is missing. Tell an administrator.")
        return self._box.file(session, kept.value(Document).file_id)

    def _made(
        self,
        source: MarSource,
        entries: int,
        digest: str,
        signed_as: str,
        told: tuple[Sequence[Explained], str],
    ) -> ClosedMonth:
        if source.closing is not None:
            raise MonthRefused("It is closed and signed already.")
        if not is_over(source):
            raise MonthRefused("The month is not over yet. Close it when its last day is over.")
        empty = open_cells(source)
        explained = _explained(empty, *told)
        missing = tuple(due for due in empty if due not in {one.due_at for one in explained})
        reasons = " ".join(one.reason for one in explained) or told[1]
        self._hold_to_rules(source, empty, missing, reasons)
        return ClosedMonth(
            source.standing.terms.id,
            source.first,
            self._context.actor.user_id,
            source.place.now,
            entries,
            len(empty),
            " ".join(told[1].split()),
            digest,
            explained,
            str(uuid.uuid4()),
            " ".join(signed_as.split()),
        )

    def _hold_to_rules(
        self,
        source: MarSource,
        empty: Sequence[datetime],
        missing: tuple[datetime, ...],
        reasons: str,
    ) -> None:
        """R26: whoever may allow it says why; each open cell has its own reason."""
        role = self._context.actor.role
        for one in findings(source, empty):
            given = Allowance(one.rule, role, True, reasons, {})
            if one.stops and (missing or not allowed(one, (given,))):
                raise MonthRefused(f"{one.what} {one.next}", missing)

    def _written(self, source: MarSource, made: ClosedMonth, pdf: bytes) -> bool:
        """Keep page and closing together; False where something was written meanwhile."""
        context, subject = self._context, source.standing.terms.student_id
        with context.store.write() as session:
            rows = month_rows(session, made.order_id, made.month)
            if month_digest(rows) != made.digest:
                return False
            if closing(session, self._box, made.order_id, made.month) is not None:
                raise MonthRefused("Somebody else has closed it meanwhile.")
            paper = self._paper(session, subject, made, pdf)
            self._box.add(
                session, subject, DOCUMENT, paper, about=made.order_id,
                day=source.place.now.date(), id=paper.id,
            )  # fmt: skip
            entry = self._box.add(
                session, subject, MONTH, made, about=made.order_id, day=made.month
            )
            context.note(
                session, CLOSED, f"entry:{entry}", digest=made.digest,
                counts={"entries": made.entries, "open": made.open_cells},
            )  # fmt: skip
        return True

    def _paper(self, session: Session, subject: str, made: ClosedMonth, pdf: bytes) -> Document:
        return Document(
            made.document,
            subject,
            PAPER,
            f"Medication record {made.month:%Y-%m}.pdf",
            _PDF,
            len(pdf),
            hashlib.sha256(pdf).hexdigest(),
            self._box.put_file(session, subject, pdf),
            made.by_user,
            made.at,
            made.order_id,
        )


def findings(source: MarSource, empty: Sequence[datetime]) -> tuple[Finding, ...]:
    """What the rules say of closing a month with these open cells."""
    writers = {one.dose.by_user for one in source.doses}
    facts = blank() | {
        "closing": True,
        "open_cells": len(empty),
        "unsigned_initials": sum(one not in source.place.people for one in writers),
    }
    return check("month", facts)


def _explained(
    empty: Sequence[datetime], explained: Sequence[Explained], reason: str
) -> tuple[Explained, ...]:
    """Each open cell with its reason, as far as one is long enough."""
    own: Mapping[datetime, str] = {
        one.due_at.astimezone(UTC): " ".join(one.reason.split()) for one in explained
    }
    shared = " ".join(reason.split())
    said = [(due, own.get(due.astimezone(UTC), "") or shared) for due in empty]
    return tuple(Explained(due, text) for due, text in said if len(text) >= LEAST_REASON)
