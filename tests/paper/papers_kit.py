"""Records for the one-page papers: the answer sets of the forms, as they would be signed."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from bt_desktop.form_engine import Form, load_form
from bt_desktop.paper.document import CopyMark, PersonSnapshot, RecordDocument
from bt_desktop.paper.notice import Reader, notice
from bt_desktop.paper.notice_papers import Paper, shipped_papers

sys.path.append(str(Path(__file__).parents[1] / "forms"))
import aid_answers
import ber_answers
import incident_answers
import med_answers
from ber_answers import DANA, HUY, LUCJA, MARIA, MATEO, PRIYA, ROSA, TOM

from tests.paper import story

PAPERS: dict[str, Paper] = {paper.name: paper for paper in shipped_papers()}
ENGLISH = Reader()
MARK = CopyMark(
    "parent",
    1,
    datetime.fromisoformat("2026-11-12T15:30:00-08:00"),
    "Olga Petrenko",
    "Rosa Núñez",
    qr_payload=story.PAYLOAD,
)
_PEOPLE = (
    (LUCJA, "Łucja Kowalczyk", "Łucja", ""),
    (MATEO, "Mateo Núñez-Okafor", "Mateo", ""),
    (HUY, "Nguyễn Gia Huy", "Huy", ""),
    (MARIA, "Maria Chen", "Maria", "School nurse"),
    (TOM, "Tom Becker", "Tom", "Principal"),
    (DANA, "Dana Whitcomb", "Dana", "Behavior technician"),
    (PRIYA, "Priya Raman", "Priya", "Teacher"),
    (ROSA, "Rosa Núñez", "Rosa", ""),
)
SCRAPE: dict[str, Any] = aid_answers.VARIANT_A | {
    "/head_bump": "no",
    "/injuries[1]/injury": "abrasion",
    "/injuries[1]/injury_region": "knee",
    "/disposition": ["class"],
}


def form_of(name: str) -> Form:
    """The form as California asks it."""
    return load_form(name, "us-ca")


def document(form: Form, typed: dict[str, Any], subject: str, number: str) -> RecordDocument:
    """A signed record of these answers."""
    session = ber_answers.fill(ber_answers.session(form, aid_answers.NOW), typed)
    letters = dict(zip((i for i in (HUY, LUCJA, MATEO) if i != subject), "ABC", strict=False))
    return RecordDocument(
        number=number,
        revision=1,
        state="signed",
        form=form,
        answers=session.final_answers(),
        people={
            key: PersonSnapshot(key, key.partition(":")[0], name, given, title=title)
            for key, name, given, title in _PEOPLE
        },
        event_at=datetime.fromisoformat("2026-11-12T10:10:00-08:00"),
        subject_id=subject,
        letters=letters,
        reported_by="Maria Chen",
        digest="ab" * 32,
    )


def first_aid(variant: str = "", **changes: Any) -> RecordDocument:
    """A scraped knee, or with a letter the head injury that brings it."""
    sets = {
        "": SCRAPE,
        "A": aid_answers.VARIANT_A,
        "B": aid_answers.VARIANT_B,
        "C": aid_answers.VARIANT_C,
    }
    typed = sets[variant] | {f"/{name}": value for name, value in changes.items()}
    return document(form_of("first_aid"), typed, LUCJA, "AID-2026-0001")


def incident(**changes: Any) -> RecordDocument:
    """A fight of several students, told about Mateo."""
    typed = dict(incident_answers.WHOLE) | {f"/{name}": value for name, value in changes.items()}
    return document(form_of("incident"), typed, MATEO, "INC-2026-0001")


def medication_error(scenario: str = "wrong_dose", **changes: Any) -> RecordDocument:
    """A dose of Łucja's that went wrong, or another story of the form's tests."""
    typed = dict(med_answers.SCENARIOS[scenario])
    typed |= {f"/{name}": value for name, value in changes.items()}
    return document(form_of("medication_error"), typed, LUCJA, "MED-2026-0001")


def restraint(**changes: Any) -> RecordDocument:
    """Two holds, a red wrist: the event that the project tells everywhere."""
    typed = dict(ber_answers.WHOLE) | {f"/{name}": value for name, value in changes.items()}
    return document(form_of("restraint"), typed, MATEO, "BER-2026-0001")


def printed(
    name: str, doc: RecordDocument, text: str = "", reader: Reader = ENGLISH
) -> tuple[bytes, int]:
    """The paper of that name about that record."""
    return notice(PAPERS[name], doc, story.HEAD, MARK, text, reader)


EVERY = [
    ("first_aid", first_aid),
    ("head_injury", lambda: first_aid("A")),
    ("head_injury", lambda: first_aid("B")),
    ("head_injury", lambda: first_aid("C")),
    ("incident", incident),
    ("restraint", restraint),
    ("medication_error", medication_error),
    ("medication_error", lambda: medication_error("wrong_student")),
    ("medication_error", lambda: medication_error("left_out")),
    ("medication_error", lambda: medication_error("near_miss")),
]
"""Every paper in every variant, with a record for it."""
