"""A school after years: what its lists, searches and students' pages read, put into the store.

Five students in six have records, most of them few; places, authors, forms and states are mixed as
the demo's years mix them; each record has its signed report and that report's text in the index.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks._vault import add_students, batched, raw_store, syllable
from bt_desktop.models.types import micros
from bt_desktop.services.results.people import NewStaff
from bt_desktop.services.workspace import Workspace

STUDENTS = 5_000
_FORMS = ("first_aid",) * 5 + ("incident",) * 3 + ("restraint",) * 2
_CONFIDENTIAL_EACH = 50
_PREFIX = {"restraint": "BER", "incident": "INC", "first_aid": "AID", "risk": "RSK"}
_STATES = ("final",) * 7 + ("signed",) * 2 + ("amended",)
_PLACES = (*(f"Room {n}" for n in range(1, 25)), "Playground", "Hallway", "Cafeteria", "")
_WORDS_EACH = 80
_ALL_WORDS = 4_000
COMMON, SELDOM = "classroom", "trampoline"
"""A word of every report, and one of one report in five hundred."""
SELDOM_EACH = 500
OPEN_DEADLINES = 200
"""What a school has open at a time, however old it is; everything before it was done."""


@dataclass(frozen=True, slots=True)
class Grown:
    """Who is who in the school that was put into the store."""

    students: tuple[str, ...]
    authors: tuple[str, ...]
    places: tuple[str, ...]


def grow(workspace: Workspace, count: int, students: int = STUDENTS) -> Grown:
    """Put `count` signed records of a school's years, of so many students, into the store."""
    from sqlalchemy import insert, select

    from bt_desktop.models.deadlines import Deadline
    from bt_desktop.models.finding import TextIndexed, TextPart
    from bt_desktop.models.people import Student
    from bt_desktop.models.records import Event, Record, Revision

    add_students(workspace, students)
    names = [NewStaff(syllable(n * 7 + 3).capitalize(), syllable(n * 5 + 90).capitalize())
             for n in range(40)]  # fmt: skip
    authors = [workspace.actor.staff_id, *(workspace.people.add_staff(one) for one in names)]
    with raw_store(workspace) as store:
        with store.read() as session:
            keys = [f"student:{one}" for one in session.scalars(select(Student.id))]
        maker = _Maker(workspace, keys, authors, count)
        with store.write() as session:
            shelf = workspace.records.shelf
            maker.digests = {
                form: shelf.keep(session, shelf.today(session, form)) for form in _PREFIX
            }
        for numbers in batched(range(count), 10_000):
            made = [maker.made(n) for n in numbers]
            with store.write() as session:
                for table, at in ((Event, 0), (Record, 1), (Revision, 2), (TextPart, 3)):
                    session.execute(insert(table), [one[at] for one in made])
                due = [one[5] for one in made if one[5]]
                if due:
                    session.execute(insert(Deadline), due)
                session.execute(_TEXT, [one[4] for one in made])
                session.execute(
                    insert(TextIndexed).prefix_with("OR REPLACE"),
                    [{"record_id": one[1]["id"], "updated_us": one[1]["updated_us"]}
                     for one in made],
                )  # fmt: skip
    return Grown(tuple(keys), tuple(authors), _PLACES)


class _Maker:
    """Makes the rows of one record after another; the same ones each time."""

    def __init__(
        self, workspace: Workspace, students: Sequence[str], authors: Sequence[str], count: int
    ) -> None:
        self._user = workspace.actor.user_id
        self._students = students
        self._authors = authors
        self._count = count
        self._now = datetime.now(UTC).replace(microsecond=0)
        self._apart = timedelta(minutes=max(1, 10 * 365 * 24 * 60 // count))
        self._random = random.Random(20_261_127)
        self._words = [f"{syllable(n)}{syllable(n * 3 + 1)}" for n in range(_ALL_WORDS)]
        self.digests: dict[str, str] = {}

    def made(self, n: int) -> tuple[dict[str, Any], ...]:
        """Event, record, revision, text's part, text and deadline of record `n`; newest last."""
        chance = self._random
        at = self._now - self._apart * (self._count - n)
        key, us = str(uuid.UUID(int=n + 1)), micros(at)
        form = "risk" if n % _CONFIDENTIAL_EACH == 0 else chance.choice(_FORMS)
        about = self._students[int(chance.triangular(0, len(self._students) * 5 // 6, 0))]
        author = chance.choice(self._authors)
        record = {
            "id": key, "event_id": key, "form": form, "form_digest": self.digests[form],
            "record_class": "confidential" if form == "risk" else "education",
            "number": f"{_PREFIX[form]}-{at.year}-{n:07}", "number_prefix": _PREFIX[form],
            "number_year": at.year, "number_count": n, "state": chance.choice(_STATES),
            "subject_id": about, "event_at": at, "event_us": us, "place": chance.choice(_PLACES),
            "owner_user": self._user if author == self._authors[0] else "",
            "reported_by": author,
            "entered_by": self._user if author == self._authors[0] else "",
            "made_at": at, "updated_at": at, "updated_us": us,
        }  # fmt: skip
        text = self._text(n)
        told = {"answers": {"narrative": text}, "subject": about, "event_at": at.isoformat(),
                "people": {}, "signer": {"name": "", "staff": author}}  # fmt: skip
        revision = {
            "id": key, "record_id": key, "part_key": "report", "count": 1,
            "body": json.dumps(told).encode(), "digest": key, "signature": b"", "public_key": b"",
            "key_id": "", "ink": {}, "signer_user": record["entered_by"], "signed_at": at,
        }  # fmt: skip
        number = max(0, us // 60_000_000 - 15_778_080) * 4096 + 1
        part = {"id": number, "record_id": key, "form": form, "part": "report",
                "part_key": "report", "owner": "", "current": True, "hurt": False}  # fmt: skip
        indexed = {"id": number, "text": text}
        return {"id": key, "made_at": at}, record, revision, part, indexed, self._due(n, key, at)

    def _text(self, n: int) -> str:
        seldom = [SELDOM] if n % SELDOM_EACH == 1 else []
        words = self._random.choices(self._words, k=_WORDS_EACH)
        return " ".join([COMMON, *seldom, *words])

    def _due(self, n: int, key: str, at: datetime) -> dict[str, Any]:
        """Each record had a parent to tell; of the newest some still wait."""
        due = at + timedelta(days=1)
        open_ones = n >= self._count - OPEN_DEADLINES
        return {
            "id": key, "record_id": key, "rule": "us-ca-notice", "task": "parent_notice",
            "anchor_at": at, "due_at": due, "due_us": micros(due),
            "state": "open" if open_ones else "done",
        }  # fmt: skip


def _insert_text() -> Any:
    from sqlalchemy import text

    return text("INSERT INTO record_text (rowid, text, also) VALUES (:id, :text, '')")


_TEXT = _insert_text()
