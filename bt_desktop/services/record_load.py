"""A record out of the store, whole: its form, its drafts, its frozen parts, who is named in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    row = session.get(Record, record_id)
    if row is None:
        raise NoSuchRecord
    drafts: dict[str, DraftPart] = {}
    others: list[DraftPart] = []
    for draft in session.scalars(select(DraftPart).where(DraftPart.record_id == record_id)):
        key, owner = whose_draft(draft.part_key)
        if owner in ("", user_id):
            drafts[key] = draft
        else:
            others.append(draft)
    versions = _versions(session, record_id)
    involved = session.scalars(select(Involved.staff_id).where(Involved.record_id == record_id))
    log = session.scalars(
        select(Notice.row).where(Notice.record_id == record_id).order_by(Notice.count)
    )
    given = session.scalars(select(Handover.from_user).where(Handover.record_id == record_id))
    return Loaded(
        row=row,
        form=shelf.kept(session, row.form_digest),
        drafts=drafts,
        frozen={key: found[-1] for key, found in versions.items()},
        involved=frozenset(involved),
        log=tuple(json.loads(row) for row in log),
        others=tuple(others),
        versions=versions,
        gave_away=frozenset(given),
    )


def log_section(form: Form) -> Section | None:
    """The section whose rows are the log of parent notices; None for a form without one."""
    for section in form.sections:
        if section.part == NOTICE and section.repeat is not None:
            return section
    return None


def _versions(session: Session, record_id: str) -> dict[str, tuple[Frozen, ...]]:
    """Every signed version of each part, oldest first."""
    wanted = select(Revision).where(Revision.record_id == record_id).order_by(Revision.count)
    found: dict[str, tuple[Frozen, ...]] = {}
    for revision in session.scalars(wanted):
        found[revision.part_key] = (*found.get(revision.part_key, ()), Frozen(revision))
    return found


def holders(session: Session) -> dict[str, Holder]:
    """Who is behind each account, by user id."""
    rows = session.execute(select(Account.user_id, Staff).join(Staff, Staff.id == Account.staff_id))
    return {
        user_id: Holder(user_id, f"staff:{staff.id}", whole_name(staff), staff.title)
        for user_id, staff in rows
    }
