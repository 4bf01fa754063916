"""Who could get a paper about a student today, as the store has it: roster, gates, decisions."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.copies import Copy
from bt_desktop.models.people import Student
from bt_desktop.models.records import Record
from bt_desktop.services.gates import alert_digest, alert_of, recipients
from bt_desktop.services.people_rows import guardians_of
from bt_desktop.services.results.people import Guardian


def recipients_of(
    session: Session,
    student: Student,
    today: date,
    *,
    tell_alert: bool = False,
    decided: frozenset[str] = frozenset(),
) -> tuple[Guardian, ...]:
    """Each with all that stands against them (`gates.recipients`).

    `decided` are guardians whom an administrator let pass on a paper that is no copy of a record.
    """
    found = guardians_of(session, student.id)
    decided = decided | _let_pass(session, student)
    return recipients(student, found, today, decided=decided, tell_alert=tell_alert)


def _let_pass(session: Session, student: Student) -> frozenset[str]:
    """The guardians to whom an administrator released a copy knowing this very alert."""
    alert = alert_of(student)
    if not alert:
        return frozenset()
    digest = alert_digest(alert)
    wanted = (
        select(Copy.guardian_id, Copy.override)
        .join(Record, Record.id == Copy.record_id)
        .where(
            Record.subject_id == f"student:{student.id}",
            Copy.guardian_id.is_not(None),
            Copy.override.is_not(None),
            Copy.sealed,
        )
    )
    return frozenset(
        f"guardian:{guardian}"
        for guardian, kept in session.execute(wanted)
        if kept.get("alert") == digest
    )
