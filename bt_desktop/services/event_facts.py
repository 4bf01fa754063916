"""The facts of an event, taken out of one record and put as answers to another. Pure functions.

What may be carried is data: the `fact` of a question (`form_engine.facts`). People are one list,
whichever questions of a form hold them, and the student a record is about is one of them: so the
subject of the next record is left out of its own list, and the subject of the first stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bt_desktop.form_engine.definition import OTHER, SELECTS, Field, Form, Section
from bt_desktop.form_engine.facts import OF_THE_STUDENT, OWN_WORDS, PEOPLE

Answers = Mapping[str, Any]

INVOLVED, WITNESS, HURT = "involved", "witness", "hurt"
_LISTS = {
    "students_involved": ("student", INVOLVED),
    "students_witness": ("student", WITNESS),
    "staff_involved": ("staff", INVOLVED),
    "staff_witness": ("staff", WITNESS),
}
"""Facts that are lists of people: of which kind, in which role."""
_HELD_BY = {"person_student": "student", "person_staff": "staff", "person_name": "outside"}
_OUTSIDE = ("outside", OTHER)


@dataclass(frozen=True, slots=True)
class EventPerson:
    """A person of an event. `who` is an id, or a name where `kind` is `outside`."""

    kind: str
    who: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What one record tells of its event. `other` holds the texts of "something else"."""

    values: Mapping[str, Any]
    other: Mapping[str, str] = field(default_factory=dict)
    people: tuple[EventPerson, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One answer to be given: the question's path, and what is typed."""

    path: str
    typed: Any


@dataclass(frozen=True, slots=True)
class Offered:
    """One fact as another record takes it. `label` is the question's; of people, the section's."""

    fact: str
    label: Mapping[str, str]
    steps: tuple[Step, ...]
    people: tuple[EventPerson, ...] = ()


def gather(form: Form, answers: Answers) -> EventFacts:
    """The facts that these answers tell."""
    values: dict[str, Any] = {}
    other: dict[str, str] = {}
    people: list[EventPerson] = []
    for asked in _told(form):
        value = answers.get(asked.name)
        if not _is_plain(value):
            continue
        if asked.fact in _LISTS:
            kind, role = _LISTS[asked.fact]
            people += [EventPerson(kind, str(who), (role,)) for who in _as_list(value)]
            continue
        values[asked.fact] = value
        text = answers.get(f"{asked.name}_{OTHER}")
        if isinstance(text, str):
            other[asked.fact] = text
    for section in form.sections:
        if section.fact == PEOPLE:
            people += _people_of(section, answers)
    subject = str(values.get("student", ""))
    if subject:
        people.insert(0, EventPerson("student", subject, _own_roles(form, values)))
    return EventFacts(values, other, _merged(people), subject)


def offers(
    form: Form, answers: Answers, told: EventFacts, *, own_words: bool = False
) -> tuple[Offered, ...]:
    """What of these facts the form asks and the answers do not say yet, in the form's order.

    `own_words`: the story too, for the same writer's report about another student of the event.
    """
    subject = answers.get(_name_of(form, "student")) or told.subject
    same = subject == told.subject
    found: list[Offered] = []
    for section in form.sections:
        if section.fact == PEOPLE:
            found += _rows(section, form, answers, told, str(subject))
            continue
        for asked in section.fields:
            if not asked.fact or not _is_blank(answers.get(asked.name)):
                continue
            if (asked.fact in OF_THE_STUDENT and not same) or (
                asked.fact in OWN_WORDS and not own_words
            ):
                continue
            steps, people = _answer(form, asked, told, str(subject))
            if steps:
                found.append(Offered(asked.fact, asked.label, steps, people))
    return tuple(found)


# --- taking out ----------------------------------------------------------------------------


def _told(form: Form) -> list[Field]:
    return [
        f
        for s in form.sections
        if s.repeat is None
        for f in s.fields
        if f.fact and f.other_of is None
    ]


def _is_plain(value: Any) -> bool:
    """Whether it is an answer: not a blank, not "not known", not something that was not read."""
    return not isinstance(value, Mapping) and not _is_blank(value)


def _is_blank(value: Any) -> bool:
    return value in (None, "", [])


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _people_of(section: Section, answers: Answers) -> list[EventPerson]:
    names = {f.fact: f.name for f in section.fields if f.fact}
    rows = answers.get(section.name)
    found = []
    for row in rows if isinstance(rows, list) else []:
        roles = row.get(names.get("person_roles", ""))
        kind = _kind_of(row, names)
        who = row.get(names.get(_fact_of(kind), "")) if kind else None
        if isinstance(who, str) and who:
            found.append(EventPerson(kind, who, tuple(roles) if isinstance(roles, list) else ()))
    return found


def _kind_of(row: Answers, names: Mapping[str, str]) -> str:
    """The kind that the row says, where it says one; else the kind of the name it holds."""
    said = row.get(names.get("person_kind", ""))
    if said in _HELD_BY.values():
        return str(said)
    held = [kind for fact, kind in _HELD_BY.items() if _is_plain(row.get(names.get(fact, "")))]
    if said in _OUTSIDE and "outside" in held:
        return "outside"
    return held[0] if held else ""


def _fact_of(kind: str) -> str:
    return next((fact for fact, one in _HELD_BY.items() if one == kind), "")


def _own_roles(form: Form, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles of the subject: as the form asks the part they played, else that they took part."""
    part = values.get("student_part")
    asked = _name_of(form, "student_part")
    for choice in form.choices_of(asked) if asked else ():
        if choice.name == part:
            return tuple(choice.extra.get("role", "").split())
    return (INVOLVED,)


def _merged(people: Sequence[EventPerson]) -> tuple[EventPerson, ...]:
    """Each person once, with every role they are said to have."""
    found: dict[tuple[str, str], EventPerson] = {}
    for one in people:
        known = found.get((one.kind, one.who))
        roles = (*(known.roles if known else ()), *one.roles)
        found[one.kind, one.who] = EventPerson(one.kind, one.who, tuple(dict.fromkeys(roles)))
    return tuple(found.values())


# --- putting in ----------------------------------------------------------------------------


def _name_of(form: Form, fact: str) -> str:
    return next((f.name for f in _told(form) if f.fact == fact), "")


def _answer(
    form: Form, asked: Field, told: EventFacts, subject: str
) -> tuple[tuple[Step, ...], tuple[EventPerson, ...]]:
    path = f"/{asked.name}"
    if asked.fact in _LISTS:
        people = _in_list(form, asked.fact, told, subject)
        step = Step(path, [one.who for one in people])
        return ((step,), people) if people else ((), ())
    if asked.fact == "student_part":
        part = _part_of(form, asked, told, subject)
        return ((Step(path, part),), ()) if part else ((), ())
    value = told.values.get(asked.fact)
    if value is None:
        return (), ()
    names = {choice.name for choice in form.choices_of(asked.name)}
    if asked.type in SELECTS and not names.issuperset(_as_list(value)):
        return (), ()
    steps = [Step(path, value)]
    if asked.fact in told.other and OTHER in names:
        steps.append(Step(f"{path}_{OTHER}", told.other[asked.fact]))
    return tuple(steps), ()


def _in_list(form: Form, fact: str, told: EventFacts, subject: str) -> tuple[EventPerson, ...]:
    """The people for a list: who only saw it goes where a form asks for those who saw it."""
    kind, role = _LISTS[fact]
    both = all(_name_of(form, f"{fact.partition('_')[0]}_{one}") for one in (INVOLVED, WITNESS))
    here = (one for one in told.people if one.kind == kind and one.who != subject)
    return tuple(one for one in here if not both or _only_saw(one) is (role == WITNESS))


def _only_saw(one: EventPerson) -> bool:
    return bool(one.roles) and set(one.roles) <= {WITNESS, "reporter"}


def _part_of(form: Form, asked: Field, told: EventFacts, subject: str) -> str:
    """The part that the new record's student played, by the roles the other record gave them."""
    roles = next((set(p.roles) for p in told.people if p.who == subject), set())
    known = {INVOLVED, WITNESS, "hurt"}
    for choice in form.choices_of(asked.name):
        if roles & known and set(choice.extra.get("role", "").split()) == (
            roles & {INVOLVED, "hurt"} or roles & {WITNESS}
        ):
            return choice.name
    return ""


def _rows(
    section: Section, form: Form, answers: Answers, told: EventFacts, subject: str
) -> list[Offered]:
    """New rows for the people whom the record does not name yet."""
    by_fact = {f.fact: f for f in section.fields if f.fact}
    known = {(one.kind, one.who) for one in gather(form, answers).people}
    people = [
        one
        for one in told.people
        if (one.kind, one.who) not in known and one.who != subject and _fact_of(one.kind) in by_fact
    ]
    rows = answers.get(section.name)
    begun = [row for row in rows if _is_begun(row)] if isinstance(rows, list) else []
    steps = [
        Step(f"/{section.name}[{number}]/{by_fact[fact].name}", typed)
        for number, one in enumerate(people, len(begun) + 1)
        for fact, typed in _row(form, by_fact, one)
    ]
    return [Offered(PEOPLE, section.label, tuple(steps), tuple(people))] if people else []


def _is_begun(row: Any) -> bool:
    return isinstance(row, Mapping) and any(
        not _is_blank(value) for name, value in row.items() if not name.startswith("$")
    )


def _row(form: Form, by_fact: Mapping[str, Field], one: EventPerson) -> list[tuple[str, Any]]:
    answers: list[tuple[str, Any]] = []
    if "person_kind" in by_fact:
        names = {choice.name for choice in form.choices_of(by_fact["person_kind"].name)}
        kinds = _OUTSIDE if one.kind == "outside" else (one.kind,)
        answers += [("person_kind", kind) for kind in kinds if kind in names][:1]
    answers.append((_fact_of(one.kind), one.who))
    if "person_roles" in by_fact:
        names = {choice.name for choice in form.choices_of(by_fact["person_roles"].name)}
        roles = [role for role in one.roles if role in names]
        answers += [("person_roles", roles)] if roles else []
    return answers
