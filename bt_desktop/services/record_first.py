"""What a record holds before anybody typed: answers that another service knows already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from bt_desktop.clock import Clock
from bt_desktop.form_engine.definition import SELECTS, Field, Form
from bt_desktop.services.record_check import session_of
from bt_desktop.services.record_parts import REPORT
from bt_desktop.services.results.people import Person


def roster_answers(person: Person) -> dict[str, Any]:
    """The roster's values by the names that the shipped forms give these questions."""
    plans = {plan.casefold() for plan in person.plans}
    values: dict[str, Any] = {
        "student_birth_date": person.birth_date,
        "student_grade": person.grade,
        "student_number": person.student_number,
        "home_language": person.home_language,
        "plan_status": next((p for p in ("iep", "section_504") if p in plans), ""),
        "bip_status": "bip_iep" if "bip_iep" in plans else "",
    }
    return {name: value for name, value in values.items() if value}


def first_answers(
    form: Form, known: Mapping[str, Any], clock: Clock, person: Person | None = None
) -> dict[str, Any]:
    """What is known before anybody types, as a draft keeps it: read as typed, defaults put in.

    `person` is the student it is about, of whom the roster knows more. A choice that the form does
    not have is left out, so that the list is asked as ever. Raises KeyError for a question that the
    form's report does not ask.
    """
    page = session_of(form, {}, clock)
    more = roster_answers(person) if person is not None else {}
    asked_here = form.fields()
    known = {name: more[name] for name in more if name in asked_here} | dict(known)
    for name, value in known.items():
        asked = form.field(name)
        if asked.repeat or form.section(asked.section).part != REPORT:
            raise KeyError(name)
        page.set(f"/{name}", _as_typed(form, asked, value))
    kept: dict[str, Any] = page.answers()
    return kept


def _as_typed(form: Form, asked: Field, value: Any) -> Any:
    if asked.type in SELECTS:
        told = value if isinstance(value, list | tuple | set | frozenset) else (value,)
        chosen = [c.name for c in form.choices_of(asked.name) if c.name in told]
        return chosen if asked.type == "select_multiple" else next(iter(chosen), None)
    return value.isoformat() if isinstance(value, date | time) else value  # a datetime is a date


def subject_of(form: Form, known: Mapping[str, Any]) -> str:
    """The id of the student whom these answers say the record is about; "" for none."""
    asked = next((f.name for f in form.fields().values() if f.fact == "student"), "")
    found = known.get(asked)
    return found if isinstance(found, str) else ""
