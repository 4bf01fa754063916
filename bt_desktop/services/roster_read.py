"""Reads a OneRoster 1.1 or 1.2 set (CSV, folder or zip) into a `RosterSet`; knows no store.

Source of the rules: 1EdTech OneRoster 1.1 and 1.2 CSV tables, and what real exports do instead.
A row is used, or it is in `problems` with its file, line and reason; none is dropped silently.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from bt_desktop.services.roster_classes import Homerooms, read_homerooms
from bt_desktop.services.roster_files import NotARoster, Table, read_tables
from bt_desktop.services.roster_model import (
    RosterProblem,
    RosterSchool,
    RosterSet,
    RosterStudent,
)
from bt_desktop.services.roster_people import People, read_people
from bt_desktop.services.roster_table import Reading
from bt_desktop.services.roster_values import day_order, parse_date, parse_status


def read_roster(path: Path, *, school: str | None = None) -> RosterSet:
    """Reads the set at `path` (a folder or a zip file).

    `school` is the sourcedId of one school, where the set holds several and only one is wanted.
    Raises `NotARoster` where `path` is no roster or cannot be read at all.
    """
    tables, odd = read_tables(Path(path))
    manifest = _Manifest.read(tables.get("manifest"))
    if "users" not in tables and not manifest.leaves_out_users(tables):
        raise NotARoster()
    people = read_people(tables, delta=manifest.kind == "delta")
    births, birth_problems = _birth_dates(tables.get("demographics"))
    homerooms = read_homerooms(tables, people)
    schools, school_problems = _schools(tables.get("orgs"), people)
    problems = [*odd, *manifest.problems(tables), *people.problems]
    problems += [*birth_problems, *homerooms.problems, *school_problems]
    found = _put_together(manifest, people, births, homerooms)
    found = replace(found, schools=schools, problems=_in_order(problems))
    return of_school(found, school) if school else found


def of_school(whole: RosterSet, school: str) -> RosterSet:
    """The same set with the people of one school; who belongs to no school stays in."""
    students = tuple(s for s in whole.students if not s.schools or school in s.schools)
    staff = tuple(s for s in whole.staff if not s.schools or school in s.schools)
    ours = {student.sourced_id for student in students}
    links = tuple(link for link in whole.links if link.student in ours)
    doubtful = tuple(link for link in whole.doubtful_links if link.student in ours)
    linked = {link.guardian for link in (*links, *doubtful)}
    elsewhere = {link.guardian for link in whole.links} - linked
    guardians = tuple(
        g
        for g in whole.guardians
        if g.sourced_id in linked
        or (g.sourced_id not in elsewhere and (not g.schools or school in g.schools))
    )
    return replace(
        whole,
        students=students,
        staff=staff,
        guardians=guardians,
        links=links,
        doubtful_links=doubtful,
    )


class _Manifest:
    """What manifest.csv says: the version, and which table is bulk, delta or absent."""

    def __init__(self, values: dict[str, str], found: tuple[RosterProblem, ...]) -> None:
        self._values = values
        self._found = found
        modes = {self.mode(name) for name in ("users", "demographics", "enrollments", "classes")}
        users = self.mode("users")
        only_delta = "delta" in modes and "bulk" not in modes
        self.kind = "delta" if users == "delta" or (users != "bulk" and only_delta) else "bulk"

    @classmethod
    def read(cls, table: Table | None) -> _Manifest:
        if table is None:
            return cls({}, ())
        reading = Reading(table, ("propertyName", "value"))
        values: dict[str, str] = {}
        for _, (name, value) in reading.rows():
            values.setdefault(name.lower(), value)
        return cls(values, tuple(reading.problems))

    def mode(self, table: str) -> str:
        return self._values.get(f"file.{table}", "").lower()

    @property
    def says_everyone(self) -> bool:
        return self.mode("users") == "bulk"

    def version(self, people: People) -> str:
        said = self._values.get("oneroster.version", "")
        if said.startswith(("1.1", "v1.1", "v1p1", "1.0")):
            return "1.1"
        if said.startswith(("1.2", "v1.2", "v1p2")):
            return "1.2"
        return "1.2" if people.shaped_as_1_2 else "1.1"

    def leaves_out_users(self, tables: dict[str, Table]) -> bool:
        """A delta may hold only other tables; the manifest then says that users are absent."""
        others = set(tables) - {"manifest", "users"}
        said = bool(self._values.get("oneroster.version"))
        return said and self.kind == "delta" and self.mode("users") != "bulk" and bool(others)

    def problems(self, tables: dict[str, Table]) -> list[RosterProblem]:
        found = list(self._found)
        if not self._values:
            file = tables["manifest"].file if "manifest" in tables else "manifest.csv"
            found.append(
                RosterProblem(
                    file,
                    0,
                    "There is no manifest.csv that says whether this "
                    "set holds everyone. Nobody will be made inactive by it.",
                    code="no-manifest",
                    taken=True,
                )
            )
        for name in ("orgs", "users", "roles", "demographics", "classes", "enrollments"):
            if self.mode(name) in ("bulk", "delta") and name not in tables:
                found.append(
                    RosterProblem(
                        f"{name}.csv",
                        0,
                        "The manifest names this file, but it is not there.",
                        code="file-missing",
                    )
                )
        return found


def _birth_dates(table: Table | None) -> tuple[dict[str, date], list[RosterProblem]]:
    if table is None:
        return {}, []
    reading = Reading(table, ("sourcedId", "status", "birthDate"))
    rows = list(reading.rows())
    order = day_order(text for _, (_, _, text) in rows)
    births: dict[str, date] = {}
    seen: set[str] = set()
    for line, (sourced_id, status, text) in rows:
        if sourced_id in seen:
            reading.problem(
                line,
                "same-id",
                "This id stands here a second time. The first row was kept.",
                "sourcedId",
            )
            continue
        seen.add(sourced_id)
        if not text or parse_status(status) != "active":
            continue
        born, either = parse_date(text, order)
        if born is None or not 1900 <= born.year <= 2100:
            reading.problem(
                line,
                "no-date",
                "The birth date is not a date that can be read. It was left blank.",
                "birthDate",
            )
            continue
        births[sourced_id] = born
        if either:
            said = "month/day/year" if order == "unknown" else "day/month/year"
            reading.problem(
                line,
                "day-or-month",
                "Day and month of this birth date could be the "
                f"other way round. It was read as {said}.",
                "birthDate",
                taken=True,
            )
    return births, reading.problems


def _schools(
    table: Table | None, people: People
) -> tuple[tuple[RosterSchool, ...], list[RosterProblem]]:
    if table is None:
        return (), []
    reading = Reading(table, ("sourcedId", "status", "name", "type"))
    counts = Counter(school for student in people.students for school in student.schools)
    found = []
    for line, (sourced_id, status, name, kind) in reading.rows():
        if not sourced_id:
            reading.problem(line, "no-id", "This row has no sourcedId.", "sourcedId")
        elif parse_status(status) == "active" and (kind.lower() == "school" or counts[sourced_id]):
            found.append(RosterSchool(sourced_id, name or sourced_id, counts[sourced_id]))
    return tuple(found), reading.problems


def _put_together(
    manifest: _Manifest, people: People, births: dict[str, date], homerooms: Homerooms
) -> RosterSet:
    delta = manifest.kind == "delta"
    students = []
    for student in people.students:
        home = homerooms.of(student.sourced_id)
        students.append(_completed(student, births.get(student.sourced_id), home))
    own = {student.sourced_id for student in students}
    return RosterSet(
        version="1.2" if manifest.version(people) == "1.2" else "1.1",
        kind="delta" if delta else "bulk",
        complete=manifest.says_everyone and not people.damaged,
        students=tuple(students),
        guardians=tuple(people.guardians),
        staff=tuple(people.staff),
        links=tuple(people.links),
        doubtful_links=tuple(people.doubtful_links),
        departures=tuple(people.departures),
        unplaced=tuple(people.unplaced),
        birth_dates=tuple((i, born) for i, born in births.items() if delta and i not in own),
        homerooms=tuple(home for home in homerooms.all() if delta and home[0] not in own),
        schools=(),
        seen=frozenset(people.seen),
        problems=(),
        classes=homerooms.classes(),
    )


def _completed(
    student: RosterStudent, born: date | None, home: tuple[str, str] | None
) -> RosterStudent:
    if born is None and home is None:
        return student
    title, teacher = home or ("", "")
    return replace(student, birth_date=born, homeroom=title, teacher=teacher)


_FILE_ORDER = (
    "manifest",
    "orgs",
    "users",
    "roles",
    "userprofiles",
    "demographics",
    "classes",
    "enrollments",
)


def _in_order(problems: list[RosterProblem]) -> tuple[RosterProblem, ...]:
    def place(problem: RosterProblem) -> tuple[int, int]:
        stem = problem.file.lower().rpartition(".")[0]
        table = _FILE_ORDER.index(stem) if stem in _FILE_ORDER else len(_FILE_ORDER)
        return table, problem.line

    return tuple(sorted(problems, key=place))
