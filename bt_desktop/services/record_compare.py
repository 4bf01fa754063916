"""Two versions of a part, question by question, in the words that screen and paper use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.form_engine.definition import Field, Section, say
from bt_desktop.paper.document import PersonSnapshot, RecordDocument
from bt_desktop.paper.sections import text_of
from bt_desktop.paper.shown import Sayer, is_blank
from bt_desktop.services.problems import NoSuchRecord
from bt_desktop.services.record_check import session_of
from bt_desktop.services.record_load import Frozen, Loaded
from bt_desktop.services.record_parts import REASONS, STATEMENT, part_of
from bt_desktop.services.record_people import people_of, thawed
from bt_desktop.services.results.versions import Comparison, Line, LineKind, Version
from bt_desktop.services.revision_diff import ROW_ID, same, words

DRAFT = 0
"""Stands for what is typed and not signed yet, where a number of a version is asked for."""
PART_WORDS = {
    "report": "Report",
    "statement": "Statement",
    "nurse": "Nurse check",
    "override": "Exception",
    "review": "Review",
    "follow_up": "Follow-up",
    "debrief": "Debrief",
}
KIND_WORDS = {
    "addendum": "Addendum",
    "correction": "Correction",
    "late_entry": "Late entry",
    "entered_in_error": "Entered in error",
}
_FIRST, _ANEW, _OPEN = "First version", "Made anew", "Not signed yet"
_UNTOLD = frozenset({"note", "image"})


def versions(loaded: Loaded) -> tuple[Version, ...]:
    """Every signed version of every part, the oldest signature first."""
    found = [version_of(one) for of_part in loaded.versions.values() for one in of_part]
    return tuple(sorted(found, key=lambda one: str(one.signed_at and one.signed_at.timestamp())))


def version_of(frozen: Frozen) -> Version:
    """One signed version."""
    told, row = frozen.told, frozen.row
    amends: Mapping[str, Any] = told.get("amends", {})
    kind = frozen.kind
    happened = amends.get("happened_at")
    return Version(
        revision_id=row.id,
        part_key=row.part_key,
        part_title=PART_WORDS[part_of(row.part_key)],
        count=row.count,
        kind=kind,
        kind_words=KIND_WORDS.get(kind) or (_FIRST if row.count == 1 else _ANEW),
        reason=str(amends.get("reason", "")),
        by_name=told["signer"]["name"],
        by_title=told["signer"]["title"],
        signed_at=row.signed_at,
        happened_at=None if happened is None else datetime.fromisoformat(happened),
        answers_remarks="answers" in amends,
    )


def compared(
    session: Session, loaded: Loaded, clock: Clock, key: str, older: int, newer: int
) -> Comparison:
    """Two versions by their numbers (`newer` 0: what is typed now). Raises NoSuchRecord."""
    by_count = {one.row.count: one for one in loaded.versions.get(key, ())}
    if older not in by_count or (newer not in by_count and newer != DRAFT):
        raise NoSuchRecord
    old = _of_frozen(session, loaded, by_count[older])
    new = (
        _of_draft(session, loaded, clock, key)
        if newer == DRAFT
        else _of_frozen(session, loaded, by_count[newer])
    )
    return Comparison(old.version, new.version, tuple(lines(loaded, key, old, new)))


@dataclass(frozen=True)
class Side:
    """One version with what is needed to say its answers."""

    version: Version
    answers: Mapping[str, Any]
    reasons: Mapping[str, Any]
    sayer: Sayer

    def value(self, field: Field, row: Mapping[str, Any], reasons: Mapping[str, Any]) -> str:
        """An answer in words, with the reason that was given."""
        said = text_of(self.sayer.value(field, row))
        reason = reasons.get(field.name)
        if not reason:
            return said
        why = self.sayer.text(str(reason))
        return f"{said} (reason: {why})" if said else f"Left blank: {why}"


def _of_frozen(session: Session, loaded: Loaded, frozen: Frozen) -> Side:
    told = frozen.told
    people = people_of(session, loaded, told["people"])
    people |= {key: thawed(key, one) for key, one in told["people"].items()}
    sayer = _sayer(loaded, told["answers"], people)
    return Side(version_of(frozen), told["answers"], told.get("reasons") or {}, sayer)


def _of_draft(session: Session, loaded: Loaded, clock: Clock, key: str) -> Side:
    from bt_desktop.services.person_names import people_in

    draft = loaded.drafts.get(key)
    if draft is None:
        raise NoSuchRecord
    statement = key if part_of(key) == STATEMENT else None
    form_session = session_of(loaded.form, loaded.answers(statement), clock)
    answers = dict(form_session.final_answers(part_of(key)))
    reasons = answers.pop(REASONS, {}) or loaded.part_answers(key).get(REASONS, {})
    people = people_of(session, loaded, people_in(answers))
    version = Version(
        revision_id="",
        part_key=key,
        part_title=PART_WORDS[part_of(key)],
        count=DRAFT,
        kind=draft.amend_kind,
        kind_words=KIND_WORDS.get(draft.amend_kind, _OPEN),
        reason=draft.amend_reason,
        by_name="",
        by_title="",
        signed_at=None,
        happened_at=draft.amend_at,
    )
    return Side(version, answers, reasons, _sayer(loaded, answers, people))


def _sayer(
    loaded: Loaded, answers: Mapping[str, Any], people: Mapping[str, PersonSnapshot]
) -> Sayer:
    return Sayer(
        RecordDocument(
            number=loaded.row.number,
            revision=1,
            state=loaded.row.state,
            form=loaded.form,
            answers=answers,
            people=people,
            event_at=loaded.event_at,
            subject_id=loaded.subject_id,
        )
    )


def lines(loaded: Loaded, key: str, old: Side, new: Side) -> Iterator[Line]:
    """Every question that either version answers, in the form's order."""
    for section in loaded.form.sections:
        if section.part != part_of(key):
            continue
        if section.repeat is None:
            sides = (old.answers, new.answers, old.reasons, new.reasons)
            yield from _questions(section, "", old, new, *sides)
        else:
            yield from _rows(section, old, new)


