"""Write resources/demo/roster (a OneRoster 1.1 set) from resources/demo/event.yaml, and
resources/demo/years/roster (a delta with the rest of a school of 600) from years.yaml.

The set-up's administrator is left out: the first-run window has already made that person.
"""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
USERS = [
    "sourcedId",
    "status",
    "dateLastModified",
    "enabledUser",
    "orgSourcedIds",
    "role",
    "username",
    "userIds",
    "givenName",
    "familyName",
    "middleName",
    "identifier",
    "email",
    "sms",
    "phone",
    "agentSourcedIds",
    "grades",
    "password",
]
DEMOGRAPHICS = ["sourcedId", "status", "dateLastModified", "birthDate", "sex"]
CLASSES = [
    "sourcedId",
    "status",
    "dateLastModified",
    "title",
    "grades",
    "courseSourcedId",
    "classCode",
    "classType",
    "location",
    "schoolSourcedId",
    "termSourcedIds",
    "subjects",
    "subjectCodes",
    "periods",
]
ENROLLMENTS = [
    "sourcedId",
    "status",
    "dateLastModified",
    "classSourcedId",
    "schoolSourcedId",
    "userSourcedId",
    "role",
    "primary",
    "beginDate",
    "endDate",
]
ORGS = ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"]
GRADES = ("KG", "1", "2", "3", "4", "5")
ROOMS_A_GRADE = 4
ROLES = {"Teacher": "teacher", "Behavior technician": "aide", "Paraeducator": "aide"}


