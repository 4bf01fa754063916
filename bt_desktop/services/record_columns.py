"""What lists search and sort by, taken out of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from bt_desktop.form_engine.definition import OTHER, PEOPLE, Field, Form, say
from bt_desktop.services.person_names import people_in

ANY = "any"
"""A form that can be about a student, a staff member or somebody who is on no list."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a record that its answers tell; None or empty where they do not yet."""

    subject_id: str | None
    event_at: datetime | None
    place: str


def columns(form: Form, answers: Mapping[str, Any], now: datetime) -> Columns:
    """The columns of these answers. `now` lends its offset to a day without a time."""
    return Columns(
        subject_id=_subject(form, answers, now),
        event_at=_event_at(form, answers, now),
        place=_place(form, answers),
    )


def column_names(form: Form) -> frozenset[str]:
    """The questions that a column depends on."""
    names = {form.event_date, form.event_time}
    subjects = _subject_fields(form)
    for field in (*subjects, _place_field(form)):
        if field is not None:
            names.update((field.name, f"{field.name}_{OTHER}"))
    if len(subjects) > 1:  # which of them is asked depends on other answers
        asked = [one.relevant for f in subjects for one in (f, form.section(f.section))]
        names.update(r.name for one in asked if one is not None for r in one.references)
    return frozenset(name for name in names if name)


def _promoted(form: Form) -> list[Field]:
    return [field for field in form.fields().values() if field.promote and not field.repeat]


def _subject_fields(form: Form) -> list[Field]:
    """The questions that can say whom the record is about: one, or with `subject: any` several."""
    kinds = (form.subject,) if form.subject in PEOPLE else tuple(PEOPLE)
    single = [
        f for f in form.fields().values() if f.type in kinds and not f.repeat and not f.is_multiple
    ]
    promoted = [f for f in single if f.promote]
    return promoted if form.subject == ANY and promoted else (promoted or single)[:1]


def _place_field(form: Form) -> Field | None:
    return next((field for field in _promoted(form) if field.type == "select_one"), None)


def _subject(form: Form, answers: Mapping[str, Any], now: datetime) -> str | None:
    asked = _subject_fields(form)
    if len(asked) > 1:
        asked = _applying(form, answers, asked, now)
    for field in asked:
        value = answers.get(field.name)
        found = people_in(value) if isinstance(value, str) else ()
        if found:
            return found[0]
    return None


def _applying(
    form: Form, answers: Mapping[str, Any], fields: list[Field], now: datetime
) -> list[Field]:
    """Those of the questions that are asked: an answer given before still lies in the draft."""
    from bt_desktop.form_engine.session import FormSession  # deferred: loads the engine

    session = FormSession(form, answers, now=lambda: now)
    return [field for field in fields if session.view(f"/{field.name}").relevant]


def _event_at(form: Form, answers: Mapping[str, Any], now: datetime) -> datetime | None:
    began = _moment(answers.get(form.event_time or ""))
    if began is not None:
        return began
    day = _moment(answers.get(form.event_date or ""))
    return None if day is None else datetime.combine(day.date(), time(0), now.tzinfo)


def _moment(value: Any) -> datetime | None:
    """An ISO date or datetime; None for anything that did not parse."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _place(form: Form, answers: Mapping[str, Any]) -> str:
    field = _place_field(form)
    value = answers.get(field.name) if field is not None else None
    if field is None or not isinstance(value, str):
        return ""
    if value == OTHER:
        named = answers.get(f"{field.name}_{OTHER}")
        if isinstance(named, str) and named.strip():
            return named.strip()
    labels = {choice.name: say(choice.label) for choice in form.choices_of(field.name)}
    return labels.get(value, "")
