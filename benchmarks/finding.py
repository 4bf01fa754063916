"""The list of records with each filter, in an old school and in a young one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks._row import in_turns, quick, row
from benchmarks._vault import add_records, open_vault
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.workspace import Workspace

FEW, SCHOOL, MANY = (500, 1_000, 2_000) if quick() else (10_000, 100_000, 1_000_000)


def lists(folder: Path, count: int) -> None:
    """The first page and its count, against the same in a young school."""
    young, old = open_vault(folder / f"young{count}"), open_vault(folder / f"old{count}")
    add_records(young, FEW)
    add_records(old, count)
    for name in asked(old):
        mine, theirs = asked(old)[name], asked(young)[name]
        got, floor = in_turns(
            5 if quick() else 20,
            lambda f=mine: (old.records.list(f), old.records.count(f)),
            lambda f=theirs: (young.records.list(f), young.records.count(f)),
        )
        row(f"list, {name}, {count:,} records (floor: {FEW:,})", got, floor, "ratio 1.50")
    young.lock()
    old.lock()


def asked(workspace: Workspace) -> dict[str, RecordFilter]:
    """What the list is narrowed to, by name."""
    return {
        "no filter": RecordFilter(),
        "form": RecordFilter(form="restraint"),
        "status": RecordFilter(states=("signed",)),
        "form and status": RecordFilter(form="restraint", states=("signed",)),
        "author": RecordFilter(author=workspace.actor.staff_id),
        "number": RecordFilter(text="17"),
        "deadlines": RecordFilter(deadlines="open"),
        "by student": RecordFilter(order="student"),
    }


def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as name:
        for count in (SCHOOL, MANY):
            lists(Path(name), count)


if __name__ == "__main__":
    main()
