"""Names in what is to stand in the log of violent incidents: none may.

The same net that lies under a parent's copy, wider: students, staff and guardians of the whole
school, those who have left too; and everybody in any record of the event, also those who were only
typed by name, looked for generously (nicknames, initials, one letter off).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.models.records import DraftPart, EventLink, Record, Revision
from bt_desktop.services.names import PersonNames
from bt_desktop.services.people_rows import bare
from bt_desktop.services.person_names import people_in
from bt_desktop.services.privacy import NameIndex, NameNet
from bt_desktop.services.privacy_people import names_in

_TYPED_NAMES = ("visitor_name", "outside_name", "hurt_person", "held_by_others", "other_witness")
"""Questions of our forms in which a person who is on no list is named."""
_NOBODY = PersonNames("nobody:", "", "")


def event_answers(session: Session, event_id: str) -> list[dict[str, Any]]:
    """The answers of every part of every record of the event, and of events joined with it."""
    events = _joined(session, event_id)
    records = select(Record.id).where(Record.event_id.in_(sorted(events)))
    drafts = session.scalars(select(DraftPart.answers).where(DraftPart.record_id.in_(records)))
    bodies = session.scalars(select(Revision.body).where(Revision.record_id.in_(records)))
    return [
        *(json.loads(text) for text in drafts),
        *(json.loads(body)["answers"] for body in bodies),
    ]


def _joined(session: Session, event_id: str) -> set[str]:
    """The event and all that were ever joined with it: one too many only looks more closely."""
    found: set[str] = set()
    new = {event_id}
    while new:
        found |= new
        pairs = session.execute(
            select(EventLink.event_id, EventLink.other_id).where(
                or_(EventLink.event_id.in_(new), EventLink.other_id.in_(new))
            )
        )
        new = {one for pair in pairs for one in pair} - found
    return found


def words_that_name(
    session: Session, texts: Mapping[str, str], answers: Iterable[Mapping[str, Any]]
) -> dict[str, list[str]]:
    """By the name of a text, the words in it that are, or look like, somebody's name or number."""
    told = list(answers)
    there = people_in(told)
    typed = _typed(told)
    people = (*names_in(session, ("student", "staff", "guardian")), *typed)
    letters = dict.fromkeys((*there, *(one.id for one in typed)), "?")
    net = NameNet(NameIndex(people), _NOBODY, (), letters)
    numbers = _numbers(session, there)
    found: dict[str, list[str]] = {}
    for name, text in texts.items():
        words = [f.word for f in net.find(text) if f.suggestion != "ordinary_word"]
        words += [word for word in re.findall(r"\w+", text) if word in numbers]
        if words:
            found[name] = list(dict.fromkeys(words))
    return found


def _typed(answers: Iterable[Mapping[str, Any]]) -> list[PersonNames]:
    """People of the event who were typed by name, in a row or outside of rows."""
    found: list[PersonNames] = []
    for part in answers:
        rows = [r for v in part.values() if isinstance(v, list) for r in v if isinstance(r, dict)]
        for values in (part, *rows):
            for name in _TYPED_NAMES:
                text = values.get(name)
                words = re.findall(r"\w+", text) if isinstance(text, str) else []
                parts = [word for word in words if len(word) > 1]
                if parts:
                    number = len(found)
                    found.append(PersonNames(f"typed:{number}", parts[0], parts[-1]))
    return found


def _numbers(session: Session, people: Iterable[str]) -> frozenset[str]:
    """The numbers of the event's students."""
    ids = [bare(one) for one in people if one.startswith("student:")]
    found = session.scalars(select(Student.student_number).where(Student.id.in_(ids)))
    return frozenset(filter(None, found))
