"""What tables would change: everyone told held against everyone the school knows. Pure.

A student is found by student number, else by name and birth date, else by a name that one student
alone bears and that nothing speaks against (and then it is said). A blank cell erases nothing. A
flag that protects somebody (no contact, no copies, sensitive services) is set by a table, but only
a person takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bt_desktop.services.csv_model import Cell, CsvSet, ToldGuardian, ToldPerson
from bt_desktop.services.names import fold
from bt_desktop.services.photo_folder import number_key
from bt_desktop.services.roster_difference import (
    LABELS,
    MANY,
    Addition,
    Change,
    FieldChange,
    Leaving,
    Warned,
)
from bt_desktop.services.roster_model import PersonKind, RosterProblem

LABEL: Mapping[str, str] = {
    **LABELS, "home_language": "Home language", "plans": "Plans", "health_note": "Health note",
    "allergies": "Allergies", "medical_alert": "Medical alert", "custody_alert": "Custody",
    "sensitive": "Sensitive services", "case_manager": "Case manager", "email": "Email",
    "relation": "Relation", "language": "Language", "needs_interpreter": "Interpreter",
    "no_contact": "No contact", "may_receive": "May receive copies",
}  # fmt: skip
NEW = "new:"
"""How the key of a person begins whom the tables add."""

_TAKEN = (
    "number-of-someone-else",
    "This student number belongs to someone with another name here. Nothing was changed; compare "
    "the two.",
)
_UNKNOWN = (
    "unknown-number",
    "No student has this number, and the row has no name. It was not taken.",
)
_BY_NAME = (
    "by-name",
    "This student was found by the name alone. Compare the two before you import.",
)
_NAMESAKE = (
    "namesake",
    "A student of this name is here already, and the row has no student number or birth date to "
    "tell them apart. It was not taken.",
)
_OF_PAIR = ("relation", "no_contact", "may_receive")
_OF_GUARDIAN = ("given", "family", "phone", "email", "language", "needs_interpreter")
_PROTECTS = {"sensitive": True, "no_contact": True, "may_receive": False}


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of the store, by bare id; of a guardian `students` are those they belong to, each
    with what they are to them (relation and flags)."""

    kind: PersonKind
    id: str
    values: Mapping[str, Any]
    active: bool = True
    students: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bond:
    """A guardian and a student who belong together; ids are bare, or keys of people to be added.
    `values` are what is to be set on the pair."""

    student: str
    guardian: str
    values: Mapping[str, Cell]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """All that would change. `rooms` are (room, key of each student); `keys` of `added` stand in
    their `sourced_id`."""

    added: tuple[Addition, ...]
    changed: tuple[Change, ...]
    leaving: tuple[Leaving, ...]
    unchanged: Mapping[PersonKind, int]
    bonds: tuple[Bond, ...]
    rooms: tuple[tuple[str, str, str], ...]
    problems: tuple[RosterProblem, ...]
    warnings: tuple[Warned, ...]


def match(told: CsvSet, known: Sequence[KnownPerson], *, everyone: bool = False) -> Matched:
    """Holds `told` against `known`. `everyone` says that the tables hold every student: who is
    missing then becomes inactive, unless a part of a table was lost."""
    work = _Work(told, known)
    work.staff()
    work.students()
    work.contacts()
    if everyone:
        work.missing()
    return work.done()


