"""What was written about a closed month afterwards, for a page of its own. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bt_desktop.paper.mar_content import Addendum, MarNote
from bt_desktop.services.health.mar_back_fill import LATE, dose_note, struck_note
from bt_desktop.services.health.mar_fill import closed_by, signers
from bt_desktop.services.health.mar_head import ordered
from bt_desktop.services.health.mar_source import MarSource
from bt_desktop.services.health.mar_stock import stock_note
from bt_desktop.services.school_days import school_year_words


def addendum(source: MarSource) -> Addendum | None:
    """The entries that came after the closing; None where none did, or the month is open."""
    closing = source.closing
    if closing is None:
        return None
    notes = tuple(sorted(_after(source, closing.count), key=lambda note: note.at))
    if not notes:
        return None
    return Addendum(
        source.student,
        ordered(source),
        school_year_words(source.first, source.place.calendar),
        source.first,
        closed_by(closing.month, source.place),
        notes,
        source.place.now,
        signers(source, after=closing.count),
        closing.month.digest,
    )


def _after(source: MarSource, count: int) -> Iterable[MarNote]:
    zone, place = source.place.calendar.zone, source.place
    for one in source.doses:
        if one.count > count:
            note = dose_note(source, one, always=True)
            assert note is not None  # noqa: S101 - asked for always
            at = one.dose.entered_at.astimezone(zone)
            yield replace(note, code=note.code or LATE, written_at=at)
    for gone in source.struck:
        if gone.count > count:
            yield struck_note(source, gone)
    for told, stands in source.effects.values():
        if stands > count:
            at = told.at.astimezone(zone)
            name, title = place.signed(told.by_user)
            yield MarNote(at, "", f"Effect of the dose: {told.text}", name, title, at)
    for said, stands in source.notes:
        if stands > count:
            at = said.at.astimezone(zone)
            name, title = place.signed(said.by_user)
            yield MarNote(at, "", said.text, name, title, at)
    for moved in source.moves:
        in_month = source.first <= place.calendar_day(moved.move.at) <= source.last
        if moved.count > count and in_month and moved.move.dose_id is None:
            yield stock_note(source, moved)
