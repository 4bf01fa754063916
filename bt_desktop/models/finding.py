"""What helps to find records again: views that were saved, and how far texts are indexed.

The index itself is the virtual table `record_text` (SQLite's FTS5, inside the encrypted database;
columns text, record_id, part_key), made by migration 0002 and used by `services/search.py`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bt_desktop.models.base import Base
from bt_desktop.models.types import Moment


class SavedView(Base):
    """Filters of the list of records under a name; `shared` ones are everybody's."""

    __tablename__ = "saved_view"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(Text, index=True)
    name: Mapped[str] = mapped_column(Text)
    filters: Mapped[Any] = mapped_column(JSON)
    shared: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)


class TextIndexed(Base):
    """Up to which change (`Record.updated_us`) a record's texts are in the index."""

    __tablename__ = "text_indexed"

    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), primary_key=True)
    updated_us: Mapped[int]
