"""Rows of deadlines as lines that people read: readings together, names as initials, tries told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form, say
from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.records import Record
from bt_desktop.security.permissions import Action, Role
from bt_desktop.services.context import Context
from bt_desktop.services.deadline_keeping import DONE, OWED, TOLD, Keeper
from bt_desktop.services.deadline_proof import REACHED, Attempt, attempts
from bt_desktop.services.form_facts import Proof
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.notices import notice_section
from bt_desktop.services.people_rows import people
from bt_desktop.services.record_load import Holder, holders
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.deadlines import DeadlineLine, DueDate, Tries
from bt_desktop.services.results.people import Person
from bt_desktop.services.school_calendar import school_zone

Pair = tuple[Deadline, Record]


class Lines:
    """Makes lines."""

    def __init__(self, context: Context, shelf: FormShelf, keeper: Keeper) -> None:
        self._context = context
        self._shelf = shelf
        self._keeper = keeper

    def of(self, session: Session, rows: Sequence[Pair]) -> tuple[DeadlineLine, ...]:
        """The lines of these rows, in the order of the first row of each."""
        groups: dict[tuple[object, ...], list[Pair]] = {}
        for row, record in rows:
            groups.setdefault(_group(row), []).append((row, record))
        records = {record.id: record for _, record in rows}
        subjects = {record.subject_id or record.reported_by for record in records.values()}
        named = subjects | {record.reported_by for record in records.values()}
        known = people(session, named)
        zone = school_zone(session, self._context.clock.now())
        tried = attempts(session, list(records), zone) if records else {}
        who = holders(session) if any(row.late_by or row.evidence for row, _ in rows) else {}
        return tuple(
            self._line(session, group, known, tried.get(group[0][1].id, ()), who, zone)
            for group in groups.values()
        )

    def outside(self, session: Session, row: Deadline) -> bool:
        """Whether it happens outside of these records, so that nothing in them can end it."""
        record = session.get_one(Record, row.record_id)
        return self._is_outside(self._shelf.kept(session, record.form_digest), row.task)

    def may_excuse(self, row: Deadline, rights: Rights) -> bool:
        """Who sees to it may say why it was late: the author, the role, an administrator."""
        if not rights.may(Action.DEADLINE_EXCUSE, own=self._is_mine(row, rights.loaded.row)):
            return False
        return self._is_mine(row, rights.loaded.row) or rights.may(
            Action.DEADLINE_EXCUSE, own=False
        )

    def _is_mine(self, row: Deadline, record: Record) -> bool:
        me = self._context.actor
        if row.owner == "author":
            return record.owner_user == me.user_id or record.reported_by == me.staff_id
        return row.owner == me.role.value

    def _is_outside(self, form: Form, task: str) -> bool:
        proof = self._keeper.facts_of(form).proofs.get(task)
        return proof is None or not _possible(proof, form)

    def _line(
        self,
        session: Session,
        group: Sequence[Pair],
        known: dict[str, Person],
        tried: Sequence[Attempt],
        who: dict[str, Holder],
        zone: tzinfo,
    ) -> DeadlineLine:
        (row, record) = group[0]
        form = self._shelf.kept(session, record.form_digest)
        proof = self._keeper.facts_of(form).proofs.get(row.task)
        mine = self._is_mine(row, record)
        context = self._context
        subject = known.get(record.subject_id or "")
        reporter = known.get(record.reported_by)
        return DeadlineLine(
            record_id=record.id,
            rule=row.rule,
            task=row.task,
            label=row.label,
            cite=row.cite,
            why=row.note,
            dates=tuple(_date(one, who, zone) for one, _ in group),
            state=row.state,  # type: ignore[arg-type]  # only our own states are written
            owner=row.owner,
            owner_name=reporter.name if row.owner == "author" and reporter else "",
            who=initials(subject) if subject is not None else "",
            title=say(form.title),
            number=record.number,
            form=record.form,
            at_once=row.at_once,
            mine=mine,
            ends_by=_ends_by(proof) if not self._is_outside(form, row.task) else "outside",
            may_excuse=context.may(Action.DEADLINE_EXCUSE, own=mine, form=record.form)
            and (mine or context.actor.role is Role.ADMINISTRATOR),
            # who sees only their own deadlines sees this one
            may_call=context.may(Action.NOTICE_ADD, own=True, form=record.form),
            tries=_tries(tried, proof),
            done_at=row.done_at.astimezone(zone) if row.done_at else None,
            done_how=_how(row, who) if row.state in (DONE, OWED) else "",
        )


def _group(row: Deadline) -> tuple[object, ...]:
    """Readings of one rule are one line; each repeat of a threshold is a line of its own."""
    key = (row.record_id, row.rule, row.task, row.anchor_at)
    return (*key, row.slot) if is_threshold(row) else key


def is_threshold(row: Deadline) -> bool:
    """Whether it is a number of minutes that a hold went past."""
    return row.within.endswith(("minute", "minutes"))


def _ends_by(proof: Proof | None) -> str:
    if proof is None:
        return "outside"
    return "notice" if proof.notice else "copy" if proof.copy else proof.part


def _possible(proof: Proof, form: Form) -> bool:
    """Whether this form can hold such evidence at all."""
    if proof.notice:
        try:
            return bool(notice_section(form))
        except KeyError:
            return False
    return bool(proof.copy) or proof.part in form.parts()


def _date(row: Deadline, who: dict[str, Holder], zone: tzinfo) -> DueDate:
    by = who.get(row.late_by)
    return DueDate(
        id=row.id,
        due=row.due_at.astimezone(zone),
        reading=row.reading,
        within=row.within,
        verified=row.verified,
        fallback=row.fallback,
        late_reason=row.late_reason,
        late_by=by.name if by is not None else "",
    )


def _tries(tried: Iterable[Attempt], proof: Proof | None) -> Tries | None:
    """The tries that did not reach anybody, of those that this deadline is about."""
    if proof is None or not proof.notice:
        return None
    mine = [a for a in tried if a.to in proof.notice and a.outcome != REACHED]
    if not mine:
        return Tries(0)
    return Tries(len(mine), mine[-1].outcome, mine[-1].at)


def _how(row: Deadline, who: dict[str, Holder]) -> str:
    """What ended it, in words."""
    kind, _, which = row.evidence.partition(":")
    if row.evidence.startswith(TOLD):
        holder = who.get(which)
        return f"{row.evidence_note} ({holder.name if holder else 'somebody'})"
    return {
        "notice": "reached",
        "revision": "signed",
        "copy": "copy made",
    }.get(kind, "")


def initials(person: Person) -> str:
    """“Mateo N.-O.”: what the person is called and the first letters of the family name."""
    short = "-".join(
        f"{part[0].upper()}." for word in person.family.split() for part in word.split("-") if part
    )
    words = (short, person.called) if person.family_first else (person.called, short)
    return " ".join(word for word in words if word)


__all__ = ["Lines", "initials", "is_threshold"]
