"""A list that leaves the program, as the services hand it out."""

from __future__ import annotations

from dataclasses import dataclass, field

WITHOUT_REASON = 25
"""So many records leave without a reason and a second person (security design §6)."""

COLUMNS: dict[str, str] = {
    "number": "Number",
    "form": "Form",
    "state": "Status",
    "student": "Student",
    "student_number": "Student number",
    "grade": "Grade",
    "date": "Date",
    "time": "Time",
    "place": "Place",
    "author": "Written by",
    "class": "Class of record",
    "deadlines": "Open deadlines",
    "next_due": "Next due",
    "overdue": "Overdue",
}
"""Every column that can be chosen, with its head, in order."""
USUAL = ("number", "form", "state", "student", "date", "time", "place", "author")


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What an export would hold: `records` leave, `kept` stay behind (not this role's to take)."""

    records: int
    kept: int
    seconds: tuple[tuple[str, str], ...] = ()
    """(user id, name) of whoever can be the second person."""

    @property
    def needs_reason(self) -> bool:
        """Whether a reason has to be given, and a second person has to agree."""
        return self.records > WITHOUT_REASON


@dataclass(frozen=True, slots=True)
class Second:
    """The second person, who agrees with their own password at this computer."""

    user_id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListFile:
    """A table as bytes; `file_name` names the entry in the audit trail and no person."""

    data: bytes
    file_name: str
    records: int
