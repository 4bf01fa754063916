"""What is needed to log a call to a parent, without opening the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bt_desktop.services.results.people import Guardian, PersonHit

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Form


@dataclass(frozen=True, slots=True)
class CallSheet:
    """One attempt about one record, before it is made.

    `section` names the log in `form`; `answers` are only those of the record that the log's own
    rules look at. `guardians` are the student's, those who may receive copies first. `row` is the
    attempt as it begins: today, now, by phone, by the person signed in, to the first guardian.
    `people` are those in it, by id.
    """

    record_id: str
    title: str
    number: str
    student: str
    event_at: datetime | None
    form: Form
    section: str
    answers: Mapping[str, Any]
    guardians: tuple[Guardian, ...]
    row: Mapping[str, Any]
    people: Mapping[str, PersonHit]
    attempts: int
