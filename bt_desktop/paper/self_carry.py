"""The agreement that a student carries and uses their own medicine, with what the law asks first.

The conditions as read in health-office §1.1; what nobody has compared with the statute says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Block,
    Check,
    Checks,
    Fields,
    Heading,
    Key,
    KeyLine,
    Notice,
    Title,
    ToSign,
)
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.health_content import SelfCarryPaper
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.order_copy import rows, student_facts

TITLE = "Agreement to carry medicine"
_UNVERIFIED = "wording unverified"
_OK = "70 O.S. 1-116.3"
_PARTS = ("Prescriber", "Parent or guardian", "Student", "School nurse")


@dataclass(frozen=True, slots=True)
class Box:
    """A condition: its key, what it says, and the law that asks for it ("" for good practice)."""

    key: str
    text: str
    law: str = ""


def boxes(paper: SelfCarryPaper) -> tuple[Box, ...]:
    """The conditions in that state for that kind of medicine."""
    if paper.state == "us-ok":
        return _OKLAHOMA
    if paper.state == "us-ca":
        return _california(paper.kind)
    return tuple(Box(box.key, box.text) for box in _california("other"))


def _california(kind: str) -> tuple[Box, ...]:
    """EC 49423 for epinephrine, 49423.1 for inhaled asthma medicine; for others no law is cited."""
    law = {"epinephrine": "EC 49423", "inhaler": "EC 49423.1"}.get(kind, "")
    release = f"{law}, {_UNVERIFIED}" if kind == "epinephrine" else law
    return (
        Box("prescriber", "The prescriber wrote the name of the medicine, how it is given, how "
            "much, and when.", law),
        Box("competent", "The prescriber confirms that the student is able to give it to "
            "themselves.", law),
        Box("parent", "The parent agrees in writing that the student carries and uses it.", law),
        Box("contact", "The parent lets the school nurse talk about it with the prescriber.",
            release),
        Box("release", "The parent releases the school district and its staff from civil liability "
            "if the student has a bad reaction after giving it to themselves.", release),
        Box("shown", "The student showed the nurse how to use it."),
        Box("backup_at_school", "A second one is kept at school."),
    )  # fmt: skip


_OKLAHOMA = (
    Box("parent", "The parent authorizes the student in writing to give the medicine to "
        "themselves.", _OK),
    Box("competent", "The physician states the condition, and that the student is capable and was "
        "taught to give it to themselves.", _OK),
    Box("backup_at_school", "The parent gave the school an emergency supply.", _OK),
    Box("notice", "The school told the parent in writing that it is not liable for harm from "
        "the student giving it to themselves.", _OK),
    Box("acknowledged", "The parent signed that they know this.", _OK),
    Box("shown", "The student showed the nurse how to use it."),
)  # fmt: skip


def self_carry(paper: SelfCarryPaper, head: Letterhead, mark: CopyMark) -> bytes:
    """The agreement as PDF bytes, not yet sealed; the same input gives the same bytes."""
    sheet = Sheet(
        title=TITLE,
        head_right=(TITLE, paper.school_year),
        running=f"{TITLE} · {paper.student.name}",
        foot="It holds for this school year, and ends when the order ends.",
    )
    return build(self_carry_blocks(paper), head, mark, sheet)


def self_carry_blocks(paper: SelfCarryPaper) -> list[Block]:
    """What stands on it, in order."""
    order = paper.order
    done = paper.ticks or frozenset()
    checks = tuple(Check(box.text, box.key in done, box.law) for box in boxes(paper))
    times = words.listed(tuple(words.clock(at) for at in order.times))
    return [
        Title(TITLE, "For a student who carries this medicine at school and uses it alone."),
        student_facts(paper.student),
        Fields(
            rows(
                ("Medicine", order.title),
                ("Dose and route", ", ".join(filter(None, (order.dose, order.route)))),
                ("When", order.as_needed or times),
                ("Prescriber", ", ".join(filter(None, (order.prescriber, order.prescriber_phone)))),
            )
        ),
        Heading("What has to be there first"),
        Checks(checks),
        Notice(
            "I carry it with me and use it only as I was taught. I never share it. I tell an adult "
            "at once when I have used it, or when I feel worse.",
            "What the student promises",
        ),
        Heading("Signed"),
        *_hands(paper),
    ]


def _hands(paper: SelfCarryPaper) -> list[Block]:
    signed = {part.casefold(): (hand, on) for part, hand, on in paper.hands}
    made: list[Block] = []
    for part in _PARTS:
        found = next((signed[key] for key in signed if key in part.casefold()), None)
        if found is None:
            made.append(ToSign((f"{part} (signature)", "Name", "Date"), 18))
            continue
        hand, on = found
        when = words.long_day(on) if on else "not dated"
        made.append(Key((KeyLine(part, hand, when),), across=1, high=30))
    return made
