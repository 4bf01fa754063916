"""What waits for a review, what came back, which follow-ups are open; and one record's review."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form, say
from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.records import DraftPart, Record, Waiting
from bt_desktop.security.permissions import FORMS, Action
from bt_desktop.services import record_deeds as deeds
from bt_desktop.services import record_standing as standing
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.openings import Openings
from bt_desktop.services.people_rows import people
from bt_desktop.services.problems import AmendedMeanwhile, SignedMeanwhile
from bt_desktop.services.record_amending import require_current
from bt_desktop.services.record_load import Loaded, holders, load
from bt_desktop.services.record_parts import REPORT, REVIEW, draft_key, whose_draft
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.record_waiting import DEBRIEF, FOLLOW_UP
from bt_desktop.services.results.reviews import (
    OpenPart,
    Remark,
    ReturnedItem,
    ReviewItem,
    ReviewView,
    Why,
)
from bt_desktop.services.review_facts import facts_of

MOST = 50
"""Lines of each list: what waits longest comes first."""
_TASKS = {
    FOLLOW_UP: ("schedule_iep", "iep_reasons", "refer_iep"),
    DEBRIEF: ("debrief", "staff_debrief", "debrief_staff", "debrief_student"),
}
"""The pack's tasks that a part answers (`deadlines:` of a pack)."""


class Reviews:
    """Reads what waits; writes nothing but who saw it."""

    def __init__(self, context: Context, shelf: FormShelf, openings: Openings) -> None:
        self._context = context
        self._shelf = shelf
        self._openings = openings

    # --- lists -----------------------------------------------------------------------------------

    def queue(self) -> tuple[ReviewItem, ...]:
        """The records that the person signed in may review, the longest waiting first."""
        forms = self._context.forms(Action.RECORD_COUNTERSIGN)
        if not forms:
            return ()
        with self._context.store.read() as session:
            rows = self._waiting(session, (REVIEW,), Record.form.in_(sorted(forms)))
            found = [(row, wait, self._load(session, row.id)) for row, wait in rows]
            mine = [
                (row, wait, loaded)
                for row, wait, loaded in found
                if not deeds.why_not_review(Rights(self._context, loaded))
            ]
            names, who = self._names(session, [row for row, _, _ in mine]), holders(session)
            return tuple(
                ReviewItem(
                    record_id=row.id,
                    number=row.number or "",
                    title=say(loaded.form.title),
                    subject_name=names.get(row.subject_id or "", ""),
                    author_name=names.get(row.reported_by, ""),
                    event_at=row.event_at,
                    since=wait.since,
                    why=_why(loaded),
                    begun=REVIEW in loaded.drafts,
                    others=_others(loaded, who),
                )
                for row, wait, loaded in mine
            )

    def returned(self) -> tuple[ReturnedItem, ...]:
        """The person's own reports that came back with remarks, the longest waiting first."""
        me = self._context.actor
        mine = or_(Record.owner_user == me.user_id, Record.reported_by == me.staff_id)
        with self._context.store.read() as session:
            rows = self._waiting(session, (REPORT,), mine)
            names = self._names(session, [row for row, _ in rows])
            made = []
            for row, wait in rows:
                loaded = self._load(session, row.id)
                made.append(
                    ReturnedItem(
                        record_id=row.id,
                        number=row.number or "",
                        title=say(loaded.form.title),
                        subject_name=names.get(row.subject_id or "", ""),
                        reviewer_name=loaded.frozen[REVIEW].told["signer"]["name"],
                        since=wait.since,
                        remarks=remarks(loaded),
                        correcting=REPORT in loaded.drafts,
                    )
                )
            return tuple(made)

    def open_parts(self) -> tuple[OpenPart, ...]:
        """The follow-ups and debriefs that the person may fill, the longest waiting first."""
        parts = {part: self._forms_of(part) for part in (FOLLOW_UP, DEBRIEF)}
        wanted = [
            (Waiting.part == part) & Record.form.in_(sorted(forms))
            for part, forms in parts.items()
            if forms
        ]
        if not wanted:
            return ()
        with self._context.store.read() as session:
            rows = self._waiting(session, tuple(parts), or_(*wanted))
            names = self._names(session, [row for row, _ in rows])
            leads = _leads(session, [row.id for row, _ in rows])
            begun = self._begun(session, [row.id for row, _ in rows])
            return tuple(
                OpenPart(
                    record_id=row.id,
                    number=row.number or "",
                    title=say(self._form(session, row).title),
                    subject_name=names.get(row.subject_id or "", ""),
                    part=wait.part,
                    since=wait.since,
                    leads=leads.get((row.id, wait.part), ()),
                    begun=(row.id, wait.part) in begun,
                )
                for row, wait in rows
            )

    def _forms_of(self, part: str) -> list[str]:
        may = self._context.may
        return [
            form
            for form in FORMS
            if may(Action.RECORD_EDIT, part=part, form=form)
            and may(Action.RECORD_SIGN, part=part, form=form, own=True)
        ]

    def _waiting(
        self, session: Session, parts: Iterable[str], more: Any
    ) -> list[tuple[Record, Waiting]]:
        wanted = (
            select(Record, Waiting)
            .join(Waiting, Waiting.record_id == Record.id)
            .where(Waiting.part.in_(tuple(parts)), more)
            .order_by(Waiting.since_us, Record.id)
            .limit(MOST)
        )
        return [(record, wait) for record, wait in session.execute(wanted)]

    def _begun(self, session: Session, records: list[str]) -> set[tuple[str, str]]:
        me = self._context.actor.user_id
        rows = session.execute(
            select(DraftPart.record_id, DraftPart.part_key).where(
                DraftPart.record_id.in_(records), DraftPart.owner_user == me
            )
        )
        return {(record, whose_draft(kept)[0]) for record, kept in rows}

    def _names(self, session: Session, rows: list[Record]) -> Mapping[str, str]:
        ids = {one for row in rows for one in (row.subject_id, row.reported_by) if one}
        return {key: person.name for key, person in people(session, ids).items()}

    def _form(self, session: Session, row: Record) -> Form:
        return self._shelf.kept(session, row.form_digest)

    def _load(self, session: Session, record_id: str) -> Loaded:
        return load(session, self._shelf, record_id, self._context.actor.user_id)

    # --- one record ------------------------------------------------------------------------------

    def view(self, record_id: str) -> ReviewView:
        """What the page of a record says of its review. Raises NoSuchRecord."""
        with self._context.store.read() as session:
            loaded = self._load(session, record_id)
            rights = Rights(self._context, loaded)
            rights.require_sight()
            reads = rights.reads(REPORT)
            back = loaded.row.state == standing.RETURNED
            review = loaded.frozen.get(REVIEW)
            news, seen = _news(loaded)
            view = ReviewView(
                facts=facts_of(loaded, self._context.clock) if reads else (),
                remarks=remarks(loaded) if rights.reads(REVIEW) else (),
                returned_by=review.told["signer"]["name"] if review and back else "",
                returned_at=review.row.signed_at if review and back else None,
                why_not=deeds.why_not_review(rights),
                news=news,
                compare=_to_compare(loaded, seen),
                others=_others(loaded, holders(session)),
            )
        if reads or view.remarks:
            self._openings.looked_into(loaded, rights)
        return view


