"""Copies made: built and sealed outside any transaction, then written down in one.

A kill in between leaves nothing behind, and what was written down is exactly what was handed out.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.models.copies import Copy
from bt_desktop.paper.document import CopyMark as Mark
from bt_desktop.security import audit
from bt_desktop.services.context import Context
from bt_desktop.services.copy_order import Order, built, file_name, payload
from bt_desktop.services.deadline_keeping import Keeper
from bt_desktop.services.integrity import copy_terms
from bt_desktop.services.people_rows import bare
from bt_desktop.services.problems import CopyRefused
from bt_desktop.services.results.access import What
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.services.school_seal import seal_pems

_MOST_TRIES = 5


Seen = Callable[[Session, What, Copy], None]
"""Writes down that whoever makes a copy saw the record (`openings`)."""


def make(context: Context, order: Order, keeper: Keeper, seen: Seen) -> PrintedCopy:
    """Build, seal, then write down under the next number of the record; a sealed copy can end a
    deadline. Raises CopyRefused."""
    for _ in range(_MOST_TRIES):
        with context.store.read() as session:
            number = _next_number(session, order.record_id)
            head = audit.head(session)
            seal = None if order.draft else seal_pems(session)
        mark = _mark(context, order, number, head, seal.ca_cert if seal else b"")
        pdf = built(order, mark)
        if seal is not None:
            from bt_desktop.paper.seal import seal as sealed  # deferred: loads pyHanko

            pdf = sealed(pdf, seal.cert, seal.key, seal.ca_cert, mark.made_at)
        copy = _written_down(context, order, mark, pdf, keeper, seen)
        if copy is not None:
            return copy
    raise CopyRefused(
        "copies-crowded",
        "Several copies of this record are being made at once.",
        "Wait a moment, then print again.",
    )


def _mark(context: Context, order: Order, number: int, head: audit.Head, ca: bytes) -> Mark:
    """What stands in the foot of the page and in the square code."""
    guardian = order.guardian
    code = ""
    if not order.draft and order.number is not None:
        code = payload(order.number, head, order.made.digest, ca)
    return Mark(
        kind="parent" if order.for_parent else "school",
        copy_number=number,
        made_at=context.clock.now(),
        made_by=context.actor.name,
        for_whom=guardian.name if guardian is not None else "",
        draft=order.draft,
        qr_payload=code,
        audit_seq=None if order.draft else head.seq,
        audit_head="" if order.draft else head.hash,
        replaces=order.replaces,
    )


def _written_down(
    context: Context, order: Order, mark: Mark, pdf: bytes, keeper: Keeper, seen: Seen
) -> PrintedCopy | None:
    """Log the copy, bytes and all; None where another took its number meanwhile."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    copy_id = str(uuid.uuid4())
    name = file_name(order.kind, order.number, mark.copy_number)
    with context.store.write() as session:
        if _next_number(session, order.record_id) != mark.copy_number:
            return None
        row = Copy(
            id=copy_id,
            record_id=order.record_id,
            number=mark.copy_number,
            kind=order.kind,
            guardian_id=_guardian_id(order),
            for_whom=mark.for_whom,
            sealed=not order.draft,
            sha256=sha256,
            record_digest=order.made.digest,
            revisions=list(order.made.revisions),
            text=order.text,
            settled=list(order.settled),
            paper=order.paper_name,
            override=order.override,
            pdf=pdf,
            file_name=name,
            by_user=context.actor.user_id,
            made_at=mark.made_at,
        )
        session.add(row)
        session.flush()
        _announce(context, session, row)
        if row.sealed:
            keeper.refresh(session, order.record_id)
        seen(session, "copy", row)
    return PrintedCopy(copy_id, mark.copy_number, pdf, not order.draft, sha256, name)


def _guardian_id(order: Order) -> str | None:
    """The guardian's bare id; None for a student of 18, and where nobody is named."""
    whom = order.guardian
    return bare(whom.id) if whom is not None and whom.id.startswith("guardian:") else None


def _announce(context: Context, session: Session, row: Copy) -> None:
    """The entries of the audit trail about a copy; of an override its codes, never its words."""
    what = f"copy:{row.id}"
    context.note(session, "copy.make", what, version=row.number, digest=row.sha256, reason=row.kind)
    context.note(session, "copy.terms", what, digest=copy_terms(row))
    if row.override:
        context.note(session, "copy.override", what, reason=" ".join(row.override["stops"]))


def _next_number(session: Session, record_id: str) -> int:
    last = session.scalar(select(func.max(Copy.number)).where(Copy.record_id == record_id))
    return (last or 0) + 1
