"""A paper of medicine for a parent: numbered, laid out, sealed, kept in the student's health file.

Built and sealed outside of any transaction, then written down in one: a kill in between leaves
nothing behind, and what was written down is exactly what was handed out.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.models.health import HealthEntry
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.security import audit
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import PAPER
from bt_desktop.services.health.paper_due import Facts
from bt_desktop.services.health.paper_fill import Page, content
from bt_desktop.services.health.paper_model import ParentPaper
from bt_desktop.services.letterhead import letterhead
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.problems import CopyRefused
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.services.results.people import Guardian
from bt_desktop.services.school_seal import seal_pems
from bt_desktop.services.trail_mark import trail_mark

MADE, OVERRULED = "paper.make", "paper.override"
_MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper to be made: what it says, for whom, and how it is kept (without number and bytes)."""

    facts: Facts
    page: Page
    guardian: Guardian
    kept: ParentPaper


class PaperPress:
    """Makes papers, one at a time."""

    def __init__(self, context: Context, box: HealthBox, openings: Openings) -> None:
        self._context, self._box, self._openings = context, box, openings

    def make(self, wanted: Wanted, still: Callable[[Session], None]) -> PrintedCopy:
        """The sealed paper. `still` raises where it may not be made any more. Raises CopyRefused.

        Slow: lays out and seals.
        """
        from bt_desktop.paper.seal import seal as sealed  # deferred: loads pyHanko

        context = self._context
        for _ in range(_MOST_TRIES):
            now = context.clock.now()
            with context.store.read() as session:
                number = _next_number(session, now)
                head, trail, seal = letterhead(session), audit.head(session), seal_pems(session)
            mark = trail_mark(
                trail, seal.ca_cert, wanted.facts.local(now), context.actor.name,
                for_whom=wanted.guardian.name,
            )  # fmt: skip
            page = replace(wanted.page, number=number)
            pdf = _laid_out(wanted.facts, page, wanted.guardian, head, mark)
            pdf = sealed(pdf, seal.cert, seal.key, seal.ca_cert, now)
            copy = self._written_down(wanted.kept, number, pdf, now, still)
            if copy is not None:
                return copy
        raise CopyRefused(
            "copies-crowded",
            "Several papers are being made at once.",
            "Wait a moment, then print again.",
        )

    def _written_down(
        self,
        kept: ParentPaper,
        number: str,
        pdf: bytes,
        now: datetime,
        still: Callable[[Session], None],
    ) -> PrintedCopy | None:
        """Keep it and tell so; None where another paper took its number meanwhile."""
        context, sha256 = self._context, hashlib.sha256(pdf).hexdigest()
        with context.store.write() as session:
            if _next_number(session, now) != number:
                return None
            still(session)
            paper = replace(
                kept,
                id=str(uuid.uuid4()),
                number=number,
                file_id=self._box.put_file(session, kept.student_id, pdf),
                sha256=sha256,
                by_user=context.actor.user_id,
                at=now,
            )
            self._box.add(
                session, kept.student_id, PAPER, paper, about=kept.about[0], day=now.date(),
                at=now, id=paper.id,
            )  # fmt: skip
            context.note(session, MADE, f"paper:{paper.id}", digest=sha256, reason=paper.kind)
            if paper.override is not None:
                stops = " ".join(paper.override.stops)
                context.note(session, OVERRULED, f"paper:{paper.id}", reason=stops)
            seen = [Seen(kept.student_id, None, own=False)]
            self._openings.note_students(session, "copy", seen, Purpose("parent"))
        return PrintedCopy(paper.id, 1, pdf, True, sha256, f"{number}.pdf")


def _laid_out(
    facts: Facts, page: Page, guardian: Guardian, head: Letterhead, mark: CopyMark
) -> bytes:
    """The pages. Raises CopyRefused where what was typed does not fit on one."""
    from bt_desktop.paper.health_content import DisposalPaper, MedicineReceipt
    from bt_desktop.paper.health_notices import health_notice
    from bt_desktop.paper.medicine_hands import disposal, medicine_receipt
    from bt_desktop.paper.notice import Reader

    said = content(facts, page)
    if isinstance(said, MedicineReceipt):
        return medicine_receipt(said, head, mark)
    if isinstance(said, DisposalPaper):
        return disposal(said, head, mark)
    reader = Reader(guardian.language, guardian.needs_interpreter)
    pdf, pages = health_notice(said, head, mark, reader)
    if pages > 1:
        raise CopyRefused(
            "text-too-long",
            "This does not fit on one page.",
            "Make what was typed shorter: a few words about why, and how it went.",
        )
    return pdf


def _next_number(session: Session, now: datetime) -> str:
    """MED-2026-0021: papers are counted through the calendar year."""
    first = now.date().replace(month=1, day=1)
    wanted = select(func.count()).where(HealthEntry.kind == PAPER, HealthEntry.day >= first)
    return f"MED-{now.year}-{(session.scalar(wanted) or 0) + 1:04d}"
