"""Medication records as paper: values in, sealed PDF out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.mar_content import Addendum, MarSheet, YearSheet
from bt_desktop.security import audit
from bt_desktop.services.context import Context
from bt_desktop.services.letterhead import letterhead
from bt_desktop.services.school_seal import SealPems, seal_pems
from bt_desktop.services.trail_mark import trail_mark


@dataclass(frozen=True, slots=True)
class Press:
    """What every page needs beside its words: the school, its seal, where the trail stands."""

    head: Letterhead
    seal: SealPems
    trail: audit.Head
    made_at: datetime
    made_by: str

    @classmethod
    def ready(cls, session: Session, context: Context, made_at: datetime) -> Press:
        """As the store has it now. `made_at` is on the school's clocks."""
        trail = audit.head(session)
        return cls(letterhead(session), seal_pems(session), trail, made_at, context.actor.name)

    def print(self, sheet: MarSheet | YearSheet | Addendum) -> bytes:
        """The pages, sealed. Slow: 0.2 s."""
        from bt_desktop.paper.seal import seal  # deferred: loads pyHanko

        pdf = _laid_out(sheet, self.head, self._mark())
        return seal(pdf, self.seal.cert, self.seal.key, self.seal.ca_cert, self.made_at)

    def _mark(self) -> CopyMark:
        return trail_mark(self.trail, self.seal.ca_cert, self.made_at, self.made_by)


def _laid_out(sheet: MarSheet | YearSheet | Addendum, head: Letterhead, mark: CopyMark) -> bytes:
    if isinstance(sheet, YearSheet):
        from bt_desktop.paper.mar_year import mar_year  # deferred: loads reportlab

        return mar_year(sheet, head, mark)
    if isinstance(sheet, Addendum):
        from bt_desktop.paper.mar_addendum import mar_addendum  # deferred: loads reportlab

        return mar_addendum(sheet, head, mark)
    from bt_desktop.paper.mar import mar  # deferred: loads reportlab

    return mar(sheet, head, mark)
