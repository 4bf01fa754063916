"""The kinds of answers: typed text -> value -> stored JSON, and back. Parsing is validating.

Whatever holds a value need not check it again: `parse(show(v)) == v` and `load(dump(v)) == v`.
No answer is None, never an empty text. What was typed and cannot be read raises `Invalid`, with
the code of its sentence.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

from bt_desktop.form_engine import body_marks, typed_moments
from bt_desktop.form_engine.definition import Field
from bt_desktop.form_engine.typed_moments import Unreadable
from bt_desktop.form_engine.values import Flag, Scalar, Stamp, read_moment, stamp

MAX_TEXT = 200_000
"""Characters of one text answer; a narrative of 40,000 is nothing unusual."""
_MAX_DIGITS = 15
"""Digits that a JSON number keeps exactly."""


class Invalid(ValueError):
    """What was typed is no answer of this kind. `code` names the sentence in `issues.Code`."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Parsing:
    """What parsing may look at: the question, the moment, and how this place writes things."""

    field: Field
    now: datetime
    decimal_comma: bool = False
    day_first: bool = False
    names: frozenset[str] = frozenset()


class Kind(Protocol):
    """Converts among the three shapes of an answer, and to what an expression reads."""

    def parse(self, typed: Any, context: Parsing) -> Any:
        """What was typed -> value. None where nothing was. Raises `Invalid`."""
        ...

    def show(self, value: Any) -> str:
        """Value -> what an editor shows."""
        ...

    def dump(self, value: Any) -> Any:
        """Value -> JSON."""
        ...

    def load(self, stored: Any) -> Any:
        """JSON -> value. Raises `Invalid` for what `dump` never gives."""
        ...

    def read(self, value: Any) -> Scalar:
        """Value -> what an expression computes with."""
        ...


def _text_of(typed: Any) -> str:
    if isinstance(typed, str):
        return typed
    if isinstance(typed, bool) or not isinstance(typed, int | float):
        raise Invalid("not_text")
    return format(Decimal(repr(typed)), "f")


class TextKind:
    """Any text, kept to the letter (NFC); only blanks is no answer."""

    def parse(self, typed: Any, context: Parsing) -> str | None:
        text = unicodedata.normalize("NFC", _text_of(typed))
        if len(text) > MAX_TEXT:
            raise Invalid("too_long", most=f"{MAX_TEXT:,}")
        return text if text.strip() else None

    def show(self, value: str) -> str:
        return value

    def dump(self, value: str) -> str:
        return value

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str) or not stored.strip():
            raise Invalid("stored")
        return stored

    def read(self, value: str) -> Scalar:
        return value


_GROUPED = {
    False: re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?\Z", re.ASCII),
    True: re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?\Z", re.ASCII),
}
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_NUMBER_SPACES = dict.fromkeys(map(ord, "   '’_"))


def _number(typed: Any, context: Parsing) -> Decimal | None:
    """A number with this place's separator; groups of three are understood where they fit."""
    text = _text_of(typed).strip().replace("−", "-")
    if not text:
        return None
    text = text.lstrip("$€£").translate(_NUMBER_SPACES)
    point, group = (",", ".") if context.decimal_comma else (".", ",")
    if _GROUPED[context.decimal_comma].match(text):
        text = text.replace(group, "")
    if group in text:
        raise Invalid("number")
    text = text.replace(point, ".")
    if not _PLAIN_NUMBER.match(text):
        raise Invalid("number")
    value = Decimal(text)
    if len(value.normalize().as_tuple().digits) > _MAX_DIGITS or abs(value) >= 10**_MAX_DIGITS:
        raise Invalid("number_too_long")
    return value + 0


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


class DecimalKind:
    """A number of up to 15 digits."""

    def parse(self, typed: Any, context: Parsing) -> Decimal | None:
        return _number(typed, context)

    def show(self, value: Decimal) -> str:
        return format(value, "f")

    def dump(self, value: Decimal) -> int | float:
        return _json_number(value)

    def load(self, stored: Any) -> Decimal:
        if isinstance(stored, bool) or not isinstance(stored, int | float):
            raise Invalid("stored")
        if abs(stored) >= 10**_MAX_DIGITS or math.isnan(stored):
            raise Invalid("stored")
        return Decimal(repr(stored))

    def read(self, value: Decimal) -> Scalar:
        return float(value)


class IntegerKind(DecimalKind):
    """A whole number."""

    def parse(self, typed: Any, context: Parsing) -> Decimal | None:
        value = _number(typed, context)
        if value is not None and value != value.to_integral_value():
            raise Invalid("whole_number")
        return value if value is None else Decimal(int(value))

    def load(self, stored: Any) -> Decimal:
        value = super().load(stored)
        if value != value.to_integral_value():
            raise Invalid("stored")
        return Decimal(int(value))


