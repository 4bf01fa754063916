"""A school's table of 5,000 students with their guardians: looked at, previewed, brought in."""

from __future__ import annotations

import csv
import tempfile
import time
from pathlib import Path

from benchmarks._row import quick, row
from benchmarks._vault import made_up_name, open_vault
from bt_desktop.services.csv_model import CsvChoice

STUDENTS = 300 if quick() else 5_000
_HEAD = ("Perm ID", "Last Name", "First Name", "Grade", "Birthdate", "Teacher", "HmLang", "IEP",
         "Allergies", "Telephone", "Mother", "Mother Phone", "Father", "Father Phone")  # fmt: skip


def written(path: Path) -> Path:
    """The table."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(_HEAD)
        for i in range(STUDENTS):
            given, family = made_up_name(i)
            out.writerow(
                (100_000 + i, family, f"{given} {i}", i % 12 + 1, f"{i % 12 + 1}/{i % 28 + 1}/2014",
                 f"Teacher{i % 200}", "Spanish" if i % 3 else "", "Y" if i % 9 == 0 else "N", "",
                 f"555-010-{i:04}", f"{family}, Ana {i}", f"555-020-{i:04}",
                 f"{family}, Leo {i}", f"555-030-{i:04}")
            )  # fmt: skip
    return path


def tables(folder: Path) -> None:
    """Preview against the time that `csv` takes to read the same file; then the import."""
    workspace = open_vault(folder / "tables")
    path = written(folder / "students.csv")
    [found] = workspace.tables.look([path])
    choice = CsvChoice(path, found.kind, found.guesses[found.kind])
    started = time.perf_counter()
    preview = workspace.tables.preview([choice])
    shown = time.perf_counter() - started
    assert len(preview.added) == 3 * STUDENTS, len(preview.added)
    started = time.perf_counter()
    workspace.tables.apply(preview)
    done = time.perf_counter() - started
    started = time.perf_counter()
    again = workspace.tables.preview([choice])
    after = time.perf_counter() - started
    assert not again.changes_anything
    row(f"table of {STUDENTS:,} students previewed", shown * 1000, 0, "4000 ms")
    row(f"table of {STUDENTS:,} students brought in", done * 1000, 0, "6000 ms")
    row(f"the same table again, {3 * STUDENTS:,} people known", after * 1000, 0, "6000 ms")
    workspace.lock()


def main() -> None:
    """Every row of this file."""
    with tempfile.TemporaryDirectory(prefix="bt-bench-") as folder:
        tables(Path(folder))


if __name__ == "__main__":
    main()
