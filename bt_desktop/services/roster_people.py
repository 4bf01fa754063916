"""Turns users.csv and roles.csv into students, guardians, staff and the links between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from bt_desktop.services.roster_files import NotARoster, Table
from bt_desktop.services.roster_model import (
    Departure,
    GoneWhy,
    PersonKind,
    RosterGuardian,
    RosterLink,
    RosterProblem,
    RosterStaff,
    RosterStudent,
    Unplaced,
)
from bt_desktop.services.roster_table import Reading
from bt_desktop.services.roster_values import (
    looks_mangled,
    parse_bool,
    parse_grade,
    parse_status,
    split_values,
)

_USER_COLUMNS = (
    "sourcedId", "status", "enabledUser", "orgSourcedIds", "role", "givenName", "familyName",
    "middleName", "identifier", "sms", "phone", "agentSourcedIds", "grades",
    "preferredGivenName", "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId",
)  # fmt: skip

STUDENT_ROLES = frozenset({"student"})
GUARDIAN_ROLES = frozenset({"guardian", "parent", "relative"})
STAFF_ROLES = frozenset({
    "teacher", "aide", "administrator", "proctor", "counselor", "principal",
    "districtadministrator", "siteadministrator", "systemadministrator", "staff",
    "paraprofessional", "teachingassistant", "other",
})  # fmt: skip
"""Roles of OneRoster 1.1 and 1.2, and a few that real exports add. Compared as letters only."""


class _Row(NamedTuple):
    """The columns of users.csv that are read, in the order of `_USER_COLUMNS`."""

    sourced_id: str
    status: str
    enabled: str
    orgs: str
    role: str
    given: str
    family: str
    middle: str
    identifier: str
    sms: str
    phone: str
    agents: str
    grades: str
    preferred_given: str
    preferred_middle: str
    preferred_family: str
    primary_org: str


@dataclass(slots=True)
class People:
    """The people of a set. `kinds` tells for every known id what it is (a person can be two)."""

    students: list[RosterStudent] = field(default_factory=list)
    guardians: list[RosterGuardian] = field(default_factory=list)
    staff: list[RosterStaff] = field(default_factory=list)
    links: list[RosterLink] = field(default_factory=list)
    doubtful_links: list[RosterLink] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    problems: list[RosterProblem] = field(default_factory=list)
    kinds: dict[str, frozenset[PersonKind]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    damaged: bool = False
    shaped_as_1_2: bool = False
    delta: bool = False


class _Role(NamedTuple):
    role: str
    orgs: tuple[str, ...]


def read_people(tables: dict[str, Table], *, delta: bool) -> People:
    """Reads users.csv with roles.csv (or a userProfiles.csv that holds roles).

    Raises `NotARoster` where users.csv has no ids or no names: then it is someone else's file.
    """
    people = People(delta=delta)
    roles = _read_roles(tables, people)
    table = tables.get("users")
    if table is None:
        return people
    reading = Reading(table, _USER_COLUMNS)
    if not reading.has("sourcedId") or not (reading.has("givenName") or reading.has("familyName")):
        raise NotARoster()
    agents: list[tuple[str, int, str]] = []
    for line, cells in reading.rows():
        row = _Row._make(cells)
        if not _has_new_id(row, line, people, reading):
            continue
        _place(row, line, _roles_of(row, roles), people, reading)
        if row.agents:
            agents.append((row.sourced_id, line, row.agents))
    people.seen |= reading.lost_ids
    people.damaged = people.damaged or reading.damaged
    _link(agents, people, reading)
    people.problems += reading.problems
    return people


def _read_roles(tables: dict[str, Table], people: People) -> dict[str, list[_Role]]:
    roles: dict[str, list[_Role]] = {}
    for name in ("roles", "userprofiles"):
        table = tables.get(name)
        if table is None:
            continue
        reading = Reading(table, ("userSourcedId", "status", "role", "orgSourcedId", "roleType"))
        if name == "userprofiles" and not (reading.has("role") and reading.has("userSourcedId")):
            continue
        people.shaped_as_1_2 = True
        if name == "userprofiles":
            reading.problem(
                0,
                "roles-in-profiles",
                "This file holds roles; they were read as roles.csv.",
                taken=True,
            )
        for line, (user, status, role, org, role_type) in reading.rows():
            if not user or not role:
                reading.problem(
                    line,
                    "role-incomplete",
                    "This role names no user or no role.",
                    "role" if user else "userSourcedId",
                )
            elif parse_status(status) == "active":
                entry = _Role(_letters(role), (org,) if org else ())
                first = role_type.lower() == "primary"
                roles.setdefault(user, []).insert(0 if first else len(roles[user]), entry)
        people.problems += reading.problems
        people.damaged = people.damaged or reading.damaged
    return roles


def _letters(role: str) -> str:
    return role.lower() if role.isalpha() else "".join(c for c in role.lower() if c.isalpha())


def _roles_of(row: _Row, roles: dict[str, list[_Role]]) -> list[_Role]:
    own_orgs = split_values(row.orgs or row.primary_org)
    orgs = own_orgs if own_orgs[0] else ()
    if found := roles.get(row.sourced_id):
        return [_Role(entry.role, entry.orgs or orgs) for entry in found]
    if not row.role:
        return []
    return [_Role(_letters(role), orgs) for role in split_values(row.role)]


def _has_new_id(row: _Row, line: int, people: People, reading: Reading) -> bool:
    if not row.sourced_id:
        reading.problem(
            line,
            "no-id",
            "This row has no sourcedId, so it cannot be matched to anyone.",
            "sourcedId",
        )
        return False
    if row.sourced_id in people.seen:
        reading.problem(
            line,
            "same-id",
            "Another row has the same sourcedId. The first one was "
            "kept; check which of the two is right.",
            "sourcedId",
        )
        return False
    people.seen.add(row.sourced_id)
    return True


def _place(row: _Row, line: int, roles: list[_Role], people: People, reading: Reading) -> None:
    kinds = _kinds(roles, line, reading)
    if kinds is None:
        return
    gone = _why_gone(row, line, reading)
    if gone is not None:
        kind = next(iter(sorted(kinds))) if kinds else None
        people.kinds[row.sourced_id] = frozenset()
        people.departures.append(Departure(row.sourced_id, kind, gone, line))
        return
    if not _has_name(row, line, reading):
        return
    if not kinds:
        _place_without_role(row, line, people, reading)
        return
    people.kinds[row.sourced_id] = frozenset(kinds)
    people.names[row.sourced_id] = f"{row.preferred_given or row.given} " + (
        row.preferred_family or row.family
    )
    if "student" in kinds:
        people.students.append(_student(row, line, _orgs(roles, STUDENT_ROLES)))
    for role in roles:
        if role.role in GUARDIAN_ROLES:
            people.guardians.append(_guardian(row, line, role, _orgs(roles, GUARDIAN_ROLES)))
            break
    for role in roles:
        if role.role in STAFF_ROLES:
            people.staff.append(_staff(row, line, role, _orgs(roles, STAFF_ROLES)))
            break


def _kinds(roles: list[_Role], line: int, reading: Reading) -> list[PersonKind] | None:
    """The kinds that the roles make; None (and a problem) where no role is known."""
    kinds: list[PersonKind] = []
    for role in roles:
        if role.role in STUDENT_ROLES:
            kinds.append("student")
        elif role.role in GUARDIAN_ROLES:
            kinds.append("guardian")
        elif role.role in STAFF_ROLES:
            kinds.append("staff")
    if roles and not kinds:
        reading.problem(
            line,
            "unknown-role",
            "The role of this person is not one that OneRoster has, so they were not taken.",
            "role",
        )
        return None
    if "student" in kinds and len(set(kinds)) > 1:
        reading.problem(
            line,
            "two-roles",
            "This person is a student and something else too. They were taken as a student.",
            "role",
            taken=True,
        )
        return ["student"]
    return kinds


def _why_gone(row: _Row, line: int, reading: Reading) -> GoneWhy | None:
    status = parse_status(row.status)
    if status is None:
        reading.problem(
            line,
            "unknown-status",
            "The status is not a word that OneRoster has. The person was taken as active.",
            "status",
            taken=True,
        )
    if status in ("inactive", "deleted"):
        return status
    if not row.enabled:
        return None
    enabled = parse_bool(row.enabled)
    if enabled is None:
        reading.problem(
            line,
            "unknown-enabled",
            "Enabled is neither true nor false. The person was taken as active.",
            "enabledUser",
            taken=True,
        )
    return "disabled" if enabled is False else None


def _has_name(row: _Row, line: int, reading: Reading) -> bool:
    if not row.given and not row.family:
        reading.problem(
            line, "no-name", "This person has no name, so they were not taken.", "givenName"
        )
        return False
    for column, name in (("givenName", row.given), ("familyName", row.family)):
        if not name:
            reading.problem(
                line,
                "half-a-name",
                "This name is blank. The person was taken with the other one alone.",
                column,
                taken=True,
            )
        elif looks_mangled(name):
            reading.problem(
                line,
                "mangled",
                "This name seems to have lost its accents in the "
                "export. It was taken as it stands; correct it after the import.",
                column,
                taken=True,
            )
    return True


def _place_without_role(row: _Row, line: int, people: People, reading: Reading) -> None:
    if not people.delta:
        reading.problem(
            line, "no-role", "No role says what this person is, so they were not taken.", "role"
        )
        return
    reading.problem(
        line,
        "role-not-told",
        "This change does not say what the person is. It is "
        "used only if the school knows them already.",
        "role",
        taken=True,
    )
    people.unplaced.append(
        Unplaced(
            row.sourced_id,
            row.given,
            row.family,
            row.middle,
            row.preferred_given,
            row.preferred_middle,
            row.preferred_family,
            parse_grade(row.grades),
            row.identifier,
            row.phone,
            row.sms,
            line,
        )
    )


def _orgs(roles: list[_Role], group: frozenset[str]) -> tuple[str, ...]:
    orgs = (org for role in roles if role.role in group for org in role.orgs)
    return tuple(dict.fromkeys(orgs))


def _student(row: _Row, line: int, orgs: tuple[str, ...]) -> RosterStudent:
    return RosterStudent(
        row.sourced_id, row.given, row.family, row.middle, row.preferred_given,
        row.preferred_middle, row.preferred_family, parse_grade(row.grades), None, "", "",
        row.identifier, row.phone or row.sms, orgs, line,
    )  # fmt: skip


def _guardian(row: _Row, line: int, role: _Role, orgs: tuple[str, ...]) -> RosterGuardian:
    return RosterGuardian(
        row.sourced_id, row.preferred_given or row.given, row.preferred_family or row.family,
        role.role, row.phone, row.sms, orgs, line,
    )  # fmt: skip


def _staff(row: _Row, line: int, role: _Role, orgs: tuple[str, ...]) -> RosterStaff:
    return RosterStaff(
        row.sourced_id, row.given, row.family, row.preferred_given, row.preferred_family,
        role.role, row.phone or row.sms, orgs, line,
    )  # fmt: skip


def _link(agents: list[tuple[str, int, str]], people: People, reading: Reading) -> None:
    """Links by direction: a student's row names its guardians. Everything else is reported."""
    sound: dict[tuple[str, str], None] = {}
    turned: list[tuple[str, str, int]] = []
    for user, line, cell in agents:
        kinds = people.kinds.get(user, frozenset())
        for agent in dict.fromkeys(split_values(cell)):
            if "student" in kinds:
                if _is_sound(agent, user, line, people, reading):
                    sound[user, agent] = None
                    people.links.append(RosterLink(user, agent, line))
            elif "student" in people.kinds.get(agent, frozenset()) and "guardian" in kinds:
                turned.append((agent, user, line))
            elif kinds:
                reading.problem(
                    line,
                    "link-not-of-a-student",
                    "Only a student's row names guardians. This link was not used.",
                    "agentSourcedIds",
                )
    for student, guardian, line in turned:
        if (student, guardian) not in sound:
            people.doubtful_links.append(RosterLink(student, guardian, line))
            reading.problem(
                line,
                "link-turned",
                "This guardian's row names the student, but the "
                "student's row does not name the guardian. They were not linked; "
                "link them by hand if it is right.",
                "agentSourcedIds",
            )


def _is_sound(agent: str, user: str, line: int, people: People, reading: Reading) -> bool:
    kinds = people.kinds.get(agent)
    if kinds is None and people.delta and agent not in people.seen:
        return True  # someone whom the school may know already: decided when it is applied
    if kinds is not None and "guardian" in kinds:
        return True
    if kinds is not None and not kinds:
        return False  # a guardian who left: the departure is told on its own
    if kinds is None:
        said = "The guardian whom this student's row names is not in the set."
    elif "staff" in kinds:
        said = "This student's row names a member of staff as the guardian."
    else:
        said = "This student's row names another student as the guardian."
    reading.problem(line, "link-to-no-guardian", f"{said} They were not linked.", "agentSourcedIds")
    return False
