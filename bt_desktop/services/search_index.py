"""Keeps the index of texts in step: read anew when somebody searches, a few records at a time.

Saving a draft never waits for the index. What changed is known by itself: triggers mark records
whose revisions, notices or drafts came or went, and a draft that was saved is newer than what is
indexed of it. SQLite-only SQL (FTS5) lives here and in `search`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, delete, func, or_, select, text, union_all
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from bt_desktop.models.finding import TextIndexed, TextPart
from bt_desktop.models.records import DraftPart, Record
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.record_load import load
from bt_desktop.services.record_rights import says_hurt
from bt_desktop.services.search_texts import other_spellings, texts_of

AT_ONCE = 20
"""Records in one transaction: some 30 ms, so that a draft being saved hardly waits."""
_SLOTS = 4096
"""Numbers kept free for the texts of one minute; texts of newer events get greater numbers."""
_MINUTE_US = 60_000_000
_EPOCH_MINUTES = 15_778_080
"""Minutes from 1970 to 2000: numbers begin there, so that they stay small."""

_ADD = text("INSERT INTO record_text (rowid, text, also) VALUES (:id, :text, :also)")
_DROP = text("DELETE FROM record_text WHERE rowid = :id")


class TextIndex:
    """The index of what was written in records."""

    def __init__(self, context: Context, shelf: FormShelf) -> None:
        self._context = context
        self._shelf = shelf

    def behind(self) -> int:
        """How many records are to be read anew."""
        with self._context.store.read() as session:
            stale = _stale().subquery()
            return session.scalar(select(func.count()).select_from(stale)) or 0

    def catch_up(self, most: int) -> int:
        """Read up to `most` records anew, newest first; how many are left."""
        left = most
        while left > 0:
            with self._context.store.read() as session:
                wanted = _stale().order_by(Record.event_us.desc()).limit(min(AT_ONCE, left))
                ids = list(session.scalars(wanted))
            if not ids:
                return 0
            with self._context.store.write() as session:
                for record_id in ids:
                    self._read_anew(session, record_id)
            left -= len(ids)
        return self.behind()

    def _read_anew(self, session: Session, record_id: str) -> None:
        loaded = load(session, self._shelf, record_id)
        row = loaded.row
        _forget(session, record_id)
        hurt = says_hurt(loaded.answers())
        number = _free_number(session, row.event_us)
        for one in texts_of(session, loaded):
            session.add(
                TextPart(
                    id=number,
                    record_id=record_id,
                    form=row.form,
                    part=one.part,
                    part_key=one.part_key,
                    owner=one.owner,
                    current=one.current,
                    hurt=hurt,
                )
            )
            also = other_spellings(one.text)
            session.execute(_ADD, {"id": number, "text": one.text, "also": also})
            number += 1
        session.flush()
        known = insert(TextIndexed).values(record_id=record_id, updated_us=row.updated_us)
        session.execute(
            known.on_conflict_do_update(
                index_elements=[TextIndexed.record_id], set_={"updated_us": row.updated_us}
            )
        )


def _stale() -> Select[str]:
    """The records whose texts are not what the index has: marked, or a draft saved since."""
    marked = select(TextIndexed.record_id).where(TextIndexed.updated_us < 0)
    typed = (
        select(DraftPart.record_id)
        .join(Record, Record.id == DraftPart.record_id)
        .outerjoin(TextIndexed, TextIndexed.record_id == DraftPart.record_id)
        .where(or_(TextIndexed.record_id.is_(None), TextIndexed.updated_us != Record.updated_us))
    )
    return select(Record.id).where(Record.id.in_(union_all(marked, typed)))


def _forget(session: Session, record_id: str) -> None:
    """Take every text of a record out."""
    ids: Sequence[int] = session.scalars(
        select(TextPart.id).where(TextPart.record_id == record_id)
    ).all()
    for number in ids:
        session.execute(_DROP, {"id": number})
    if ids:
        session.execute(delete(TextPart).where(TextPart.record_id == record_id))


def _free_number(session: Session, event_us: int) -> int:
    """The first of the free numbers of that minute."""
    minute = max(0, event_us // _MINUTE_US - _EPOCH_MINUTES)
    while True:
        first = minute * _SLOTS + 1
        last = session.scalar(
            select(func.max(TextPart.id)).where(TextPart.id.between(first, first + _SLOTS - 1))
        )
        if last is None:
            return first
        if last < first + _SLOTS // 2:
            return last + 1
        minute += 1
