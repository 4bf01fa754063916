"""What the health office chooses from, as `forms/medication_lists.yaml` has it.

Routes, units, forms, the codes of the MAR, error categories, disposal, and what each special kind
of order asks for beside the rest. Read once; `load_lists` reads another folder's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from bt_desktop.form_engine.definition import Text
from bt_desktop.form_engine.loader import MEDICATION
from bt_desktop.form_engine.yaml_tree import Table
from bt_desktop.services.health.data_files import Rows, read_data
from bt_desktop.services.health.list_values import (
    Disposal,
    DoseForm,
    Entry,
    ErrorCategory,
    ErrorType,
    FieldKind,
    Kind,
    Mark,
    MedicationLists,
    OutcomeCode,
    Place,
    Right,
    Route,
    SpecialField,
    Storage,
    Tick,
    Unit,
)

FILE = MEDICATION[0]
_FIELD_KINDS: tuple[str, ...] = get_args(FieldKind)


def load_lists(folder: Path | None = None) -> MedicationLists:
    """The lists of a folder (the shipped ones). Raises FormFaults with all that is wrong."""
    return read_data(FILE, _read, folder)


@lru_cache(maxsize=1)
def medication_lists() -> MedicationLists:
    """The shipped lists, read once."""
    return load_lists()


# --- reading -------------------------------------------------------------------------------------

Value = TypeVar("Value", bound=Entry)
_Column = Callable[[Rows, Table, str], Any]


def _flag(rows: Rows, row: Table, key: str) -> bool:
    return rows.flag(row, key)


def _text(rows: Rows, row: Table, key: str) -> Text:
    return rows.text(row, key)


def _word(rows: Rows, row: Table, key: str) -> str:
    return rows.word(row, key)


def _words(rows: Rows, row: Table, key: str) -> tuple[str, ...]:
    return rows.words(row, key)


def _one_of(*allowed: str) -> _Column:
    """One of these words; the first where nothing is said."""

    def read(rows: Rows, row: Table, key: str) -> str:
        return rows.one_of(row, key, allowed, allowed[0])

    return read


_LISTS: Mapping[str, tuple[type[Entry], Mapping[str, _Column]]] = {
    "routes": (Route, {"parents": _text, "site": _flag}),
    "units": (Unit, {"plural": _text, "ucum": _word, "counted": _flag, "estimated": _flag}),
    "forms": (DoseForm, {"counted_in": _word, "estimated": _flag, "routes": _words}),
    "storage": (Storage, {"locked": _flag, "quick": _flag}),
    "locations": (Place, {"parents": _text}),
    "outcomes": (
        OutcomeCode,
        {
            "printed": _word,
            "parents": _text,
            "reason": _flag,
            "given": _flag,
            "stock": _one_of("none", "given", "wasted"),
            "error": _one_of("no", "school", "yes"),
            "parent": _one_of("none", "same_day", "repeated"),
        },
    ),
    "marks": (Mark, {"printed": _word}),
    "schedules": (Entry, {}),
    "medicine_kinds": (Entry, {}),
    "moves": (Entry, {}),
    "identifiers": (Entry, {}),
    "rights": (Right, {"prn": _flag}),
    "container_ticks": (Tick, {"stops": _flag}),
    "error_categories": (
        ErrorCategory,
        {"group": _one_of("none", "no_harm", "harm", "death"), "reached": _flag},
    ),
    "error_types": (ErrorType, {"poison_control": _flag}),
    "disposals": (Disposal, {"asks": _words, "flagged": _flag}),
}
_NAMED = {"reason": "reason_required", "given": "is_given"}  # shorter in the file
_COMMON = ("code", "label", "unverified")
_KIND_KEYS = ("kind", "label", "basis", "sensitive", "order", "dose")
_FIELD_KEYS = ("key", "label", "kind", "required", "choices", "unverified")


def _read(rows: Rows, tree: Table) -> MedicationLists:
    rows.keys(tree, (FILE, *_LISTS, "kinds", "choices"), "The file of lists")
    found: dict[str, Any] = {name: _entries(rows, tree, name, *_LISTS[name]) for name in _LISTS}
    made = MedicationLists(**found, kinds=_kinds(rows, tree))
    _check_links(rows, tree, made)
    return made


def _entries(
    rows: Rows, tree: Table, name: str, kind: type[Value], columns: Mapping[str, _Column]
) -> dict[str, Value]:
    if not rows.rows(tree, name):
        rows.fault(tree, "missing-list", f"The list “{name}” is missing.")
    kept = rows.by_code(
        name,
        (
            (entry.code, row, entry)
            for row in rows.each(tree, name, (*_COMMON, *columns), f"A row of “{name}”")
            for entry in (_entry(rows, row, kind, columns),)
        ),
    )
    rows.field = ""
    return kept


def _entry(rows: Rows, row: Table, kind: type[Value], columns: Mapping[str, _Column]) -> Value:
    rows.field = rows.word(row, "code")
    more = {_NAMED.get(key, key): read(rows, row, key) for key, read in columns.items()}
    return kind(rows.code(row), rows.said(row), rows.flag(row, "unverified"), **more)


def _check_links(rows: Rows, tree: Table, lists: MedicationLists) -> None:
    """Forms name units and routes that there are."""
    for row in rows.each(tree, "forms", (*_COMMON, *_LISTS["forms"][1]), "A form"):
        rows.field = rows.word(row, "code")
        rows.words(row, "counted_in", lists.units)
        rows.words(row, "routes", lists.routes)
    rows.field = ""


def _kinds(rows: Rows, tree: Table) -> dict[str, Kind]:
    choices: dict[str, tuple[Entry, ...]] = {}
    table = rows.table(tree.get("choices"), "“choices”")
    for name in table.items if table is not None else ():
        if table is not None:
            choices[name] = tuple(_entries(rows, table, name, Entry, {}).values())
    found = (
        (kind.code, row, kind)
        for row in rows.each(tree, "kinds", _KIND_KEYS, "A kind of order")
        for kind in (_kind(rows, row, choices),)
    )
    return rows.by_code("kinds", found)


def _kind(rows: Rows, row: Table, choices: Mapping[str, tuple[Entry, ...]]) -> Kind:
    return Kind(
        rows.code(row, "kind"),
        rows.said(row),
        rows.text(row, "basis"),
        rows.flag(row, "sensitive"),
        order=_fields(rows, row, "order", choices),
        dose=_fields(rows, row, "dose", choices),
    )


def _fields(
    rows: Rows, kind: Table, part: str, choices: Mapping[str, tuple[Entry, ...]]
) -> tuple[SpecialField, ...]:
    kept = rows.by_code(
        part,
        (
            (made.key, row, made)
            for row in rows.each(kind, part, _FIELD_KEYS, "A question")
            for made in (_field(rows, row, choices),)
        ),
    )
    rows.field = ""
    return tuple(kept.values())


def _field(rows: Rows, row: Table, choices: Mapping[str, tuple[Entry, ...]]) -> SpecialField:
    rows.field = rows.word(row, "key")
    kind = cast("FieldKind", rows.one_of(row, "kind", _FIELD_KINDS, "text"))
    named = rows.words(row, "choices", choices)
    if (kind in ("choice", "choices")) is not bool(named):
        sentence = "A choice needs “choices”, and nothing else has them."
        rows.fault(row, "choices", sentence, row.line_of("choices"))
    return SpecialField(
        rows.code(row, "key"),
        rows.said(row),
        kind,
        rows.flag(row, "required"),
        tuple(one for name in named for one in choices.get(name, ())),
        rows.flag(row, "unverified"),
    )


__all__ = [
    "Disposal",
    "DoseForm",
    "Entry",
    "ErrorCategory",
    "ErrorType",
    "FieldKind",
    "Kind",
    "Mark",
    "MedicationLists",
    "OutcomeCode",
    "Place",
    "Right",
    "Route",
    "SpecialField",
    "Storage",
    "Tick",
    "Unit",
    "load_lists",
    "medication_lists",
]
