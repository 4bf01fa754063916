"""Which lines of the board stand where, and which of them letters mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bt_desktop.services.health.board_model import Board, Line
from bt_desktop.services.names import fold
from bt_desktop.views.health.board_words import DONE, DUE_NOW

BY_TIME, BY_STUDENT = "time", "student"
ORDERS = ((BY_TIME, "By time"), (BY_STUDENT, "By student"))
FEWEST_LETTERS = 2
_LETTERS = re.compile(r"[^\W_]+")
_NEVER = datetime.max.replace(tzinfo=UTC)


def arranged(board: Board, by: str) -> tuple[Line, ...]:
    """All lines. By time: what is open by its time, then as needed, then what is done. By student:
    by last name, each one's lines together."""
    lines = (*board.scheduled, *board.as_needed)

    def by_student(line: Line) -> tuple[object, ...]:
        child = line.child
        return (fold(child.family), fold(child.given), child.id, line.due_at or _NEVER)

    def by_time(line: Line) -> tuple[object, ...]:
        group = 2 if line.state in DONE else 1 if line.due_at is None else 0
        return (group, line.due_at or _NEVER, *by_student(line)[:3], line.medicine)

    return tuple(sorted(lines, key=by_student if by == BY_STUDENT else by_time))


def meant(lines: Iterable[Line], typed: str) -> tuple[Line, ...]:
    """The lines of whom the typed letters mean: each word begins some part of the name."""
    words = _LETTERS.findall(fold(typed))
    if not words:
        return tuple(lines)
    return tuple(line for line in lines if _is_meant(line, words))


def due_first(lines: Iterable[Line]) -> Line | None:
    """The first that is due now, else the first that is open, else the first."""
    found = list(lines)
    for states in (DUE_NOW, ("soon", "later", "available")):
        for line in found:
            if line.state in states:
                return line
    return found[0] if found else None


def only_due(lines: Iterable[Line], typed: str) -> Line | None:
    """The one line that is due now, where two letters leave no other one; else None."""
    if len("".join(_LETTERS.findall(typed))) < FEWEST_LETTERS:
        return None
    due = [line for line in lines if line.state in DUE_NOW]
    return due[0] if len(due) == 1 else None


def key_of(line: Line) -> tuple[str, str]:
    """What tells a line from another over a refresh."""
    return line.order_id, line.due_at.astimezone(UTC).isoformat() if line.due_at else ""


def _is_meant(line: Line, words: list[str]) -> bool:
    child = line.child
    parts = _LETTERS.findall(fold(f"{child.given} {child.family} {child.called}"))
    return all(any(part.startswith(word) for part in parts) for word in words)
