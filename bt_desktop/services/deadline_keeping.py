"""Keeps the deadlines of a record in step with its answers, its evidence and the calendar.

Always called inside the transaction of the deed that changed something, so that a deadline never
says what the record does not. Rows are never deleted: one that no longer follows from the facts
becomes `void`, with whatever was said about it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form
from bt_desktop.form_engine.loader import FormFaults, load_pack
from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.records import Record
from bt_desktop.models.school import school_row
from bt_desktop.models.types import micros
from bt_desktop.services.context import Context
from bt_desktop.services.deadline_due import Due, due_at, work_out
from bt_desktop.services.deadline_facts import BadFact, Facts, read_facts
from bt_desktop.services.deadline_proof import Evidence, Proofs
from bt_desktop.services.deadline_rules import BadRules, Rule, facts_asked, rules_of
from bt_desktop.services.form_facts import FactShelf, FormFacts
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.record_load import Loaded, load
from bt_desktop.services.record_parts import NOTICE, STATEMENT, merged, part_of
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.school_days import SchoolCalendar

OPEN, DONE, OWED, VOID = "open", "done", "owed", "void"
KEPT = (OPEN, DONE, OWED)
TOLD = "told:"
"""How evidence begins that somebody gave under their own name."""
_COPY_REQUESTED = "copy_requested"
_IN_ERROR = "entered in error"
_Key = tuple[str, str, int]


class Keeper:
    """One per open vault: it remembers the rules of each pack and the facts of each form."""

    def __init__(self, context: Context, shelf: FormShelf) -> None:
        self._context = context
        self._shelf = shelf
        self._facts = FactShelf()
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._calendar: tuple[tuple[str, str, Any], SchoolCalendar] | None = None

    # --- what a draft's change means -----------------------------------------------------------

    def fact_names(self, form: Form) -> frozenset[str]:
        """The names at the root of a draft whose change can move a deadline."""
        return self._asked(form).names(form)

    def facts_of(self, form: Form) -> FormFacts:
        """How the answers of this form become facts."""
        return self._facts.of(form.form)

    def rules(self, form: Form) -> tuple[Rule, ...]:
        """The rules of the pack that the form was asked under; none without a pack."""
        pack = form.pack
        if pack is None:
            return ()
        key = f"{pack.pack} {pack.version}"
        if key not in self._rules:
            try:
                self._rules[key] = rules_of(pack)
            except BadRules:  # a pack of an older program: as it is shipped today
                self._rules[key] = _shipped(pack.pack)
        return self._rules[key]

    def _possible(self, form: Form) -> tuple[Rule, ...]:
        """The rules that the facts of this form can make apply at all."""
        told = set(self.facts_of(form).facts)
        return tuple(rule for rule in self.rules(form) if _can_apply(rule, told))

    def _asked(self, form: Form) -> FormFacts:
        """The facts that these rules ask for."""
        return self.facts_of(form).only(facts_asked(self._possible(form)))

    def calendar(self, session: Session) -> SchoolCalendar:
        """The school's calendar; read anew after `recount` and when the school moved."""
        now = self._context.clock.now()
        school = school_row(session)
        key = (school.timezone, school.pack, now.utcoffset())
        if self._calendar is None or self._calendar[0] != key:
            self._calendar = key, school_calendar(session, now)
        return self._calendar[1]

    # --- keeping -------------------------------------------------------------------------------

    def refresh(self, session: Session, record_id: str) -> None:
        """Compute the record's deadlines anew and keep them. Does nothing without rules."""
        session.flush()
        session.expire_all()  # drafts are written past the rows that were read before
        kept = self._kept(session, record_id)
        digest = session.scalars(select(Record.form_digest).where(Record.id == record_id)).one()
        rules = self._possible(self._shelf.kept(session, digest))
        if not rules and not kept:
            return
        loaded = load(session, self._shelf, record_id)
        now = self._context.clock.now()
        calendar = self.calendar(session)
        proofs = Proofs(session, loaded, calendar.zone)
        dues = self._dues(loaded, rules, calendar, proofs, now)
        dues += _requests(kept.values(), self.rules(loaded.form), calendar)
        by_key = {due.key: due for due in dues}
        if loaded.row.state == _IN_ERROR:
            by_key = {}
        for key, due in by_key.items():
            row = kept.get(key)
            if row is None:
                row = _new(record_id, due)
                session.add(row)
            self._write(row, due, proofs, loaded.form)
        for key, row in kept.items():
            if key not in by_key and row.state != VOID:
                row.state = VOID
        session.flush()

    def _kept(self, session: Session, record_id: str) -> dict[_Key, Deadline]:
        rows = session.scalars(select(Deadline).where(Deadline.record_id == record_id))
        return {(row.rule, row.task, row.slot): row for row in rows}

    def _dues(
        self,
        loaded: Loaded,
        rules: Sequence[Rule],
        calendar: SchoolCalendar,
        proofs: Proofs,
        now: datetime,
    ) -> list[Due]:
        raw = self._asked(loaded.form).told(loaded.form, settled_answers(loaded), now)
        signed = proofs.report_signed()
        raw["ber_written"] = signed.isoformat() if signed else None
        raw["unsigned"] = signed is None
        raw.pop(_COPY_REQUESTED, None)  # requests are kept, not answered in a form
        return list(work_out(rules, _read(raw, calendar), calendar))

    def _write(self, row: Deadline, due: Due, proofs: Proofs, form: Form) -> None:
        row.reading, row.label, row.cite = due.reading, due.rule, due.cite
        row.verified, row.owner, row.within = due.verified, due.owner, due.within
        row.note, row.at_once, row.fallback = due.why, due.at_once, due.fallback
        row.anchor, row.anchor_at = due.anchor, due.anchored_at
        row.due_at, row.due_us = due.due, micros(due.due)
        if row.evidence.startswith(TOLD) and row.done_at is not None:
            settle(row, Evidence(row.done_at, row.evidence))
            return
        proof = self.facts_of(form).proofs.get(due.task)
        settle(row, proofs.of(proof, due.anchored_at))

    # --- the calendar changed ------------------------------------------------------------------

    def recount(self, session: Session) -> int:
        """Count the days of every open deadline anew; returns how many moved.

        Goes by what each row keeps (rule and anchor), so no record has to be read.
        """
        self._calendar = None
        calendar = self.calendar(session)
        rows = session.execute(
            select(Deadline, Record.form_digest)
            .join(Record, Record.id == Deadline.record_id)
            .where(Deadline.state == OPEN)
        )
        moved = 0
        for row, digest in rows:
            rule = self._rule(session, digest, row)
            if rule is None or rule.is_threshold:
                continue
            span = rule.spans[row.slot % len(rule.spans)]
            due, fallback = due_at(span, row.anchor_at.astimezone(calendar.zone), calendar)
            if (micros(due), fallback) != (row.due_us, row.fallback):
                row.due_at, row.due_us, row.fallback = due, micros(due), fallback
                moved += 1
        session.flush()
        return moved

    def _rule(self, session: Session, digest: str, row: Deadline) -> Rule | None:
        rules = self.rules(self._shelf.kept(session, digest))
        return next((r for r in rules if (r.id, r.task) == (row.rule, row.task)), None)

    # --- a copy was asked for ------------------------------------------------------------------

    def copy_requested(self, session: Session, record_id: str, at: datetime) -> bool:
        """Start the clock for a copy; False where the pack has no rule for it."""
        loaded = load(session, self._shelf, record_id)
        rules = [r for r in self.rules(loaded.form) if _COPY_REQUESTED in r.anchors]
        if not rules:
            return False
        calendar = self.calendar(session)
        kept = self._kept(session, record_id)
        facts = _read({_COPY_REQUESTED: at.isoformat()}, calendar)
        for due in work_out(rules, facts, calendar):
            slot = due.slot
            while (due.id, due.task, slot) in kept:
                slot += len(next(r for r in rules if r.id == due.id).spans)
            row = _new(record_id, due, slot)
            session.add(row)
            self._write(row, due, Proofs(session, loaded, calendar.zone), loaded.form)
        session.flush()
        return True


