"""Facts of an event carried from record to record: offered with their words, or put in at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form, say
from bt_desktop.form_engine.facts import FACT_WORDS
from bt_desktop.paper import words
from bt_desktop.services.context import Context
from bt_desktop.services.event_facts import EventFacts, Offered, Step, gather, offers
from bt_desktop.services.people_rows import people
from bt_desktop.services.privacy_tokens import find_tokens
from bt_desktop.services.record_check import session_of
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_opening import readable
from bt_desktop.services.record_parts import statement_key
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.events import OfferedFact


class Carrying:
    """Takes facts out of records that the person may read, and puts them into others."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def told(self, loaded: Loaded) -> EventFacts:
        """The facts a record tells this person. Nothing flows out of a confidential record."""
        if loaded.row.record_class == "confidential":
            return EventFacts({})
        mine = statement_key(self._context.actor.staff_id)
        return gather(loaded.form, readable(loaded, Rights(self._context, loaded), mine))

    def offered(self, session: Session, source: Loaded, target: Loaded) -> tuple[OfferedFact, ...]:
        """What `source` knows that the report of `target` does not say yet, in words."""
        found = offers(target.form, target.answers(), self.told(source), own_words=False)
        ids = {step.typed for one in found for step in one.steps if _is_id(step.typed)}
        ids |= {p.who for one in found for p in one.people if p.kind != "outside"}
        names = {key: one.name for key, one in people(session, ids).items()}
        return tuple(
            OfferedFact(
                one.fact,
                FACT_WORDS.get(one.fact, say(one.label)),
                _words(target.form, one, names),
                tuple((step.path, step.typed) for step in one.steps),
            )
            for one in found
        )

    def filled(
        self, form: Form, answers: Mapping[str, Any], told: EventFacts, *, own_words: bool
    ) -> dict[str, Any]:
        """The answers with every fact put in that they do not say yet.

        Done over and over, since whom the record is about decides who the others are.
        """
        page = session_of(form, answers, self._context.clock)
        for _ in range(2):
            found = offers(form, page.answers(), told, own_words=own_words)
            if not found:
                break
            put(page, [step for one in found for step in one.steps])
        kept: dict[str, Any] = page.answers()
        return kept


def put(page: Any, steps: Iterable[Step]) -> None:
    """Type the steps into a form session; rows are added as they are needed."""
    for step in steps:
        section, in_row, rest = step.path[1:].partition("[")
        if in_row:
            while len(page.rows(section)) < int(rest.partition("]")[0]):
                page.add_row(section)
        page.set(step.path, step.typed)


def as_stored(answers: Mapping[str, Any]) -> str:
    """Answers as a draft keeps them."""
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _is_id(typed: Any) -> bool:
    return isinstance(typed, str) and typed.startswith(("student:", "staff:", "guardian:"))


def _words(form: Form, one: Offered, names: Mapping[str, str]) -> str:
    """The answer in words: “10:09 am”, “Classroom”, “Dana Whitcomb, Priya Raman”."""
    if one.people:
        return ", ".join(names.get(p.who, p.who) for p in one.people)
    step = one.steps[0]
    labels = {c.name: say(c.label) for c in form.choices_of(step.path[1:].partition("/")[0])}
    if isinstance(step.typed, list):
        return ", ".join(labels.get(name, str(name)) for name in step.typed)
    text = str(step.typed)
    if text in labels:
        return ", ".join(dict.fromkeys([labels[text], *(str(s.typed) for s in one.steps[1:])]))
    if _is_id(text):
        return names.get(text, "")
    if find_tokens(text) or len(text) > 80:
        return f"{len(text.split())} words"
    return _moment(text)


def _moment(text: str) -> str:
    try:
        if len(text) == 10:
            return words.long_day(date.fromisoformat(text))
        return words.clock(datetime.fromisoformat(text)) if "T" in text else text
    except ValueError:
        return text
