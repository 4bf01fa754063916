"""The people a record names: as they are now, and as they were when a part was signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop.models.school import school_row
from bt_desktop.paper.document import PersonSnapshot
from bt_desktop.services.people_rows import people
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.results.people import Person, Training


def snapshots(session: Session, ids: Iterable[str], on: date | None) -> dict[str, PersonSnapshot]:
    """These people as they are now; ages are on the day `on`. Unknown ids are left out."""
    program = school_row(session).training_program
    found = people(session, ids)
    return {key: snapshot(person, program, on) for key, person in found.items()}


def snapshot(person: Person, program: str, on: date | None) -> PersonSnapshot:
    """A person as paper needs them."""
    training = _training(person.trainings, program)
    return PersonSnapshot(
        id=person.id,
        kind=person.kind,
        name=person.name,
        given=person.called,
        family=person.family,
        title=person.title,
        grade=person.grade,
        birth_date=person.birth_date,
        training=training.program if training else "",
        training_until=training.until if training else None,
        age_at_event=_age(person.birth_date, on),
    )


def _training(trainings: tuple[Training, ...], program: str) -> Training | None:
    """The school's own program where the person has it, else the certificate valid longest."""
    own = [one for one in trainings if one.program.casefold() == program.casefold()]
    return next(iter((*own, *trainings)), None)


def _age(born: date | None, on: date | None) -> int | None:
    """Whole years on that day."""
    if born is None or on is None:
        return None
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years if years >= 0 else None


def frozen_people(
    session: Session, ids: Iterable[str], on: date | None
) -> dict[str, dict[str, Any]]:
    """The people as they stand in a signed revision: JSON, blanks left out."""
    program = school_row(session).training_program
    told: dict[str, dict[str, Any]] = {}
    for key, person in people(session, ids).items():
        shot = snapshot(person, program, on)
        values = {
            "kind": shot.kind,
            "name": shot.name,
            "given": shot.given,
            "family": shot.family,
            "title": shot.title,
            "grade": shot.grade,
            "teacher": person.teacher,
            "birth_date": _iso(shot.birth_date),
            "training": shot.training,
            "training_until": _iso(shot.training_until),
            "age_at_event": shot.age_at_event,
            "plans": list(person.plans),
        }
        told[key] = {name: value for name, value in values.items() if value not in ("", None, [])}
    return told


def thawed(key: str, told: Mapping[str, Any]) -> PersonSnapshot:
    """A person out of a signed revision."""
    return PersonSnapshot(
        id=key,
        kind=told["kind"],
        name=told["name"],
        given=told.get("given", ""),
        family=told.get("family", ""),
        title=told.get("title", ""),
        grade=told.get("grade", ""),
        birth_date=_day(told.get("birth_date")),
        training=told.get("training", ""),
        training_until=_day(told.get("training_until")),
        age_at_event=told.get("age_at_event"),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def people_of(session: Session, loaded: Loaded, ids: Iterable[str]) -> dict[str, PersonSnapshot]:
    """The people named, as they were when a part was signed, else as they are now."""
    at = loaded.row.event_at
    known = snapshots(session, ids, at.date() if at is not None else None)
    for frozen in loaded.frozen.values():
        for key, told in frozen.told["people"].items():
            known[key] = thawed(key, told)
    return known
