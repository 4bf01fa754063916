"""A school with many records, put into the store as they would lie there after years."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.records import Event, Involved, Record
from bt_desktop.models.types import micros
from bt_desktop.services.workspace import Workspace
from tests.conftest import AFTERNOON
from tests.factory import School

FORMS = ("restraint", "incident", "first_aid", "medication_error", "risk", "staff_injury")
PREFIX = {"restraint": "BER", "incident": "INC", "first_aid": "AID", "medication_error": "MED"}
STATES = ("draft", "signed", "returned", "final", "amended", "entered in error")
PLACES = ("Classroom", "Hallway", "Playground", "", "By Mateo's desk")


@dataclass(frozen=True)
class Made:
    """A record as it was put into the store. `author`, `owner`, `there` are keys of the staff."""

    form: str = "restraint"
    state: str = "signed"
    student: str | None = "mateo"
    author: str = "dana"
    owner: str = "dana"
    there: str | None = None
    place: str = "Classroom"
    days: float = 0
    due: int | None = None
    number: int | None = None
    record_class: str = "education"
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def at(self) -> datetime:
        """When it happened: `days` before the afternoon of the stories."""
        return AFTERNOON - timedelta(days=self.days)


def digests(school: School, workspace: Workspace) -> dict[str, str]:
    """The digest of each form as it stands in the store (each is kept there first)."""
    shelf = workspace.records.shelf
    with workspace._context.store.write() as session:
        return {form: shelf.keep(session, shelf.today(session, form)) for form in FORMS}


def put(school: School, workspace: Workspace, made: list[Made]) -> None:
    """Put these records into the store."""
    kept = digests(school, workspace)
    events: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    involved: list[dict[str, Any]] = []
    deadlines: list[dict[str, Any]] = []
    for one in made:
        events.append({"id": one.id, "made_at": one.at})
        rows.append(_row(school, one, kept))
        if one.there:
            involved.append({"record_id": one.id, "staff_id": school.ids[one.there]})
        if one.due is not None:
            deadlines.append(_deadline(one))
    with workspace._context.store.write() as session:
        for table, values in (
            (Event, events), (Record, rows), (Involved, involved), (Deadline, deadlines),
        ):  # fmt: skip
            if values:
                session.execute(insert(table), values)


def _row(school: School, one: Made, kept: dict[str, str]) -> dict[str, Any]:
    us = micros(one.at)
    prefix = PREFIX.get(one.form, "RSK")
    number = one.number
    return {
        "id": one.id,
        "event_id": one.id,
        "form": one.form,
        "record_class": "confidential" if one.form in FORMS[3:] else one.record_class,
        "form_digest": kept.get(one.form, kept["restraint"]),
        "number": None if number is None else f"{prefix}-{one.at.year}-{number:04d}",
        "number_prefix": None if number is None else prefix,
        "number_year": None if number is None else one.at.year,
        "number_count": number,
        "state": one.state,
        "subject_id": school.ids[one.student] if one.student else None,
        "event_at": one.at,
        "event_us": us,
        "place": one.place,
        "owner_user": school.users[one.owner],
        "reported_by": school.ids[one.author],
        "entered_by": school.users[one.owner],
        "made_at": one.at,
        "updated_at": one.at,
        "updated_us": us,
    }


def _deadline(one: Made) -> dict[str, Any]:
    due = AFTERNOON + timedelta(days=one.due or 0)
    return {
        "id": one.id,
        "record_id": one.id,
        "rule": "rule",
        "task": "parent_notice",
        "anchor_at": one.at,
        "due_at": due,
        "due_us": micros(due),
        "state": "open",
    }
