"""Which records a person may know of, and what they may do with them, as conditions of a query.

`record_rights.Rights` judges one record that was loaded; this says the same of all of them at
once, so that lists and searches never read what they may not show. A test holds the two against
each other, for every role.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, or_, select, union_all
from sqlalchemy.orm import aliased

from bt_desktop.models.finding import TextPart
from bt_desktop.models.records import DraftPart, Involved, Record, Revision
from bt_desktop.security.permissions import FORMS, Action
from bt_desktop.services.context import Context
from bt_desktop.services.record_rights import RECENT

Condition = ColumnElement[bool]

KNOWN = (
    (Action.RECORD_READ, None),
    (Action.RECORD_READ, "nurse"),
    (Action.NOTICE_READ, None),
    (Action.SCHOOL_COPY, None),
)
"""Whoever may do one of these with a record knows of it (see `Rights.sees`)."""

_OTHER_EDUCATION = None
"""Stands for a form that the table of roles does not name and that is no confidential one."""
_KINDS = (*FORMS, _OTHER_EDUCATION)


@dataclass(frozen=True)
class Sight:
    """What `context.actor` may know of. Conditions are about `Record`.

    `walked`: the list is read in the order of another index, so that own records are looked up
    and do not lead the way; right where somebody has many.
    """

    context: Context
    walked: bool = False

    def own_ids(self) -> Any:
        """The ids of the person's own records (see `Rights.is_own`), as a query."""
        me = self.context.actor
        later = aliased(Revision)
        overtaken = exists().where(
            later.record_id == Revision.record_id,
            later.part_key == Revision.part_key,
            later.count > Revision.count,
        )
        return union_all(
            select(Record.id).where(Record.owner_user == me.user_id),
            select(Record.id).where(Record.entered_by == me.user_id),
            select(Record.id).where(Record.reported_by == me.staff_id),
            select(Involved.record_id).where(Involved.staff_id == me.staff_id),
            select(DraftPart.record_id).where(DraftPart.owner_user == me.user_id),
            select(Revision.record_id).where(Revision.signer_user == me.user_id, ~overtaken),
        )

    @cached_property
    def _own(self) -> Any:
        """The own ids, read once for all conditions of one question that ask for them."""
        return select(self.own_ids().cte().c.id)

    @cached_property
    def mine(self) -> Condition:
        """One of their own."""
        among = Record.id.in_(self._own)
        return unled(among) if self.walked else among

    @cached_property
    def known(self) -> Condition:
        """They may know of it."""
        return self._allowed(KNOWN)

    @cached_property
    def only_own(self) -> bool:
        """They know of their own records only."""
        return not any(self._may(action, part, form) for action, part in KNOWN for form in _KINDS)

    def allowed(self, action: Action, part: str | None = None) -> Condition:
        """They may do this with the record; deeds that depend on an injury are left out."""
        return self._allowed(((action, part),))

    def readable(self) -> Condition:
        """They may read every word of the text (a `TextPart` joined to its `Record`)."""
        parts = ("report", "statement", "nurse", "review", "follow_up", "debrief")
        read = [self._reads(part) for part in parts]
        return or_(*read, and_(TextPart.part == "notice", self.allowed(Action.NOTICE_READ)))

    def _reads(self, part: str) -> Condition:
        hurt = [form for form in _KINDS if self._may(Action.RECORD_READ, part, form, injury=True)]
        reads = or_(self.allowed(Action.RECORD_READ, part), and_(TextPart.hurt, _of_forms(hurt)))
        return and_(TextPart.part == part, reads)

    def _allowed(self, deeds: tuple[tuple[Action, str | None], ...]) -> Condition:
        def forms(**how: bool) -> list[str | None]:
            return [f for f in _KINDS if any(self._may(a, p, f, **how) for a, p in deeds)]

        every, own, recent = forms(), forms(own=True), forms(own=True, recent=True)
        cases = [_of_forms(every)] if every else []
        if more := [form for form in own if form not in every]:
            cases.append(and_(_of_forms(more), self.mine))
        if lately := [form for form in recent if form not in own]:
            # Kept with its offset, `made_at` compares as text: a day to spare, `Rights` is exact.
            since = self.context.clock.now() - RECENT - timedelta(days=1)
            cases.append(and_(_of_forms(lately), self.mine, Record.made_at >= since))
        return or_(*cases) if cases else false()

    def _may(self, action: Action, part: str | None, form: str | None, **how: bool) -> bool:
        asked = {"own": False, "recent": False, "injury": False} | how
        return self.context.may(action, part=part, form=form, **asked)


def unled(*conditions: Condition) -> Condition:
    """All of these, said so that no index is chosen for them."""
    return case((and_(*conditions), 1), else_=0) == 1


def _of_forms(forms: list[str | None]) -> Condition:
    """Of one of these forms; said so that no index is chosen for it. A role's forms are most of
    all records: the order of the list is what an index is needed for."""
    named = [form for form in forms if form is not None]
    cases: list[tuple[Condition, int]] = [(Record.form.in_(named), 1)] if named else []
    if _OTHER_EDUCATION in forms:
        cases.append((and_(Record.record_class == "education", Record.form.not_in(FORMS)), 1))
    return case(*cases, else_=0) == 1 if cases else false()
