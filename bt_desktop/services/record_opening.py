"""A record opened: everything a page needs, and no more than the person may read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.event_group import event_has
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.openings import Openings
from bt_desktop.services.person_names import people_in
from bt_desktop.services.record_deeds import may_discard, why_not_amend, why_not_review
from bt_desktop.services.record_load import Holder, Loaded, holders, load, log_section
from bt_desktop.services.record_parts import NOTICE, REPORT, STATEMENT, part_of, statement_key
from bt_desktop.services.record_people import people_of
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.record_signing import has_paper
from bt_desktop.services.record_standing import KINDS
from bt_desktop.services.results.records import OpenRecord, PartState


class Opening:
    """Opens records."""

    def __init__(self, context: Context, shelf: FormShelf, openings: Openings) -> None:
        self._context = context
        self._shelf = shelf
        self._openings = openings

    def open(self, record_id: str) -> OpenRecord:
        """The record; each opening is written down (`openings`) and an entry in the audit trail.

        Raises NoSuchRecord, and PurposeNeeded where the student is none of one's own.
        """
        with self._context.looking() as session:
            loaded = load(session, self._shelf, record_id, self._context.actor.user_id)
            rights = Rights(self._context, loaded, has_paper(session, record_id))
            rights.require_sight()
            self._openings.enter(session, loaded, rights)
            self._context.note(session, "record.open", f"record:{record_id}")
            return self._opened(session, loaded, rights)

    def _opened(self, session: Session, loaded: Loaded, rights: Rights) -> OpenRecord:
        row = loaded.row
        mine = statement_key(self._context.actor.staff_id)
        answers = readable(loaded, rights, mine)
        statements = {
            key: loaded.part_answers(key)
            for key in loaded.part_keys()
            if part_of(key) == STATEMENT and (rights.reads(key) or rights.owns_part(key))
        }
        ids = [row.subject_id, row.reported_by, *people_in([answers, *statements.values()])]
        people = people_of(session, loaded, dict.fromkeys(filter(None, ids)))
        who = holders(session)
        entered = who.get(row.entered_by)
        return OpenRecord(
            id=row.id,
            number=row.number,
            state=row.state,  # type: ignore[arg-type]  # only our own states are ever written
            form=loaded.form,
            answers=answers,
            parts=tuple(_part_state(loaded, rights, key, who, people) for key in _keys(loaded)),
            people=people,
            updated_at=row.updated_at,
            reported_by=row.reported_by,
            reported_by_name=people[row.reported_by].name if row.reported_by in people else "",
            entered_by=entered.staff_id if entered else "",
            entered_by_name=entered.name if entered else "",
            event_at=row.event_at,
            may=rights.words(),
            statements=statements,
            event_id=row.event_id,
            event_has=event_has(session, loaded),
            why_not={"review": why_not_review(rights), "amend": why_not_amend(rights, REPORT)},
        )


def readable(loaded: Loaded, rights: Rights, statement: str) -> dict[str, Any]:
    """The merged answers, without the long texts of parts that the person may not read."""
    answers = loaded.answers(statement)
    log = log_section(loaded.form)
    if log is not None and not rights.may(Action.NOTICE_READ):
        answers.pop(log.name, None)
    hidden = [part for part in loaded.form.parts() if not _reads(rights, part, statement)]
    return without_texts(loaded.form, answers, hidden) if hidden else answers


def _reads(rights: Rights, part: str, statement: str) -> bool:
    key = statement if part == STATEMENT else part
    return rights.reads(key) or rights.may_edit(key) or rights.owns_part(key)


def without_texts(form: Form, answers: Mapping[str, Any], parts: list[str]) -> dict[str, Any]:
    """The answers without what was written freely in these parts; times, choices, people stay."""
    hidden = {
        field.name
        for section in form.sections
        if section.part in parts
        for field in section.fields
        if field.type == "text"
    }
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        if name in hidden or name == "$reasons":
            continue
        rows = isinstance(value, list)
        kept[name] = [_row_without(row, hidden) for row in value] if rows else value
    return kept


def _row_without(row: Any, hidden: set[str]) -> Any:
    if not isinstance(row, Mapping):
        return row
    return {name: value for name, value in row.items() if name not in hidden | {"$reasons"}}


def _keys(loaded: Loaded) -> list[str]:
    """Part keys in the form's order; each statement that was begun where statements stand."""
    keys: list[str] = []
    for part in loaded.form.parts():
        if part == STATEMENT:
            keys += sorted(key for key in loaded.part_keys() if part_of(key) == STATEMENT)
        elif part != NOTICE:
            keys.append(part)
    return keys


def _part_state(
    loaded: Loaded,
    rights: Rights,
    key: str,
    who: Mapping[str, Holder],
    people: Mapping[str, Any],
) -> PartState:
    frozen, draft = loaded.frozen.get(key), loaded.drafts.get(key)
    signed = rights.is_frozen(key)
    why_not = rights.why_not_sign(key)
    user = draft.owner_user if draft is not None else frozen.row.signer_user if frozen else ""
    owner = who.get(user)
    if key == "report" and not signed:
        owner_id = loaded.row.reported_by
        owner_name = people[owner_id].name if owner_id in people else ""
    else:
        owner_id, owner_name = (owner.staff_id, owner.name) if owner else ("", "")
    return PartState(
        part=part_of(key),
        key=key,
        owner_id=owner_id,
        owner_name=owner_name,
        state="signed" if signed else "open",
        may_edit=rights.may_edit(key),
        may_sign=not why_not,
        signed_at=frozen.row.signed_at if signed and frozen else None,
        revision_id=frozen.row.id if frozen else None,
        signer_name=frozen.told["signer"]["name"] if frozen else "",
        why_not=why_not,
        **_amending(loaded, rights, key),
    )


def _amending(loaded: Loaded, rights: Rights, key: str) -> dict[str, Any]:
    """How a part's versions stand, and what may be added to them."""
    frozen, draft = loaded.frozen.get(key), loaded.drafts.get(key)
    amends = draft is not None and draft.amends is not None
    kinds = tuple(one for one in KINDS if not why_not_amend(rights, key, one)) if frozen else ()
    return {
        "version": frozen.row.count if frozen else 0,
        "kind": frozen.kind if frozen else "",
        "signed_last": frozen.row.signed_at if frozen else None,
        "amending": draft.amend_kind if amends and draft else "",
        "reason": draft.amend_reason if amends and draft else "",
        "amend_kinds": kinds,
        "why_not_amend": "" if kinds else why_not_amend(rights, key),
        "may_discard": may_discard(rights, key),
    }
