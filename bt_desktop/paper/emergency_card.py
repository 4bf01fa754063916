"""The emergency card: one page that anybody at the school may print and take along.

Allergies stand in the largest type of any of our papers; then what to give, where it is, whom to
call. Nothing else of the health file is on it.
"""

from __future__ import annotations

from bt_desktop.paper import words
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.health_content import Contact, EmergencyCard, Rescue
from bt_desktop.paper.layout import Sheet, build_letter
from bt_desktop.paper.letter import Huge, Letter, Lines, Marked, Named, Pairs, Sheetlet, Under

TITLE = "Emergency card"
CALL = "If life is in danger, call 911. Give the medicine. Then call the parents."
SIZES = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
"""Points of its type: smaller than a letter's if need be, for it must be one page."""
NONE_KNOWN = "No known allergies"
NOT_ENTERED = "Not entered: ask a parent"


def emergency_card(card: EmergencyCard, head: Letterhead, mark: CopyMark) -> bytes:
    """The card as PDF bytes, not yet sealed; the same input gives the same bytes."""
    sheet = Sheet(
        title=TITLE,
        head_right=(TITLE, f"as of {words.moment(card.as_of)}"),
        running=f"{TITLE} · {card.student.name}",
        foot="Confidential: for whoever takes care of this student. Destroy it when a new one is "
        "printed.",
    )
    return build_letter(card_letter(card), head, mark, sheet, sizes=SIZES)[0]


def card_letter(card: EmergencyCard) -> list[Letter]:
    """What stands on the card, in order."""
    return [
        Named(card.student.name, tuple(_about(card)), card.photo),
        Huge("ALLERGIES", card.allergies or ((NONE_KNOWN if card.no_allergies else NOT_ENTERED),)),
        Lines(CALL, strong=True),
        *_rescues(card.rescue),
        *_conditions(card.conditions),
        Under("Whom to call"),
        *contacts(card.contacts),
        *([Lines(f"Doctor: {called(card.doctor)}")] if card.doctor else []),
    ]


def _about(card: EmergencyCard) -> list[str]:
    student = card.student
    born = f"Born {words.short_day(student.birth_date)}" if student.birth_date else ""
    grade = f"Grade {student.grade}" if student.grade else ""
    room = f"Room {student.room}" if student.room else ""
    return [line for line in (born, " · ".join(filter(None, (grade, room)))) if line]


def _rescues(rescue: tuple[Rescue, ...]) -> list[Letter]:
    if not rescue:
        return [Under("Emergency medicine"), Lines("None at school.")]
    made: list[Letter] = []
    for one in rescue:
        made += [Under(f"{one.medicine}: {one.dose}, {one.route}"), Pairs(tuple(_facts(one)))]
    return made


def _facts(one: Rescue) -> list[tuple[str, str]]:
    stored = one.stored or "not entered"
    if one.carried:
        stored = f"The student carries it. A second one: {one.stored or 'none at school'}"
    if one.expires_on:
        stored += f". Expires {words.short_day(one.expires_on)}"
    facts = [
        ("Give it when", one.when or "not entered"),
        ("Then", one.then),
        ("Where it is", stored),
    ]
    return [(label, said) for label, said in facts if said]


def _conditions(conditions: tuple[str, ...]) -> list[Letter]:
    return [Under("Also know"), Marked(conditions, 2)] if conditions else []


def contacts(people: tuple[Contact, ...]) -> list[Letter]:
    """Whom to call, in the order to try them."""
    if not people:
        return [Lines("Not entered: ask the school office.")]
    rows = tuple((one.name, one.relation, ", ".join(one.phones) or "no phone") for one in people)
    return [Sheetlet(("Name", "Who", "Phone, in this order"), rows)]


def called(one: Contact) -> str:
    """A name with its phones, on one line."""
    return ", ".join(filter(None, (one.name, one.relation, *one.phones)))
