"""An answer as words on paper: what the school's copy and the parent's copy say of a value.

Answers come as JSON (`form_engine.session`); this turns each into the words a reader knows:
choices by their labels, moments as `10:16 am`, people by name or, on a parent's copy, by letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from bt_desktop.paper import body_map, words
from bt_desktop.paper.content import Rich, Span
from bt_desktop.paper.document import PersonSnapshot, RecordDocument
from bt_desktop.paper.parent_names import names_another_student

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Choice, Field, Form

PROHIBITED = "prohibited technique"
_TIME = re.compile(r"\d\d:\d\d.*")
_TOKEN = re.compile(r"\{@((?:student|staff|guardian):[^{}\s]{1,80})\}")
_FIGURES = re.compile(r"[-+.,:0-9TZ]*", re.ASCII)
"""What dates, times and numbers are written with in JSON."""
_UNREADABLE = (Span("Marked, but what was marked cannot be read.", italic=True),)
_PEOPLE = frozenset({"person", "student", "staff"})
_SCHOOLS_OWN = "hold_names"
"""The list of choices that a school edits; all others are the form's."""


def say(text: Mapping[str, str] | str | None, lang: str = "en") -> str:
    """A form's text in `lang`, or in English, or in whatever it has."""
    if text is None or isinstance(text, str):
        return text or ""
    if not text:
        return ""
    return text.get(lang) or text.get("en") or next(iter(text.values()))


def is_blank(value: Any) -> bool:
    """Nothing was answered (`False` and 0 are answers)."""
    return value is None or value in ("", []) or value == {}


