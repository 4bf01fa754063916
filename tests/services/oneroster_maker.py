"""Makes OneRoster sets of our own: a small clean one, changed at will, and one of any size."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_COLUMNS = {
    "manifest": "propertyName value",
    "orgs": "sourcedId status dateLastModified name type identifier parentSourcedId",
    "users": """sourcedId status dateLastModified enabledUser orgSourcedIds role username userIds
        givenName familyName middleName identifier email sms phone agentSourcedIds grades
        password""",
    "users 1.2": """sourcedId status dateLastModified enabledUser username userIds givenName
        familyName middleName identifier email sms phone agentSourcedIds grades password
        userMasterIdentifier preferredGivenName preferredMiddleName preferredFamilyName
        primaryOrgSourcedId pronouns""",
    "roles": """sourcedId status dateLastModified userSourcedId roleType role beginDate endDate
        orgSourcedId userProfileSourcedId""",
    "demographics": "sourcedId status dateLastModified birthDate sex",
    "classes": """sourcedId status dateLastModified title grades courseSourcedId classCode
        classType location schoolSourcedId termSourcedIds subjects subjectCodes periods""",
    "enrollments": """sourcedId status dateLastModified classSourcedId schoolSourcedId
        userSourcedId role primary beginDate endDate""",
}
TABLES = tuple(name for name in _COLUMNS if " " not in name)
SECRET = "hunter2-never-read"


@dataclass
class RosterMaker:
    """A set in memory: rows by table; `write` puts it down as a folder, `zip` as one file."""

    version: str = "1.1"
    mode: str = "bulk"
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    headers: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.headers = {name: _COLUMNS[name].split() for name in TABLES}
        if self.version == "1.2":
            self.headers["users"] = _COLUMNS["users 1.2"].split()
        self.add("orgs", sourcedId="school-1", name="Maple Creek Elementary", type="school")

    def add(self, table: str, **cells: str) -> RosterMaker:
        """Adds a row; columns not named are blank."""
        self.rows.setdefault(table, []).append(cells)
        return self

    def person(
        self, sourced_id: str, role: str, given: str, family: str, **cells: str
    ) -> RosterMaker:
        """Adds a person with a role, in the shape of the version."""
        common = {"sourcedId": sourced_id, "enabledUser": "true", "givenName": given,
                  "familyName": family, "username": sourced_id, "password": SECRET}  # fmt: skip
        if self.version == "1.2":
            self.add("users", **{**common, **cells})
            return self.add("roles", sourcedId=f"role-{sourced_id}", userSourcedId=sourced_id,
                            roleType="primary", role=role, orgSourcedId="school-1")  # fmt: skip
        return self.add("users", **{**common, "role": role, "orgSourcedIds": "school-1", **cells})

    def student(self, sourced_id: str, given: str, family: str, **cells: str) -> RosterMaker:
        """Adds a student; `born` goes into demographics.csv."""
        born = cells.pop("born", "")
        if born:
            self.add("demographics", sourcedId=sourced_id, birthDate=born)
        return self.person(sourced_id, "student", given, family, **cells)

    def homeroom(self, class_id: str, title: str, teacher: str, students: Iterable[str]) -> None:
        """Adds a homeroom with its teacher and students."""
        self.add("classes", sourcedId=class_id, title=title, classType="homeroom",
                 schoolSourcedId="school-1")  # fmt: skip
        members = [(teacher, "teacher"), *((student, "student") for student in students)]
        for who, role in members:
            self.add(
                "enrollments",
                sourcedId=f"e-{class_id}-{who}",
                classSourcedId=class_id,
                userSourcedId=who,
                role=role,
                primary=str(role == "teacher").lower(),
            )

    def manifest(self) -> list[dict[str, str]]:
        """The rows of manifest.csv for what is in the set."""
        said = {"manifest.version": "1.0", "oneroster.version": self.version}
        for table in TABLES:
            if table != "manifest":
                said[f"file.{table}"] = self.mode if table in self.rows else "absent"
        return [{"propertyName": name, "value": value} for name, value in said.items()]

    def texts(self) -> dict[str, str]:
        """The files by name."""
        tables = {"manifest": self.manifest(), **self.rows}
        return {f"{name}.csv": self._csv(name, rows) for name, rows in tables.items()}

    def _csv(self, table: str, rows: Iterable[Mapping[str, str]]) -> str:
        out = io.StringIO()
        writer = csv.DictWriter(out, self.headers[table], restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def write(self, folder: Path, **changed: str | bytes | None) -> Path:
        """Writes the set; `changed` replaces a file (`users=...`) or leaves it out (None)."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts().items():
            data = changed.get(name.removesuffix(".csv"), text)
            if data is not None:
                raw = data if isinstance(data, bytes) else data.encode("utf-8")
                (folder / name).write_bytes(raw)
        return folder

    def zip(self, path: Path, inside: str = "") -> Path:
        """Writes the set as a zip, its files in the folder `inside`."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.texts().items():
                archive.writestr(f"{inside}{name}", text)
        return path


def small(version: str = "1.1", mode: str = "bulk") -> RosterMaker:
    """The school of the event: three students, a mother, a teacher, a principal, an aide."""
    made = RosterMaker(version, mode)
    made.student("s-mateo", "Mateo", "Núñez-Okafor", grades="04", identifier="1001",
                 agentSourcedIds="g-rosa", born="2017-03-09")  # fmt: skip
    made.student("s-lucja", "Łucja", "Kowalczyk", grades="04", identifier="1002",
                 born="2016-12-01")  # fmt: skip
    made.student("s-huy", "Huy", "Nguyễn", middleName="Gia", grades="04", identifier="1003",
                 born="2017-05-02")  # fmt: skip
    made.person("g-rosa", "parent", "Rosa", "Núñez", phone="(555) 010-0171")
    made.person("t-priya", "teacher", "Priya", "Raman")
    made.person("t-tom", "administrator", "Tom", "Becker")
    made.person("t-dana", "aide", "Dana", "Whitcomb")
    made.homeroom("c-14", "Room 14", "t-priya", ("s-mateo", "s-lucja", "s-huy"))
    return made


def large(students: int) -> RosterMaker:
    """A made-up district: so many students, a parent each, a homeroom for every 25."""
    made = RosterMaker()
    for n in range(students):
        made.student(f"s{n}", f"Given{n % 997}", f"Family{n % 4999}", grades=f"{n % 13:02d}",
                     identifier=str(100_000 + n), agentSourcedIds=f"g{n}",
                     born=f"20{8 + n % 12:02d}-0{1 + n % 9}-1{n % 10}")  # fmt: skip
        made.person(f"g{n}", "parent", f"Parent{n % 997}", f"Family{n % 4999}", phone="555")
    for room in range(students // 25):
        made.person(f"t{room}", "teacher", "Teacher", f"Room{room}")
        made.homeroom(f"c{room}", f"Room {room}", f"t{room}",
                      (f"s{n}" for n in range(room * 25, room * 25 + 25)))  # fmt: skip
    return made
