"""The packet of a trip: who takes which medicine along, who signs for it, and its sheets.

Orders change; so every page says as of when it is true (health-office §3.3, the trip binder).
"""

from __future__ import annotations

from dataclasses import replace

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Block,
    Column,
    Fields,
    Grid,
    Heading,
    Narrative,
    NewPage,
    Notice,
    Title,
)
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.health_content import Contact, Rescue, TripPacket, TripStudent
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.mar import mar_blocks
from bt_desktop.paper.order_copy import order_blocks, rows, student_facts

TITLE = "Medicine for a trip"
_SIGN = (Column("Student", 1.4), Column("Medicine", 1.9), Column("Out", 1.1),
         Column("Given out by, taken by, time", 2.3), Column("Back", 0.8),
         Column("Brought back by, counted by, time", 2.3))  # fmt: skip
_CONTACTS = (Column("Name", 1.6), Column("Who", 1.0), Column("Phone, in this order", 2.0))
_RESCUE = (Column("Medicine and dose", 1.7), Column("Give it when", 1.9), Column("Then", 1.4),
           Column("Where it is", 1.4))  # fmt: skip
_LEAD = (
    "Give a medicine only by its order and write it down at once. Everything comes back to the "
    "nurse, also what was not used."
)


def trip_packet(packet: TripPacket, head: Letterhead, mark: CopyMark) -> bytes:
    """The packet as PDF bytes, not yet sealed; the same input gives the same bytes."""
    sheet = Sheet(
        title=TITLE,
        head_right=(TITLE, _days(packet)),
        running=f"{TITLE} · {packet.name} · {_days(packet)}",
        foot="Confidential. Keep it with the medicine; give it back to the nurse after the trip.",
        above=f"As of {words.moment(packet.as_of)}. Print it again if an order changes.",
    )
    return build(packet_blocks(packet), head, mark, sheet)


def packet_blocks(packet: TripPacket) -> list[Block]:
    """What stands in the packet, in order."""
    blocks: list[Block] = [
        Title(packet.name, f"{packet.place} · {_days(packet)}" if packet.place else _days(packet)),
        Notice(_LEAD, "Before you go"),
        Fields(
            rows(
                ("Leader", packet.leader),
                ("May give medicine", words.listed(packet.trained)),
                ("The school's phone", packet.school_phone),
                ("Students with medicine", str(len(packet.students))),
            )
        ),
    ]
    if not packet.students:
        return [*blocks, Narrative("No student on this trip has medicine at school.")]
    blocks += [NewPage(lying=True), Heading("Signed out and signed in"), _sign_table(packet)]
    for each in packet.students:
        blocks += _student(each)
    return blocks


def _days(packet: TripPacket) -> str:
    first, last = packet.first, packet.last
    if first == last:
        return words.short_day(first)
    return f"{words.short_day(first)} – {words.short_day(last)}"


def _sign_table(packet: TripPacket) -> Grid:
    lines = tuple(
        (each.student.name, medicine.order.order.title, medicine.amount, "", "", "")
        for each in packet.students
        for medicine in each.medicines
    )
    return Grid(_SIGN, lines, row_lines=3)


def _student(each: TripStudent) -> list[Block]:
    name = each.student.name
    blocks: list[Block] = [NewPage(lying=False), Heading(name, "whom to call")]
    blocks += [student_facts(each.student), *_contacts(each.contacts), *_rescues(each.rescue)]
    for medicine in each.medicines:
        travels = rows(("Goes along", medicine.amount), ("It travels in", medicine.container, True))
        order = replace(medicine.order, past=())  # what was is no help on the way
        blocks += [NewPage(lying=False), *order_blocks(order, travels)]
        heading = Heading(f"Trip medication record: {medicine.order.order.title}")
        blocks += [NewPage(lying=True), heading, *mar_blocks(medicine.sheet)]
    return blocks


def _contacts(people: tuple[Contact, ...]) -> list[Block]:
    if not people:
        return [Narrative("Nobody to call is entered. Ask the school office.")]
    lines = tuple((one.name, one.relation, ", ".join(one.phones) or "no phone") for one in people)
    return [Grid(_CONTACTS, lines)]


def _rescues(rescue: tuple[Rescue, ...]) -> list[Block]:
    if not rescue:
        return []
    lines = tuple(
        (
            f"{one.medicine}: {one.dose}, {one.route}",
            one.when or "not entered",
            one.then,
            f"Carried by the student. {one.stored}" if one.carried else one.stored,
        )
        for one in rescue
    )
    return [Heading("In an emergency", "call 911 first", level=2), Grid(_RESCUE, lines)]