def _rows(section: Section, old: Side, new: Side) -> Iterator[Line]:
    """Row by row: the same row is the one of the same `$id`, wherever it stands."""
    before, after = _by_id(old.answers, section), _by_id(new.answers, section)
    label = say(section.repeat.label) if section.repeat else ""
    for row_id in dict.fromkeys((*after, *before)):
        number, row = after.get(row_id, before.get(row_id, (0, {})))
        gone = "" if row_id in after else " (taken out)"
        name = f"{label or say(section.label)} {number}{gone}: "
        was, now = before.get(row_id, (0, {}))[1], after.get(row_id, (0, {}))[1]
        reasons = (was.get(REASONS) or {}, now.get(REASONS) or {})
        yield from _questions(section, name, old, new, was, now, *reasons)
        if row is was and not any(not is_blank(v) for k, v in row.items() if k != ROW_ID):
            continue


def _by_id(
    answers: Mapping[str, Any], section: Section
) -> dict[str, tuple[int, Mapping[str, Any]]]:
    rows: Sequence[Mapping[str, Any]] = answers.get(section.name) or []
    return {str(row.get(ROW_ID, place)): (place, row) for place, row in enumerate(rows, 1)}


def _questions(
    section: Section,
    name: str,
    old: Side,
    new: Side,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    was_why: Mapping[str, Any],
    now_why: Mapping[str, Any],
) -> Iterator[Line]:
    for field in section.fields:
        if field.type in _UNTOLD or field.other_of is not None:
            continue
        before, after = old.value(field, was, was_why), new.value(field, now, now_why)
        other = f"{field.name}_other"
        alike = before == after and all(
            same(was.get(one), now.get(one)) for one in (field.name, other)
        )
        if not before and not after:
            continue
        kind = _kind(before, after, alike)
        texts = kind == "changed" and field.type == "text"
        yield Line(
            section=section.name,
            section_title=say(section.label),
            question=f"{name}{say(field.label)}",
            kind=kind,
            old=before,
            new=after,
            pieces=words(before, after) if texts else (),
        )


def _kind(before: str, after: str, alike: bool) -> LineKind:
    if alike:
        return "same"
    if not before:
        return "added"
    return "removed" if not after else "changed"
