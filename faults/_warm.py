"""What every fork would otherwise do anew: SQLAlchemy's texts of statements, compiled once.

Only how a statement is spelled is shared, never a row or a connection.
"""

from __future__ import annotations

from pathlib import Path

from bt_desktop.models.dialect import share_compiled_statements
from faults._judge import look
from faults._school import Base


def share_compiled(base: Base, folder: Path) -> None:
    """From now on all engines of this process and its forks share their cache, filled by a look."""
    share_compiled_statements()
    look(base.copied_to(folder))