def remarks(loaded: Loaded) -> tuple[Remark, ...]:
    """The remarks of the newest review that sent the report back, with the sections' titles."""
    for review in reversed(loaded.versions.get(REVIEW, ())):
        if review.in_error or standing.outcome(review.answers) != "returned":
            continue
        titles = {section.name: say(section.label) for section in loaded.form.sections}
        return tuple(
            Remark(one.section, titles.get(one.section, ""), one.text)
            for one in standing.remarks_of(review.answers)
        )
    return ()


def _why(loaded: Loaded) -> Why:
    if loaded.row.state == standing.AMENDED:
        return "amended"
    return "corrected" if REVIEW in loaded.frozen else "new"


def _others(loaded: Loaded, who: Mapping[str, Any]) -> tuple[str, ...]:
    """Who else has begun to review it."""
    owners = [one.owner_user for one in loaded.others if whose_draft(one.part_key)[0] == REVIEW]
    return tuple(who[owner].name for owner in owners if owner in who)


def _news(loaded: Loaded) -> tuple[str, str]:
    """What was signed since the person began their review, and the report they began with."""
    draft = loaded.drafts.get(REVIEW)
    if draft is None:
        return "", ""
    seen = str(json.loads(draft.base or "{}").get("report", ""))
    try:
        require_current(loaded, REVIEW)
    except (SignedMeanwhile, AmendedMeanwhile) as problem:
        return str(problem), seen
    return "", seen


def _to_compare(loaded: Loaded, seen: str) -> tuple[int, int] | None:
    """Which versions of the report to compare: the one looked at before, and the newest."""
    versions = {one.row.id: one.row.count for one in loaded.versions.get(REPORT, ())}
    review, report = loaded.frozen.get(REVIEW), loaded.report
    if report is None or report.row.count == 1:
        return None
    looked_at = [str(review.told.get("saw", {}).get("revision", ""))] if review else []
    for one in (seen, *looked_at):
        if one in versions and versions[one] < report.row.count:
            return versions[one], report.row.count
    return None


def _leads(session: Session, records: list[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The open tasks behind each part, in the words of the pack."""
    part_of_task = {task: part for part, tasks in _TASKS.items() for task in tasks}
    rows = session.execute(
        select(Deadline.record_id, Deadline.task, Deadline.label)
        .where(Deadline.record_id.in_(records), Deadline.state == "open")
        .order_by(Deadline.due_us)
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for record, task, label in rows:
        part = part_of_task.get(task)
        if part is not None and label not in found.get((record, part), ()):
            found[record, part] = (*found.get((record, part), ()), label)
    return found


__all__ = ["Reviews", "draft_key", "remarks"]
