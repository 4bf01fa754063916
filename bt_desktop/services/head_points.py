"""The four head checks of one first aid report: which were made, which is due when. Pure.

Source: CDC HEADS UP school checklist: 0, 15 and 30 minutes and just before leaving; watch for at
least 30 minutes (domain: health-office §2.4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bt_desktop.services.results.head_checks import CheckState, HeadCheck

if TYPE_CHECKING:
    from bt_desktop.form_engine.session import FormSession

POINTS = ("0", "15", "30", "leaving")
LEAVING = "leaving"
LATE_AFTER = timedelta(minutes=5)
"""A check later than this is stamped late; the form's own rule (`head_late`) is the same."""
REMIND_FOR = timedelta(minutes=60)
"""Nobody is reminded of a check that was due longer ago: then it was typed from paper."""


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """What the checks depend on. `begins` is when they count from; `over`: the person has left."""

    needed: bool
    begins: datetime | None
    rows: tuple[Mapping[str, Any], ...]
    over: bool = False


def facts_of(session: FormSession) -> HeadFacts:
    """The facts as a form session has them; nothing is needed where the form asks nothing."""
    if "head_injury" not in session.form.fields():
        return HeadFacts(False, None, ())
    answers = session.answers()
    rows = answers.get("head_checks")
    gone = answers.get("disposition")
    return HeadFacts(
        needed=session.view("/head_injury").value == "yes",
        begins=_moment(session.view("/head_base").value),
        rows=tuple(rows) if isinstance(rows, list) else (),
        over=bool(_moment(answers.get("time_out"))) or "ems_transported" in _listed(gone),
    )


def checks_of(facts: HeadFacts, now: datetime) -> tuple[HeadCheck, ...]:
    """The four checks in order; none where no head was hurt or nobody said when."""
    if not facts.needed or facts.begins is None:
        return ()
    return tuple(_check(facts, facts.begins, point, now) for point in POINTS)


def _check(facts: HeadFacts, begins: datetime, point: str, now: datetime) -> HeadCheck:
    due = None if point == LEAVING else begins + timedelta(minutes=int(point))
    row, at = _row_of(facts.rows, point)
    if at is not None:
        late = at - due if due is not None else timedelta()
        minutes = round(late.total_seconds() / 60) if late > LATE_AFTER else 0
        return HeadCheck(point, "late" if minutes else "done", due, row, at, minutes)
    state: CheckState = "open" if due is None else "due" if due <= now else "coming"
    return HeadCheck(point, state, due, row)


def _row_of(rows: Sequence[Mapping[str, Any]], point: str) -> tuple[int, datetime | None]:
    """The first row of that check that has a time, else the first of that check at all."""
    begun = 0
    for number, row in enumerate(rows, 1):
        if row.get("head_point") != point:
            continue
        at = _moment(row.get("head_checked_at"))
        if at is not None:
            return number, at
        begun = begun or number
    return begun, None


def to_remind(facts: HeadFacts, now: datetime) -> tuple[HeadCheck, ...]:
    """The checks with a time that still wait, due or coming, as long as a reminder can help."""
    if facts.over:
        return ()
    return tuple(
        one
        for one in checks_of(facts, now)
        if one.state in ("due", "coming") and one.due is not None and now - one.due <= REMIND_FOR
    )


def _moment(value: Any) -> datetime | None:
    """An aware moment; None for anything else (a time whose day nobody knows yet)."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _listed(value: Any) -> Sequence[str]:
    return value if isinstance(value, list) else ()
