"""The doses of the last days, opened once and kept in step: a board looks at them each minute.

Entries never change, so what was opened stays true; only what is new is read. It is read anew where
other days are asked for or other keys are held (a key that was taken back takes its doses along).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from bt_desktop.services.health.box import NOTHING_READ, HealthBox, Kept, Mark, Undone
from bt_desktop.services.health.dose_log import Doses, Later, Told, folded, later_of, told_of
from bt_desktop.services.health.entries import DOSE, EFFECT, STRUCK


@dataclass(slots=True)
class _Days:
    first: date | None = None
    last: date | None = None
    held: frozenset[str] = frozenset()
    mark: Mark = NOTHING_READ
    doses: list[Told] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)


class DoseBook:
    """The doses of some days; safe to use from several threads."""

    def __init__(self, box: HealthBox) -> None:
        self._box = box
        self._guard = threading.Lock()
        self._days = _Days()

    def doses(self, session: Session, first: date, last: date) -> Doses:
        """As `dose_log.read_doses` of these school days, both inclusive."""
        with self._guard:
            days = self._days
            held = self._box.keys.readable(session)
            if (days.first, days.last, days.held) != (first, last, held):
                days = self._days = _Days(first, last, held)
            try:
                upto = self._box.news(session, days.mark)
            except Undone:
                days = self._days = _Days(first, last, held)
                upto = self._box.news(session, days.mark)
            if upto is not None:
                self._read_on(session, days, upto)
            return folded(days.doses, days.later)

    def forget(self) -> None:
        """Let go of everything (the vault is locked)."""
        with self._guard:
            self._days = _Days()

    def _read_on(self, session: Session, days: _Days, upto: Mark) -> None:
        after = days.mark.count
        come: list[Kept] = list(
            self._box.read(session, DOSE, first=days.first, last=days.last, after=after)
        )
        later = list(self._box.read(session, STRUCK, EFFECT, first=days.first, after=after))
        days.doses += map(told_of, come)
        days.later += map(later_of, later)
        days.mark = upto
