"""The school's copy of a record: everything that was asked and answered, for the student's file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bt_desktop.form_engine.definition import CONFIDENTIAL_HEAD
from bt_desktop.paper import words
from bt_desktop.paper.amendments import (
    ACROSS,
    IN_ERROR,
    amendment_blocks,
    earlier_blocks,
    in_short,
    signed,
)
from bt_desktop.paper.appendix import Appendix, AppendixFile
from bt_desktop.paper.asked import asked_and_blank
from bt_desktop.paper.blank import blank_form
from bt_desktop.paper.content import (
    Block,
    Column,
    Fields,
    Grid,
    Heading,
    Narrative,
    Notice,
    Row,
    Title,
    Whole,
)
from bt_desktop.paper.document import (
    CopyMark,
    Letterhead,
    PersonSnapshot,
    RecordDocument,
)
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.sections import Teller
from bt_desktop.paper.shown import Sayer, describe, is_blank, say

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Section

__all__ = ["blank_form", "school_blocks", "school_copy"]

SEALED = "Sealed by the school. The office can check that this copy is genuine and unchanged."
DRAFT = "DRAFT: not signed, not sealed, and not a record yet."
_NO_NUMBER = "Draft without a number"
_PARTS = {
    "report": "Report",
    "statement": "Statement",
    "nurse": "Nurse check",
    "override": "Exception: back to class",
    "review": "Administrator's review",
    "follow_up": "Follow-up",
    "debrief": "Debrief",
}


def school_copy(
    doc: RecordDocument, head: Letterhead, mark: CopyMark, files: Sequence[AppendixFile] = ()
) -> bytes:
    """The whole record as PDF bytes, not yet sealed; the same input gives the same bytes.

    `files` are those kept with the record that are to be printed along, as pages at the end.
    """
    title = say(doc.form.title)
    number = doc.number or _NO_NUMBER
    confidential = doc.form.is_confidential
    sheet = Sheet(
        title=number,
        head_right=("Not for the student's file" if confidential else "School's copy", number),
        running=f"{number} · {title}",
        foot=DRAFT if mark.draft else SEALED,
        record_number=doc.number,
        record_digest=doc.digest,
        above=" ".join(filter(None, (_error(doc), CONFIDENTIAL_HEAD if confidential else ""))),
        across=ACROSS if doc.state == IN_ERROR else "",
    )
    appendix = Appendix(files)
    pdf = build([*school_blocks(doc, mark), *appendix.blocks], head, mark, sheet)
    return appendix.laid_in(pdf)


def _error(doc: RecordDocument) -> str:
    """What stands over the head of each page of a record that was none; readers hear it there."""
    return f"{ACROSS}." if doc.state == IN_ERROR else ""


def school_blocks(doc: RecordDocument, mark: CopyMark) -> list[Block]:
    """What the school's copy says, in order."""
    teller = Teller(Sayer(doc), asked_and_blank(doc, mark.made_at))
    made: list[Block] = [Title(say(doc.form.title), _lead(doc)), *_warnings(doc, teller)]
    made.append(Fields(tuple(_facts(doc))))
    for section in doc.form.sections:
        made += _section(section, doc, teller)
    made += amendment_blocks(doc)
    made += _staff(doc)
    made += _attachments(doc)
    made += _signatures(doc)
    made += earlier_blocks(doc)
    made += _proof(doc, mark)
    return made


def _section(section: Section, doc: RecordDocument, teller: Teller) -> list[Block]:
    if section.part == "notice":
        return teller.rows(section, list(doc.notices))
    if section.part == "statement":
        made: list[Block] = []
        for statement in doc.statements:
            blocks = teller.section(section, statement.answers)
            if blocks:
                made += [Heading(statement.title), *blocks[1:]]
        return made
    return teller.section(section, doc.answers)


def _lead(doc: RecordDocument) -> str:
    subject = doc.subject
    if subject is None:
        return ""
    parts = [subject.name, f"grade {subject.grade}" if subject.grade else subject.title]
    if doc.event_at is not None:
        parts.append(words.long_day(doc.event_at))
    return " · ".join(filter(None, parts))


