"""A visit to the health office: who came, with what, what was done, where they went.

Rows belong to the student (`health-office.md` §3.3: a running log shared by all is no record);
the list of a day is a view over them. Codes are those of `forms/visit_lists.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class NewVisit:
    """What is written down of a visit. A visitor nobody looked up has a `who` and no student.

    `complaint` is a code, blank where only `words` say it; `words` also hold what a line said that
    is no code. `left_at` None: still there.
    """

    student_id: str | None
    came_at: datetime
    who: str = ""
    complaint: str = ""
    care: tuple[str, ...] = ()
    disposition: str = ""
    left_at: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as it was kept. Never changed: a correction strikes it and puts another in its
    place (`replaces`)."""

    id: str
    student_id: str | None
    came_at: datetime
    entered_at: datetime
    by_user: str
    who: str = ""
    complaint: str = ""
    care: tuple[str, ...] = ()
    disposition: str = ""
    left_at: datetime | None = None
    words: str = ""
    replaces: str | None = None

    @property
    def minutes(self) -> int | None:
        """How long it was, in whole minutes; None while they are still there."""
        if self.left_at is None:
            return None
        return max(0, int((self.left_at - self.came_at).total_seconds()) // MINUTE_S)


def new_of(visit: Visit) -> NewVisit:
    """What was written down of a visit, to be corrected."""
    return NewVisit(
        visit.student_id,
        visit.came_at,
        visit.who,
        visit.complaint,
        visit.care,
        visit.disposition,
        visit.left_at,
        visit.words,
    )


@dataclass(frozen=True, slots=True)
class VisitOut:
    """They left; what is blank stays as it was."""

    visit_id: str
    left_at: datetime
    disposition: str = ""
    care: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitStruck:
    """A visit that was wrong, taken out of the account but never out of the store."""

    visit_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class VisitLink:
    """What was made of a visit: a first-aid report, or a dose."""

    visit_id: str
    record_id: str = ""
    dose_id: str = ""


@dataclass(frozen=True, slots=True)
class VisitState:
    """A visit with everything that was added to it. `struck` says why it does not count."""

    visit: Visit
    struck: str = ""
    record_id: str = ""
    dose_id: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is part of the account."""
        return not self.struck


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A line of the day: the visit, and who is who."""

    state: VisitState
    name: str
    grade: str
    by: str
    record_number: str = ""
