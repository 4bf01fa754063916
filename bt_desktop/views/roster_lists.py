"""What a roster would change, as rows of words to look through. Plain values, no widget.

Made once for a preview, on a worker: a district's set can have 50,000 rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bt_desktop.services.names import fold
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.csv_import import CsvPreview
    from bt_desktop.services.roster import RosterPreview
    from bt_desktop.services.roster_difference import Addition, Change
    from bt_desktop.services.roster_model import RosterLink

WHO = {"student": "Student", "guardian": "Guardian", "staff": "Staff"}
WHY = {
    "missing": "Not in this roster, which says that it holds everyone",
    "deleted": "Marked as deleted in the roster",
    "inactive": "Marked as inactive in the roster",
    "disabled": "Marked as not enabled in the roster",
    "left": "The table says that they left",
}
_NOBODY = "—"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row: its cells, and the folded text by which it is found. `link` where it offers one."""

    cells: tuple[str, ...]
    key: str
    link: RosterLink | None = None


@dataclass(frozen=True, slots=True)
class RosterList:
    """One list to look through. `shares` say how the width is shared among the columns."""

    code: str
    title: str
    heads: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[RosterRow, ...]
    says: str = ""


def roster_lists(preview: RosterPreview | CsvPreview) -> tuple[RosterList, ...]:
    """Every list of a preview, also those that are empty."""
    problems = [
        (f"{one.file}, line {one.line}" if one.line else one.file, one.reason)
        for one in preview.problems
    ]
    return (
        RosterList("added", "Added", ("Name", "Who", "What the roster says"), (31, 18, 51),
                   _rows((one.name, WHO[one.kind], _facts(one)) for one in preview.added)),
        RosterList("changed", "Changed", ("Name", "What", "Was", "Becomes"), (30, 18, 26, 26),
                   _rows(cells for one in preview.changed for cells in _changes(one))),
        RosterList("made_inactive", "Made inactive", ("Name", "Who", "Why"), (31, 18, 51),
                   _rows((one.name, WHO[one.kind], WHY.get(one.why, one.why))
                         for one in preview.made_inactive),
                   "Nobody is deleted: old records keep them, and they come back with a later "
                   "roster."),
        RosterList("problems", "Not understood", ("File and line", "What is wrong"), (24, 76),
                   _rows(problems)),
        RosterList("doubtful", "Doubtful guardians", ("Link them", "Student", "Guardian"),
                   (20, 40, 40), _doubtful(preview),
                   "The guardian's row names the student, but the student's row does not name the "
                   "guardian. Press Enter on a row to link the two; what you leave is not linked."),
    )  # fmt: skip


def _rows(cells: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]) -> tuple[RosterRow, ...]:
    return tuple(RosterRow(one, fold(" ".join(one))) for one in cells)


def _facts(one: Addition) -> str:
    """Grade 5 · born Mar 9, 2015 · Ms. Alvarez · allergies: peanuts."""
    shown: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("grade", lambda text: f"grade {text}"),
        ("teacher", str),
        ("title", str),
        ("phone", str),
        ("relation", str),
        ("email", str),
        ("plans", lambda text: f"plans: {', '.join(text.split()).replace('_', ' ')}"),
        ("medical_alert", lambda text: f"medical alert: {text}"),
        ("allergies", lambda text: f"allergies: {text}"),
        ("custody_alert", lambda text: f"custody: {text}"),
    )
    words = [say(str(found)) for name, say in shown if (found := one.values.get(name))]
    born = one.values.get("birth_date")
    if isinstance(born, date):
        words.insert(1 if one.values.get("grade") else 0, f"born {full_date(born)}")
    return " · ".join(words)


def _changes(one: Change) -> Iterator[tuple[str, str, str, str]]:
    if one.returns:
        yield (one.name, WHO[one.kind], "Inactive", "Active again")
    if one.adopted:
        yield (one.name, WHO[one.kind], "Added by hand", "Kept up by the roster")
    for field in one.fields:
        yield (one.name, field.label, field.old or _NOBODY, field.new or _NOBODY)


def _doubtful(preview: RosterPreview | CsvPreview) -> tuple[RosterRow, ...]:
    if not preview.doubtful_links or not hasattr(preview, "roster"):
        return ()  # tables stand a guardian beside a student, so that nothing is doubtful
    students = {one.sourced_id: f"{one.given} {one.family}" for one in preview.roster.students}
    guardians = {one.sourced_id: f"{one.given} {one.family}" for one in preview.roster.guardians}
    found = []
    for link in preview.doubtful_links:
        student, guardian = students.get(link.student), guardians.get(link.guardian)
        if student is not None and guardian is not None:
            found.append(RosterRow(("", student, guardian), fold(f"{student} {guardian}"), link))
    return tuple(found)
