"""What an expression computes with: XPath 1.0's strings, numbers, booleans and node-sets.

A blank is the empty string. A date, time or datetime is a `Stamp`: its text, which remembers the
moment it stands for, so that it compares in time order and still reads as text. An answer that
is yes or no is a `Flag`: the text `true` or `false`, which remembers which.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Protocol

MAX_TEXT = 1_000_000
"""A computed text longer than this reads as blank: no chain of concat() can fill the memory."""

EPOCH = date(1970, 1, 1)
_EPOCH_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400.0
NAN = math.nan


class Stamp(str):
    """The text of a date, time or datetime, with the moment (`datetime`s are always aware)."""

    __slots__ = ("moment",)
    moment: date | time | datetime

    def __new__(cls, text: str, moment: date | time | datetime) -> Stamp:
        made = super().__new__(cls, text)
        made.moment = moment
        return made


class Flag(str):
    """The text `true` or `false`, from an answer that is yes or no."""

    __slots__ = ("truth",)
    truth: bool

    def __new__(cls, truth: bool) -> Flag:
        made = super().__new__(cls, "true" if truth else "false")
        made.truth = truth
        return made


Scalar = str | float | bool
Node = tuple[str, str | None]
"""A field or a repeat's row: (name, row id); the whole form is ("", None)."""


class World(Protocol):
    """The answers an expression looks at, the clock and the calendar."""

    def home(self, name: str) -> str | None:
        """The repeat whose rows hold `name`, or None."""
        ...

    def is_repeat(self, name: str) -> bool:
        """Whether `name` is a section that repeats."""
        ...

    def value(self, name: str, row: str | None) -> Scalar:
        """The value of a field (of that row); blank where it does not apply."""
        ...

    def rows(self, repeat: str) -> Sequence[str]:
        """The ids of the rows of a repeat, in order; none where it does not apply."""
        ...

    def label(self, name: str, value: str) -> str:
        """The label of a choice of the field `name`; blank if there is none."""
        ...

    def now(self) -> datetime:
        """The moment, aware."""
        ...

    def aware(self, wall: datetime) -> datetime:
        """A wall time of this place, with its offset."""
        ...

    def school_days(self, after: date, until: date) -> int:
        """School days later than `after`, up to and with `until`."""
        ...

    def event_has(self, form: str) -> bool:
        """Whether the event has another record of that form."""
        ...


class NodeSet:
    """Fields or rows in document order."""

    __slots__ = ("nodes", "world")

    def __init__(self, world: World, nodes: Sequence[Node]) -> None:
        self.world = world
        self.nodes = nodes

    def values(self) -> Iterator[Scalar]:
        """The value of each; a row reads as the text `row`, which is not blank."""
        for name, row in self.nodes:
            yield node_value(self.world, name, row)

    def first(self) -> Scalar:
        """The value of the first in document order; blank if there is none."""
        return next(self.values(), "")


Value = Scalar | NodeSet


def node_value(world: World, name: str, row: str | None) -> Scalar:
    """The value of a field; a row (or the form itself) reads as the text `row`."""
    if not name or world.is_repeat(name):
        return "row"
    return world.value(name, row)


def one(value: Value) -> Scalar:
    """A node-set reads as its first node."""
    return value.first() if isinstance(value, NodeSet) else value


def many(value: Value) -> Iterator[Scalar]:
    """Each value of a node-set, or the one value."""
    if isinstance(value, NodeSet):
        yield from value.values()
    else:
        yield value


_NUMBER = re.compile(r"[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*\Z")


def text_number(text: str) -> float:
    """XPath's number of a text: digits, a point, a minus; anything else is NaN."""
    m = _NUMBER.match(text)
    return float(m.group(1)) if m else NAN


def number_text(number: float) -> str:
    """XPath's text of a number: `3`, `0.5`, `NaN`, `Infinity`; never with an exponent."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e16:
        return str(int(number))
    text = repr(number)
    return text if "e" not in text else _plain_digits(text)


def _plain_digits(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, part = mantissa.lstrip("-").partition(".")
    digits, point = whole + part, len(whole) + int(exponent)
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}".rstrip("0")
    return sign + digits + "0" * (point - len(digits))  # a float has 17 digits, this has more


def days(moment: date | time | datetime) -> float:
    """A moment as a number, as ODK has it: days since 1970-01-01 (UTC), a time as part of a day."""
    if isinstance(moment, datetime):
        return (moment - _EPOCH_MOMENT).total_seconds() / _DAY
    if isinstance(moment, date):
        return float((moment - EPOCH).days)
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return (seconds + moment.microsecond / 1e6) / _DAY


def to_number(value: Value) -> float:
    """XPath's number()."""
    if isinstance(value, NodeSet):
        value = value.first()
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, Stamp):
        return days(value.moment)
    if isinstance(value, Flag):
        return 1.0 if value.truth else 0.0
    return text_number(value)


def to_text(value: Value) -> str:
    """XPath's string()."""
    if isinstance(value, NodeSet):
        value = value.first()
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value)


def to_bool(value: Value) -> bool:
    """XPath's boolean(), of the value as ODK has it: a blank answer is false."""
    if isinstance(value, NodeSet):
        return any(not is_blank(v) for v in value.values())
    if isinstance(value, bool):
        return value
    if isinstance(value, Flag):
        return value.truth
    if isinstance(value, str):
        return value != ""
    return not math.isnan(value) and value != 0


