"""A record out of the store, whole: its form, its drafts, its frozen parts, who is named in it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form, Section
from bt_desktop.models.people import Staff
from bt_desktop.models.records import DraftPart, Handover, Involved, Notice, Record, Revision
from bt_desktop.models.school import Account
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.problems import NoSuchRecord
from bt_desktop.services.record_parts import (
    NOTICE,
    REASONS,
    REPORT,
    REVIEW,
    STATEMENT,
    merged,
    part_of,
    whose_draft,
)


@dataclass(frozen=True, slots=True)
class Holder:
    """The staff member behind an account."""

    user_id: str
    staff_id: str
    name: str
    title: str


@dataclass(frozen=True)
class Frozen:
    """The newest revision of a part. `told` is its body, read."""

    row: Revision

    @cached_property
    def told(self) -> dict[str, Any]:
        """What was signed."""
        body: dict[str, Any] = json.loads(self.row.body)
        return body

    @property
    def answers(self) -> dict[str, Any]:
        """The answers that were signed."""
        answers: dict[str, Any] = self.told["answers"]
        return answers

    @property
    def whole(self) -> dict[str, Any]:
        """The answers with the reasons that were given, as a draft holds them."""
        reasons: dict[str, Any] = self.told.get("reasons") or {}
        return self.answers | ({REASONS: reasons} if reasons else {})

    @property
    def kind(self) -> str:
        """What kind of amendment it is; empty for a first version and for a review made anew."""
        amends: dict[str, Any] = self.told.get("amends", {})
        return str(amends.get("kind", ""))

    @property
    def in_error(self) -> bool:
        """Whether it says that the part was entered in error."""
        return self.kind == "entered_in_error"


@dataclass(frozen=True)
class Loaded:
    """A record as the store has it. `drafts` and `frozen` are by part key.

    Of the parts that each person drafts apart, `drafts` holds those of the person it was loaded
    for, `others` those of everybody else. `versions` are all signed versions of each part, oldest
    first; `gave_away` the users who handed the draft to somebody else. `log` holds the rows of
    the parent notices, which stand beside the parts: some questions depend on them.
    """

    row: Record
    form: Form
    drafts: Mapping[str, DraftPart]
    frozen: Mapping[str, Frozen]
    involved: frozenset[str]
    log: tuple[Mapping[str, Any], ...] = ()
    others: tuple[DraftPart, ...] = ()
    versions: Mapping[str, tuple[Frozen, ...]] = field(default_factory=dict)
    gave_away: frozenset[str] = frozenset()

    def stands(self, key: str) -> bool:
        """Whether what was signed of a part is its answer now.

        Not where it was entered in error, nor a review that sent the report back, once its author
        has corrected it: such a part is signed anew.
        """
        frozen = self.frozen.get(key)
        if frozen is None:
            return False
        if key == REPORT:
            return True
        overtaken = key == REVIEW and self.row.state == "signed"
        return not frozen.in_error and not overtaken

    def part_answers(self, key: str) -> dict[str, Any]:
        """The answers of a part: the draft where there is one, else what was signed."""
        draft = self.drafts.get(key)
        if draft is not None:
            typed: dict[str, Any] = json.loads(draft.answers)
            return typed
        return self.frozen[key].whole if self.stands(key) else {}

    def part_keys(self) -> tuple[str, ...]:
        """The keys of every part that holds something, statements too."""
        return tuple(dict.fromkeys((*self.frozen, *self.drafts)))

    def answers(self, statement: str | None = None) -> dict[str, Any]:
        """All parts and the log merged; of the statements only the one of that key."""
        wanted = [key for key in self.part_keys() if part_of(key) != STATEMENT or key == statement]
        answers = merged(self.part_answers(key) for key in wanted)
        section = log_section(self.form)
        if self.log and section is not None:
            answers[section.name] = [dict(row) for row in self.log]
        return answers

    @property
    def report(self) -> Frozen | None:
        """The author's report, where it is signed."""
        return self.frozen.get(REPORT)

    @property
    def subject_id(self) -> str | None:
        """Whom the record is about: as the report was signed, whatever an amendment in progress
        says by now; as typed so far where nothing is signed."""
        if self.report is None:
            return self.row.subject_id
        subject: str | None = self.report.told["subject"]
        return subject

    @property
    def event_at(self) -> datetime | None:
        """When it happened, by the same rule."""
        if self.report is None:
            return self.row.event_at
        told = self.report.told["event_at"]
        return None if told is None else datetime.fromisoformat(told)


def load(session: Session, shelf: FormShelf, record_id: str, user_id: str = "") -> Loaded:
    """The record of that id, as `user_id` works on it. Raises NoSuchRecord."""
    found = load_all(session, shelf, [record_id], user_id)
    if record_id not in found:
        raise NoSuchRecord
    return found[record_id]


def load_all(
    session: Session, shelf: FormShelf, ids: Sequence[str], user_id: str = ""
) -> dict[str, Loaded]:
    """These records by id, with as many questions to the store as one takes; unknown ids are left
    out. `ids` are at most as many as a question may name (a page of a list is)."""
    drafts: dict[str, dict[str, DraftPart]] = defaultdict(dict)
    others: dict[str, list[DraftPart]] = defaultdict(list)
    for draft in session.scalars(select(DraftPart).where(DraftPart.record_id.in_(ids))):
        key, owner = whose_draft(draft.part_key)
        if owner in ("", user_id):
            drafts[draft.record_id][key] = draft
        else:
            others[draft.record_id].append(draft)
    versions: dict[str, dict[str, tuple[Frozen, ...]]] = defaultdict(dict)
    signed = select(Revision).where(Revision.record_id.in_(ids)).order_by(Revision.count)
    for revision in session.scalars(signed):
        of_record = versions[revision.record_id]
        of_record[revision.part_key] = (*of_record.get(revision.part_key, ()), Frozen(revision))
    involved = _by_record(session, Involved.record_id, Involved.staff_id, ids)
    log = _by_record(session, Notice.record_id, Notice.row, ids, Notice.count)
    given = _by_record(session, Handover.record_id, Handover.from_user, ids)
    return {
        row.id: Loaded(
            row=row,
            form=shelf.kept(session, row.form_digest),
            drafts=drafts.get(row.id, {}),
            frozen={key: found[-1] for key, found in versions.get(row.id, {}).items()},
            involved=frozenset(involved.get(row.id, ())),
            log=tuple(json.loads(call) for call in log.get(row.id, ())),
            others=tuple(others.get(row.id, ())),
            versions=versions.get(row.id, {}),
            gave_away=frozenset(given.get(row.id, ())),
        )
        for row in session.scalars(select(Record).where(Record.id.in_(ids)))
    }


def _by_record(
    session: Session, record: Any, value: Any, ids: Sequence[str], *order: Any
) -> dict[str, list[str]]:
    """A column of the rows that belong to these records, by record."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, one in session.execute(select(record, value).where(record.in_(ids)).order_by(*order)):
        found[key].append(one)
    return found


def log_section(form: Form) -> Section | None:
    """The section whose rows are the log of parent notices; None for a form without one."""
    for section in form.sections:
        if section.part == NOTICE and section.repeat is not None:
            return section
    return None


def holders(session: Session) -> dict[str, Holder]:
    """Who is behind each account, by user id."""
    rows = session.execute(select(Account.user_id, Staff).join(Staff, Staff.id == Account.staff_id))
    return {
        user_id: Holder(user_id, f"staff:{staff.id}", whole_name(staff), staff.title)
        for user_id, staff in rows
    }
