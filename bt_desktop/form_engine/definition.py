"""What is asked: a `Form` and all in it, frozen. Answers live in `session`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from bt_desktop.form_engine.expressions import Expression

if TYPE_CHECKING:
    from bt_desktop.form_engine.packs import Pack
    from bt_desktop.form_engine.plan import Plan

Text = Mapping[str, str]
"""A text in languages: {"en": "Hold began"}."""

NO_TEXT: Text = MappingProxyType({})


def no_text() -> Text:
    """Nothing, in any language."""
    return NO_TEXT


PARTS = ("report", "statement", "nurse", "override", "review", "follow_up", "debrief", "notice")
"""Who owns what. `override` allows, with a reason, what the report alone may not say; `notice` is a
living log beside the record, never part of a frozen revision."""

FIELD_TYPES = [
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "datetime",
    "select_one",
    "select_multiple",
    "acknowledge",
    "note",
    "calculate",
    "person",
    "student",
    "staff",
    "body_map",
    "image",
    "signature",
]
REASONS = ("statute", "state_report", "district", "best_practice")
PRIVACIES = ("parent", "staff", "internal")
RECORD_CLASSES = ("education", "confidential")
"""`education`: part of the student's file (FERPA). `confidential`: prepared for the district's
risk management, kept apart from the file, never in a parent's copy."""
CONFIDENTIAL_HEAD = "CONFIDENTIAL. Prepared for district risk management."
"""Heads a confidential record on the screen and on every page (ASCIP guide for California
districts, domain: health-office §6, "Accident report ≠ parent notice")."""
REVIEWS = ("required", "offered")
"""Of a form with a review part: `required`, a signed record waits for it; `offered`, it may be
reviewed and waits for nobody."""
SUBJECTS = ("student", "staff", "any", "none")
SELECTS = frozenset(("select_one", "select_multiple"))
PEOPLE = frozenset(("person", "student", "staff"))
OTHER = "other"
"""The choice that opens a required text of its own."""


def say(text: Text, lang: str = "en") -> str:
    """A text in a language; in English, then in any, where that language has none."""
    return text.get(lang) or text.get("en") or next(iter(text.values()), "")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a list. `extra` are further columns, for choice_filter.

    `prohibited`: can be recorded, is always flagged; `cite` says by what rule.
    """

    name: str
    label: Text
    hint: Text = field(default_factory=no_text)
    extra: Mapping[str, str] = field(default_factory=no_text)
    prohibited: bool = False
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question (or note, or calculated value).

    `required` and `read_only` are expressions too: `true()` where the file says true. A `default`
    is an expression: a literal where the file gives a value. `section` names where it stands,
    `repeat` whether that section repeats. `other_of` names the choice question whose `other`
    opened it. `reason` and `cite` say why it is asked, `privacy` the widest copy it may stand on.
    `fact` names what the answer is to other records of the same event (see `facts`).
    """

    name: str
    type: str
    section: str
    repeat: bool = False
    label: Text = field(default_factory=no_text)
    hint: Text = field(default_factory=no_text)
    guidance_hint: Text = field(default_factory=no_text)
    default: Expression | None = None
    read_only: Expression | None = None
    required: Expression | None = None
    required_message: Text = field(default_factory=no_text)
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Text = field(default_factory=no_text)
    warning: Expression | None = None
    warning_message: Text = field(default_factory=no_text)
    calculation: Expression | None = None
    choices: str | None = None
    choice_filter: Expression | None = None
    appearance: str = ""
    recommended: bool = False
    unknown: bool = True
    reason: str = ""
    cite: str = ""
    privacy: str = "internal"
    promote: bool = False
    other_of: str | None = None
    fact: str = ""

    def looks(self, word: str) -> bool:
        """Whether `appearance` holds the word."""
        return word in self.appearance.split()

    @property
    def is_helper(self) -> bool:
        """Worked out for other questions only (`appearance: helper`): shown and printed nowhere."""
        return self.looks("helper")

    @property
    def is_input(self) -> bool:
        """Whether a person answers it."""
        return self.type not in ("note", "calculate") and self.calculation is None

    @property
    def is_multiple(self) -> bool:
        """Whether its answer is a list of names or ids."""
        return self.type == "select_multiple" or (self.type in PEOPLE and self.looks("multiple"))

    @property
    def is_clock_time(self) -> bool:
        """A datetime typed as a time: its date comes from the event."""
        return self.type == "datetime" and self.looks("time")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A section that is filled any number of times (`min` to `max`); `label` names one row."""

    min: int = 0
    max: int | None = None
    label: Text = field(default_factory=no_text)
    add_label: Text | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together, in one part of the record."""

    name: str
    label: Text
    fields: tuple[Field, ...]
    hint: Text = field(default_factory=no_text)
    guidance_hint: Text = field(default_factory=no_text)
    part: str = "report"
    relevant: Expression | None = None
    repeat: Repeat | None = None
    cite: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """Answers that belong in another report: `when` they do, `because` of what.

    `form` is that report's form, `at` the question at which it is said. As long as no record of
    that form is in the event, the author starts one or says why none is needed.
    """

    name: str
    form: str
    at: str
    when: Expression
    because: Text


