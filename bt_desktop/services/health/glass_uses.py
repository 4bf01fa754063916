"""Every use of the glass with what became of it, out of its plain steps: no key is needed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.health import HealthGlass
from bt_desktop.services.context import Context
from bt_desktop.services.health.glass_model import GlassUse
from bt_desktop.services.health.glass_steps import CLOSE, OPEN, REVIEW
from bt_desktop.services.people_rows import people
from bt_desktop.services.record_load import holders
from bt_desktop.services.school_calendar import school_calendar

REVIEW_WITHIN = 3
"""School days (security design §6)."""


def uses(session: Session, context: Context) -> tuple[GlassUse, ...]:
    """Newest first."""
    now = context.clock.now()
    calendar = school_calendar(session, now)
    today = now.astimezone(calendar.zone).date()
    rows = session.scalars(select(HealthGlass)).all()
    steps = {(row.glass_id, row.step): row for row in rows}
    who = {user: one.name for user, one in holders(session).items()}
    names = people(session, {row.student_id for row in rows})
    found = []
    for row in rows:
        if row.step != OPEN or row.until is None:
            continue
        closed, reviewed = steps.get((row.glass_id, CLOSE)), steps.get((row.glass_id, REVIEW))
        day = row.at.astimezone(calendar.zone).date()
        due = calendar.school_day_after(day, REVIEW_WITHIN).day
        student = names.get(row.student_id)
        found.append(
            GlassUse(
                id=row.glass_id,
                student_id=row.student_id,
                student_name=student.name if student is not None else "",
                by_name=who.get(row.by_user, "A closed account"),
                own=row.by_user == context.actor.user_id,
                at=row.at,
                until=row.until,
                reason=row.detail,
                second_name=who.get(row.second_user or "", ""),
                due=due,
                late=reviewed is None and today > due,
                closed_at=closed.at if closed is not None else None,
                how=closed.detail if closed is not None else "",
                reviewed_at=reviewed.at if reviewed is not None else None,
                reviewed_by=who.get(reviewed.by_user, "") if reviewed is not None else "",
                remark=reviewed.detail if reviewed is not None else "",
            )
        )
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))