class DateKind:
    """A day."""

    def parse(self, typed: Any, context: Parsing) -> date | None:
        try:
            return typed_moments.parse_date(
                _text_of(typed), context.now.date(), day_first=context.day_first
            )
        except Unreadable as e:
            raise Invalid(e.code) from None

    def show(self, value: date) -> str:
        return f"{value.month:02d}/{value.day:02d}/{value.year:04d}"

    def dump(self, value: date) -> str:
        return value.isoformat()

    def load(self, stored: Any) -> date:
        moment = read_moment(stored) if isinstance(stored, str) else None
        if not isinstance(moment, date) or isinstance(moment, datetime):
            raise Invalid("stored")
        return moment

    def read(self, value: date) -> Scalar:
        return Stamp(value.isoformat(), value)


class TimeKind:
    """A time of day."""

    def parse(self, typed: Any, context: Parsing) -> time | None:
        try:
            return typed_moments.parse_time(_text_of(typed), context.now)
        except Unreadable as e:
            raise Invalid(e.code) from None

    def show(self, value: time) -> str:
        return value.isoformat(timespec="seconds" if value.second else "minutes")

    def dump(self, value: time) -> str:
        return self.show(value)

    def load(self, stored: Any) -> time:
        moment = read_moment(stored) if isinstance(stored, str) else None
        if not isinstance(moment, time):
            raise Invalid("stored")
        return moment.replace(microsecond=0)

    def read(self, value: time) -> Scalar:
        return stamp(value)


class DateTimeKind:
    """A moment, aware, with the local offset it was recorded in."""

    def parse(self, typed: Any, context: Parsing) -> datetime | None:
        try:
            return typed_moments.parse_datetime(
                _text_of(typed), context.now, day_first=context.day_first
            )
        except Unreadable as e:
            raise Invalid(e.code) from None

    def show(self, value: datetime) -> str:
        spec = "seconds" if value.second else "minutes"
        return (
            f"{value.month:02d}/{value.day:02d}/{value.year:04d} "
            f"{value.time().isoformat(timespec=spec)}"
        )

    def dump(self, value: datetime) -> str:
        return value.isoformat(timespec="seconds")

    def load(self, stored: Any) -> datetime:
        moment = read_moment(stored) if isinstance(stored, str) else None
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            raise Invalid("stored")
        return moment.replace(microsecond=0)

    def read(self, value: datetime) -> Scalar:
        return stamp(value)


class SelectOneKind:
    """The name of one choice."""

    def parse(self, typed: Any, context: Parsing) -> str | None:
        if isinstance(typed, list | tuple) and len(typed) <= 1:
            typed = typed[0] if typed else ""
        name = _text_of(typed).strip()
        if name and name not in context.names:
            raise Invalid("not_a_choice")
        return name or None

    def show(self, value: str) -> str:
        return value

    def dump(self, value: str) -> str:
        return value

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str) or not stored.strip() or any(map(str.isspace, stored)):
            raise Invalid("stored")
        return stored

    def read(self, value: str) -> Scalar:
        return value


def _names(typed: Any) -> list[str]:
    parts = typed.split() if isinstance(typed, str) else typed
    if not isinstance(parts, list | tuple | set | frozenset):
        raise Invalid("not_text")
    return list(dict.fromkeys(_text_of(p).strip() for p in parts if p not in (None, "")))


