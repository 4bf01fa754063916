"""What a roster would change: everyone in it held against everyone the school knows. Pure.

A person is found again by the roster's id. Someone added by hand is found by name and birth date
and takes the id on, so that an import never doubles them. A blank never erases what is known;
nobody is ever deleted, and only a set that holds everyone can make someone inactive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bt_desktop.services.names import fold
from bt_desktop.services.roster_model import (
    PersonKind,
    RosterLink,
    RosterProblem,
    RosterSet,
)

Value = str | date | None
Values = Mapping[str, Value]

LABELS: Mapping[str, str] = {
    "given": "First name", "middle": "Middle name", "family": "Last name",
    "preferred": "Called", "birth_date": "Birth date", "grade": "Grade", "teacher": "Teacher",
    "student_number": "Student number", "title": "Title", "phone": "Phone",
}  # fmt: skip
TITLES: Mapping[str, str] = {
    "teacher": "Teacher", "aide": "Aide", "administrator": "Administrator", "proctor": "Proctor",
    "counselor": "Counselor", "principal": "Principal", "siteadministrator": "Administrator",
    "districtadministrator": "District administrator", "paraprofessional": "Paraprofessional",
    "systemadministrator": "System administrator", "teachingassistant": "Teaching assistant",
}  # fmt: skip
MANY = 0.2
"""From this share of the students on, making them inactive has to be confirmed."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the store has them. `id` is bare; `keep` says never to make them inactive
    (a staff member with an account)."""

    kind: PersonKind
    id: str
    sourced_id: str | None
    values: Values
    active: bool = True
    keep: bool = False

    @property
    def name(self) -> str:
        """The name to show."""
        return _name(self.values)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one person: what it was and what it becomes, as text to show."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Addition:
    """Someone who is new. `values` are the fields that the file tells."""

    kind: PersonKind
    sourced_id: str
    name: str
    values: Values
    line: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Someone known who changes. `id` is bare. `returns`: was inactive and is active again;
    `adopted`: was added by hand and is found in the roster now."""

    kind: PersonKind
    id: str
    sourced_id: str
    name: str
    fields: tuple[FieldChange, ...]
    values: Values
    returns: bool = False
    adopted: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Leaving:
    """Someone who becomes inactive: `missing` from a set that holds everyone, or named as gone."""

    kind: PersonKind
    id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to be confirmed before the import: a sentence with a stable code."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All that would change. Links are pairs of roster ids (student, guardian)."""

    added: tuple[Addition, ...]
    changed: tuple[Change, ...]
    leaving: tuple[Leaving, ...]
    unchanged: Mapping[PersonKind, int]
    links_added: tuple[tuple[str, str], ...]
    links_ended: tuple[tuple[str, str], ...]
    problems: tuple[RosterProblem, ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the file tells of one person."""

    kind: PersonKind
    sourced_id: str
    values: Values
    line: int


@dataclass(slots=True)
class _Work:
    added: list[Addition] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)
    problems: list[RosterProblem] = field(default_factory=list)
    unchanged: dict[PersonKind, int] = field(default_factory=dict)
    met: set[tuple[str, str]] = field(default_factory=set)


def difference(
    roster: RosterSet,
    known: Sequence[Known],
    pairs: Mapping[tuple[str, str], bool],
    *,
    today: date,
    users_file: str = "users.csv",
) -> Difference:
    """Holds `roster` against the people `known` and the `pairs` of roster ids that are linked
    (student, guardian) -> whether the link is active."""
    work = _Work()
    by_source = {(p.kind, p.sourced_id): p for p in known if p.sourced_id}
    by_hand = _by_hand(known)
    for told in _told(roster, by_source, today):
        person = by_source.get((told.kind, told.sourced_id))
        adopted = False
        if person is None and (person := by_hand.pop(_identity(told.kind, told.values), None)):
            adopted = True
        if person is None:
            work.added.append(
                Addition(told.kind, told.sourced_id, _name(told.values), told.values, told.line)
            )
            work.met.add((told.kind, told.sourced_id))
        elif not adopted and _someone_else(person, told.values):
            work.met.add((told.kind, told.sourced_id))
            work.problems.append(_reused(users_file, told.line))
        else:
            work.met.add((told.kind, told.sourced_id))
            _compare(told, person, work, adopted=adopted)
    _leave(roster, known, work)
    links_added, links_ended = _links(roster, known, pairs, work, users_file)
    return Difference(
        tuple(work.added), tuple(work.changed), tuple(work.leaving), work.unchanged,
        links_added, links_ended, tuple(work.problems), _warnings(known, work),
    )  # fmt: skip


def _told(
    roster: RosterSet, by_source: Mapping[tuple[PersonKind, str], Known], today: date
) -> Iterator[_Told]:
    for s in roster.students:
        born = s.birth_date if s.birth_date and date(1990, 1, 1) <= s.birth_date < today else None
        values = _filled(
            given=s.given, middle=s.middle, family=s.family, preferred=s.preferred_given,
            birth_date=born, grade=s.grade, teacher=s.teacher or s.homeroom,
            student_number=s.student_number,
        )  # fmt: skip
        yield _Told("student", s.sourced_id, values, s.line)
    for m in roster.staff:
        values = _filled(given=m.given, family=m.family, preferred=m.preferred_given,
                         title=TITLES.get(m.role, ""))  # fmt: skip
        yield _Told("staff", m.sourced_id, values, m.line)
    for g in roster.guardians:
        values = _filled(given=g.given, family=g.family, phone=g.phone or g.mobile)
        yield _Told("guardian", g.sourced_id, values, g.line)
    yield from _told_of_known(roster, by_source)


def _told_of_known(
    roster: RosterSet, by_source: Mapping[tuple[PersonKind, str], Known]
) -> Iterator[_Told]:
    """What a delta tells of people whose role, or whose own row, does not stand in it."""
    kinds: tuple[PersonKind, ...] = ("student", "staff", "guardian")
    for p in roster.unplaced:
        for kind in kinds:
            if (kind, p.sourced_id) not in by_source:
                continue
            values = _filled(given=p.given, middle=p.middle, family=p.family,
                             preferred=p.preferred_given)  # fmt: skip
            if kind == "student":
                more = _filled(grade=p.grade, student_number=p.student_number)
                values = {**values, **more}
            elif kind == "guardian":
                values = _filled(given=p.given, family=p.family, phone=p.phone or p.mobile)
            yield _Told(kind, p.sourced_id, values, p.line)
    told_already = {p.sourced_id for p in roster.unplaced}
    later: dict[str, dict[str, Value]] = {}
    for sourced_id, born in roster.birth_dates:
        later.setdefault(sourced_id, {})["birth_date"] = born
    for sourced_id, title, teacher in roster.homerooms:
        later.setdefault(sourced_id, {}).update(_filled(teacher=teacher or title))
    for sourced_id, more_values in later.items():
        if ("student", sourced_id) in by_source and sourced_id not in told_already:
            yield _Told("student", sourced_id, more_values, 0)


def _filled(**values: Value) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value}


def _name(values: Values) -> str:
    return " ".join(str(values[part]) for part in ("given", "family") if values.get(part))


def _identity(kind: PersonKind, values: Values) -> tuple[str, str, str, str]:
    born = values.get("birth_date") if kind == "student" else None
    return (kind, fold(str(values.get("given") or "")), fold(str(values.get("family") or "")),
            born.isoformat() if isinstance(born, date) else "")  # fmt: skip


def _by_hand(known: Iterable[Known]) -> dict[tuple[str, str, str, str], Known]:
    """People added by hand, by name and birth date; two who look the same are left alone.

    A guardian is not found again by name: they could be a namesake with no right to this child.
    """
    found: dict[tuple[str, str, str, str], Known] = {}
    twice = set()
    for person in known:
        if person.sourced_id or person.kind == "guardian":
            continue
        if person.kind == "student" and not person.values.get("birth_date"):
            continue
        key = _identity(person.kind, person.values)
        if key in found:
            twice.add(key)
        found[key] = person
    return {key: person for key, person in found.items() if key not in twice}


def _someone_else(person: Known, told: Values) -> bool:
    """Whether an id now stands for another human being: every name and the birth date differ."""
    for part in ("given", "family"):
        new, old = told.get(part), person.values.get(part)
        if not new or not old or fold(str(new)) == fold(str(old)):
            return False
    new_born, old_born = told.get("birth_date"), person.values.get("birth_date")
    return person.kind != "student" or not new_born or new_born != old_born


def _reused(file: str, line: int) -> RosterProblem:
    return RosterProblem(file, line, "The id in this row belongs to someone with another first and "
                         "last name here. Nothing was changed; compare the two people.",
                         "sourcedId", "id-of-someone-else")  # fmt: skip


def _compare(told: _Told, person: Known, work: _Work, *, adopted: bool) -> None:
    fields = []
    for name, new in told.values.items():
        old = person.values.get(name)
        if old == new or (name == "title" and old):
            continue  # a title that the school has given stays
        fields.append(FieldChange(name, LABELS[name], _shown(old), _shown(new)))
    returns = not person.active and told.line > 0
    if not fields and not returns and not adopted:
        work.unchanged[told.kind] = work.unchanged.get(told.kind, 0) + 1
        return
    changed = {change.field for change in fields}
    values = {name: value for name, value in told.values.items() if name in changed}
    work.changed.append(
        Change(told.kind, person.id, told.sourced_id, person.name, tuple(fields), values,
               returns, adopted, told.line)
    )  # fmt: skip


def _shown(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _leave(roster: RosterSet, known: Sequence[Known], work: _Work) -> None:
    gone = {departure.sourced_id: departure.why for departure in roster.departures}
    told: dict[PersonKind, bool] = {
        "student": bool(roster.students), "staff": bool(roster.staff),
        "guardian": bool(roster.guardians),
    }  # fmt: skip
    for person in known:
        if not person.active or not person.sourced_id or person.keep:
            continue
        why: str | None = gone.get(person.sourced_id)
        if why is None and roster.complete and told[person.kind]:
            here = (person.kind, person.sourced_id) in work.met
            why = None if here or person.sourced_id in roster.seen else "missing"
        if why:
            work.leaving.append(Leaving(person.kind, person.id, person.name, why))


def _links(
    roster: RosterSet,
    known: Sequence[Known],
    pairs: Mapping[tuple[str, str], bool],
    work: _Work,
    users_file: str,
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    ids = work.met | {(p.kind, p.sourced_id) for p in known if p.sourced_id}
    added = []
    for link in roster.links:
        pair = (link.student, link.guardian)
        if ("student", link.student) not in ids or ("guardian", link.guardian) not in ids:
            work.problems.append(_no_guardian(users_file, link))
        elif not pairs.get(pair, False):
            added.append(pair)
    told = {(link.student, link.guardian) for link in (*roster.links, *roster.doubtful_links)}
    of_whom = {student.sourced_id for student in roster.students}
    ended = [
        pair
        for pair, active in pairs.items()
        if active and roster.complete and roster.links and pair[0] in of_whom and pair not in told
    ]
    return tuple(dict.fromkeys(added)), tuple(ended)


def _no_guardian(file: str, link: RosterLink) -> RosterProblem:
    return RosterProblem(file, link.line, "The guardian whom this student's row names is not known "
                         "here and not in the set. They were not linked.",
                         "agentSourcedIds", "link-to-no-guardian")  # fmt: skip


def _warnings(known: Sequence[Known], work: _Work) -> tuple[Warned, ...]:
    active = sum(1 for p in known if p.kind == "student" and p.active)
    leaving = sum(1 for person in work.leaving if person.kind == "student")
    if not active or leaving / active <= MANY:
        return ()
    return (
        Warned("many-leave", f"{leaving} of {active} students would become inactive. That is "
               "right at the end of a school year; else this may be the wrong file."),
    )  # fmt: skip
