"""What records of one event have in common: the names by which a fact given once is known again.

A question says `fact: event_began`; the same fact of another form of the event is then offered
there. A repeat says `fact: people`, and its questions which part of a person they hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PEOPLE = "people"
"""The fact of a repeat: one row for each person of the event."""

FACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "event_date": frozenset(("date",)),
        "event_began": frozenset(("datetime",)),
        "event_ended": frozenset(("datetime",)),
        "location": frozenset(("select_one",)),
        "location_detail": frozenset(("text",)),
        "setting": frozenset(("select_one",)),
        "activity": frozenset(("text",)),
        "antecedents": frozenset(("select_multiple",)),
        "recordings": frozenset(("select_multiple",)),
        "narrative": frozenset(("text",)),
        "student": frozenset(("student",)),
        "student_part": frozenset(("select_one",)),
        "plan_status": frozenset(("select_one",)),
        "bip_status": frozenset(("select_one",)),
        "students_involved": frozenset(("student",)),
        "students_witness": frozenset(("student",)),
        "staff_hurt": frozenset(("staff",)),
        "staff_involved": frozenset(("staff",)),
        "staff_witness": frozenset(("staff",)),
    }
)
"""Facts of questions outside repeats, and the types of question that can hold each."""

PERSON_FACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "person_kind": frozenset(("select_one",)),
        "person_student": frozenset(("student",)),
        "person_staff": frozenset(("staff",)),
        "person_name": frozenset(("text",)),
        "person_roles": frozenset(("select_multiple",)),
    }
)
"""Facts of the questions of a repeat of people. Kinds are `student`, `staff` and `outside`."""

OF_THE_STUDENT = frozenset(("plan_status", "bip_status"))
"""Facts that hold for the same student only, not for another one of the event."""

OWN_WORDS = frozenset(("narrative", "antecedents"))
"""Facts that are one writer's account: carried only into the same form about another student."""

FACT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "student": "student",
        "student_part": "",
        "plan_status": "",
        "bip_status": "",
        "event_date": "",
        "event_began": "began",
        "event_ended": "over",
        "location": "",
        "location_detail": "",
        "setting": "",
        "activity": "",
        "antecedents": "right before",
        "recordings": "recordings",
        "narrative": "story",
        "students_involved": "students who took part",
        "students_witness": "students who saw it",
        "staff_involved": "staff who took part",
        "staff_witness": "staff who saw it",
        PEOPLE: "people",
    }
)
"""What stands before a fact where several are told in one line; nothing where it speaks for itself:
“student Mateo; Thursday, November 12; began 10:09 am; Classroom; Room 14”."""