@dataclass(frozen=True, slots=True)
class Sayer:
    """Says the answers of one record. With `for_parent`, no other student is ever named.

    `names_a_child` judges, for a parent, the words that the school itself wrote (titles of staff,
    names of holds); without it they are held against the students of the record.
    """

    doc: RecordDocument
    for_parent: bool = False
    names_a_child: Callable[[str], bool] | None = None

    @property
    def _form(self) -> Form:
        return self.doc.form

    def value(self, field: Field, answers: Mapping[str, Any], *, brief: bool = False) -> Rich:
        """The answer to `field` among `answers` (the root's or a row's); "" where there is none.

        `brief` is for the cells of a table: short dates, staff without their titles.
        """
        value = answers.get(field.name)
        if is_blank(value):
            return ""
        if isinstance(value, Mapping):
            return self._special(field, value)
        if field.type in ("select_one", "select_multiple"):
            return self._chosen(field, value, answers)
        return self._plain(field, value, brief=brief)

    def text(self, text: str) -> str:
        """A text with its person tokens turned into names (or letters)."""
        return _TOKEN.sub(lambda found: self.person(found[1], short=True), text)

    def person(self, person_id: str, *, short: bool = False) -> str:
        """A person by name; staff with their title unless `short`; by letter for a parent."""
        doc = self.doc
        person = doc.people.get(person_id)
        if self.for_parent and person_id.startswith("student:") and person_id != doc.subject_id:
            letter = doc.letters.get(person_id)
            return f"Student {letter}" if letter else "another student"
        if self.for_parent and not person_id.startswith(("student:", "staff:")):
            return "another person"  # a guardian's name tells whose guardian it is
        if person is None:
            return "a person not on file"
        if self.for_parent and person_id == doc.subject_id:
            return person.given or "your child"
        if short or not person.title or self.names_another(person.title):
            return person.name
        return f"{person.name}, {person.title}"

    def names_another(self, text: str) -> bool:
        """Whether `text` names another child on a paper for a parent."""
        if not self.for_parent:
            return False
        if self.names_a_child is None:
            return names_another_student(text, self.doc)
        return self.names_a_child(text)

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """The list of `field`; empty where it has none."""
        return self._form.choices.get(field.choices or "", ())

    def choice(self, field: Field, name: str) -> Choice | None:
        """The choice called `name` in the list of `field`, where it has one."""
        return next((choice for choice in self.choices(field) if choice.name == name), None)

    def prohibited(self, field: Field, answers: Mapping[str, Any]) -> tuple[Choice, ...]:
        """The prohibited techniques among the choices made."""
        value = answers.get(field.name)
        if field.type not in ("select_one", "select_multiple") or isinstance(value, Mapping):
            return ()
        names = value if isinstance(value, list) else [value]
        made = (self.choice(field, str(name)) for name in names if name)
        return tuple(choice for choice in made if choice is not None and choice.prohibited)

    def _special(self, field: Field, value: Mapping[str, Any]) -> Rich:
        if self.for_parent:
            return "Not known" if "$unknown" in value else ""
        if "$unknown" in value:
            reason = self.text(str(value["$unknown"] or ""))
            return (Span("Not known", italic=True), Span(f" – {reason}" if reason else ""))
        if "$typed" in value and field.type == "body_map":
            return _UNREADABLE
        if "$typed" in value:
            return (Span(f"“{value['$typed']}”"), Span(" – as typed; not understood", italic=True))
        if field.type == "body_map":
            shown = body_map.read(value)
            return body_map.said(shown, self.choices(field)) if shown is not None else _UNREADABLE
        if field.type == "signature":
            return "Signed"
        return ", ".join(f"{key}: {part}" for key, part in value.items() if not key.startswith("$"))

    def _chosen(self, field: Field, value: Any, answers: Mapping[str, Any]) -> Rich:
        names = value if isinstance(value, list) else [value]
        other = answers.get(f"{field.name}_other")
        spans: list[Span] = []
        for name in names:
            choice = self.choice(field, str(name))
            label = say(choice.label) if choice else str(name)
            if self.for_parent and (choice is None or self._hidden(field, label)):
                continue
            if name == "other" and isinstance(other, str) and not self.for_parent:
                label = f"{label}: {self.text(other)}"
            if spans:
                spans.append(Span("; "))
            if choice is not None and choice.prohibited:
                spans.append(Span(f"▲ {label} ({PROHIBITED})", bold=True))
            else:
                spans.append(Span(label))
        if not any(span.bold for span in spans):
            return "".join(span.text for span in spans)
        return tuple(spans)

    def _hidden(self, field: Field, label: str) -> bool:
        """Whether the label of a choice, where the school wrote it, names another child."""
        return field.choices == _SCHOOLS_OWN and self.names_another(label)

    def _plain(self, field: Field, value: Any, *, brief: bool) -> str:
        if field.type in _PEOPLE:
            people = value if isinstance(value, list) else [value]
            return "; ".join(self.person(str(person), short=brief) for person in people)
        if isinstance(value, bool) or field.type == "acknowledge":
            return "Yes" if value not in (False, "false", "no") else "No"
        if self.for_parent and field.type != "text" and not _FIGURES.fullmatch(str(value)):
            return ""  # words where a date or a number belongs: nobody has looked at them
        if field.type in ("date", "time", "datetime"):
            return say_moment(str(value), self.doc.event_at, brief=brief)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if isinstance(value, list):
            return "; ".join(self.text(str(part)) for part in value)
        if field.type == "calculate":
            return say_moment(str(value), self.doc.event_at, brief=brief)
        return self.text(str(value))


def moment_of(value: Any) -> datetime | None:
    """The moment an ISO datetime stands for, where it is one."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def say_moment(text: str, event_at: datetime | None, *, brief: bool = False) -> str:
    """An ISO date, time or datetime in words; a moment of the event's own day as a time alone.

    What is none of these comes back as it is. `brief` is for the cells of a table.
    """
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return words.short_day(day) if brief else words.long_day(day)
        if _TIME.fullmatch(text):
            return words.clock(time.fromisoformat(text))
        if "T" not in text:
            return text
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    same_day = event_at is not None and at.date() == event_at.date()
    return words.clock(at) if same_day else words.moment(at)


def describe(person: PersonSnapshot) -> str:
    """A person's line in a list of people: title, grade, training and how long it holds."""
    parts = [person.title, f"grade {person.grade}" if person.grade else ""]
    if person.training:
        until = person.training_until
        parts.append(
            f"{person.training}, to {words.short_day(until)}" if until else person.training
        )
    return "; ".join(filter(None, parts))
