"""Write resources/demo/roster (a OneRoster 1.1 set) from resources/demo/event.yaml.

The set-up's administrator is left out: the first-run window has already made that person.
"""

from __future__ import annotations

import csv
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


def main() -> None:
    """Write the set."""
    told = yaml.safe_load((ROOT / "resources/demo/event.yaml").read_text("utf-8"))
    folder = ROOT / "resources/demo/roster"
    folder.mkdir(parents=True, exist_ok=True)
    tables = (
        "academicSessions",
        "classes",
        "courses",
        "demographics",
        "enrollments",
        "orgs",
        "users",
    )
    present = {"classes", "demographics", "enrollments", "orgs", "users"}
    manifest = [("manifest.version", "1.0"), ("oneroster.version", "1.1")]
    manifest += [(f"file.{t}", "bulk" if t in present else "absent") for t in tables]
    manifest += [("source.systemName", "Made up"), ("source.systemCode", "demo")]
    _write(folder, "manifest.csv", ["propertyName", "value"],
           [{"propertyName": k, "value": v} for k, v in manifest])  # fmt: skip
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


if __name__ == "__main__":
    main()
