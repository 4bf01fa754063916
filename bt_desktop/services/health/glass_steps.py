"""The steps of breaking the glass, as they are kept: each a row that the audit trail announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.models.health import HealthGlass
from bt_desktop.services.canonical import digest_of
from bt_desktop.services.context import Context

OPEN, CLOSE, REVIEW = "open", "close", "review"
STEPS = {
    f"health.glass_{OPEN}": OPEN,
    f"health.glass_{CLOSE}": CLOSE,
    f"health.glass_{REVIEW}": REVIEW,
}
"""The entry in the trail that announces each step; its object is `glass:<id>`."""
VIEW = "health.glass_view"
"""The entry of each look through it; no row stands beside it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a key out of the escrow is held: by the steady clock, and by the wall's, whichever
    comes first (one stands still while the computer sleeps, the other can be set back)."""

    ends: float  # seconds of the steady clock
    until: datetime

    @classmethod
    def of(cls, clock: Clock, lasts: timedelta) -> Limit:
        """From now on."""
        return cls(clock.monotonic() + lasts.total_seconds(), clock.now() + lasts)

    def over(self, clock: Clock) -> bool:
        """Whether it has passed."""
        return clock.monotonic() >= self.ends or clock.now() >= self.until


def object_of(glass_id: str) -> str:
    """What the trail calls it."""
    return f"glass:{glass_id}"


def write_step(session: Session, context: Context, row: HealthGlass) -> None:
    """Keep a step and tell the trail; `detail` stays in the encrypted table (it may hold a name).

    How it was closed is a code, and is told.
    """
    session.add(row)
    session.flush()
    context.note(
        session,
        f"health.glass_{row.step}",
        object_of(row.glass_id),
        digest=step_digest(row),
        reason=row.detail if row.step == CLOSE else None,
        counts={"second": 1} if row.second_user else None,
    )


def step_digest(row: HealthGlass) -> str:
    """The SHA-256 (hex) of all that is kept of a step."""
    return digest_of(
        [
            row.glass_id,
            row.step,
            row.student_id,
            row.by_user,
            row.at.isoformat(),
            row.until.isoformat() if row.until else "",
            row.detail,
            row.second_user or "",
        ]
    )