def is_blank(value: Scalar) -> bool:
    """Nothing was answered: the empty text, or a number that is none."""
    return value == "" or (isinstance(value, float) and math.isnan(value))


_DATE = r"(?P<y>\d{4})-(?P<mo>\d{2})-(?P<d>\d{2})"
_TIME = r"(?P<h>\d{2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:\.(?P<f>\d{1,6})\d*)?)?"
_ZONE = r"(?P<z>Z|[+-]\d{2}(?::?\d{2})?)?"
_MOMENT = re.compile(rf"(?:{_DATE})?(?P<t>T)?(?:{_TIME}{_ZONE})?\Z", re.ASCII)


def read_moment(text: str) -> date | time | datetime | None:
    """The moment of an ISO text: date, time, or datetime (naive if it names no offset)."""
    if not 5 <= len(text) <= 40 or not text[0].isdigit():
        return None
    m = _MOMENT.match(text)
    if m is None:
        return None
    has_date, has_time = m["y"] is not None, m["h"] is not None
    if (m["t"] is not None) != (has_date and has_time):
        return None
    try:
        day = date(int(m["y"]), int(m["mo"]), int(m["d"])) if has_date else None
        if not has_time:
            return day
        clock = time(
            int(m["h"]), int(m["mi"]), int(m["s"] or 0), int((m["f"] or "0").ljust(6, "0"))
        )
        if day is None:
            return clock
        wall = datetime.combine(day, clock)
        return wall if m["z"] is None else wall.replace(tzinfo=_offset(m["z"]))
    except ValueError:
        return None


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def stamp(moment: date | time | datetime) -> Stamp:
    """A moment with its ISO text; seconds only where there are any in a time."""
    if isinstance(moment, datetime):
        spec = "milliseconds" if moment.microsecond else "seconds"
        return Stamp(moment.isoformat(timespec=spec), moment)
    if isinstance(moment, date):
        return Stamp(moment.isoformat(), moment)
    if moment.microsecond:
        return Stamp(moment.isoformat(timespec="milliseconds"), moment)
    return Stamp(moment.isoformat(timespec="seconds" if moment.second else "minutes"), moment)


def as_stamp(value: Scalar, world: World) -> Stamp | None:
    """A value as a moment: a stamp is one, an ISO text becomes one, a number is days since 1970."""
    if isinstance(value, Stamp):
        return value
    if isinstance(value, float):
        return _from_days(value)
    if isinstance(value, str):
        moment = read_moment(value)
        if isinstance(moment, datetime) and moment.tzinfo is None:
            moment = world.aware(moment)
        return Stamp(value, moment) if moment is not None else None
    return None


def _from_days(number: float) -> Stamp | None:
    try:
        whole = math.floor(number)
        if whole == number:
            return stamp(EPOCH + timedelta(days=whole))
        seconds = round(number * _DAY * 1000) / 1000
        return stamp(_EPOCH_MOMENT + timedelta(seconds=seconds))
    except (OverflowError, ValueError):
        return None


def compare(left: Value, op: str, right: Value, world: World) -> bool:
    """XPath 1.0's comparison; a node-set compares true if any of its nodes does."""
    if not isinstance(left, NodeSet) and not isinstance(right, NodeSet):
        return _compare(left, op, right, world)
    others = _some(right)
    return any(_compare(a, op, b, world) for a in _some(left) for b in others)


def _some(value: Value) -> list[Scalar]:
    """The values to compare: no node at all reads as one blank, as ODK has it."""
    return list(many(value)) or [""]


def _compare(left: Scalar, op: str, right: Scalar, world: World) -> bool:
    if isinstance(left, Stamp) or isinstance(right, Stamp):
        found = _compare_moments(left, op, right, world)
        if found is not None:
            return found
    if op in ("=", "!="):
        return _equal(left, right) is (op == "=")
    a, b = to_number(left), to_number(right)
    return _ordered(a, op, b)


def _ordered(a: float, op: str, b: float) -> bool:
    if op == "<":
        return a < b
    if op == "<=":
        return a <= b
    return a > b if op == ">" else a >= b


def _equal(left: Scalar, right: Scalar) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return to_bool(left) is to_bool(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return left == right


def _compare_moments(left: Scalar, op: str, right: Scalar, world: World) -> bool | None:
    """Exactly, in time order. None: not both moments, so XPath's own rule holds."""
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if left == "" or right == "":
        return op == "!="
    if isinstance(left, float) or isinstance(right, float):
        return None
    a, b = as_stamp(left, world), as_stamp(right, world)
    if a is None or b is None:
        return None
    pair = _same_kind(a.moment, b.moment, world)
    if pair is None:
        return op == "!="
    if op in ("=", "!="):
        return (pair[0] == pair[1]) is (op == "=")
    return _ordered(pair[0], op, pair[1])


def _same_kind(
    a: date | time | datetime, b: date | time | datetime, world: World
) -> tuple[float, float] | None:
    if isinstance(a, time) or isinstance(b, time):
        return (days(a), days(b)) if isinstance(a, time) and isinstance(b, time) else None
    if isinstance(a, datetime) and isinstance(b, datetime):
        return a.timestamp(), b.timestamp()
    if isinstance(a, datetime):
        return a.timestamp(), world.aware(datetime.combine(b, time())).timestamp()
    if isinstance(b, datetime):
        return world.aware(datetime.combine(a, time())).timestamp(), b.timestamp()
    return days(a), days(b)
