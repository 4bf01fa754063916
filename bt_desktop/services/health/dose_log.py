"""Doses as they were recorded: read back by day and by order, struck ones left out.

Order is that of entering, never that of a clock: a clock set back loses and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bt_desktop.services.health.box import HealthBox, Kept
from bt_desktop.services.health.entries import DOSE, EFFECT, STRUCK, Struck
from bt_desktop.services.health.model import DoseRecord, Effect

_PRN_BACK = timedelta(days=2)
"""How far back a dose can matter for the next one: intervals are hours, a night may lie between."""
Told = tuple[int, DoseRecord]
Later = Struck | Effect


@dataclass(slots=True)
class Doses:
    """Doses of some days: those that count (by order), those that were struck, the effects."""

    standing: list[DoseRecord] = field(default_factory=list)
    struck: dict[str, tuple[DoseRecord, str]] = field(default_factory=dict)  # with the reason
    effects: dict[str, Effect] = field(default_factory=dict)  # by dose
    counts: dict[str, int] = field(default_factory=dict)  # where an entry stands in the store

    def of_order(self, order_id: str) -> list[DoseRecord]:
        """The doses of one order that count, in the order they were entered."""
        return [one for one in self.standing if one.order_id == order_id]

    def one(self, dose_id: str) -> DoseRecord | None:
        """A dose by its id, struck or not."""
        for dose in self.standing:
            if dose.id == dose_id:
                return dose
        return self.struck[dose_id][0] if dose_id in self.struck else None


def read_doses(
    session: Session,
    box: HealthBox,
    *,
    first: date | None = None,
    last: date | None = None,
    subject: str | None = None,
) -> Doses:
    """The doses of these school days, as far as they can be opened.

    What strikes a dose or tells its effect may have been entered on any later day.
    """
    doses = box.read(session, DOSE, subject=subject, first=first, last=last)
    later = box.read(session, STRUCK, EFFECT, subject=subject, first=first)
    return fold(doses, later)


def recent_doses(session: Session, box: HealthBox, day: date, subject: str) -> Doses:
    """What of a student can matter for a dose on that day."""
    return read_doses(session, box, first=day - _PRN_BACK, subject=subject)


def fold(doses: Iterable[Kept], later: Iterable[Kept]) -> Doses:
    """Doses and what was said of them afterwards."""
    return folded(map(told_of, doses), map(later_of, later))


def told_of(kept: Kept) -> Told:
    """A dose with where it stands in the store."""
    return kept.count, kept.value(DoseRecord)


def later_of(kept: Kept) -> Later:
    """What was said of a dose afterwards."""
    return kept.value(Struck) if kept.kind == STRUCK else kept.value(Effect)


def folded(doses: Iterable[Told], later: Iterable[Later]) -> Doses:
    """As `fold`, of what was opened before."""
    made = Doses()
    for count, dose in doses:
        made.standing.append(dose)
        made.counts[dose.id] = count
    reasons: dict[str, str] = {}
    for one in later:
        if isinstance(one, Struck):
            reasons[one.dose_id] = one.reason
        else:
            made.effects[one.dose_id] = one
    made.struck = {one.id: (one, reasons[one.id]) for one in made.standing if one.id in reasons}
    made.standing = [one for one in made.standing if one.id not in reasons]
    return made
