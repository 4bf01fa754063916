"""Tables of a school's system, and hands that bring them in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bt_desktop.services.csv_fields import TableKind
from bt_desktop.services.csv_import import CsvPreview
from bt_desktop.services.csv_model import CsvChoice, CsvFile, DateOrder
from bt_desktop.services.workspace import Workspace

AERIES = (
    "Perm ID,Last Name,First Name,Middle Name,Grade,Birthdate,Teacher,HmLang,IEP,504,Allergies,"
    "Medical Alert,Custody,Telephone,Case Manager,Parent/Guardian,Mother Phone\r\n"
    "001001,Brooks,Aaliyah,Rose,04,3/22/2017,\"Raman, Priya\",Spanish,Y,N,\"Peanuts, bees\","
    "No prone hold: asthma,,(555) 010-0001,Dana Whitcomb,\"Brooks, Maya\",(555) 010-0002\r\n"
    "001002,Petrov,Jonah,,KG,10/13/2020,\"Raman, Priya\",,N,Y,None,,Father: court order,,,,\r\n"
)  # fmt: skip


def put(folder: Path, text: str | bytes, name: str = "students.csv") -> Path:
    """The file, written."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def choice_of(found: CsvFile, *, order: DateOrder = "", kind: TableKind | None = None) -> CsvChoice:
    """The choice of somebody who agrees with every guess."""
    chosen = kind or found.kind
    fields = found.guesses[chosen]
    return CsvChoice(found.path, chosen, fields, order or found.date_order)


def looked(w: Workspace, *paths: Path, everyone: bool = False, **how: object) -> CsvPreview:
    """The preview, every guess agreed with."""
    files = w.tables.look(paths)
    choices = [choice_of(one, **how) for one in files]  # type: ignore[arg-type]  # passed through
    return w.tables.preview(choices, everyone=everyone)


def brought(w: Workspace, *paths: Path, everyone: bool = False, **how: object) -> CsvPreview:
    """Looked at, and brought in."""
    preview = looked(w, *paths, everyone=everyone, **how)
    w.tables.apply(preview, confirmed=True)
    return preview


def codes(preview: CsvPreview) -> list[tuple[int, str]]:
    """The problems as (line, code)."""
    return [(one.line, one.code) for one in preview.problems]


def mapped(choice: CsvChoice, **columns: str) -> CsvChoice:
    """The choice with the columns at these places (`c0="given"`) meaning something else."""
    fields = list(choice.fields)
    for place, key in columns.items():
        fields[int(place[1:])] = key
    return replace(choice, fields=tuple(fields))