class _Book:
    """Finds known people of one kind."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        self.by_number: dict[str, list[KnownPerson]] = {}
        self.by_name: dict[tuple[str, str], list[KnownPerson]] = {}
        for one in people:
            self.put(one)

    def put(self, one: KnownPerson) -> None:
        number = one.values.get("student_number")
        if number:
            self.by_number.setdefault(number_key(number), []).append(one)
        self.by_name.setdefault(_name_key(one.values), []).append(one)

    def number(self, number: object) -> KnownPerson | None:
        found = self.by_number.get(number_key(str(number)), []) if number else []
        return found[0] if len(found) == 1 else None

    def named(self, values: Mapping[str, Any]) -> list[KnownPerson]:
        return self.by_name.get(_name_key(values), [])


class _Work:
    """The holding against each other, step by step."""

    def __init__(self, told: CsvSet, known: Sequence[KnownPerson]) -> None:
        self._told = told
        self._known = known
        self._book = _Book(one for one in known if one.kind == "student")
        self._staff = [one for one in known if one.kind == "staff"]
        self._guardians = _Book(one for one in known if one.kind == "guardian")
        self._added: list[Addition] = []
        self._changes: dict[tuple[PersonKind, str], Change] = {}
        self._met: dict[tuple[PersonKind, str], None] = {}
        self._leaving: list[Leaving] = []
        self._bonds: dict[tuple[str, str], Bond] = {}
        self._rooms: dict[str, tuple[str, str, str]] = {}
        self._problems: list[RosterProblem] = []
        self._count = 0

    # --- staff -----------------------------------------------------------------------------

    def staff(self) -> None:
        """Staff are found by email, else by a name that one of them bears."""
        for told in self._told.staff:
            values = dict(told.values)
            found = self._staff_named(values)
            if len(found) > 1:
                self._problem(told, "several", "Several staff members have this name. Nobody was "
                              "changed; correct them by hand.")  # fmt: skip
            elif found:
                keep = found[0].values.get("title")
                if keep:
                    values.pop("title", None)  # a title that the school has given stays
                self._compare("staff", found[0], values, told)
            else:
                key = self._add("staff", values, told)
                self._staff.append(KnownPerson("staff", key, values))

    def _staff_named(self, values: Mapping[str, Any]) -> list[KnownPerson]:
        email = str(values.get("email") or "").casefold()
        if email:
            same = [one for one in self._staff if str(one.values.get("email")).casefold() == email]
            if same:
                return same
        key = _name_key(values)
        return [one for one in self._staff if _name_key(one.values) == key]

    def _manager(self, text: str) -> KnownPerson | None:
        """The staff member whom a case manager's name or email means."""
        wanted = sorted(fold(text).replace(",", " ").split())
        found = [
            one
            for one in self._staff
            if one.active
            and (
                fold(str(one.values.get("email") or "-")) == fold(text).strip()
                or sorted(fold(f"{one.values.get('given')} {one.values.get('family')}").split())
                == wanted
            )
        ]
        return found[0] if len(found) == 1 else None

    # --- students --------------------------------------------------------------------------

    def students(self) -> None:
        """Students, several rows of one put together first."""
        for told in _joined(self._told.students):
            found, why = self._find(told)
            if why:
                self._problem(told, *why)
                continue
            if told.left:
                self._leave(found, "left")
                continue
            self._prepare(told, found)
            if found is None:
                key = self._add("student", _with_plans(told, None), told)
                fresh = KnownPerson("student", key, told.values)
                self._book.put(fresh)
                self._met["student", key] = None
            else:
                key = found.id
                if ("student", key) in self._met:
                    self._problem(told, "same-student", "Another row is about the same student. "
                                  "The first one was kept.")  # fmt: skip
                    continue
                self._compare("student", found, _with_plans(told, found), told)
            room = told.homeroom or str(told.values.get("teacher") or "")
            if room:
                self._rooms[key] = (room, str(told.values.get("teacher") or ""), key)
            self._bond_all(key, told.guardians)

    def _find(self, told: ToldPerson) -> tuple[KnownPerson | None, tuple[str, str] | None]:
        """The student told (None: nobody known), or why that cannot be said."""
        values = told.values
        by_number = self._book.number(values.get("student_number"))
        if by_number is not None:
            return (None, _TAKEN) if _is_someone_else(by_number, values) else (by_number, None)
        if not values.get("given") and not values.get("family"):
            return None, _UNKNOWN
        same = self._book.named(values)
        born = values.get("birth_date")
        exact = [one for one in same if born and one.values.get("birth_date") == born]
        if len(exact) == 1:
            return exact[0], None
        fits = [one for one in same if not exact and _nothing_against(one, values)]
        if len(fits) == 1 and (born or values.get("student_number")):
            self._problem(told, *_BY_NAME, taken=True)
            return fits[0], None
        return None, _NAMESAKE if exact or fits else None

    def _prepare(self, told: ToldPerson, found: KnownPerson | None) -> None:
        """The case manager as an id; a number that would be changed back to fewer zeros stays."""
        if told.manager:
            manager = self._manager(told.manager)
            if manager is None:
                self._problem(told, "no-manager", "The case manager is no staff member here, or "
                              "several have this name. Left as it is.", taken=True)  # fmt: skip
            else:
                told.values["case_manager"] = manager.id
        number = told.values.get("student_number")
        old = found.values.get("student_number") if found else None
        if number and old and number_key(str(number)) == number_key(str(old)):
            told.values.pop("student_number")

    # --- guardians -------------------------------------------------------------------------

    def contacts(self) -> None:
        """Rows of guardians: their student must be known, or told by another table."""
        for told in self._told.contacts:
            found, why = self._find(told)
            if why and why is not _UNKNOWN:
                self._problem(told, *why)
            elif found is None:
                self._problem(told, "no-student", "The student of this contact is not known here "
                              "and not in the tables. The row was not taken.")  # fmt: skip
            else:
                self._bond_all(found.id, told.guardians)

    def _bond_all(self, student: str, guardians: Iterable[ToldGuardian]) -> None:
        for told in guardians:
            self._bond(student, told)

    def _bond(self, student: str, told: ToldGuardian) -> None:
        pair = {name: value for name, value in told.values.items() if name in _OF_PAIR}
        person = {name: value for name, value in told.values.items() if name in _OF_GUARDIAN}
        found = self._guardian(student, person)
        if found is None:
            key = self._add("guardian", person, told)
            self._guardians.put(KnownPerson("guardian", key, person, True, {student: {}}))
            self._bonds[student, key] = Bond(student, key, pair, True)
            return
        known_pair = found.students.get(student)
        if (student, found.id) in self._bonds:
            return
        wanted = {
            name: value
            for name, value in self._guarded(pair, known_pair or {}, told).items()
            if known_pair is None or not _alike(name, value, known_pair.get(name))
        }
        self._bonds[student, found.id] = Bond(student, found.id, wanted, known_pair is None)
        before = {**found.values, **(known_pair or {})}
        fields = [] if found.id.startswith(NEW) else _fields({**person, **wanted}, before)
        if fields or known_pair is None:
            self._change("guardian", found, fields, {
                k: v for k, v in person.items() if found.values.get(k) != v}, told)  # fmt: skip
        else:
            self._met["guardian", found.id] = None

    def _guardian(self, student: str, values: Mapping[str, Any]) -> KnownPerson | None:
        """The guardian told: of this student by name; of another student by name and phone or
        email, for a namesake has no right to this child."""
        same = self._guardians.named(values)
        for one in same:
            if student in one.students:
                return one
        for one in same:
            if _reached_alike(one.values, values):
                return one
        return None

    # --- who is gone -----------------------------------------------------------------------

    def missing(self) -> None:
        """Active students whom no row is about, where the tables hold everyone."""
        if self._told.lost or not self._told.students:
            return
        gone = {one.id for one in self._leaving}
        for one in self._known:
            seen = ("student", one.id) in self._met or one.id in gone
            if one.kind == "student" and one.active and not seen:
                self._leave(one, "missing")

    def _leave(self, found: KnownPerson | None, why: str) -> None:
        if found is not None and found.active and not found.id.startswith(NEW):
            self._leaving.append(Leaving("student", found.id, _name(found.values), why))

    # --- what comes of it ------------------------------------------------------------------

    def _add(
        self, kind: PersonKind, values: Mapping[str, Any], told: ToldPerson | ToldGuardian
    ) -> str:
        self._count += 1
        key = f"{NEW}{self._count}"
        self._added.append(Addition(kind, key, _name(values), dict(values), told.line))
        return key

    def _compare(
        self, kind: PersonKind, found: KnownPerson, values: Mapping[str, Any], told: ToldPerson
    ) -> None:
        wanted = self._guarded(values, found.values, told)
        fields = _fields(wanted, found.values)
        self._met[kind, found.id] = None
        if found.id.startswith(NEW):
            return
        if fields or not found.active:
            changed = {one.field for one in fields}
            self._change(kind, found, fields, {k: wanted[k] for k in changed}, told)

    def _change(
        self,
        kind: PersonKind,
        found: KnownPerson,
        fields: Sequence[FieldChange],
        values: Mapping[str, Any],
        told: ToldPerson | ToldGuardian,
    ) -> None:
        self._met[kind, found.id] = None
        if found.id.startswith(NEW):
            return
        before = self._changes.get((kind, found.id))
        if before is not None:
            fields = (*before.fields, *(one for one in fields if one not in before.fields))
            values = {**before.values, **values}
        self._changes[kind, found.id] = Change(
            kind, found.id, "", _name(found.values), tuple(fields), values,
            returns=not found.active, line=told.line,
        )  # fmt: skip

    def _guarded(
        self,
        wanted: Mapping[str, Any],
        known: Mapping[str, Any],
        told: ToldPerson | ToldGuardian,
    ) -> dict[str, Any]:
        """Without what would take protection away."""
        kept = dict(wanted)
        for name, protects in _PROTECTS.items():
            if name in kept and known.get(name) is protects and kept[name] is not protects:
                kept.pop(name)
                self._problem(told, "flag-stays", f"{LABEL[name]}: the table would take this flag "
                              "away. It stays; take it away by hand if that is right.")  # fmt: skip
        return kept

    def _problem(
        self,
        told: ToldPerson | ToldGuardian,
        code: str,
        reason: str,
        *,
        taken: bool = False,
    ) -> None:
        self._problems.append(RosterProblem(told.file, told.line, reason, "", code, taken))

    def done(self) -> Matched:
        """All of it."""
        unchanged: dict[PersonKind, int] = {}
        for kind, which in self._met:
            if (kind, which) not in self._changes and not which.startswith(NEW):
                unchanged[kind] = unchanged.get(kind, 0) + 1
        return Matched(
            tuple(self._added), tuple(self._changes.values()), tuple(self._leaving), unchanged,
            tuple(b for b in self._bonds.values() if b.is_new or b.values),
            tuple(self._rooms.values()), tuple(self._problems),
            _warnings(self._known, self._leaving),
        )  # fmt: skip


