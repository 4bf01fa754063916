"""What of a record is done already: evidence that is in the store, each with its moment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.evaluation import evaluate
from bt_desktop.models.copies import Copy
from bt_desktop.models.records import Notice, Revision
from bt_desktop.services.form_facts import Proof
from bt_desktop.services.record_load import Loaded

REACHED = "reached"
_PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What ended a task: when, and the row that proves it (`notice:<uuid>` …)."""

    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the log of parent notices. `at` is when the call was, as its row says."""

    id: str
    to: str
    outcome: str
    at: datetime


class Proofs:
    """The evidence of one record, looked up as it is asked for."""

    def __init__(self, session: Session, loaded: Loaded, zone: tzinfo) -> None:
        self._session = session
        self._loaded = loaded
        self._zone = zone
        self._attempts: Sequence[Attempt] | None = None
        self._first: dict[str, Revision | None] = {}

    def of(self, proof: Proof | None, since: datetime) -> Evidence | None:
        """The first evidence of a task; `since` matters where it is about a request."""
        if proof is None:
            return None
        if proof.notice:
            return self._reached(proof.notice)
        if proof.copy:
            return self._copy(proof.copy, since)
        return self._signed(proof) if proof.part else None

    def report_signed(self) -> datetime | None:
        """When the report was signed for the first time: an amendment starts no clock again."""
        first = self._first_revision("report")
        return first.signed_at if first is not None else None

    def _reached(self, to: tuple[str, ...]) -> Evidence | None:
        if self._attempts is None:
            self._attempts = attempts(self._session, [self._loaded.row.id], self._zone).get(
                self._loaded.row.id, ()
            )
        found = [a for a in self._attempts if a.outcome == REACHED and a.to in to]
        best = min(found, key=lambda a: a.at, default=None)
        return None if best is None else Evidence(best.at, f"notice:{best.id}")

    def _copy(self, kinds: tuple[str, ...], since: datetime) -> Evidence | None:
        rows = self._session.execute(
            select(Copy.id, Copy.made_at).where(
                Copy.record_id == self._loaded.row.id, Copy.kind.in_(kinds), Copy.sealed
            )
        )
        found = [(made, which) for which, made in rows if made >= since]
        return None if not found else Evidence(min(found)[0], f"copy:{min(found)[1]}")

    def _signed(self, proof: Proof) -> Evidence | None:
        frozen = self._loaded.frozen.get(proof.part)
        if frozen is None or frozen.in_error:
            return None
        answers = frozen.answers
        if proof.when is not None and not _holds(proof.when.source, answers):
            return None
        if proof.date:
            at = self._moment(answers.get(proof.date))
            return None if at is None else Evidence(at, f"revision:{frozen.row.id}")
        first = self._first_revision(proof.part) or frozen.row
        return Evidence(first.signed_at, f"revision:{first.id}")

    def _first_revision(self, part: str) -> Revision | None:
        if part not in self._first:
            frozen = self._loaded.frozen.get(part)
            row = frozen.row if frozen is not None else None
            if row is not None and row.count > 1:
                row = self._session.scalars(
                    select(Revision).where(
                        Revision.record_id == row.record_id,
                        Revision.part_key == part,
                        Revision.count == 1,
                    )
                ).one()
            self._first[part] = row
        return self._first[part]

    def _moment(self, value: Any) -> datetime | None:
        return moment_of(value, self._zone)


def attempts(
    session: Session, record_ids: Sequence[str], zone: tzinfo
) -> dict[str, tuple[Attempt, ...]]:
    """The tries to tell somebody, by record, in the order of the calls."""
    found: dict[str, list[Attempt]] = {}
    rows = session.scalars(select(Notice).where(Notice.record_id.in_(record_ids)))
    for row in rows:
        told: Mapping[str, Any] = json.loads(row.row)
        at = moment_of(told.get("notice_date"), zone, told.get("notice_time")) or row.at
        to = str(told.get("notice_to") or _PARENT)
        attempt = Attempt(row.id, to, str(told.get("notice_outcome") or ""), at)
        found.setdefault(row.record_id, []).append(attempt)
    return {key: tuple(sorted(rows, key=lambda a: a.at)) for key, rows in found.items()}


def moment_of(day: Any, zone: tzinfo, clock: Any = None) -> datetime | None:
    """An answer (a day, a moment; a day and a time) as a moment on the school's clocks."""
    if not isinstance(day, str):
        return None
    try:
        if "T" in day:
            at = datetime.fromisoformat(day)
            return at if at.tzinfo is not None else at.replace(tzinfo=zone)
        wall = time.fromisoformat(clock) if isinstance(clock, str) else time(0)
        return datetime.combine(date.fromisoformat(day), wall.replace(tzinfo=None), zone)
    except ValueError:
        return None


def _holds(source: str, answers: Mapping[str, Any]) -> bool:
    return evaluate(f"boolean({source})", answers) is True
