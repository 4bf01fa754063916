"""Finding records: each filter, order and count of the list, words in texts, students' pages.

Each row holds a school of 100,000 records against the same question put to one of 10,000, so that
what grows with the number of records is seen; and `at most` is what a person still takes as at
once (100 ms). A million records are asked for: `python -m benchmarks.finding 1000000`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

from benchmarks._row import in_turns, quick, row
from benchmarks._school import COMMON, SELDOM, Grown, grow
from benchmarks._vault import FAST, PASSWORD, open_vault
from bt_desktop.clock import SystemClock
from bt_desktop.security.permissions import Role
from bt_desktop.services import access
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.records import Order, RecordFilter
from bt_desktop.services.workspace import Workspace

FEW, SCHOOL = (300, 600) if quick() else (10_000, 100_000)
AT_ONCE = 100
"""Milliseconds: what is answered within them is felt as at once (Nielsen, Usability Engineering,
1993, ch. 5)."""
RUNS = 3 if quick() else 15

Deeds = Mapping[str, Callable[[], object]]


def asked(workspace: Workspace, grown: Grown) -> Deeds:
    """What an administrator asks of lists, texts and students' pages, by name."""
    today = datetime.now(UTC).date()
    month = {"since": today - timedelta(days=400), "until": today - timedelta(days=370)}
    filters = {
        "no filter": RecordFilter(),
        "form": RecordFilter(form="restraint"),
        "status": RecordFilter(states=("signed",)),
        "three statuses": RecordFilter(states=("signed", "returned", "amended")),
        "a status that none has": RecordFilter(states=("entered in error",)),
        "form and status": RecordFilter(form="restraint", states=("signed",)),
        "student": RecordFilter(subject_id=grown.students[3]),
        "author": RecordFilter(author=grown.authors[7]),
        "place": RecordFilter(place="Cafeteria"),
        "a month": RecordFilter(**month),
        "place, author and month": RecordFilter(place="Room 3", author=grown.authors[7], **month),
        "form, status and place": RecordFilter(
            form="restraint", states=("amended",), place="Hallway"
        ),
        "class": RecordFilter(record_class="confidential"),
        "open deadlines": RecordFilter(deadlines="open"),
        "overdue": RecordFilter(deadlines="overdue"),
        "my records": RecordFilter(mine=True),
        "number": RecordFilter(text="17"),
        "a number that none has": RecordFilter(text="BER-1999-12"),
    }
    deeds: dict[str, Callable[[], object]] = {
        f"list, {name}": lambda f=one: (workspace.records.list(f), workspace.records.count(f))
        for name, one in filters.items()
    }
    for order in get_args(Order):
        ordered = RecordFilter(order=order)
        deeds[f"list by {order}"] = lambda f=ordered: workspace.records.list(f)
    one_place = RecordFilter(place="Cafeteria", order="student")
    deeds["list of a place by student"] = lambda: workspace.records.list(one_place)
    deeds["what a list can be narrowed to"] = workspace.records.facets
    deeds |= texts(workspace)
    deeds["student's page"] = lambda: workspace.student_pages.open(grown.students[0])
    return deeds


def texts(workspace: Workspace) -> Deeds:
    """Words that are searched for; to type one asks at each letter."""
    confidential = RecordFilter(record_class="confidential")
    look = workspace.search.texts
    return {
        "words, in every report": lambda: look(COMMON),
        "words, in one report of 500": lambda: look(SELDOM),
        "words, both": lambda: look(f"{COMMON} {SELDOM}"),
        "words, two letters typed": lambda: look(COMMON[:2]),
        "words, in no report": lambda: look("zzyzx"),
        "words, seldom, in confidential reports": lambda: look(SELDOM, confidential),
    }


def by_a_technician(workspace: Workspace) -> Deeds:
    """The same for somebody who knows of their own records only."""
    return {
        "technician's list": lambda: (workspace.records.list(), workspace.records.count()),
        "technician's list by student": lambda: workspace.records.list(
            RecordFilter(order="student")
        ),
        "technician's own choices": workspace.records.facets,
        "technician's words": lambda: workspace.search.texts(COMMON),
    }


def school(folder: Path, count: int) -> tuple[Workspace, Deeds]:
    """A school of so many records, opened; and what is asked of it."""
    made = open_vault(folder)
    grown = grow(made, count)
    member = made.people.get(grown.authors[7])
    user = made.accounts.add(member.name, PASSWORD, Role.TECHNICIAN, member.id)
    made.openings.state(Purpose("interest"))
    technician = access.unlock(folder, user, PASSWORD, SystemClock(), kdf_policy=FAST)
    return made, {**asked(made, grown), **by_a_technician(technician)}


def main() -> None:
    """Print the rows."""
    counts = [int(one) for one in sys.argv[1:]] or [SCHOOL]
    with tempfile.TemporaryDirectory(prefix="bt-bench-") as name:
        _, floor = school(Path(name) / "young", FEW)
        for count in counts:
            _, mine = school(Path(name) / f"old{count}", count)
            for what in mine:
                got, least = in_turns(RUNS, mine[what], floor[what])
                row(f"{what}, {count:,} records (floor: {FEW:,})", got, least, f"{AT_ONCE} ms")


if __name__ == "__main__":
    main()
