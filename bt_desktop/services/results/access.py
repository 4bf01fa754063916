"""Who saw what and for what, as the services hand it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bt_desktop.security.permissions import Role

What = Literal[
    "open",
    "student",
    "copy",
    "print",
    "save",
    "export",
    "attachment",
    "call",
    "health",
    "glass",
    "card",
]

OTHER = "other"
PURPOSES: tuple[tuple[str, str], ...] = (
    ("interest", "I work with this student (legitimate educational interest)"),
    ("review", "I review this report or follow up on it"),
    ("parent", "A parent or guardian asked"),
    ("request", "A records request or an audit"),
    ("safety", "Somebody's health or safety, now"),
    (OTHER, "Something else"),
)
"""(code, words). The first is 34 CFR 99.31(a)(1)(i)(A), the fifth 99.31(a)(10) with 99.36."""
PURPOSE_WORDS = dict(PURPOSES)
LEAST_WORDS = 5
"""Something else has to be said in so many characters at least."""

USUAL: dict[Role, str] = {
    Role.TECHNICIAN: "interest",
    Role.FRONT_OFFICE: "parent",
    Role.NURSE: "safety",
    Role.ADMINISTRATOR: "review",
    Role.AUDITOR: "request",
}
"""What a role most often opens other students' records for; it is offered first."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a record is opened for: a code of `PURPOSES`; `words` what was written to it."""

    code: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One line of a student's access log: who, in what role, when, what, for what.

    `kind` is `seen` for the school's own people and `given` for a copy that went to a parent or
    guardian. `number` names the record where it is about one, `part` says that it is about another
    student and this one had a part in it. `purpose` is in words; `written`: somebody typed them.
    """

    at: datetime
    who: str
    title: str
    role: str
    what: str
    number: str
    purpose: str
    kind: Literal["seen", "given"] = "seen"
    written: bool = False
    part: bool = False


@dataclass(frozen=True, slots=True)
class AccessLog:
    """The access log of one student between two days (both inclusive; None: without end)."""

    student_id: str
    student_name: str
    rows: tuple[AccessRow, ...]
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class LoggedStudent:
    """A student whose access log can be read; `name` is a pseudonym for a role without names.

    `number` is blank then; `last` is when anybody last looked, None where nobody did; `left` says
    that the student goes to this school no more.
    """

    student_id: str
    name: str
    number: str
    grade: str
    left: bool
    last: datetime | None
