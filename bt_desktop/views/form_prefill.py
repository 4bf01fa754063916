"""What the roster knows of the student need not be typed again: filled in where it is blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bt_desktop.services.record_first import roster_answers
from bt_desktop.services.results.people import Person
from bt_desktop.views.editors.moments import short_date

if TYPE_CHECKING:
    from bt_desktop.views.form_draft import Draft


def subject_path(draft: Draft) -> str:
    """The path of the question that names the student this is about; empty if there is none."""
    for section in draft.record.form.sections:
        for field in section.fields:
            if field.type == "student" and not field.is_multiple and not field.repeat:
                return f"/{field.name}"
    return ""


def from_roster(person: Person) -> dict[str, str]:
    """The roster's values by the names of the questions, as a person would type them."""
    values = roster_answers(person)
    if person.birth_date is not None:
        values["student_birth_date"] = short_date(person.birth_date)
    return values


def fill_from_roster(draft: Draft, person: Person) -> None:
    """Put the roster's values where nothing stands yet; what was typed is never replaced."""
    known = draft.record.form.fields()
    for name, value in from_roster(person).items():
        if name not in known:
            continue
        field = known[name]
        if field.choices and value not in {c.name for c in draft.record.form.choices_of(name)}:
            continue
        view = draft.view(f"/{name}")
        if view.value is None and not view.typed and view.unknown_reason is None:
            draft.put(f"/{name}", value)
