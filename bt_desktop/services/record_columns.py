"""What lists search and sort by, taken out of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from bt_desktop.form_engine.definition import OTHER, PEOPLE, Field, Form, say
from bt_desktop.services.person_names import people_in


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a record that its answers tell; None or empty where they do not yet."""

    subject_id: str | None
    event_at: datetime | None
    place: str


def columns(form: Form, answers: Mapping[str, Any], now: datetime) -> Columns:
    """The columns of these answers. `now` lends its offset to a day without a time."""
    return Columns(
        subject_id=_subject(form, answers),
        event_at=_event_at(form, answers, now),
        place=_place(form, answers),
    )


def column_names(form: Form) -> frozenset[str]:
    """The questions that a column depends on."""
    names = {form.event_date, form.event_time}
    for field in (_subject_field(form), _place_field(form)):
        if field is not None:
            names.update((field.name, f"{field.name}_{OTHER}"))
    return frozenset(name for name in names if name)


def _promoted(form: Form) -> list[Field]:
    return [field for field in form.fields().values() if field.promote and not field.repeat]


def _subject_field(form: Form) -> Field | None:
    kinds = (form.subject,) if form.subject in PEOPLE else tuple(PEOPLE)
    fields = [f for f in form.fields().values() if f.type in kinds and not f.repeat]
    promoted = [f for f in fields if f.promote and not f.is_multiple]
    single = [f for f in fields if not f.is_multiple]
    return next(iter((*promoted, *single)), None)


def _place_field(form: Form) -> Field | None:
    return next((field for field in _promoted(form) if field.type == "select_one"), None)


def _subject(form: Form, answers: Mapping[str, Any]) -> str | None:
    field = _subject_field(form)
    value = answers.get(field.name) if field is not None else None
    found = people_in(value) if isinstance(value, str) else ()
    return found[0] if found else None


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
