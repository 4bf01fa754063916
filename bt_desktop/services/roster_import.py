"""The front door of roster reading: what `bt-desktop roster check` prints, as plain JSON values."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from bt_desktop.services.roster_files import NotARoster
from bt_desktop.services.roster_model import RosterProblem, RosterSet
from bt_desktop.services.roster_read import of_school, read_roster

__all__ = ["NotARoster", "RosterProblem", "RosterSet", "of_school", "preview_json", "read_roster"]


def preview_json(path: Path | str) -> dict[str, Any]:
    """Reads the set at `path` and returns what is in it, ready for `json.dumps`.

    Keys: `version`, `kind`, `complete`, `students`, `guardians`, `staff`, `departures`,
    `doubtful_links`, `schools`, `problems` (each with `file`, `line`, `reason`), `counts`.
    Raises `NotARoster` (the command then ends with 2); anything that could be read ends with 0.
    """
    found = read_roster(Path(path))
    guardians_of: dict[str, list[str]] = {}
    for link in found.links:
        guardians_of.setdefault(link.student, []).append(link.guardian)
    lists: dict[str, list[dict[str, Any]]] = {
        "students": [
            _plain(s) | {"guardians": guardians_of.get(s.sourced_id, [])} for s in found.students
        ],
        "guardians": [_plain(guardian) for guardian in found.guardians],
        "staff": [_plain(member) for member in found.staff],
        "departures": [_plain(departure) for departure in found.departures],
        "unplaced": [_plain(person) for person in found.unplaced],
        "doubtful_links": [_plain(link) for link in found.doubtful_links],
        "schools": [_plain(school) for school in found.schools],
        "problems": [_plain(problem) for problem in found.problems],
    }
    head = {"version": found.version, "kind": found.kind, "complete": found.complete}
    return {**head, **lists, "counts": {name: len(rows) for name, rows in lists.items()}}


def _plain(value: Any) -> dict[str, Any]:
    plain = asdict(value)
    if "birth_date" in plain and plain["birth_date"] is not None:
        plain["birth_date"] = plain["birth_date"].isoformat()
    return plain
