"""An order of a medicine on paper: what is ordered, by whom, and that two statements are there."""

from __future__ import annotations

from datetime import date

from bt_desktop.paper import words
from bt_desktop.paper.content import Block, Column, Fact, Facts, Fields, Grid, Heading, Row, Span
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.health_content import OrderCopy
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.mar_content import Student, allergies_line

TITLE = "Medication order"
NOT_ENTERED = "not entered"


def order_copy(copy: OrderCopy, head: Letterhead, mark: CopyMark) -> bytes:
    """The order as PDF bytes, not yet sealed; the same input gives the same bytes."""
    sheet = Sheet(
        title=TITLE,
        head_right=(TITLE, copy.status),
        running=f"{TITLE} · {copy.student.name} · {copy.order.title}",
        foot=f"As of {words.moment(mark.made_at)}.",
    )
    return build(order_blocks(copy), head, mark, sheet)


def student_facts(student: Student) -> Facts:
    """Who the student is; allergies in a frame of their own."""
    rows = (
        (
            Fact("Student", (Span(student.name, bold=True),), 2.2),
            Fact("Birth date", day(student.birth_date)),
            Fact("Grade", known(student.grade), 0.6),
            Fact("Room", known(student.room), 0.7),
        ),
        (Fact("Allergies", allergies_line(student.allergies)),),
    )
    return Facts(rows, frozenset((1,)))


def order_blocks(copy: OrderCopy, more: tuple[Row, ...] = ()) -> list[Block]:
    """The order with its student, headed by its medicine; `more` rows stand with the order's."""
    order = copy.order
    times = words.listed(tuple(words.clock(at) for at in order.times))
    return [
        Heading(order.title, copy.status),
        student_facts(copy.student),
        Fields(
            rows(
                ("Dose", order.dose),
                ("Route", order.route),
                ("Times", times or order.as_needed),
                ("Reason", order.reason),
                ("Instructions", order.instructions, True),
                ("Side effects to watch for", copy.side_effects, True),
                ("Call the parent when", copy.call_parent_when, True),
                ("Call 911 when", copy.call_911_when, True),
                ("From, until", f"{day(order.start)} – {day(order.stop)}"),
                ("Controlled", order.schedule, True),
                ("Carried by the student", "Yes" if copy.self_carry else "No"),
            )
            + more
        ),
        Heading("Who allowed it", level=2),
        Fields(
            rows(
                (
                    "Prescriber",
                    _signed(order.prescriber, order.prescriber_phone, copy.prescriber_signed),
                ),
                (
                    "Parent or guardian",
                    _signed(order.parent, order.parent_phone, copy.parent_signed),
                ),
                ("May we ask the prescriber?", "Yes" if copy.may_contact_prescriber else "No"),
                ("Reviewed by", _reviewed(copy)),
            )
        ),
        Heading("The container", level=2),
        Fields(
            rows(
                ("Label matches the order in", words.listed(copy.label)),
                ("Pharmacy, prescription no.", _person(copy.pharmacy, order.rx_number)),
                ("Filled, expires", f"{day(copy.filled_on)}, {day(order.expires_on)}"),
                ("Kept at", order.storage),
            )
        ),
        *_past(copy),
    ]


def rows(*facts: tuple[str, str] | tuple[str, str, bool]) -> tuple[Row, ...]:
    """Rows; a blank one is left out where it says it may be, else it says that it is blank."""
    made = []
    for label, value, *optional in facts:
        if value or not optional:
            made.append(Row(label, value or NOT_ENTERED))
    return tuple(made)


def day(on: date | None) -> str:
    """Nov 12, 2026."""
    return words.short_day(on) if on is not None else NOT_ENTERED


def known(text: str) -> str:
    """A text, or that there is none."""
    return text or NOT_ENTERED


def _person(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _signed(name: str, phone: str, on: date | None) -> str:
    """Who gave a statement; one without a date is not signed."""
    if not name:
        return ""
    return _person(name, phone, f"signed {words.short_day(on)}" if on else "not signed")


def _reviewed(copy: OrderCopy) -> str:
    when = words.moment(copy.reviewed_at) if copy.reviewed_at else ""
    return _person(copy.reviewed_by, when)


def _past(copy: OrderCopy) -> list[Block]:
    if not copy.past:
        return []
    lines = tuple((words.moment(at), what) for at, what in copy.past)
    return [
        Heading("What was done to it", level=2),
        Grid((Column("When", 1.2), Column("What", 3.6)), lines),
    ]
