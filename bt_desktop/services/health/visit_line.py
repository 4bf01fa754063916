"""A visit out of one line as it is typed: “mat stomach ache rest 10:05”. Pure.

Order does not matter, but for the name, which comes first. Words of the lists become codes, times
become in and out, the rest stays as it was written: nothing that was typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bt_desktop.form_engine.typed_moments import Unreadable, time_of
from bt_desktop.services.health.visit_lists import VisitLists

CountNames = Callable[[str], int]
"""How many students have names that hold every word of this."""
_LONGEST_NAME = 4
_MOST_WORDS = 3
"""Words that one row of a list is written in at most."""
_FIRST_HOUR = 6
"""“1:05” is in the afternoon: nobody comes before six in the morning."""
_NOON = 12
_SPAN = re.compile(r"(?P<a>[^-–]+)[-–](?P<b>[^-–]+)\Z")
_CLOCK = re.compile(
    r"\d{1,2}:\d{2}(\s?[ap]m?)?\Z|\d{1,2}\s?[ap]m?\Z|\d{4}\Z|now\Z|noon\Z", re.ASCII
)
_HALF = re.compile(r"[ap]\.?m?\.?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a line says. `name` is what stands for the student, blank where nothing does; `words`
    what is in no list; `complaints` all that were named (the first is the visit's)."""

    name: str
    complaints: tuple[str, ...] = ()
    care: tuple[str, ...] = ()
    disposition: str = ""
    came_at: datetime | None = None
    left_at: datetime | None = None
    words: str = ""

    @property
    def complaint(self) -> str:
        """The code of what they came with; blank where only words say it."""
        return self.complaints[0] if self.complaints else ""


def understand(line: str, lists: VisitLists, now: datetime, count_names: CountNames) -> Understood:
    """What the line says, with times of today on the school's clocks (those of `now`)."""
    words = [one for one in re.split(r"[\s,;]+", line.strip()) if one]
    name, rest = _name(words, lists, count_names)
    times, rest = _times(rest, now)
    found: dict[str, list[str]] = {"complaints": [], "care": [], "dispositions": []}
    left: list[str] = []
    at = 0
    while at < len(rest):
        taken = lists.match(rest, at)
        if taken is None:
            left.append(rest[at])
            at += 1
        else:
            kind, code, length = taken
            found[kind].append(code)
            at += length
    came, gone = _in_and_out(times)
    return Understood(
        name,
        tuple(dict.fromkeys(found["complaints"])),
        tuple(dict.fromkeys(found["care"])),
        found["dispositions"][-1] if found["dispositions"] else "",
        came,
        gone,
        " ".join(left),
    )


def _name(
    words: Sequence[str], lists: VisitLists, count_names: CountNames
) -> tuple[str, list[str]]:
    """The longest run of words at the head that is somebody's name; else the first word.

    A word of the lists ends it, unless it is the first: a child may be called Rash.
    """
    most = 0
    while most < min(len(words), _LONGEST_NAME):
        word = words[most]
        if _is_clock(word) or (most and lists.match(words, most) is not None):
            break
        most += 1
    for length in range(most, 0, -1):
        typed = " ".join(words[:length])
        if count_names(typed):
            return typed, list(words[length:])
    return " ".join(words[:1]) if most else "", list(words[min(most, 1) :])


def _is_clock(word: str) -> bool:
    span = _SPAN.match(word)
    if span is not None:
        return _is_clock(span["a"]) and _is_clock(span["b"])
    return _CLOCK.match(word.lower()) is not None


def _times(words: Sequence[str], now: datetime) -> tuple[list[datetime], list[str]]:
    """The times among the words, and the words without them."""
    times: list[datetime] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        split = at + 1 < len(words) and _HALF.match(words[at + 1].lower()) is not None
        tries = ((words[at] + words[at + 1], 2),) if split else ()
        for word, length in (*tries, (words[at], 1)):
            read = _read(word, now) if _is_clock(word) else None
            if read is not None:
                times += read
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    return times, rest


def _read(word: str, now: datetime) -> list[datetime] | None:
    span = _SPAN.match(word)
    parts = [span["a"], span["b"]] if span is not None else [word]
    try:
        return [_moment(part, now) for part in parts]
    except Unreadable:
        return None


def _moment(typed: str, now: datetime) -> datetime:
    clock = time_of(typed, now)
    if clock.hour < _FIRST_HOUR and not re.search(r"[ap]m?\Z", typed.lower()):
        clock = time(clock.hour + _NOON, clock.minute)
    return datetime.combine(now.date(), clock, now.tzinfo)


def _in_and_out(times: Sequence[datetime]) -> tuple[datetime | None, datetime | None]:
    """The first two times; “11:55-12:10” and “12:50-1:05” both go forward."""
    if not times:
        return None, None
    if len(times) == 1:
        return times[0], None
    came, left = times[0], times[1]
    if left < came and left + timedelta(hours=_NOON) >= came and left.hour < _NOON:
        left += timedelta(hours=_NOON)
    return came, left
