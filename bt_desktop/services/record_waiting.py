"""What a signed record waits for, kept beside it so that home can list it at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bt_desktop.models.records import Waiting
from bt_desktop.models.types import micros
from bt_desktop.services import record_standing as standing
from bt_desktop.services.record_parts import REPORT, REVIEW

if TYPE_CHECKING:
    from bt_desktop.form_engine.session import FormSession
    from bt_desktop.services.record_load import Loaded

FOLLOW_UP, DEBRIEF = "follow_up", "debrief"
_IEP = "iep"


def settle(session: Session, loaded: Loaded, form_session: FormSession) -> None:
    """Write down what the record waits for by now. `form_session` holds all of its answers."""
    session.execute(delete(Waiting).where(Waiting.record_id == loaded.row.id))
    for part, since in waits(loaded, form_session):
        session.add(
            Waiting(record_id=loaded.row.id, part=part, since=since, since_us=micros(since))
        )
    session.flush()


def waits(loaded: Loaded, form_session: FormSession) -> Iterator[tuple[str, datetime]]:
    """The parts that the record waits for, each with the moment since when."""
    report, state = loaded.report, loaded.row.state
    if report is None or state == standing.ERROR:
        return
    if standing.needs_review(loaded):
        yield REVIEW, report.row.signed_at
    if state == standing.RETURNED:
        yield REPORT, loaded.frozen[REVIEW].row.signed_at
    for part in (FOLLOW_UP, DEBRIEF):
        if not loaded.stands(part) and is_asked_for(part, form_session):
            yield part, loaded.versions[REPORT][0].row.signed_at


def is_asked_for(part: str, form_session: FormSession) -> bool:
    """Whether this record needs the part: some section of it applies, and the pack asks for it.

    A follow-up is asked of every record, or of those of students with an IEP, as the pack's
    `scope` says; a debrief where the pack names one (`debrief`). Else both may be filled, and
    nobody is waited for.
    """
    form = form_session.form
    pack = form.pack
    if pack is None or not pack.is_for(form.form):
        return False
    if not any(one.relevant for one in form_session.sections(part)):
        return False
    if part == DEBRIEF:
        return bool(pack.raw.get("debrief"))
    scope = pack.raw.get("scope", {}).get("follow_up")
    return scope == "all" or (scope == _IEP and form_session.answers().get("plan_status") == _IEP)
