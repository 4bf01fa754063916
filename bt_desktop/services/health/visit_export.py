"""A day of the visit log as a table for a spreadsheet: by nurses, and told.

Each student on it is a row of who saw what; the export is one entry of the trail.
"""

from __future__ import annotations

import hashlib
from datetime import date, tzinfo

from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.csv_cells import table
from bt_desktop.services.health.problems import VisitRefused
from bt_desktop.services.health.visit_lists import visit_lists
from bt_desktop.services.health.visit_model import VisitLine
from bt_desktop.services.health.visits import VisitService
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.export import ListFile
from bt_desktop.services.school_calendar import school_calendar

HEAD = (
    "Date", "In", "Out", "Minutes", "Student", "Grade", "Complaint", "Care", "Went to",
    "Report", "Entered by",
)  # fmt: skip


class VisitExport:
    """Takes a day out of the program."""

    def __init__(self, context: Context, visits: VisitService, openings: Openings) -> None:
        self._context = context
        self._visits = visits
        self._openings = openings

    @property
    def may(self) -> bool:
        """Whether the role takes health data out."""
        return self._context.may(Action.HEALTH_EXPORT)

    def day(self, day: date) -> ListFile:
        """The visits of a day as CSV. Raises VisitRefused for a day without any, Denied."""
        context = self._context
        context.require(Action.HEALTH_EXPORT)
        context.require_password()
        with context.store.write() as session:
            lines = self._visits.lines_in(session, self._visits.states_in(session, day))
            if not lines:
                raise VisitRefused("There is no visit on that day. Choose another.")
            zone = school_calendar(session, context.clock.now()).zone
            data = table(HEAD, [_cells(one, zone) for one in lines])
            digest = hashlib.sha256(data).hexdigest()
            students = dict.fromkeys(
                one.state.visit.student_id for one in lines if one.state.visit.student_id
            )
            if students:
                seen = [Seen(one, None, own=True) for one in students]
                self._openings.note_students(session, "export", seen, Purpose("interest"))
            counts = {"visits": len(lines)}
            entry = context.note(session, "visit.export", "health", digest=digest, counts=counts)
        return ListFile(data, f"visits-{day:%Y-%m-%d}-E{entry.seq:05d}.csv", len(lines))


def _cells(line: VisitLine, zone: tzinfo) -> list[str]:
    visit, lists = line.state.visit, visit_lists()
    came = visit.came_at.astimezone(zone)
    left = visit.left_at.astimezone(zone) if visit.left_at is not None else None
    return [
        came.date().isoformat(),
        f"{came:%H:%M}",
        f"{left:%H:%M}" if left is not None else "",
        str(visit.minutes) if visit.minutes is not None else "",
        line.name,
        line.grade,
        lists.complaint(visit.complaint, visit.words),
        lists.cared(visit.care),
        lists.went(visit.disposition),
        line.record_number,
        line.by,
    ]
