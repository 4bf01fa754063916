"""The medication record out of the store: what was written down, as the values paper lays out.

Pure: a `MarSource` in, a `MarSheet` or a `YearSheet` out (domain §1.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from bt_desktop.paper.document import Ink
from bt_desktop.paper.mar_content import (
    Closed,
    MarCell,
    MarDay,
    MarSheet,
    Off,
    Signer,
    YearSheet,
)
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.mar_back_fill import back_of
from bt_desktop.services.health.mar_head import ordered
from bt_desktop.services.health.mar_ledger import Running, running
from bt_desktop.services.health.mar_slots import Cell, Cells, cells, days_of, off
from bt_desktop.services.health.mar_source import Dosed, MarSource, Place
from bt_desktop.services.health.model import plain
from bt_desktop.services.health.month_model import ClosedMonth
from bt_desktop.services.health.months import first_of
from bt_desktop.services.school_days import school_year_words

_MOST_ROWS = 4


def fill(source: MarSource, *, closed: ClosedMonth | None = None, digest: str = "") -> MarSheet:
    """A month (or other days) of one order. `closed`: the closing that it is printed for."""
    terms, place = source.standing.terms, source.place
    closing = closed or (source.closing.month if source.closing is not None else None)
    left = running(source)
    key, found = _key(_writers(source), place), cells(source)
    if terms.prn is None:
        times: tuple[time | None, ...] = tuple(sorted(terms.times))
        days = _scheduled(source, found, left, key)
    else:
        days = _as_needed(source, left, key)
        times = (None,) * len(days[0].cells)
    return MarSheet(
        student=source.student,
        order=ordered(source),
        school_year=school_year_words(source.first, place.calendar),
        times=times,
        days=days,
        as_of=place.now,
        window_min=int(source.window.total_seconds() // 60),
        back=back_of(source, found, key, left, closing),
        signers=tuple(_signed(one, user, closing) for user, one in key.items()),
        closed=closed_by(closing, place) if closing is not None else None,
        controlled=terms.medicine.controlled,
        codes=_codes(),
        digest=digest or (closing.digest if closing is not None else ""),
    )


def fill_year(source: MarSource) -> YearSheet:
    """A school year of one order on a page: the first time of each day, and all that has a code.

    Where more than one dose a day is ordered, a day shows the code of one that was not given
    before the initials of one that was.
    """
    place = source.place
    key = _key((one.dose.by_user for one in source.doses), place)
    shown: dict[date, MarCell] = {}
    found = cells(source) if source.standing.terms.prn is None else {}
    for (day, _), cell in found.items():
        made = _shown(source, cell, key, {})
        if made is not None and made.mark and (day not in shown or not _given(cell)):
            shown[day] = made
    for one in source.doses if not found else ():
        shown[place.calendar_day(one.dose.at)] = _marked(source, one, key, {})
    months = sorted({first_of(day) for day in days_of(source)})
    return YearSheet(
        student=source.student,
        order=ordered(source),
        school_year=school_year_words(source.first, place.calendar),
        months=tuple(months),
        cells=shown,
        off=_year_off(source, found),
        as_of=place.now,
        signers=tuple(key.values()),
        codes=_codes(),
    )


def _year_off(source: MarSource, found: Cells) -> dict[date, Off]:
    made: dict[date, Off] = {}
    whole: dict[date, bool] = {}
    for (day, _), cell in found.items():
        whole[day] = whole.get(day, True) and cell.why == "undue"
    for day in days_of(source):
        why = off(source, day)
        if not why and whole.get(day, True):
            why = "outside"  # nothing was ordered on it: on hold, as needed, not yet reviewed
        if why:
            made[day] = why
    return made


def _codes() -> tuple[tuple[str, str], ...]:
    rows = medication_lists().outcomes.values()
    return tuple((one.printed, one.said.lower()) for one in rows if one.printed)


# --- who signed ----------------------------------------------------------------------------------


def _writers(source: MarSource) -> Iterable[str]:
    """Whoever's initials or name stands in it, in the order of their first entry."""
    for one in source.doses:
        yield one.dose.by_user
    for gone in source.struck:
        yield gone.dosed.dose.by_user
        yield gone.by_user


def signers(source: MarSource, *, after: int = 0) -> tuple[Signer, ...]:
    """The key of whoever wrote something after a count."""
    late = [one.dose.by_user for one in source.doses if one.count > after]
    late += [one.by_user for one in source.struck if one.count > after]
    return tuple(_key(late, source.place).values())