@dataclass(frozen=True, repr=False)
class Form:
    """A form as it is asked, with its pack laid over it. Equal to another if all of it is.

    `event_date` names the date question that gives times their date; `event_time` the time from
    which a time far earlier means the next day. `subject` is whom it is about: `any` takes the
    first of the form's people questions that applies and is answered. `record_class`: see
    `RECORD_CLASSES`; `review`: see `REVIEWS`. `hint` says what the form is for, where it is chosen.
    """

    form: str
    version: str
    title: Text
    subject: str
    prefix: str
    sections: tuple[Section, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    pack: Pack | None = None
    event_date: str | None = None
    event_time: str | None = None
    record_class: str = "education"
    leads: tuple[Lead, ...] = ()
    review: str = "required"
    hint: Text = field(default_factory=no_text)
    _fields: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fields = {f.name: f for s in self.sections for f in s.fields}
        object.__setattr__(self, "_fields", fields)

    def __repr__(self) -> str:
        return f"Form({self.form!r}, {self.version!r})"

    @property
    def is_confidential(self) -> bool:
        """Whether its records are kept apart from the student's file."""
        return self.record_class == "confidential"

    def field(self, name: str) -> Field:
        """The question of that name. Raises KeyError."""
        return self._fields[name]

    def fields(self) -> Mapping[str, Field]:
        """All questions by name, in reading order."""
        return self._fields

    def section(self, name: str) -> Section:
        """The section of that name. Raises KeyError."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)

    def parts(self) -> tuple[str, ...]:
        """The parts that this form has, in the order in which they come."""
        return tuple(dict.fromkeys(s.part for s in self.sections))

    @property
    def asks_review(self) -> bool:
        """Whether a signed record of this form waits for a review."""
        return self.review == "required" and "review" in self.parts()

    def choices_of(self, name: str) -> tuple[Choice, ...]:
        """All choices of a question, unfiltered."""
        named = self.field(name).choices
        return self.choices[named] if named is not None else ()

    @cached_property
    def plan(self) -> Plan:
        """What must be computed again when an answer changes; worked out once for all sessions."""
        from bt_desktop.form_engine.plan import Plan  # plan needs this module

        return Plan(self)

    @cached_property
    def source(self) -> str:
        """The form as canonical JSON text: what a store keeps once per version."""
        from bt_desktop.form_engine.archive import dump_form  # archive needs this module

        return dump_form(self)

    def dump(self) -> str:
        """The form as canonical JSON text; `Form.load` reads it back, equal."""
        return self.source

    @staticmethod
    def load(text: str) -> Form:
        """A form from what `dump` gave. Raises ValueError if it is something else."""
        from bt_desktop.form_engine.archive import load_form_text  # archive needs this module

        return load_form_text(text)
