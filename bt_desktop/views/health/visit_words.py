"""A visit in words."""

from __future__ import annotations

from datetime import datetime

from bt_desktop.services.health.visit_line import Understood
from bt_desktop.services.health.visit_lists import visit_lists
from bt_desktop.services.health.visit_model import NewVisit, Visit
from bt_desktop.views.widgets.when import clock_words

STILL_HERE = "still here"


def said_of(visit: Visit | NewVisit) -> str:
    """What they came with, what was done, where they went: “Stomach ache · Rested · Back …”."""
    lists = visit_lists()
    parts = (
        lists.complaint(visit.complaint, visit.words),
        lists.cared(visit.care),
        lists.went(visit.disposition),
    )
    return " · ".join(part for part in parts if part)


def when_words(came: datetime, left: datetime | None) -> str:
    """“10:05 am, still here”; “10:05 am to 10:27 am, 22 min”."""
    if left is None:
        return f"{clock_words(came)}, {STILL_HERE}"
    minutes = max(0, int((left - came).total_seconds()) // 60)
    return f"{clock_words(came)} to {clock_words(left)}, {minutes} min"


def new_visit(found: Understood, now: datetime, student_id: str | None, who: str = "") -> NewVisit:
    """What a line says, as it is kept; a second complaint stands among the words."""
    lists = visit_lists()
    more = [lists.complaint(code) for code in found.complaints[1:]]
    return NewVisit(
        student_id,
        found.came_at or now,
        who,
        found.complaint,
        found.care,
        found.disposition,
        found.left_at,
        ", ".join(filter(None, (*more, found.words))),
    )
