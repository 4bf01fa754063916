"""What every fork would otherwise do anew: SQLAlchemy's texts of statements, compiled once.

Only how a statement is spelled is shared, never a row or a connection.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bt_desktop.models import store
from faults._judge import look
from faults._school import Base


def share_compiled(base: Base, folder: Path) -> None:
    """From now on all engines of this process and its forks share their cache, filled by a look."""
    real: Any = store._engine
    first: list[Any] = []

    def engine(path: Path, key: bytearray) -> Engine:
        made: Engine = real(path, key)
        first.append(made._compiled_cache)
        made._compiled_cache = first[0]
        return made

    store._engine = engine
    look(base.copied_to(folder))