def _can_apply(rule: Rule, told: set[str]) -> bool:
    """Whether facts of these names can start its clock and fulfil its condition."""
    always = {"ber_written", "unsigned"}
    if not told.intersection(rule.anchors) and "ber_written" not in rule.anchors:
        return False
    asked = {one.name for one in rule.when.references} - always if rule.when is not None else set()
    return not asked or bool(asked & told)


def settled_answers(loaded: Loaded) -> dict[str, Any]:
    """The answers that facts follow from: signed where a part is signed, else as typed so far.

    An amendment that is being typed moves no deadline until it is signed.
    """
    whole = []
    for key in loaded.part_keys():
        if part_of(key) in (STATEMENT, NOTICE):
            continue
        frozen = loaded.frozen.get(key)
        whole.append(frozen.answers if frozen is not None else loaded.part_answers(key))
    return merged(whole)


def _read(raw: Mapping[str, Any], calendar: SchoolCalendar) -> Facts:
    """The facts; one that a draft holds in a way nobody can use yet is as if it were not told."""
    left = dict(raw)
    while True:
        try:
            return read_facts(left, lambda _: calendar.zone)
        except BadFact as e:
            left.pop(e.name)


def _requests(
    kept: Iterable[Deadline], rules: Sequence[Rule], calendar: SchoolCalendar
) -> list[Due]:
    """The deadlines of requests that are kept, counted from when each was made."""
    found: list[Due] = []
    for row in kept:
        if row.anchor != _COPY_REQUESTED:
            continue
        mine = [r for r in rules if (r.id, r.task) == (row.rule, row.task)]
        facts = _read({_COPY_REQUESTED: row.anchor_at.isoformat()}, calendar)
        for due in work_out(mine, facts, calendar):
            if due.slot == row.slot % len(mine[0].spans):
                found.append(replace(due, slot=row.slot))
    return found


def _new(record_id: str, due: Due, slot: int | None = None) -> Deadline:
    return Deadline(
        id=str(uuid.uuid4()),
        record_id=record_id,
        rule=due.id,
        task=due.task,
        slot=due.slot if slot is None else slot,
        state=OPEN,
        evidence="",
        evidence_note="",
        late_reason="",
        late_by="",
    )


def settle(row: Deadline, evidence: Evidence | None) -> None:
    """The state that follows from the evidence. Done late without a reason, it is owed one.

    Only a rule's own date asks for a reason, never its second reading.
    """
    if evidence is None:
        row.state, row.evidence, row.done_at = OPEN, "", None
        return
    row.evidence, row.done_at = evidence.source, evidence.at
    late = evidence.at > row.due_at and not row.late_reason
    own = row.slot == 0 or row.anchor == _COPY_REQUESTED or row.within.endswith("minutes")
    row.state = OWED if late and own else DONE


def _shipped(pack: str) -> tuple[Rule, ...]:
    try:
        return rules_of(load_pack(pack))
    except (FormFaults, BadRules, OSError):
        return ()


__all__ = ["DONE", "KEPT", "OPEN", "OWED", "TOLD", "VOID", "Keeper", "settle", "settled_answers"]
