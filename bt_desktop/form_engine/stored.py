"""Answers as JSON: a draft whole, or what is kept of a part; and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bt_desktop.form_engine.definition import Field, Section
from bt_desktop.form_engine.expressions import Expression
from bt_desktop.form_engine.kinds import KINDS, Invalid, Parsing
from bt_desktop.form_engine.place import event_moment
from bt_desktop.form_engine.state import Cell, ClockTime, NotKnown, State, Unread
from bt_desktop.form_engine.typing_in import as_text, parse_typed, pinned
from bt_desktop.form_engine.values import Flag, Scalar, as_stamp, one, read_moment, to_text

ROW_ID = "$id"
UNKNOWN = "$unknown"
TYPED = "$typed"
REASONS = "$reasons"


class Storing:
    """Turns a state's answers into JSON and back. Nothing that was stored is lost: keys that the
    form does not know are handed back as they were."""

    def __init__(self, state: State, *, decimal_comma: bool = False, day_first: bool = False):
        self._state = state
        self._decimal_comma = decimal_comma
        self._day_first = day_first
        self._strange: dict[str, dict[str, Any]] = {}

    # -- in ------------------------------------------------------------------------------------

    def load(self, answers: Mapping[str, Any], new_id: Callable[[], str]) -> None:
        """Take over a draft. What cannot be read is kept as text with an issue."""
        state = self._state
        known: set[str] = set()
        for section in state.form.sections:
            if section.repeat is None:
                self._load_fields(section, answers, "")
                known.update(f.name for f in section.fields)
            elif isinstance(rows := answers.get(section.name), list):
                known.add(section.name)
                self.load_rows(section, rows, new_id)
        self._strange[""] = {k: v for k, v in answers.items() if k not in known and k != REASONS}

    def load_rows(self, section: Section, rows: Sequence[Any], new_id: Callable[[], str]) -> None:
        """Take over the rows of a repeat, the first in the first place."""
        names = {f.name for f in section.fields}
        ids: list[str] = []
        for row in rows:
            if not isinstance(row, Mapping):
                continue
            row_id = row.get(ROW_ID)
            if not isinstance(row_id, str) or not row_id or row_id in ids:
                row_id = new_id()
            ids.append(row_id)
            self._state.write(("rows", section.name), tuple(ids))
            self._load_fields(section, row, row_id)
            strange = {k: v for k, v in row.items() if k not in names}
            strange.pop(ROW_ID, None)
            strange.pop(REASONS, None)
            self._strange[row_id] = strange

    def _load_fields(self, section: Section, answers: Mapping[str, Any], row: str) -> None:
        reasons = answers.get(REASONS)
        for field in section.fields:
            raw = self._load(field, answers.get(field.name))
            if raw is not None:
                self._state.write(("a", field.name, row), raw)
            said = reasons.get(field.name) if isinstance(reasons, Mapping) else None
            if isinstance(said, str) and said.strip():
                self._state.write(("r", field.name, row), said)

    def _load(self, field: Field, stored: Any) -> Any:
        if stored is None or field.type == "note":
            return None
        if field.calculation is not None:
            return _kept_value(stored) if field.calculation.sticky else None
        if isinstance(stored, Mapping) and len(stored) == 1:
            reason, typed = stored.get(UNKNOWN), stored.get(TYPED)
            if isinstance(reason, str):
                return NotKnown(reason)
            if isinstance(typed, str):
                again = self._parse(field, typed)
                whole = isinstance(again, ClockTime) and again.zone
                return again if whole or isinstance(again, Unread) else Unread(typed, "stored")
        try:
            return self._load_clock(stored) if field.is_clock_time else self._of(field, stored)
        except Invalid as e:
            return Unread(as_text(stored), e.code)

    def _of(self, field: Field, stored: Any) -> Any:
        value = KINDS[field.type].load(stored)
        if field.is_multiple and isinstance(value, str):
            return (value,)
        if not field.is_multiple and isinstance(value, tuple):
            raise Invalid("stored")
        return value

    def _load_clock(self, stored: Any) -> ClockTime:
        moment = read_moment(stored) if isinstance(stored, str) else None
        if isinstance(moment, time):
            return ClockTime(moment.replace(microsecond=0))
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            return pinned(moment.replace(microsecond=0))
        raise Invalid("stored")

    def _parse(self, field: Field, typed: str) -> Any:
        return parse_typed(typed, self.parsing(field), self._state.place)

    def parsing(self, field: Field) -> Parsing:
        """How an answer to this question is read."""
        state = self._state
        names = frozenset(c.name for c in state.form.choices_of(field.name))
        return Parsing(field, state.now(), self._decimal_comma, self._day_first, names)

    def float_clock_times(self) -> None:
        """A stored moment that is where the event would put it moves along with the event.

        Before the day of the event is known, only a time typed with its own day is stored with one
        (`_json`): it keeps that day.
        """
        state = self._state
        day = state.event_day()
        for cell in state.cells.values():
            raw = state.raw(cell.field.name, cell.row)
            if not isinstance(raw, ClockTime) or raw.moment is None:
                continue
            after = state.compared_with(cell)
            same_day = datetime.combine(raw.moment.date(), raw.clock)
            of_event = day and event_moment(raw.clock, day, after, state.place.placed).moment
            if of_event == raw.moment:
                floating = ClockTime(raw.clock)
            elif state.place.placed(same_day, after).moment == raw.moment:
                floating = ClockTime(raw.clock, day=raw.moment.date())
            else:
                continue
            state.write(("a", cell.field.name, cell.row or ""), floating)
            state.changed(cell.field.name, cell.row)

    def default_of(self, cell: Cell, default: Expression) -> Any:
        """The answer that a default gives; None where it gives none that fits."""
        value = one(default.run(cell.context))
        field = cell.field
        if field.type in ("date", "time", "datetime"):
            return self._moment_of(field, value)
        raw = self._parse(field, to_text(value))
        return None if isinstance(raw, Unread) else raw

    def _moment_of(self, field: Field, value: Scalar) -> Any:
        found = as_stamp(value, self._state)
        moment = found.moment if found is not None else None
        if isinstance(moment, datetime):
            whole = moment.replace(microsecond=0)
            if field.is_clock_time:
                return ClockTime(whole.time().replace(second=0))
            parts = {"date": whole.date(), "time": whole.time().replace(second=0)}
            return parts.get(field.type, whole)
        if isinstance(moment, time):
            if field.is_clock_time:
                return ClockTime(moment)
            return moment if field.type == "time" else None
        if isinstance(moment, date) and field.type == "date":
            return moment
        return None

    # -- out -----------------------------------------------------------------------------------

    def dump(self) -> dict[str, Any]:
        """The whole draft."""
        state = self._state
        out: dict[str, Any] = {}
        reasons: dict[str, str] = {}
        for section in state.form.sections:
            if section.repeat is None:
                self._dump_fields(section, None, out, reasons)
            elif (rows := state.row_ids(section.name)) or section.repeat.min:
                out[section.name] = [self._dump_row(section, row) for row in rows]
        for name, value in self._strange.get("", {}).items():
            out.setdefault(name, value)
        if reasons:
            out[REASONS] = reasons
        return out

    def _dump_row(self, section: Section, row: str) -> dict[str, Any]:
        out: dict[str, Any] = {ROW_ID: row}
        reasons: dict[str, str] = {}
        self._dump_fields(section, row, out, reasons)
        for name, value in self._strange.get(row, {}).items():
            out.setdefault(name, value)
        if reasons:
            out[REASONS] = reasons
        return out

    def _dump_fields(
        self, section: Section, row: str | None, out: dict[str, Any], reasons: dict[str, str]
    ) -> None:
        answers, at = self._state.answers, row or ""
        for name in (field.name for field in section.fields):
            if ("a", name, at) in answers:  # most questions are blank; this runs while one types
                out[name] = self._kept(self._state.cells[name, row])
            reason = answers.get(("r", name, at))
            if reason:
                reasons[name] = reason

    def _kept(self, cell: Cell) -> Any:
        raw = self._state.raw(cell.field.name, cell.row)
        if isinstance(raw, Unread):
            return {TYPED: raw.text}
        if isinstance(raw, NotKnown):
            return {UNKNOWN: raw.reason}
        if cell.field.calculation is not None:
            return raw
        if isinstance(raw, ClockTime) and raw.zone and not (raw.day or self._state.event_day()):
            # a time of day alone has no place for its offset: it waits for the day as it was typed
            return {TYPED: f"{KINDS['time'].dump(raw.clock)} {raw.zone}"}
        return self._json(cell, raw)

    def _json(self, cell: Cell, raw: Any) -> Any:
        if raw is None:
            return None
        if isinstance(raw, ClockTime):
            dated = raw.day is not None or raw.moment is not None
            if cell.placed is not None and (dated or self._state.event_day() is not None):
                return cell.placed.moment.isoformat(timespec="seconds")
            return KINDS["time"].dump(raw.clock)
        return KINDS[cell.field.type].dump(raw)

    def final(self, part: str | None) -> dict[str, Any]:
        """What is kept of a part: what applies, notes left out, calculated values included."""
        state = self._state
        out: dict[str, Any] = {}
        reasons: dict[str, str] = {}
        for section in state.form.sections:
            if part not in (None, section.part) or not state.section_relevant[section.name]:
                continue
            if section.repeat is None:
                self._final_fields(section, None, out, reasons)
                continue
            rows = state.row_ids(section.name)
            if rows:
                out[section.name] = [self._final_row(section, row) for row in rows]
        if reasons:
            out[REASONS] = reasons
        return out

    def _final_row(self, section: Section, row: str) -> dict[str, Any]:
        out: dict[str, Any] = {ROW_ID: row}
        reasons: dict[str, str] = {}
        self._final_fields(section, row, out, reasons)
        if reasons:
            out[REASONS] = reasons
        return out

    def _final_fields(
        self, section: Section, row: str | None, out: dict[str, Any], reasons: dict[str, str]
    ) -> None:
        state = self._state
        for field in section.fields:
            cell = state.cells[field.name, row]
            if not cell.relevant:
                continue
            computed = field.calculation is not None
            value = scalar_json(cell.value) if computed else self._kept(cell)
            if value is not None:
                out[field.name] = value
            reason = state.answers.get(("r", field.name, row or ""))
            if reason:
                reasons[field.name] = reason

    # -- shown ---------------------------------------------------------------------------------

    def shown_value(self, cell: Cell) -> Any:
        """The answer as JSON; None where there is none that can be read."""
        raw = self._state.raw(cell.field.name, cell.row)
        if cell.field.calculation is not None:
            return scalar_json(cell.value)
        return None if isinstance(raw, Unread | NotKnown) else self._json(cell, raw)

    def typed(self, cell: Cell) -> str:
        """The answer as an editor shows it."""
        raw = self._state.raw(cell.field.name, cell.row)
        if cell.field.calculation is not None:
            return to_text(cell.value)
        if isinstance(raw, Unread):
            return raw.text
        if raw is None or isinstance(raw, NotKnown):
            return ""
        if isinstance(raw, ClockTime):
            return self._typed_clock(cell, raw)
        if isinstance(raw, datetime):
            return f"{self._day(raw.date())} {self._clock(raw)}"
        if isinstance(raw, date):
            return self._day(raw)
        shown = KINDS[cell.field.type].show(raw)
        if self._decimal_comma and cell.field.type == "decimal":
            return shown.replace(".", ",")
        return shown

    def _day(self, day: date) -> str:
        if self._day_first:
            return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
        return KINDS["date"].show(day)

    def _clock(self, moment: datetime) -> str:
        """The time, with its offset only where the place would give another one."""
        shown = KINDS["time"].show(moment.time())
        if self._state.place.aware(moment.replace(tzinfo=None)).utcoffset() == moment.utcoffset():
            return shown
        return f"{shown} {moment.isoformat()[-6:]}"

    def _typed_clock(self, cell: Cell, raw: ClockTime) -> str:
        if raw.moment is not None:
            return f"{self._day(raw.moment.date())} {self._clock(raw.moment)}"
        shown = KINDS["time"].show(raw.clock)
        if raw.zone:
            shown = f"{shown} {raw.zone}"
        return shown if raw.day is None else f"{self._day(raw.day)} {shown}"


def _kept_value(stored: Any) -> Any:
    """What a calculation kept; None for what it never keeps."""
    if isinstance(stored, str | bool):
        return stored or None
    if isinstance(stored, int | float) and abs(stored) < 2**53:
        return float(stored)
    return None


def scalar_json(value: Scalar) -> Any:
    """A computed value as JSON; None for a blank."""
    if isinstance(value, Flag):
        return value.truth
    if isinstance(value, str):
        return str(value) or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
