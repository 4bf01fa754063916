"""The log of violent incidents on paper: what an inspector or an employee may ask to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bt_desktop.paper import words
from bt_desktop.paper.content import Block, Fields, Heading, Narrative, Notice, Row, Title, Whole
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.layout import Sheet, build

_LEAD = (
    "Kept under California Labor Code 6401.9 (unverified: nobody has compared this with the "
    "official text). Nobody who was involved is named."
)


class Line(Protocol):
    """A line of the log."""

    @property
    def number(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def time(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def characteristics(self) -> tuple[str, ...]: ...
    @property
    def circumstances(self) -> tuple[str, ...]: ...
    @property
    def consequences(self) -> tuple[str, ...]: ...
    @property
    def description(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def written_on(self) -> date: ...
    @property
    def keep_until(self) -> date: ...


def violence_log(lines: Sequence[Line], head: Letterhead, mark: CopyMark) -> bytes:
    """The lines as PDF bytes, each kept whole on a page where it fits."""
    sheet = Sheet(
        title="Violent incident log",
        head_right=("Violent incident log",),
        running="Violent incident log",
        foot="Keep each line for five years.",
    )
    return build(log_blocks(lines), head, mark, sheet)


def log_blocks(lines: Sequence[Line]) -> list[Block]:
    """What stands on the paper."""
    blocks: list[Block] = [Title("Violent incident log", _LEAD)]
    if not lines:
        return [*blocks, Notice("No violent incident is in the log.")]
    return [*blocks, *(_one(line) for line in lines)]


def _one(line: Line) -> Whole:
    when = ", ".join(filter(None, (words.long_day(line.day), line.time or "time not known")))
    rows = (
        Row("Place", ", ".join((line.place, line.area))),
        Row("Type", line.type),
        Row("Who did it", line.by),
        Row("What kind", "; ".join(line.characteristics)),
        Row("Circumstances", "; ".join(line.circumstances)),
        Row("What came of it", "; ".join(line.consequences)),
        Row("Written by", f"{line.author}, {words.long_day(line.written_on)}"),
        Row("Keep until", words.long_day(line.keep_until)),
    )
    return Whole(
        (
            Heading(f"{line.number}: {when}"),
            Narrative(line.description, label="Description"),
            Fields(rows),
        )
    )