def _joined(rows: Iterable[ToldPerson]) -> Iterator[ToldPerson]:
    """Rows of one student put together: an export has a row for each contact, a second table has
    the allergies. A row without a name goes by its number."""
    people: dict[tuple[Any, ...], ToldPerson] = {}
    numbers: dict[str, ToldPerson] = {}
    for one in sorted(rows, key=lambda told: _name_key(told.values) == ("", "")):
        number, born, name = (
            one.values.get("student_number"),
            one.values.get("birth_date"),
            _name_key(one.values),
        )
        key: tuple[Any, ...] = (one.file, one.line)
        if number and name == ("", "") and number_key(str(number)) in numbers:
            _join(numbers[number_key(str(number))], one)
            continue
        if number:
            key = (number_key(str(number)), *name)
            numbers.setdefault(key[0], one)
        elif born:
            key = (born, *name)
        first = people.setdefault(key, one)
        if first is not one:
            _join(first, one)
    return iter(people.values())


def _join(first: ToldPerson, other: ToldPerson) -> None:
    for name, value in other.values.items():
        first.values.setdefault(name, value)
    first.yes |= other.yes
    first.no |= other.no
    first.guardians += other.guardians
    first.homeroom = first.homeroom or other.homeroom
    first.manager = first.manager or other.manager
    first.left = first.left and other.left