class SelectMultipleKind:
    """The names of several choices, in the order in which they were chosen."""

    def parse(self, typed: Any, context: Parsing) -> tuple[str, ...] | None:
        names = _names(typed)
        if any(n not in context.names for n in names):
            raise Invalid("not_a_choice")
        return tuple(names) or None

    def show(self, value: tuple[str, ...]) -> str:
        return " ".join(value)

    def dump(self, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def load(self, stored: Any) -> tuple[str, ...]:
        good = isinstance(stored, list) and stored
        if not good or any(not isinstance(s, str) or not s or " " in s for s in stored):
            raise Invalid("stored")
        return tuple(dict.fromkeys(stored))

    def read(self, value: tuple[str, ...]) -> Scalar:
        return " ".join(value)


_YES = frozenset(("true", "yes", "y", "ok", "x", "1", "on"))
_NO = frozenset(("false", "no", "n", "0", "off"))


class AcknowledgeKind:
    """A tick. Not ticked is no answer."""

    def parse(self, typed: Any, context: Parsing) -> bool | None:
        if isinstance(typed, bool):
            return True if typed else None
        word = _text_of(typed).strip().lower()
        if word in _YES:
            return True
        if not word or word in _NO:
            return None
        raise Invalid("acknowledge")

    def show(self, value: bool) -> str:
        return "true"

    def dump(self, value: bool) -> bool:
        return True

    def load(self, stored: Any) -> bool:
        if stored is not True:
            raise Invalid("stored")
        return True

    def read(self, value: bool) -> Scalar:
        return Flag(True)


_PERSON = re.compile(r"(student|staff|guardian|person):[\w.-]{1,80}\Z", re.ASCII)
_PEOPLE_ALLOWED = {
    "student": ("student",),
    "staff": ("staff",),
    "person": ("student", "staff", "guardian", "person"),
}


class PersonKind:
    """The id of a person; with the appearance `multiple`, of several."""

    def parse(self, typed: Any, context: Parsing) -> str | tuple[str, ...] | None:
        ids = _names(typed)
        allowed = _PEOPLE_ALLOWED.get(context.field.type, _PEOPLE_ALLOWED["person"])
        if any(not _PERSON.match(i) or i.partition(":")[0] not in allowed for i in ids):
            raise Invalid("person")
        if context.field.is_multiple:
            return tuple(ids) or None
        if len(ids) > 1:
            raise Invalid("one_person")
        return ids[0] if ids else None

    def show(self, value: str | tuple[str, ...]) -> str:
        return value if isinstance(value, str) else " ".join(value)

    def dump(self, value: str | tuple[str, ...]) -> str | list[str]:
        return value if isinstance(value, str) else list(value)

    def load(self, stored: Any) -> str | tuple[str, ...]:
        ids = stored if isinstance(stored, list) else [stored]
        if not ids or any(not isinstance(i, str) or not _PERSON.match(i) for i in ids):
            raise Invalid("stored")
        return stored if isinstance(stored, str) else tuple(dict.fromkeys(ids))

    def read(self, value: str | tuple[str, ...]) -> Scalar:
        return self.show(value)


class DataKind:
    """What an editor of its own makes (a signature, an image): JSON, kept as is."""

    def parse(self, typed: Any, context: Parsing) -> str | None:
        if isinstance(typed, str) and not typed.strip():
            return None
        if not isinstance(typed, str | Mapping | Sequence):
            raise Invalid("not_text")
        return self.load(typed) if typed else None

    def show(self, value: str) -> str:
        plain = json.loads(value)
        return plain if isinstance(plain, str) else value

    def dump(self, value: str) -> Any:
        return json.loads(value)

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str | dict | list | tuple) or not stored:
            raise Invalid("stored")
        try:
            text = json.dumps(stored, ensure_ascii=False, sort_keys=True, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise Invalid("stored") from None
        return text

    def read(self, value: str) -> Scalar:
        return value


class BodyMapKind(DataKind):
    """A marked body (`body_marks`). An expression reads the marked regions and their groups."""

    def parse(self, typed: Any, context: Parsing) -> str | None:
        if not typed or (isinstance(typed, str) and not typed.strip()):
            return None
        if not isinstance(typed, str | Mapping):
            raise Invalid("not_text")
        try:
            return body_marks.parse_map(typed, context.names).text() or None
        except body_marks.Unmarked as e:
            raise Invalid(e.code, **e.params) from None

    def load(self, stored: Any) -> str:
        try:
            text = body_marks.read_map(stored).text()
        except body_marks.Unmarked:
            raise Invalid("stored") from None
        if not text:
            raise Invalid("stored")
        return text

    def read(self, value: str) -> Scalar:
        return body_marks.words_of(value)


class NothingKind:
    """A note: it is read, not answered."""

    def parse(self, typed: Any, context: Parsing) -> None:
        raise Invalid("not_answered")

    def show(self, value: Any) -> str:
        return ""

    def dump(self, value: Any) -> Any:
        return None

    def load(self, stored: Any) -> Any:
        raise Invalid("stored")

    def read(self, value: Any) -> Scalar:
        return ""


KINDS: Mapping[str, Kind] = {
    "text": TextKind(),
    "integer": IntegerKind(),
    "decimal": DecimalKind(),
    "date": DateKind(),
    "time": TimeKind(),
    "datetime": DateTimeKind(),
    "select_one": SelectOneKind(),
    "select_multiple": SelectMultipleKind(),
    "acknowledge": AcknowledgeKind(),
    "note": NothingKind(),
    "calculate": NothingKind(),
    "person": PersonKind(),
    "student": PersonKind(),
    "staff": PersonKind(),
    "body_map": BodyMapKind(),
    "image": DataKind(),
    "signature": DataKind(),
}
