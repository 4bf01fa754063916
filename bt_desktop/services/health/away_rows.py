"""How the audit trail names that a student is away: an entry for each row, with its digest."""

from __future__ import annotations

from bt_desktop.models.away import StudentAway
from bt_desktop.services.canonical import digest_of

AWAY_ADDED = "away.add"
"""The entry of one row (also of one that takes another back); its object is `away:<id>`."""


def away_digest(row: StudentAway) -> str:
    """The SHA-256 (hex) of all that is kept of a row."""
    return digest_of(
        [
            row.student_id,
            row.kind,
            row.first.isoformat(),
            row.last.isoformat(),
            row.leaves,
            row.returns,
            row.trip_id,
            row.name,
            row.ends,
            row.reason,
            row.by_user,
            row.at.isoformat(),
        ]
    )
