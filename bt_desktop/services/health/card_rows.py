"""How the audit trail names an emergency card: the newest entry holds what stands on it."""

from __future__ import annotations

from bt_desktop.models.health import EmergencyCard
from bt_desktop.services.canonical import digest_of

KEPT = "card.keep"
"""The entry that a card was confirmed; its object is the student."""


def card_digest(row: EmergencyCard) -> str:
    """The SHA-256 (hex) of all that is kept of a card."""
    return digest_of([row.student_id, row.body, row.by_user, row.updated_at.isoformat()])
