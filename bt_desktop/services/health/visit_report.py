"""What a visit tells the first-aid report. Pure.

The answers are handed to `RecordService.start("first_aid", answers=…)`; what was done stands in
rows of the report, so here it is put into words for whoever writes them.
"""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from bt_desktop.services.health.visit_lists import visit_lists
from bt_desktop.services.health.visit_model import Visit

FORM = "first_aid"
_DISPOSITIONS = {"ems": ()}
"""911 was called: whether they were taken along is asked by the report."""


def answers_of(visit: Visit, zone: tzinfo) -> dict[str, Any]:
    """The answers that a visit tells, by the report's questions; what it does not say is left
    out. Moments are told on the school's clocks."""
    came = visit.came_at.astimezone(zone)
    went = _DISPOSITIONS.get(visit.disposition, tuple(filter(None, (visit.disposition,))))
    told: dict[str, Any] = {
        "person_type": "student" if visit.student_id else "visitor",
        "student": visit.student_id,
        "visitor_name": "" if visit.student_id else visit.who,
        "event_date": came.date(),
        "seen_at": came,
        "narrative": _note(visit),
        "disposition": went,
        "time_out": visit.left_at.astimezone(zone) if visit.left_at and went else None,
    }
    return {name: value for name, value in told.items() if value not in (None, "", ())}


def _note(visit: Visit) -> str:
    lists = visit_lists()
    cared = lists.cared(visit.care)
    parts = (
        lists.complaint(visit.complaint, visit.words),
        f"Done: {cared}" if cared else "",
        f"Went to: {lists.went(visit.disposition)}" if visit.disposition == "ems" else "",
    )
    return ". ".join(filter(None, parts))
