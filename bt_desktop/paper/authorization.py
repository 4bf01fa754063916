"""The form on which a prescriber and a parent say that the school may give a medicine.

Blank to hand out, or filled with what the school knows already. What it asks is health-office §1.2;
a dose is a number with its unit, never "as on the package".
"""

from __future__ import annotations

from datetime import date

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Blank,
    Block,
    Check,
    Checks,
    Fact,
    Facts,
    Heading,
    Narrative,
    Notice,
    Title,
    ToSign,
    Whole,
)
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.health_content import AuthorizationForm, State
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.mar_content import Ordered, Student

TITLE = "Authorization to give medicine at school"
LAWS: dict[State, str] = {
    "us-ca": (
        "California Education Code 49423 asks for both statements below before school staff may "
        "help a student with medicine. Medicine without a prescription, supplements and herbal "
        "remedies need them too (5 CCR 601). A new statement is needed when the medicine, the "
        "dose, how often it is given or the reason changes, and each school year (5 CCR 600, "
        "wording unverified)."
    ),
    "us-ok": (
        "70 O.S. 1-116.2 asks for the parent's written authorization before school staff may give "
        "medicine, with a prescription or without one. The label of a pharmacy is no order."
    ),
    "": "Both statements are needed before school staff may give the medicine.",
}
_PRESCRIBER = (
    "I ordered this medicine for this student as written above. It has to be taken during the "
    "school day."
)
_PARENT = (
    "I ask the school to give my child this medicine as the prescriber ordered it. An adult will "
    "bring it in the container of the pharmacy, or unopened if it needs no prescription. I will "
    "tell the school at once if anything changes, and pick up what is left on the last day."
)


def authorization(form: AuthorizationForm, head: Letterhead, mark: CopyMark) -> bytes:
    """The form as PDF bytes; the same input gives the same bytes."""
    name = f" · {form.student.name}" if form.student else ""
    sheet = Sheet(
        title=TITLE,
        head_right=("Medicine at school", form.school_year),
        running=f"{TITLE}{name}",
        foot="Give it back to the school nurse, with both signatures.",
    )
    return build(authorization_blocks(form), head, mark, sheet)


def authorization_blocks(form: AuthorizationForm) -> list[Block]:
    """What stands on it, in order."""
    return [
        Title(TITLE, "One form for each medicine. Both statements, each school year."),
        Notice(LAWS[form.state]),
        Heading("The student"),
        _student(form.student),
        Heading("The medicine", "filled in by the prescriber"),
        _medicine(form),
        _prescriber(form.order),
        _parent(form.student, form.order),
    ]


def _fact(label: str, value: str, share: float = 1.0) -> Fact:
    """A fact, or a line to write it on."""
    return Fact(label, value or Blank(), share)


def _on(day: date | None) -> str:
    return words.short_day(day) if day else ""


def _student(student: Student | None) -> Facts:
    known = student or Student("")
    return Facts(
        (
            (
                _fact("Name", known.name, 2.2),
                _fact("Birth date", _on(known.birth_date)),
                _fact("Grade", known.grade, 0.6),
                _fact("Room", known.room, 0.7),
            ),
            (_fact("Allergies, or “none known”", known.allergies),),
        )
    )


def _medicine(form: AuthorizationForm) -> Facts:
    order = form.order or Ordered("")
    times = words.listed(tuple(words.clock(at) for at in order.times))
    return Facts(
        (
            (_fact("Medicine, strength, form", order.title),),
            (
                _fact("Dose: a number and its unit, not “as on the package”", order.dose, 1.4),
                _fact("How it is given", order.route),
            ),
            (
                _fact("At what times, or only as needed", times or order.as_needed, 1.4),
                _fact("Reason", order.reason),
            ),
            (
                _fact("As needed: what is seen, or what the student says", form.symptom, 1.9),
                _fact("Hours apart, at least", form.interval),
                _fact("A school day, at most", form.most_per_day),
            ),
            (_fact("When to call a parent, or 911", form.call_when),),
            (_fact("Side effects to watch for", form.side_effects),),
            (_fact("Other instructions", order.instructions),),
            (
                _fact("First day", _on(order.start)),
                _fact("Last day; without one, until the school year ends", _on(order.stop), 1.8),
            ),
        )
    )


def _prescriber(order: Ordered | None) -> Whole:
    known = order or Ordered("")
    return Whole(
        (
            Heading("Statement of the prescriber"),
            Narrative(_PRESCRIBER),
            Checks((Check("The student may carry this medicine, and is able to use it alone."),)),
            Facts(
                (
                    (
                        _fact("Name and license (MD, DO, PA, NP)", known.prescriber, 1.4),
                        _fact("Phone and fax", known.prescriber_phone),
                    ),
                )
            ),
            ToSign(("Prescriber's signature", "Date"), 26),
        )
    )


def _parent(student: Student | None, order: Ordered | None) -> Whole:
    known = order or Ordered("")
    child = student.name if student else ""
    return Whole(
        (
            Heading("Statement of the parent or guardian"),
            Facts(((_fact("Student", child, 1.4), _fact("Medicine", known.title)),)),
            Narrative(_PARENT),
            Checks(
                (
                    Check("The school nurse may talk with the prescriber about this medicine."),
                    Check("My child has taken this medicine at home before."),
                )
            ),
            Facts(((_fact("Name", known.parent, 1.4), _fact("Phone", known.parent_phone)),)),
            ToSign(("Parent's or guardian's signature", "Date"), 26),
        )
    )
