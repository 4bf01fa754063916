"""What was typed -> what is kept: a value of its kind, a clock time, or the text with a code."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bt_desktop.form_engine.kinds import KINDS, Invalid, Parsing
from bt_desktop.form_engine.place import Place
from bt_desktop.form_engine.state import ClockTime, Unread
from bt_desktop.form_engine.typed_moments import (
    Unreadable,
    moment_of,
    split_zone,
    time_of,
)


def parse_typed(typed: Any, context: Parsing, place: Place) -> Any:
    """The answer as it is kept; None where nothing was typed. Never raises."""
    try:
        if context.field.is_clock_time and isinstance(typed, str):
            return _clock_time(typed, context)
        value = KINDS[context.field.type].parse(typed, context)
    except Invalid as e:
        return Unread(as_text(typed), e.code, tuple(sorted(e.params.items())))
    except Unreadable as e:
        return Unread(as_text(typed), e.code)
    if isinstance(value, datetime) and value.tzinfo is None:
        return place.aware(value)
    return value


def as_text(typed: Any) -> str:
    """What was typed, as text."""
    if isinstance(typed, str):
        return typed
    try:
        return json.dumps(typed, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        return str(type(typed).__name__)


def _clock_time(typed: str, context: Parsing) -> ClockTime | None:
    """A time of the event: `1015`, also with an offset (`1:30 -07:00`) or with its day."""
    if not typed.strip():
        return None
    rest, zone = split_zone(typed)
    try:
        return ClockTime(time_of(rest, context.now), zone=zone)
    except Unreadable:
        return _with_day(typed, context)


def _with_day(typed: str, context: Parsing) -> ClockTime:
    try:
        moment = moment_of(typed, context.now, day_first=context.day_first)
    except Unreadable:
        raise Unreadable("time") from None
    if moment.tzinfo is not None:
        return pinned(moment)
    return ClockTime(moment.time(), day=moment.date())


def pinned(moment: datetime) -> ClockTime:
    """A clock time that stands on its own day, with its own offset."""
    return ClockTime(moment.timetz().replace(tzinfo=None), moment=moment)
