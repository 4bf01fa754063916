"""Filters of the list of records kept under a name, for oneself or for everybody.

A view is no record: it is renamed and deleted like any note. It keeps ids and days, never a name.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any, get_args

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.finding import SavedView as Row
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.problems import ViewRefused
from bt_desktop.services.results.records import Order, RecordFilter, State
from bt_desktop.services.results.views import SavedView

LONGEST_NAME = 60
MOST_VIEWS = 40
_LAST = ""
"""The name under which the last filters of a person are kept."""
_DAYS = ("since", "until")


class ViewService:
    """The saved views of the person signed in, and those shared with everybody."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def may_share(self) -> bool:
        """Whether the role shares views with everybody."""
        return self._context.may(Action.VIEW_SHARE)

    def list(self) -> tuple[SavedView, ...]:
        """One's own views and the shared ones, by name."""
        me = self._context.actor.user_id
        wanted = select(Row).where(or_(Row.user_id == me, Row.shared), Row.name != _LAST)
        with self._context.store.read() as session:
            found = [_view(row, me) for row in session.scalars(wanted)]
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))

    def save(self, name: str, filters: RecordFilter, *, shared: bool = False) -> str:
        """Keep these filters under a name; returns the id. Raises ViewRefused, Denied."""
        context, name = self._context, _checked(name)
        if shared:
            context.require(Action.VIEW_SHARE)
        with context.store.write() as session:
            self._require_free(session, name)
            row = self._row(name, filters, shared)
            session.add(row)
            session.flush()
            context.note(session, "view.save", f"view:{row.id}", reason=_how(shared))
            return row.id

    def rename(self, view_id: str, name: str) -> None:
        """Call a view otherwise. Raises ViewRefused, Denied."""
        name = _checked(name)
        with self._context.store.write() as session:
            row = self._mine(session, view_id)
            self._require_free(session, name, except_id=view_id)
            row.name = name
            self._context.note(session, "view.rename", f"view:{view_id}")

    def delete(self, view_id: str) -> None:
        """Throw a view away. Raises ViewRefused, Denied."""
        with self._context.store.write() as session:
            row = self._mine(session, view_id)
            session.delete(row)
            self._context.note(session, "view.delete", f"view:{view_id}")

    # --- where one was last ----------------------------------------------------------------------

    def last(self) -> RecordFilter:
        """What the person's list was narrowed to last; nothing where it was not."""
        me = self._context.actor.user_id
        wanted = select(Row.filters).where(Row.user_id == me, Row.name == _LAST)
        with self._context.store.read() as session:
            kept = session.scalar(wanted.limit(1))
        return read_filters(kept) if kept is not None else RecordFilter()

    def keep_last(self, filters: RecordFilter) -> None:
        """Remember what the list is narrowed to. No deed of anybody: it is not in the trail."""
        me = self._context.actor.user_id
        with self._context.store.write() as session:
            session.execute(delete(Row).where(Row.user_id == me, Row.name == _LAST))
            if filters != RecordFilter():
                session.add(self._row(_LAST, filters, shared=False))

    # --- within --------------------------------------------------------------------------------

    def _row(self, name: str, filters: RecordFilter, shared: bool) -> Row:
        return Row(
            id=str(uuid.uuid4()),
            user_id=self._context.actor.user_id,
            name=name,
            filters=write_filters(filters),
            shared=shared,
            made_at=self._context.clock.now(),
        )

    def _mine(self, session: Session, view_id: str) -> Row:
        """A view that the person may change: their own, or a shared one for who may share."""
        row = session.get(Row, view_id)
        mine = row is not None and row.user_id == self._context.actor.user_id
        if row is None or row.name == _LAST or not (mine or row.shared):
            raise ViewRefused("view-gone", "This view is not there any more.", "Look again.")
        if not mine and not self._context.may(Action.VIEW_SHARE):
            raise Denied(Action.VIEW_SHARE.value)
        return row

    def _require_free(self, session: Session, name: str, except_id: str = "") -> None:
        me = self._context.actor.user_id
        rows = session.scalars(select(Row).where(Row.user_id == me, Row.name != _LAST)).all()
        if any(one.name.casefold() == name.casefold() and one.id != except_id for one in rows):
            raise ViewRefused(
                "view-name-taken", "You have a view of this name already.", "Choose another name."
            )
        if len(rows) >= MOST_VIEWS and not except_id:
            raise ViewRefused(
                "views-many", f"You have {MOST_VIEWS} views already.", "Delete one first."
            )


def _checked(name: str) -> str:
    """The name, trimmed. Raises ViewRefused."""
    trimmed = " ".join(name.split())
    if not 0 < len(trimmed) <= LONGEST_NAME:
        raise ViewRefused(
            "view-name",
            "A view needs a name that fits into its line.",
            f"Write one of up to {LONGEST_NAME} letters.",
        )
    return trimmed


def _how(shared: bool) -> str:
    return "shared" if shared else "own"


def _view(row: Row, me: str) -> SavedView:
    return SavedView(row.id, row.name, read_filters(row.filters), row.shared, row.user_id == me)


# --- filters as they are kept --------------------------------------------------------------------


def write_filters(filters: RecordFilter) -> dict[str, Any]:
    """Filters as JSON; what is not asked about is left out."""
    plain = RecordFilter()
    kept = {name: value for name, value in asdict(filters).items() if value != getattr(plain, name)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in kept.items()
    }


def read_filters(kept: Any) -> RecordFilter:
    """Filters out of the store. What this program does not know (of a newer one) is passed over."""
    if not isinstance(kept, Mapping):
        return RecordFilter()
    known = {field.name for field in fields(RecordFilter)}
    found = {name: value for name, value in kept.items() if name in known}
    for name in _DAYS:
        if name in found:
            found[name] = date.fromisoformat(found[name])
    states = found.get("states", ())
    found["states"] = tuple(one for one in states if one in get_args(State))
    if found.get("order") not in get_args(Order):
        found.pop("order", None)
    return RecordFilter(**found)
