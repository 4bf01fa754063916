"""What helps to find records again: views that were saved, and how far texts are indexed.

The index itself is the virtual table `record_text` (SQLite's FTS5, inside the encrypted database;
columns `text`, and `also` with words as people type them; rows numbered as in `text_part`), made
by migration 0002 and used by `services/search.py` and `search_index.py` alone. Triggers of the same
migration put `updated_us` of `text_indexed` to -1 whenever a revision, a notice or a draft comes or
goes, so that no service has to remember it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Moment


class SavedView(Base):
    """Filters of the list of records under a name; `shared` ones are everybody's.

    A blank name holds what the person's list was narrowed to last.
    """

    __tablename__ = "saved_view"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(Text, index=True)
    name: Mapped[str] = mapped_column(Text)
    filters: Mapped[Any] = mapped_column(JSON)
    shared: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)


class TextIndexed(Base):
    """Up to which change (`Record.updated_us`) a record's texts are in the index; -1: read anew."""

    __tablename__ = "text_indexed"

    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), primary_key=True)
    updated_us: Mapped[int] = mapped_column(index=True)


class TextPart(Base):
    """One text of the index: a part of a record as it was signed once, or as it is typed now.

    `id` is its row in `record_text`; newer events have greater ids, so that a search reads the
    newest first and can stop. `part` is the part's kind, `current` False for what a later revision
    took the place of, `owner` the user whom alone a draft is for, `hurt` that the report says
    somebody was hurt (see `record_rights`).
    """

    __tablename__ = "text_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    form: Mapped[str] = mapped_column(Text)
    part: Mapped[str] = mapped_column(Text)
    part_key: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text, default="")
    current: Mapped[bool]
    hurt: Mapped[bool]
