"""`benchmarks/RESULTS.md`: every row of a run, whether it kept its budget, and what made it."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

_ROW = re.compile(
    r"^(?P<work>.+): (?P<value>[\d.-]+) (?P<unit>\w+), floor (?P<floor>[\d.-]+) \w+, "
    r"ratio (?P<ratio>[\d.-]+) \(budget (?P<budget>.+)\)$"
)
_LIMIT = re.compile(r"^(?P<ratio>ratio )?(?P<most>[\d.,]+)(?: (?P<unit>ms|MiB|s))?$")
_TIMES = {"s": 1000}
_HEAD = """# Measured

Made by `{command}` on {day}; run it again rather than believe it. {machine}

*Floor* is what the row is held against, measured in the same run (named in brackets, else see the
benchmark's own text); *ratio* is value by floor. A row whose budget is no number has none.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a benchmark, read back."""

    work: str
    value: str
    floor: str
    ratio: str
    budget: str
    kept: bool | None


def read_row(line: str) -> Row | None:
    """The row that `row` printed, or None for any other line. `kept` is None without a number."""
    found = _ROW.match(line)
    if found is None:
        return None
    kept = None
    if limit := _LIMIT.match(found["budget"]):
        most = float(limit["most"].replace(",", "")) * _TIMES.get(limit["unit"], 1)
        value = float(found["value"]) * _TIMES.get(found["unit"], 1)
        kept = (float(found["ratio"]) if limit["ratio"] else value) <= most
    unit = found["unit"]
    return Row(
        found["work"].strip(),
        f"{found['value']} {unit}",
        f"{found['floor']} {unit}",
        found["ratio"],
        found["budget"],
        kept,
    )


def page(command: str, day: date, results: Mapping[str, Sequence[Row]]) -> str:
    """The whole page: a table for each benchmark, and what missed its budget at the top."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    machine = (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Qt for Python {version('PySide6-Essentials')}, "
        f"SQLAlchemy {version('SQLAlchemy')}, sqlcipher3 {version('sqlcipher3')}."
    )
    parts = [_HEAD.format(command=command, day=day.isoformat(), machine=machine)]
    missed = [row for rows in results.values() for row in rows if row.kept is False]
    told = "; ".join(f"{row.work} ({row.value}, ratio {row.ratio})" for row in missed)
    parts.append(f"Over budget: {told or 'nothing'}.\n")
    for name, rows in results.items():
        parts.append(f"## {name}\n\n| work | value | floor | ratio | budget | kept |\n" + _LINE)
        parts[-1] += "".join(
            f"| {row.work} | {row.value} | {row.floor} | {row.ratio} | {row.budget} | "
            f"{_WORDS[row.kept]} |\n"
            for row in rows
        )
    return "\n".join(parts)


_LINE = "| --- | ---: | ---: | ---: | ---: | --- |\n"
_WORDS = {True: "yes", False: "**no**", None: ""}
