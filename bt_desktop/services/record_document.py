"""A record as it is printed: signed parts as they were signed, open parts as typed so far."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.models.records import Letter
from bt_desktop.paper.document import (
    AttachmentLine,
    PartAnswers,
    RecordDocument,
    SignatureBlock,
)
from bt_desktop.security.canonical import canonical
from bt_desktop.services.attachments import attachments_of
from bt_desktop.services.event_group import others_of
from bt_desktop.services.integrity import RecordAltered, is_headed, is_intact
from bt_desktop.services.notices import notices_of
from bt_desktop.services.person_names import people_in
from bt_desktop.services.record_amendments import amendments_of, earlier_of
from bt_desktop.services.record_check import session_of
from bt_desktop.services.record_ink import signature_of
from bt_desktop.services.record_load import Frozen, Loaded, holders
from bt_desktop.services.record_parts import NOTICE, REPORT, STATEMENT, merged, part_of
from bt_desktop.services.record_people import people_of


@dataclass(frozen=True, slots=True)
class Printable:
    """What a copy is made from. `revisions` are the ids of the signed parts it shows.

    `digest` (hex) stands for all of them together.
    """

    document: RecordDocument
    revisions: tuple[str, ...]
    digest: str


def digest_of(frozen: Iterable[Frozen]) -> str:
    """The SHA-256 (hex) over the signed parts of a record: their keys and digests, by key."""
    told = sorted([one.row.part_key, one.row.digest] for one in frozen)
    return hashlib.sha256(canonical(told)).hexdigest()


def printable(
    session: Session,
    loaded: Loaded,
    clock: Clock,
    *,
    signed_only: bool = False,
    both: bool = False,
) -> Printable:
    """The record, ready for paper; `signed_only` leaves out what nobody has signed yet, `both`
    adds the earlier versions, whole.

    Raises RecordAltered where a signed part is not what was signed.
    """
    report = loaded.report.row if loaded.report is not None else None
    signed = [one.row for versions in loaded.versions.values() for one in versions]
    if not all(map(is_intact, signed)) or not is_headed(loaded.row, report):
        raise RecordAltered
    row = loaded.row
    kept = (key for key, one in loaded.frozen.items() if key == REPORT or not one.in_error)
    keys = tuple(kept) if signed_only else loaded.part_keys()
    parts = {key: _answers(loaded, key, clock, signed_only) for key in keys}
    answers = merged(
        values for key, values in parts.items() if part_of(key) not in (STATEMENT, NOTICE)
    )
    notices = tuple(notice.row for notice in notices_of(session, row.id))
    subject_id = loaded.subject_id if signed_only else row.subject_id
    ids = [subject_id, row.reported_by, *people_in([*parts.values(), list(notices)])]
    digest = digest_of(loaded.frozen.values()) if loaded.frozen else ""
    people = people_of(session, loaded, dict.fromkeys(filter(None, ids)))
    names = holders(session)
    document = RecordDocument(
        number=row.number,
        revision=max((one.row.count for one in loaded.frozen.values()), default=0),
        state=row.state,
        form=loaded.form,
        answers=answers,
        people=people,
        signatures=_signatures(loaded),
        notices=notices,
        attachments=tuple(
            AttachmentLine(one.name, one.media_type, one.size, one.sha256, one.added_at)
            for one in attachments_of(session, row.id)
        ),
        event_at=loaded.event_at if signed_only else row.event_at,
        subject_id=subject_id,
        letters=letters_of(session, row.event_id),
        statements=tuple(
            PartAnswers(key, _statement_title(key, loaded, people), values)
            for key, values in parts.items()
            if part_of(key) == STATEMENT
        ),
        reported_by=_name(people, row.reported_by),
        entered_by=names[row.entered_by].name if row.entered_by in names else "",
        digest=digest,
        linked=_linked(session, loaded),
        amendments=amendments_of(session, loaded, clock),
        earlier=earlier_of(loaded) if both else (),
    )
    return Printable(document, tuple(one.row.id for one in loaded.frozen.values()), digest)


def _signatures(loaded: Loaded) -> tuple[SignatureBlock, ...]:
    """Who signed what counts; of a record in error, who had signed it before."""
    return tuple(
        signature_of(next(one for one in reversed(loaded.versions[key]) if not one.in_error))
        for key, frozen in loaded.frozen.items()
        if key == REPORT or not frozen.in_error
    )


def _linked(session: Session, loaded: Loaded) -> tuple[str, ...]:
    """The numbers of the other records of the event. A confidential one is named on no record of
    the student's file."""
    confidential = loaded.row.record_class == "confidential"
    return tuple(
        one.number
        for one in others_of(session, loaded.row)
        if one.number is not None and (confidential or one.record_class != "confidential")
    )


def _answers(loaded: Loaded, key: str, clock: Clock, signed_only: bool) -> dict[str, Any]:
    """The answers of a part as they were (or would be) frozen."""
    if signed_only or key not in loaded.drafts:
        return loaded.frozen[key].whole
    statement = key if part_of(key) == STATEMENT else None
    form_session = session_of(loaded.form, loaded.answers(statement), clock)
    return dict(form_session.final_answers(part_of(key)))


def letters_of(session: Session, event_id: str) -> dict[str, str]:
    """The letters of an event by student id."""
    rows = session.execute(
        select(Letter.student_id, Letter.letter).where(Letter.event_id == event_id)
    )
    return {student: letter for student, letter in rows}


def _name(people: Mapping[str, Any], person_id: str) -> str:
    found = people.get(person_id)
    return found.name if found is not None else ""


def _statement_title(key: str, loaded: Loaded, people: Mapping[str, Any]) -> str:
    """Whose statement it is."""
    frozen = loaded.frozen.get(key)
    if frozen is not None:
        signer = frozen.told["signer"]
        return ", ".join(part for part in (signer["name"], signer["title"]) if part)
    return _name(people, f"staff:{key.partition(':')[2]}")
