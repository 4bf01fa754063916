"""What every printed page of the health office needs beside its words, and the seal on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.security import audit
from bt_desktop.services.context import Context
from bt_desktop.services.letterhead import letterhead
from bt_desktop.services.school_seal import SealPems, seal_pems
from bt_desktop.services.trail_mark import trail_mark

Layout = Callable[[Letterhead, CopyMark], bytes]
"""Lays out a page whose content it holds already."""


@dataclass(frozen=True, slots=True)
class PagePress:
    """The school, its seal, where the trail stands, who prints when (on the school's clocks)."""

    head: Letterhead
    pems: SealPems
    trail: audit.Head
    made_at: datetime
    made_by: str

    @classmethod
    def ready(cls, session: Session, context: Context, made_at: datetime) -> PagePress:
        """As the store has it now."""
        trail = audit.head(session)
        return cls(letterhead(session), seal_pems(session), trail, made_at, context.actor.name)

    def print(self, layout: Layout, *, sealed: bool = True) -> bytes:
        """The pages; sealed unless they are a form to write on. Slow: 0.2 s."""
        if not sealed:
            return layout(self.head, CopyMark("blank", 0, self.made_at, self.made_by))
        from bt_desktop.paper.seal import seal  # deferred: loads the PDF signer

        pdf = layout(
            self.head, trail_mark(self.trail, self.pems.ca_cert, self.made_at, self.made_by)
        )
        return seal(pdf, self.pems.cert, self.pems.key, self.pems.ca_cert, self.made_at)