def _facts(doc: RecordDocument) -> list[Row]:
    """Which record this is and of whom, before anything that was asked."""
    rows = [Row("Record", _state(doc))]
    if doc.amendments:
        rows.append(Row("Amended", in_short(doc), "told below under Amendments"))
    subject = doc.subject
    if subject is not None:
        rows.append(Row("Name", subject.name))
        if subject.birth_date is not None:
            born = words.long_day(subject.birth_date)
            age = subject.age_at_event
            rows.append(Row("Born", f"{born} (age {age} at the event)" if age else born))
        if what := describe(subject):
            rows.append(Row("At school", what[:1].upper() + what[1:]))
    if doc.reported_by:
        rows.append(Row("Reported by", doc.reported_by))
    if doc.entered_by and doc.entered_by != doc.reported_by:
        rows.append(Row("Entered by", doc.entered_by))
    if doc.linked:
        rows.append(Row("Same event", ", ".join(doc.linked)))
    pack = doc.form.pack
    if pack is not None:
        verified = (
            "" if pack.is_verified else " (unverified: no person has checked these rules yet)"
        )
        rows.append(Row("Rules", f"{say(pack.title)}{verified}"))
    return rows


def _state(doc: RecordDocument) -> str:
    parts = [doc.number or "No number yet", doc.state]
    if doc.revision > 1:
        parts.insert(1, f"revision {doc.revision}")
    return " · ".join(parts)


def _warnings(doc: RecordDocument, teller: Teller) -> list[Block]:
    made: list[Block] = []
    if doc.state == IN_ERROR:
        made.append(
            Notice("It is kept so that nothing is lost.", "This record was entered in error", True)
        )
    found = dict.fromkeys(
        flag for section in doc.form.sections for flag in teller.flags(section, doc.answers)
    )
    if found:
        said = "; ".join(f"{label} ({cite})" if cite else label for label, cite in found)
        made.append(Notice(f"{said}.", "This record holds a prohibited technique", strong=True))
    return made


def _staff(doc: RecordDocument) -> list[Block]:
    """Who the named staff were at the event: title, training, and whether it was still valid.

    Several states ask for the training of whoever held a student (domain notes, 3.5 and 3.6).
    """
    staff = sorted((p for p in doc.people.values() if p.kind == "staff"), key=lambda p: p.name)
    if not staff:
        return []
    columns = (Column("Name", 3), Column("Title", 3), Column("Training", 3), Column("Valid to", 3))
    rows = tuple(
        (p.name, p.title, p.training or "none on file", _valid(p, doc.event_at)) for p in staff
    )
    return [Heading("Staff named in this record"), Grid(columns, rows)]


def _valid(person: PersonSnapshot, event_at: datetime | None) -> str:
    if not person.training:
        return ""
    until = person.training_until
    if until is None:
        return "no end"
    lapsed = event_at is not None and until < event_at.date()
    return words.short_day(until) + (" (lapsed before the event)" if lapsed else "")


def _attachments(doc: RecordDocument) -> list[Block]:
    if not doc.attachments:
        return []
    columns = (Column("File", 3), Column("Kind", 2), Column("Size", 1, True), Column("SHA-256", 5))
    rows = tuple(
        (each.name, each.media_type, _size(each.size), each.sha256) for each in doc.attachments
    )
    return [Heading("Kept with this record"), Grid(columns, rows)]


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(count // 1000, 1)} kB"


def _signatures(doc: RecordDocument) -> list[Block]:
    made: list[Block] = [Heading("Signatures")]
    for signature in doc.signatures:
        made.append(Whole((signed(signature),)))
    waiting = _unsigned(doc)
    if waiting:
        made.append(Narrative(f"Not signed when this copy was made: {waiting}."))
    return made if len(made) > 1 else []


def _unsigned(doc: RecordDocument) -> str:
    done = {signature.part.split(":")[0] for signature in doc.signatures}
    parts: list[str] = []
    for section in doc.form.sections:
        name = _PARTS.get(section.part, "")
        answered = any(not is_blank(doc.answers.get(field.name)) for field in section.fields)
        if section.part == "report" or answered:
            waiting = section.part not in done and section.part not in ("notice", "statement")
            if waiting and name and name not in parts:
                parts.append(name)
    return words.listed([part.lower() for part in parts])


def _proof(doc: RecordDocument, mark: CopyMark) -> list[Block]:
    rows = [Row("Copy", f"{mark.copy_number} · {words.moment(mark.made_at)} · {mark.made_by}")]
    if mark.for_whom:
        rows.append(Row("For", mark.for_whom))
    if doc.digest:
        rows.append(Row("Record digest", doc.digest))
    if mark.audit_head:
        rows.append(Row("Audit trail", f"entry {mark.audit_seq}\n{mark.audit_head}"))
    if mark.qr_payload:
        rows.append(Row("In the square code", mark.qr_payload))
    return [Whole((Heading("This copy"), Fields(tuple(rows))))]
