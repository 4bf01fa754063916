"""Finds what is wrong with one answer. Parts are checked alone; drafts save in any state."""

from __future__ import annotations

from collections.abc import Iterator

from bt_desktop.form_engine.definition import SELECTS, Field, Lead, Section, say
from bt_desktop.form_engine.functions import Context
from bt_desktop.form_engine.issues import Code, Issue
from bt_desktop.form_engine.place import HALF_A_DAY
from bt_desktop.form_engine.state import Cell, ClockTime, NotKnown, State, Unread
from bt_desktop.form_engine.values import stamp, to_bool

_SHOWN = 60
"""Characters of a wrongly typed text that a sentence repeats."""


class Problems:
    """Tells the problems of cells and rows, in words."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._sections: dict[str, Section] = {s.name: s for s in state.form.sections}
        self._flagged = {
            f.name: {c.name: c for c in state.form.choices_of(f.name) if c.prohibited}
            for f in state.form.fields().values()
            if f.type in SELECTS
        }

    def leads(self, at: str | None = None) -> tuple[Lead, ...]:
        """The leads (of one question) that hold now and lead to a report that is not begun."""
        here = Context(self._state, None, None, ("", None), 1)
        return tuple(
            lead
            for lead in self._state.form.leads
            if at in (None, lead.at)
            and self._state.applies(self._state.cells[lead.at, None])
            and to_bool(lead.when.run(here))
            and not self._state.event_has(lead.form)
        )

    def of(self, cell: Cell, path: str) -> Iterator[Issue]:
        """The problems of one question, the gravest first; none where it does not apply."""
        field = cell.field
        if not field.is_input or not self._state.applies(cell):
            return
        for code, params in self._found(cell):
            where = self.where(cell)
            sentence = code.sentence(where, **params)
            yield Issue(
                path=path,
                code=code,
                severity=code.severity,
                where=where,
                sentence=sentence,
                section=field.section,
                part=self._sections[field.section].part,
            )

    def of_rows(self, section: Section) -> Iterator[Issue]:
        """Too few or too many rows of a repeat."""
        repeat = section.repeat
        if repeat is None or not self._state.section_relevant[section.name]:
            return
        count = len(self._state.row_ids(section.name))
        code: Code | None = None
        if count < repeat.min:
            code = Code.TOO_FEW_ROWS
        elif repeat.max is not None and count > repeat.max:
            code = Code.TOO_MANY_ROWS
        if code is None:
            return
        where = say(section.label)
        yield Issue(
            path=f"/{section.name}",
            code=code,
            severity=code.severity,
            where=where,
            sentence=code.sentence(where, least=str(repeat.min), most=str(repeat.max)),
            section=section.name,
            part=section.part,
        )

    def where(self, cell: Cell) -> str:
        """“Hold 2: Hold ended”, or only the label outside repeats."""
        label = say(cell.field.label).rstrip(":. ") or cell.field.name
        if cell.row is None:
            return label
        return f"{self.row_name(cell.field.section, cell.context.position)}: {label}"

    def row_name(self, section: str, position: int) -> str:
        """“Hold 2”."""
        found = self._sections[section]
        label = say(found.repeat.label) if found.repeat is not None else ""
        return f"{label or say(found.label)} {position}"

    def _found(self, cell: Cell) -> Iterator[tuple[Code, dict[str, str]]]:
        field = cell.field
        raw = self._state.raw(field.name, cell.row)
        reason = self._state.answers.get(("r", field.name, cell.row or ""), "")
        if isinstance(raw, Unread):
            params = dict(raw.params) | {"typed": _short(raw.text)}
            yield Code[raw.code.upper()], params
        elif isinstance(raw, NotKnown):
            yield from self._not_known(field, raw)
        elif raw is None:
            yield from self._blank(cell, field, reason)
        else:
            yield from self._answered(cell, field, reason)

    def _not_known(self, field: Field, raw: NotKnown) -> Iterator[tuple[Code, dict[str, str]]]:
        if not field.unknown:
            yield Code.UNKNOWN_NOT_ALLOWED, {}
        elif not raw.reason.strip():
            yield Code.UNKNOWN_REASON, {}

    def _blank(
        self, cell: Cell, field: Field, reason: str
    ) -> Iterator[tuple[Code, dict[str, str]]]:
        if cell.required:
            message = say(field.required_message)
            if message:
                yield Code.REQUIRED_SAID, {"message": message}
            else:
                yield Code.REQUIRED_OR_UNKNOWN if field.unknown else Code.REQUIRED, {}
        elif field.recommended and not reason:
            yield Code.RECOMMENDED, {}

    def _answered(
        self, cell: Cell, field: Field, reason: str
    ) -> Iterator[tuple[Code, dict[str, str]]]:
        if not cell.ok:
            message = say(field.constraint_message)
            if message:
                yield Code.CONSTRAINT, {"message": message, "hint": self._meant(cell)}
            else:
                yield Code.CONSTRAINT_PLAIN, {}
        yield from self._choices(cell, field, reason)
        leads = self.leads(field.name) if cell.warned and not reason else ()
        for lead in leads:
            yield Code.LEADS, {"message": say(lead.because), "cite": self._cite(field.cite)}
        if cell.warned and not reason and not leads:
            message = say(field.warning_message)
            yield (Code.WARNING, {"message": message}) if message else (Code.WARNING_PLAIN, {})
        placed = cell.placed
        if placed is not None and placed.skipped and not reason:
            yield Code.CLOCK_SKIPPED, {}
        if placed is not None and placed.twice:
            yield Code.CLOCK_TWICE, {"shown": placed.moment.isoformat(timespec="minutes")[11:]}

    def _meant(self, cell: Cell) -> str:
        """“ Did you mean 13:05?”, where a morning's time fits only as an afternoon's."""
        raw = self._state.raw(cell.field.name, cell.row)
        placed = cell.placed
        if not isinstance(raw, ClockTime) or placed is None or raw.clock.hour >= 12:
            return ""
        later = placed.moment + HALF_A_DAY
        if not self._state.would_fit(cell, stamp(later)):
            return ""
        return f" Did you mean {later:%H:%M}?"

    def _choices(
        self, cell: Cell, field: Field, reason: str
    ) -> Iterator[tuple[Code, dict[str, str]]]:
        if field.type not in SELECTS:
            return
        chosen = str(cell.value).split()
        offered = self._state.form.choices_of(field.name) if cell.offered is None else cell.offered
        names = {c.name for c in offered}
        for name in chosen:
            if name not in names:
                label = self._state.label(field.name, name) or name
                yield Code.NOT_OFFERED, {"label": label}
        flagged = self._flagged[field.name]
        code = Code.PROHIBITED_EXPLAINED if reason else Code.PROHIBITED
        for name in chosen:
            choice = flagged.get(name)
            if choice is not None:
                yield code, {"label": say(choice.label), "cite": self._cite(choice.cite)}

    def _cite(self, cite: str) -> str:
        if not cite:
            return ""
        pack = self._state.form.pack
        doubt = "" if pack is None or pack.is_verified else ", unverified"
        return f" ({cite}{doubt})"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
