"""Answers a form as a made-up school would: what is drawn for it, then whatever it still asks."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bt_desktop.form_engine.definition import OTHER, Field
from bt_desktop.form_engine.issues import Issue
from bt_desktop.form_engine.session import FormSession

_ROUNDS = 40
_REASON = "Looked at again; it is right as it stands."
_LEFT_OPEN = "Not asked at the time."
_ANSWERED = 0.35
"""The share of merely recommended questions that are answered."""


_AUTHOR = 0.7
"""The share of questions for a staff member that the author answers with themself."""


class Stuck(Exception):
    """The answerer cannot satisfy the form; the code and path say where, no answer is told."""


class Answerer:
    """Fills parts of one session.

    `drawn` gives, by question, answers to choose from; `sentences` texts by question, `*` for any.
    `{Child}` in a text becomes `child`. `staff` are ids, the author first, `students` other
    students; times follow `began`.
    """

    def __init__(
        self,
        session: FormSession,
        chance: random.Random,
        *,
        drawn: Mapping[str, Sequence[Any]] | None = None,
        sentences: Mapping[str, Sequence[str]] | None = None,
        child: str = "",
        staff: Sequence[str] = (),
        students: Sequence[str] = (),
        began: datetime | None = None,
    ) -> None:
        self._session = session
        self._chance = chance
        self._drawn = drawn or {}
        self._sentences = sentences or {}
        self._child = child
        self._staff = staff
        self._students = students
        self._began = began
        self._minutes = 0

    def fill(self, part: str) -> None:
        """Answer the part until nothing stands against its signature. Raises Stuck."""
        self._draw(part)
        for _ in range(_ROUNDS):
            issues = [one for one in self._session.issues(part) if one.severity != "note"]
            if not issues:
                return
            for issue in issues:
                self._settle(issue)
        issue = issues[0]
        raise Stuck(f"{self._session.form.form} {issue.path} {issue.code.name}")

    def _draw(self, part: str) -> None:
        """What is drawn for this form, in the form's order: day and hour before all times."""
        if part == "report" and self._began is not None:
            self._try("/event_date", self._began.date().isoformat())
            self._try("/event_began", self._began.strftime("%H:%M"))
        for section in self._session.form.sections:
            if section.part == part and section.repeat is None:
                for field in section.fields:
                    if field.name in self._drawn:
                        self._try(f"/{field.name}", self._chance.choice(self._drawn[field.name]))

    def _try(self, path: str, typed: Any) -> None:
        name = path.rpartition("/")[2]
        if name in self._session.form.fields() and self._session.view(path).relevant:
            self._session.set(path, typed)

    def _settle(self, issue: Issue) -> None:
        """Do something about one issue."""
        name = issue.path.rpartition("/")[2]
        if name not in self._session.form.fields():
            self._session.add_row(name.partition("[")[0])
            return
        code = issue.code.name
        if code in ("WARNING", "WARNING_PLAIN", "PROHIBITED"):
            self._session.set_reason(issue.path, _REASON)
        elif code == "RECOMMENDED" and name not in self._drawn:
            self._maybe(issue.path, name)
        else:
            self._answer(issue.path, name)

    def _maybe(self, path: str, name: str) -> None:
        field = self._session.form.field(name)
        easy = field.type in ("select_one", "staff", "text")
        if easy and self._chance.random() < _ANSWERED:
            self._answer(path, name)
        if self._session.view(path).issue is not None:
            self._session.set_reason(path, _LEFT_OPEN)

    def _answer(self, path: str, name: str) -> None:
        field = self._session.form.field(name)
        if name in self._drawn:
            typed = self._chance.choice(self._drawn[name])
        else:
            typed = self._typed(path, field)
        self._session.set(path, typed)

    def _typed(self, path: str, field: Field) -> Any:
        """Something that a person may well answer to a question of this type."""
        if field.type in ("select_one", "select_multiple"):
            return self._choice(path, field)
        if field.type in ("date", "time", "datetime"):
            return self._moment(field)
        if field.type in ("integer", "decimal"):
            return str(self._chance.randrange(1, 20))
        if field.type in ("staff", "person", "student"):
            one = self._person(field)
            return [one] if field.is_multiple else one
        if field.type == "acknowledge":
            return True
        return self._sentence(field.name)

    def _person(self, field: Field) -> str:
        if field.type == "student":
            return self._chance.choice(self._students)
        usual = self._chance.random() < _AUTHOR
        return self._staff[0] if usual else self._chance.choice(self._staff)

    def _choice(self, path: str, field: Field) -> Any:
        offered = [
            choice.name
            for choice in self._session.view(path).choices
            if choice.name != OTHER and not choice.prohibited
        ]
        one = self._chance.choice(offered)
        return [one] if field.is_multiple else one

    def _moment(self, field: Field) -> str:
        """The event's day; times go on by a minute or two, so that what follows comes later."""
        at = self._began or datetime(2026, 11, 12, 10, 0)
        if field.type == "date":
            return at.date().isoformat()
        self._minutes += self._chance.randrange(1, 3)
        return (at + timedelta(minutes=self._minutes % 20 + 1)).strftime("%H:%M")

    def _sentence(self, name: str) -> str:
        pool = self._sentences.get(name) or self._sentences.get("*") or ("As described above.",)
        return self._chance.choice(list(pool)).replace("{Child}", self._child)