def _write(folder: Path, name: str, columns: list[str], rows: list[dict[str, str]]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _users(told: dict[str, Any]) -> list[dict[str, str]]:
    guardians: dict[str, list[str]] = {}
    for key, g in told["guardians"].items():
        guardians.setdefault(g["student"], []).append(f"guardian-{key}")
    rows = []
    for key, s in told["students"].items():
        rows.append({
            "sourcedId": f"student-{key}", "enabledUser": "true", "orgSourcedIds": "org-1",
            "role": "student", "username": s["number"], "givenName": s["given"],
            "familyName": s["family"], "identifier": s["number"], "grades": s["grade"],
            "agentSourcedIds": ",".join(guardians.get(key, [])),
        })  # fmt: skip
    for key, g in told["guardians"].items():
        rows.append({
            "sourcedId": f"guardian-{key}", "enabledUser": "true", "orgSourcedIds": "org-1",
            "role": "parent", "username": f"guardian-{key}", "givenName": g["given"],
            "familyName": g["family"], "phone": g["phone"],
            "agentSourcedIds": f"student-{g['student']}",
        })  # fmt: skip
    for key, p in told["staff"].items():
        if key != "tom":
            rows.append({
                "sourcedId": f"staff-{key}", "enabledUser": "true", "orgSourcedIds": "org-1",
                "role": ROLES.get(p["title"], "administrator"), "username": f"staff-{key}",
                "givenName": p["given"], "familyName": p["family"],
            })  # fmt: skip
    return rows


def _manifest(folder: Path, present: set[str], how: str) -> None:
    tables = (
        "academicSessions",
        "classes",
        "courses",
        "demographics",
        "enrollments",
        "orgs",
        "users",
    )
    rows = [("manifest.version", "1.0"), ("oneroster.version", "1.1")]
    rows += [(f"file.{t}", how if t in present else "absent") for t in tables]
    rows += [("source.systemName", "Made up"), ("source.systemCode", "demo")]
    _write(folder, "manifest.csv", ["propertyName", "value"],
           [{"propertyName": k, "value": v} for k, v in rows])  # fmt: skip


def write_event() -> None:
    """The people of the example event, and some of their school."""
    told = yaml.safe_load((ROOT / "resources/demo/event.yaml").read_text("utf-8"))
    folder = ROOT / "resources/demo/roster"
    folder.mkdir(parents=True, exist_ok=True)
    _manifest(folder, {"classes", "demographics", "enrollments", "orgs", "users"}, "bulk")
    _write(folder, "orgs.csv", ORGS,
           [{"sourcedId": "org-1", "name": told["school"]["name"], "type": "school"}])  # fmt: skip
    _write(folder, "users.csv", USERS, _users(told))
    _write(folder, "demographics.csv", DEMOGRAPHICS, [
        {"sourcedId": f"student-{k}", "birthDate": str(s["birth_date"])}
        for k, s in told["students"].items()
    ])  # fmt: skip
    _write(folder, "classes.csv", CLASSES, [{
        "sourcedId": "class-14", "title": "Room 14", "grades": "4", "classType": "homeroom",
        "location": "Room 14", "schoolSourcedId": "org-1",
    }])  # fmt: skip
    in_14 = [k for k, s in told["students"].items() if s.get("teacher") == "priya"]
    people = [("staff-priya", "teacher"), *[(f"student-{k}", "student") for k in in_14]]
    _write(folder, "enrollments.csv", ENROLLMENTS, [
        {"sourcedId": f"in-14-{n}", "classSourcedId": "class-14", "schoolSourcedId": "org-1",
         "userSourcedId": who, "role": role, "primary": "true" if role == "teacher" else ""}
        for n, (who, role) in enumerate(people, 1)
    ])  # fmt: skip


def _user(key: str, role: str, given: str, family: str, **more: str) -> dict[str, str]:
    return {"sourcedId": key, "status": "active", "dateLastModified": "2026-11-13T08:00:00Z",
            "enabledUser": "true", "orgSourcedIds": "org-1", "role": role, "username": key,
            "givenName": given, "familyName": family, **more}  # fmt: skip


def write_years() -> None:
    """Students, a guardian of each, and twenty-four homerooms with their teachers."""
    told = yaml.safe_load((ROOT / "resources/demo/years/years.yaml").read_text("utf-8"))
    folder = ROOT / "resources/demo/years/roster"
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(told["seed"])  # noqa: S311 - a made-up school
    dated = {"status": "active", "dateLastModified": "2026-11-13T08:00:00Z"}
    teachers = list(zip(told["teachers"]["given"], told["teachers"]["family"], strict=True))
    users = [_user(f"y-teacher-{n}", "teacher", *name) for n, name in enumerate(teachers)]
    births, enrolled = [], [
        {"sourcedId": f"y-in-{n}", **dated, "classSourcedId": f"y-room-{n}",
         "schoolSourcedId": "org-1", "userSourcedId": f"y-teacher-{n}", "role": "teacher",
         "primary": "true"}
        for n in range(len(teachers))
    ]  # fmt: skip
    for n in range(told["students"]["more"]):
        grade = n % len(GRADES)
        room = (n // len(GRADES)) % ROOMS_A_GRADE * len(GRADES) + grade
        student, guardian = f"y-student-{n}", f"y-guardian-{n}"
        family = chance.choice(told["students"]["family"])
        born = date(2021 - grade, 9, 2) - timedelta(days=chance.randrange(365))
        users.append(_user(student, "student", chance.choice(told["students"]["given"]), family,
                           identifier=str(410000 + n), grades=GRADES[grade],
                           agentSourcedIds=guardian))  # fmt: skip
        users.append(_user(guardian, "parent", chance.choice(told["guardians"]["given"]), family,
                           phone=f"(555) 011-{n:04}", agentSourcedIds=student))  # fmt: skip
        births.append({"sourcedId": student, **dated, "birthDate": str(born)})
        enrolled.append({"sourcedId": f"y-of-{n}", **dated, "classSourcedId": f"y-room-{room}",
                         "schoolSourcedId": "org-1", "userSourcedId": student,
                         "role": "student"})  # fmt: skip
    _manifest(folder, {"classes", "demographics", "enrollments", "users"}, "delta")
    _write(folder, "users.csv", USERS, users)
    _write(folder, "demographics.csv", DEMOGRAPHICS, births)
    _write(folder, "enrollments.csv", ENROLLMENTS, enrolled)
    _write(folder, "classes.csv", CLASSES, [
        {"sourcedId": f"y-room-{n}", **dated, "title": f"Room {n + 20}",
         "grades": GRADES[n % len(GRADES)], "classType": "homeroom", "schoolSourcedId": "org-1"}
        for n in range(len(teachers))
    ])  # fmt: skip


if __name__ == "__main__":
    write_event()
    write_years()
