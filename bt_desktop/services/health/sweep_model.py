"""What is left to do before a school year ends, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bt_desktop.paper.health_content import EndedOrder, OpenTask, Sweep, ToReturn

Group = Literal["medicine", "order", "task"]
Leads = Literal[
    "lot", "order", "dose", "trip", "card", "delegation", "papers", "months", "notes", ""
]
"""Where a line is finished: a container, an order, a dose, a trip, the emergency card, a
delegation, papers for parents, closing months, notes of the locked screen."""


@dataclass(frozen=True, slots=True)
class SweepLine:
    """One thing left to do. `about` is the id of what it leads to, `what` the thing in words.

    `says` is what is the matter with it; `by` when it has to be done, `since` when it was opened.
    `left` and `asked` (the letters to the parent so far) are of medicine.
    """

    group: Group
    leads: Leads
    about: str
    what: str
    says: str
    student_id: str = ""
    student: str = ""
    grade: str = ""
    left: str = ""
    asked: str = ""
    by: date | None = None
    since: date | None = None
    controlled: bool = False


@dataclass(frozen=True, slots=True)
class SweepView:
    """The year's end as it stands. `last_day` is the last school day, as far as it is known."""

    school_year: str
    as_of: datetime
    last_day: date
    lines: tuple[SweepLine, ...]

    def of(self, group: Group) -> tuple[SweepLine, ...]:
        """The lines of one group."""
        return tuple(one for one in self.lines if one.group == group)

    def paper(self) -> Sweep:
        """As the printed list says it."""
        return Sweep(
            school_year=self.school_year,
            as_of=self.as_of,
            orders=tuple(
                EndedOrder(_who(one), one.grade, one.what, one.by, one.says)
                for one in self.of("order")
            ),
            medicines=tuple(
                ToReturn(
                    _who(one), one.grade, one.what, one.left, one.asked, one.by, one.controlled
                )
                for one in self.of("medicine")
            ),
            tasks=tuple(
                OpenTask(_who(one), f"{one.what}: {one.says}" if one.what else one.says, one.since)
                for one in self.of("task")
            ),
            last_day=self.last_day,
        )


def _who(one: SweepLine) -> str:
    if one.leads == "months":
        return "Everybody"
    return one.student or "The school’s own"