def _with_plans(told: ToldPerson, found: KnownPerson | None) -> dict[str, Any]:
    """The values told, with the plans as they would stand."""
    values: dict[str, Any] = dict(told.values)
    if told.yes or told.no:
        old = str(found.values.get("plans") or "").split() if found else []
        kept = [plan for plan in old if plan not in told.no]
        plans = " ".join([*kept, *sorted(told.yes - told.no - set(kept))])
        if plans or old:
            values["plans"] = plans
    return values


def _fields(wanted: Mapping[str, Any], known: Mapping[str, Any]) -> list[FieldChange]:
    return [
        FieldChange(name, LABEL[name], _shown(known.get(name)), _shown(new))
        for name, new in wanted.items()
        if not _alike(name, new, known.get(name))
    ]


def _alike(name: str, new: object, old: object) -> bool:
    if name == "phone" and old:
        return _digits(str(new)) == _digits(str(old))
    if isinstance(new, bool):
        return new == bool(old) if old is not None else (not new) == (name != "may_receive")
    return new == (old or "" if isinstance(new, str) else old)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _name(values: Mapping[str, Any]) -> str:
    return " ".join(str(values[part]) for part in ("given", "family") if values.get(part))


def _name_key(values: Mapping[str, Any]) -> tuple[str, str]:
    return fold(str(values.get("given") or "")), fold(str(values.get("family") or ""))


def _is_someone_else(found: KnownPerson, values: Mapping[str, Any]) -> bool:
    """Whether a number stands for another human being: no name is alike, nor the birth date."""
    told = set(_name_key(values)) - {""}
    called = fold(str(found.values.get("preferred") or ""))
    if not told or told & {*_name_key(found.values), called}:
        return False
    new, old = values.get("birth_date"), found.values.get("birth_date")
    return not new or new != old


def _nothing_against(found: KnownPerson, values: Mapping[str, Any]) -> bool:
    """Neither another birth date nor another student number."""
    for name in ("birth_date", "student_number"):
        new, old = values.get(name), found.values.get(name)
        if new and old and number_key(str(new)) != number_key(str(old)):
            return False
    return True


def _reached_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    phone, email = _digits(str(one.get("phone") or "")), str(one.get("email") or "").casefold()
    return bool(phone and phone == _digits(str(other.get("phone") or ""))) or bool(
        email and email == str(other.get("email") or "").casefold()
    )


def _warnings(known: Sequence[KnownPerson], leaving: Sequence[Leaving]) -> tuple[Warned, ...]:
    active = sum(1 for one in known if one.kind == "student" and one.active)
    if not active or len(leaving) / active <= MANY:
        return ()
    return (
        Warned("many-leave", f"{len(leaving)} of {active} students would become inactive. That is "
               "right at the end of a school year; else this may be the wrong file."),
    )  # fmt: skip
