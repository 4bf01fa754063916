"""A student's access log on paper: who saw the records, when, what of them, and what for.

California EC 49064 asks for it beside each pupil's record, open to the parent and to the school's
custodian of records; 34 CFR 99.32 for a record of each disclosure. It names no other student.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bt_desktop.paper import words
from bt_desktop.paper.content import Block, Column, Fields, Grid, Narrative, Row, Span, Title
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.layout import Sheet, build

_LEAD = (
    "Everybody who opened, printed, copied or exported records of this student with bt_desktop, "
    "and everybody who was given a copy."
)
_LAW = (
    "Kept under California Education Code 49064 and 34 CFR 99.32. Parents, guardians and the "
    "school's custodian of records may inspect it. Looking at a list without opening a record is "
    "not part of it. “Own student” says that the student was on the person's caseload or in "
    "their class, or that they wrote the record or were named in it."
)
_COLUMNS = (Column("When", 2.5), Column("Who", 2.2), Column("What", 2.7), Column("What for", 3.8))


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line: `what` was done (`number` names the record), by whom, and what for.

    `given`: a copy that somebody outside the school's staff got.
    """

    at: datetime
    who: str
    title: str
    role: str
    what: str
    number: str
    purpose: str
    given: bool = False


@dataclass(frozen=True, slots=True)
class AccessPaper:
    """The lines of one student between two days (None: without end)."""

    student_name: str
    birth_date: date | None
    student_number: str
    since: date | None
    until: date | None
    lines: tuple[AccessLine, ...]


def access_log(paper: AccessPaper, head: Letterhead, mark: CopyMark) -> bytes:
    """The log as PDF bytes, oldest line first."""
    sheet = Sheet(
        title="Access log",
        head_right=("Access log",),
        running="Access log",
        foot=f"Printed by {mark.made_by}. Keep it with the student's file.",
    )
    return build(_blocks(paper, mark), head, mark, sheet)


def _blocks(paper: AccessPaper, mark: CopyMark) -> list[Block]:
    facts = (
        Row("Student", paper.student_name),
        Row("Born", words.long_day(paper.birth_date) if paper.birth_date else "not entered"),
        Row("Student number", paper.student_number or "not entered"),
        Row("From", words.long_day(paper.since) if paper.since else "the beginning"),
        Row("Until", words.long_day(paper.until) if paper.until else words.moment(mark.made_at)),
        Row("Lines", str(len(paper.lines))),
    )
    law = Narrative((Span(_LAW, small=True),))
    blocks: list[Block] = [Title("Access log", _LEAD), Fields(facts), law]
    if paper.lines:
        blocks.append(Grid(_COLUMNS, tuple(_cells(line) for line in paper.lines)))
    else:
        blocks.append(Narrative("Nobody opened a record of this student in this time."))
    return blocks


def beside_name(title: str, role: str) -> str:
    """Title and role: "Principal (administrator)", "School nurse", "Auditor"."""
    known = role.lower() in title.lower()
    return title if known else f"{title} ({role.lower()})" if title else role


def _cells(line: AccessLine) -> tuple[tuple[Span, ...], ...]:
    beside = beside_name(line.title, line.role)
    who = (Span(line.who, bold=line.given), *((Span(f"\n{beside}", small=True),) if beside else ()))
    number = (Span(f"\n{line.number}", small=True),) if line.number else ()
    return (
        (Span(words.moment(line.at)),),
        who,
        (Span(line.what), *number),
        (Span(line.purpose),),
    )
