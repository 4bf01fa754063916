"""Copies that went out before something changed: which, to whom, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.copies import Copy
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.results.copies import Amended, GivenCopy

_TO_PARENTS = ("parent", "notice")


def given(session: Session, loaded: Loaded) -> tuple[GivenCopy, ...]:
    """The sealed copies for parents, newest first, each with what was changed after it was made."""
    rows = session.scalars(
        select(Copy)
        .where(Copy.record_id == loaded.row.id, Copy.kind.in_(_TO_PARENTS), Copy.sealed)
        .order_by(Copy.number.desc())
    )
    return tuple(
        GivenCopy(row.id, row.number, row.for_whom, row.made_at, amended(loaded, row.revisions))
        for row in rows
    )


def amended(loaded: Loaded, shown: Iterable[str]) -> Amended | None:
    """The newest version of a part of which a copy shows an earlier one; None if it shows the
    newest of each. A part that was signed afterwards makes no copy old."""
    ids = set(shown)
    later = [
        versions[-1]
        for versions in loaded.versions.values()
        if versions[-1].row.id not in ids and any(one.row.id in ids for one in versions)
    ]
    if not later:
        return None
    newest = max(later, key=lambda one: one.row.signed_at)
    return Amended(newest.row.signed_at, newest.kind)


def replaced(session: Session, loaded: Loaded, guardian_id: str) -> datetime | None:
    """When the copy was made that a new one for the same person replaces: the newest one that
    shows what was changed since."""
    row = session.scalars(
        select(Copy)
        .where(
            Copy.record_id == loaded.row.id,
            Copy.kind.in_(_TO_PARENTS),
            Copy.sealed,
            Copy.guardian_id == guardian_id,
        )
        .order_by(Copy.number.desc())
        .limit(1)
    ).first()
    return row.made_at if row is not None and amended(loaded, row.revisions) else None
