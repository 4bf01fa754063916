"""The anchor slip: the head of the audit trail on paper, to be signed and filed away from here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bt_desktop.models.school import Setting
from bt_desktop.security.audit import Head
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.letterhead import letterhead
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.services.school_seal import seal_pems
from bt_desktop.services.trail_mark import trail_mark

WEEK = timedelta(days=7)
"""A slip a week (security design §3.3)."""
_LAST = "anchor_slip"


@dataclass(frozen=True, slots=True)
class SlipStanding:
    """When the last slip was made, and of which entry (None: never); `due`: a week ago or more."""

    at: datetime | None = None
    seq: int = 0
    due: bool = False


class AnchorSlips:
    """Makes slips, and knows of the last one."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def may(self) -> bool:
        """Whether the signed-in person makes slips; of records that do not fit there is none."""
        return self._context.may(Action.ANCHOR_SLIP)

    def standing(self) -> SlipStanding:
        """How it stands with the weekly slip. Raises Denied, RecordsHeld."""
        context = self._context
        context.require(Action.ANCHOR_SLIP)
        with context.store.read() as session:
            row = session.get(Setting, _LAST)
            kept = dict(row.value) if row is not None else {}
        if not kept:
            return SlipStanding()
        at = datetime.fromisoformat(kept["at"])
        return SlipStanding(at, kept["seq"], context.clock.now() - at >= WEEK)

    def make(self) -> PrintedCopy:
        """A slip of the trail as it is now, sealed. That it is made is the entry it shows.

        Raises Denied, RecordsHeld.
        """
        context = self._context
        context.require(Action.ANCHOR_SLIP)
        from bt_desktop.paper.anchor_slip import Slip, anchor_slip  # deferred: loads reportlab
        from bt_desktop.paper.seal import seal as sealed  # deferred: loads pyHanko

        now = context.clock.now()
        with context.store.write() as session:
            entry = context.note(session, "anchor.slip", "vault")
            session.merge(Setting(name=_LAST, value={"at": now.isoformat(), "seq": entry.seq}))
            head, seal = letterhead(session), seal_pems(session)
        trail = Head(entry.seq, entry.hash)
        mark = trail_mark(trail, seal.ca_cert, now, context.actor.name)
        pdf = anchor_slip(Slip(context.keys.vault_id, trail.seq, trail.hash), head, mark)
        pdf = sealed(pdf, seal.cert, seal.key, seal.ca_cert, now)
        digest = hashlib.sha256(pdf).hexdigest()
        return PrintedCopy(f"slip:{trail.seq}", 0, pdf, True, digest, "anchor-slip.pdf")
