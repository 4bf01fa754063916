"""The log of parent notices beside a record: rows are checked like any answer, then only added."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form, Section
from bt_desktop.models.records import Notice as Row
from bt_desktop.security.permissions import Action
from bt_desktop.services.call_sheet import call_sheet
from bt_desktop.services.context import Context
from bt_desktop.services.deadline_keeping import Keeper
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.integrity import notice_digest
from bt_desktop.services.openings import Openings
from bt_desktop.services.problems import Unfinished
from bt_desktop.services.record_check import blocking, session_of
from bt_desktop.services.record_load import Holder, Loaded, holders, load, log_section
from bt_desktop.services.record_parts import NOTICE
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.calls import CallSheet
from bt_desktop.services.results.records import Notice


class Notices:
    """Reads and adds to the log of parent notices."""

    def __init__(
        self, context: Context, shelf: FormShelf, keeper: Keeper, openings: Openings
    ) -> None:
        self._context = context
        self._shelf = shelf
        self._keeper = keeper
        self._openings = openings

    def add(self, record_id: str, row: Mapping[str, Any]) -> Notice:
        """Add a row (answers by field name). Raises Unfinished with what is wrong."""
        context = self._context
        now = context.clock.now()
        with context.store.write() as session:
            loaded = load(session, self._shelf, record_id, self._context.actor.user_id)
            Rights(context, loaded).require(Action.NOTICE_ADD)
            checked = self._checked(loaded, row)
            count = session.scalar(select(func.max(Row.count)).where(Row.record_id == record_id))
            kept = Row(
                id=str(uuid.uuid4()),
                record_id=record_id,
                count=(count or 0) + 1,
                row=json.dumps(checked, ensure_ascii=False),
                by_user=context.actor.user_id,
                at=now,
            )
            session.add(kept)
            session.flush()
            context.note(
                session,
                "notice.add",
                f"notice:{kept.id}",
                version=kept.count,
                digest=notice_digest(kept),
            )
            self._keeper.refresh(session, record_id)
            return _notice(kept, holders(session))

    def begin(self, record_id: str) -> CallSheet:
        """What is needed to log a call without opening the record. Raises KeyError for a form that
        has no log."""
        with self._context.store.read() as session:
            loaded = load(session, self._shelf, record_id, self._context.actor.user_id)
            section = notice_section(loaded.form)
            count = session.scalar(select(func.max(Row.count)).where(Row.record_id == record_id))
            sheet = call_sheet(self._context, session, loaded, section, count or 0)
        rights = Rights(self._context, loaded)
        self._openings.looked_into(loaded, rights, "call", Purpose("parent"))
        return sheet

    def _checked(self, loaded: Loaded, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row as the engine would keep it."""
        section = notice_section(loaded.form)
        answers = loaded.answers() | {section.name: [dict(row)]}
        form_session = session_of(loaded.form, answers, self._context.clock)
        issues = blocking(form_session, NOTICE)
        if issues:
            raise Unfinished(issues)
        kept: dict[str, Any] = form_session.final_answers(NOTICE)[section.name][0]
        return kept

    def list(self, record_id: str) -> tuple[Notice, ...]:
        """The log, oldest first."""
        with self._context.store.read() as session:
            loaded = load(session, self._shelf, record_id, self._context.actor.user_id)
            rights = Rights(self._context, loaded)
            rights.require(Action.NOTICE_READ)
            found = notices_of(session, record_id)
        self._openings.shown(loaded, rights)
        return found


def notices_of(session: Session, record_id: str) -> tuple[Notice, ...]:
    """The log of a record, oldest first."""
    rows = session.scalars(select(Row).where(Row.record_id == record_id).order_by(Row.count))
    names = holders(session)
    return tuple(_notice(row, names) for row in rows)


def notice_section(form: Form) -> Section:
    """The section whose rows are the log. Raises KeyError for a form without one."""
    section = log_section(form)
    if section is None:
        raise KeyError(NOTICE)
    return section


def _notice(row: Row, names: dict[str, Holder]) -> Notice:
    holder = names.get(row.by_user)
    return Notice(row.id, json.loads(row.row), row.at, holder.name if holder else "")