def _key(writers: Iterable[str], place: Place) -> dict[str, Signer]:
    """Initials, name and title by user id; no two people have the same initials."""
    made: dict[str, Signer] = {}
    taken: set[str] = set()
    for user in writers:
        if user in made:
            continue
        name = place.name(user)
        initials = _initials(name, taken)
        taken.add(initials)
        made[user] = Signer(initials, name, place.title(user))
    return made


def _signed(one: Signer, user: str, closing: ClosedMonth | None) -> Signer:
    """With the signature of whoever closed the month; the others have a line for theirs."""
    if closing is None or closing.by_user != user or not closing.signed_as:
        return one
    return replace(one, ink=Ink("typed", closing.signed_as))


def _initials(name: str, taken: set[str]) -> str:
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    short = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "??"
    if short not in taken:
        return short
    longer = short + (words[-1][1:2] if words else "")
    number = 2
    while longer in taken or longer == short:
        longer = f"{short}{number}"
        number += 1
    return longer


def closed_by(month: ClosedMonth, place: Place) -> Closed:
    """Who closed a month, as its page says it."""
    ink = Ink("typed", month.signed_as) if month.signed_as else None
    return Closed(
        place.name(month.by_user),
        place.title(month.by_user),
        month.at.astimezone(place.calendar.zone),
        ink,
        month.open_cells,
    )


# --- the grid ------------------------------------------------------------------------------------


def _scheduled(
    source: MarSource, found: Cells, left: Running, key: Mapping[str, Signer]
) -> tuple[MarDay, ...]:
    times = sorted(source.standing.terms.times)
    return tuple(
        _day(
            source,
            day,
            [_shown(source, found[day, clock], key, left.after) for clock in times],
            left,
        )
        for day in days_of(source)
    )


def _as_needed(source: MarSource, left: Running, key: Mapping[str, Signer]) -> tuple[MarDay, ...]:
    """As many rows as doses were given on a day, or as may be."""
    by_day: dict[date, list[Dosed]] = {}
    for one in source.doses:
        by_day.setdefault(source.place.calendar_day(one.dose.at), []).append(one)
    prn = source.standing.terms.prn
    allowed = min(prn.most_per_day, _MOST_ROWS) if prn is not None else 1
    rows = max([allowed, *map(len, by_day.values())])
    made = []
    for day in days_of(source):
        given = sorted(by_day.get(day, ()), key=lambda one: (one.dose.at, one.count))
        row: list[MarCell | None] = [_marked(source, one, key, left.after) for one in given]
        made.append(_day(source, day, row + [None] * (rows - len(row)), left))
    return tuple(made)


def _day(source: MarSource, day: date, row: Sequence[MarCell | None], left: Running) -> MarDay:
    shown = source.standing.terms.medicine.controlled and day <= source.place.now.date()
    return MarDay(
        day,
        tuple(row),
        off(source, day),
        left.moved.get(day, ()) if shown else (),
        left.at_end(day) if shown and (not off(source, day) or left.moved.get(day)) else "",
    )


def _given(cell: Cell) -> bool:
    return cell.counts is not None and cell.counts.dose.was_given


def _shown(
    source: MarSource, cell: Cell, key: Mapping[str, Signer], after: Mapping[str, Decimal]
) -> MarCell | None:
    """What a time shows; None where it is open, or to come, or the day is off as a whole."""
    counts = cell.counts
    if counts is not None:
        return _marked(source, counts, key, after, cell.due_at)
    if cell.why == "undue":
        return None if off(source, cell.due_at.date()) else MarCell(due=False)
    return MarCell(cell.why) if cell.why else None


def _marked(
    source: MarSource,
    one: Dosed,
    key: Mapping[str, Signer],
    after: Mapping[str, Decimal],
    due_at: datetime | None = None,
) -> MarCell:
    dose = one.dose
    code = medication_lists().outcomes.get(dose.outcome)
    printed = code.printed if code is not None else dose.outcome
    at = dose.at.astimezone(source.place.calendar.zone)
    early_or_late = due_at is None or abs(at - due_at) > source.window
    controlled = source.standing.terms.medicine.controlled
    counted = after.get(dose.id) if controlled else None
    return MarCell(
        mark=printed or key[dose.by_user].initials,
        remaining=plain(counted) if counted is not None else "",
        actual=at.time() if early_or_late and (dose.was_given or due_at is None) else None,
        late=dose.late_entry,
        error=dose.deviation,
        parent_called=dose.parent_called,
    )
