"""The answer of a body map: numbered marks on the figure of a child or of a grown person.

Kept as JSON: `{"figure": "child", "marks": [{"n": 1, "view": "front", "region": "forearm_left",
"x": 0.61, "y": 0.44, "type": "bruise", "size_1": 20, "size_2": 10, "color": "red", "note": "…"}],
"unit": "in"}`. `x` and `y` are fractions of the picture, sizes are millimeters however they were
typed (`unit` says in what they are shown, millimeters unless given); what was not said is left out.
`{"regions": ["wrist"]}` is what forms kept before there were pictures; it is read and kept, too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeGuard

from bt_desktop.form_engine.body import FIGURES, atlas
from bt_desktop.form_engine.body_drawing import region_at

MOST_MARKS = 500
"""More than anybody marks by hand: a whole-body skin check records some dozens."""
MOST_TEXT = 500
"""Characters of a note; of a color, less is shown but no more is refused."""
MOST_MM = 2500
"""Millimeters: longer than any body."""
MM_PER_INCH = 25.4
_MARK = ("n", "view", "region", "x", "y", "type", "size_1", "size_2", "color", "note")
_KEYS = frozenset(("figure", "marks", "unit", "regions"))
UNITS = ("mm", "in")


class Unmarked(ValueError):
    """What was handed in is no body map. `code` names the sentence in `issues.Code`."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark. `n` counts from 1; a size is in millimeters, None where it was not measured."""

    n: int
    view: str
    region: str
    x: float
    y: float
    type: str = ""
    size_1: float | None = None
    size_2: float | None = None
    color: str = ""
    note: str = ""

    def data(self) -> dict[str, Any]:
        """The mark as it is kept."""
        made = {key: getattr(self, key) for key in _MARK}
        return {key: value for key, value in made.items() if value not in ("", None)}

    def place(self) -> str:
        """“Left hip, back”."""
        return atlas().place(self.region, self.view)

    def size(self, unit: str = "mm") -> str:
        """“20 × 10 mm”, “0.8 in”; nothing where it was not measured."""
        sizes = [shown_size(s, unit) for s in (self.size_1, self.size_2) if s is not None]
        return f"{' × '.join(sizes)} {unit}" if sizes else ""


@dataclass(frozen=True, slots=True)
class BodyMap:
    """All marks of one answer, in their order. `regions` are words of an earlier version."""

    figure: str = "child"
    marks: tuple[Mark, ...] = ()
    unit: str = "mm"
    regions: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """The answer as it is kept; empty where nothing is marked."""
        if not self.marks and not self.regions:
            return {}
        if not self.marks:
            return {"regions": list(self.regions)}
        made: dict[str, Any] = {
            "figure": self.figure,
            "marks": [mark.data() for mark in self.marks],
        }
        if self.unit != "mm":
            made["unit"] = self.unit
        if self.regions:
            made["regions"] = list(self.regions)
        return made

    def text(self) -> str:
        """The answer as JSON text, the same for the same answer; blank where nothing is marked."""
        data = self.data()
        return json.dumps(data, ensure_ascii=False, sort_keys=True) if data else ""

    def words(self) -> frozenset[str]:
        """What a form can ask for: every marked region, without its side too, and its group."""
        known = atlas().regions
        found: set[str] = set(self.regions)
        for mark in self.marks:
            both = mark.region.removesuffix("_left").removesuffix("_right")
            found |= {mark.region, both, known[mark.region].group}
        return frozenset(found)


def shown_size(mm: float, unit: str) -> str:
    """A length in a unit, without needless zeros: `20`, `12.5`, `0.79`."""
    value = mm / MM_PER_INCH if unit == "in" else mm
    return f"{value:.2f}".rstrip("0").rstrip(".")


def in_mm(value: float, unit: str) -> float | int:
    """A length as it is kept: millimeters, whole where they are."""
    mm = round(value * MM_PER_INCH if unit == "in" else value, 2)
    return int(mm) if mm == int(mm) else mm


@lru_cache(maxsize=32)
def words_of(text: str) -> str:
    """The words of an answer given as JSON text, apart by spaces; remembered for each text."""
    return " ".join(sorted(read_map(text).words()))


def read_map(stored: Any) -> BodyMap:
    """A body map from JSON (or its text). What it says is checked, not where the marks lie.

    The pictures of a later version may differ; a signed record says what it said. Raises
    `Unmarked`.
    """
    data = _decoded(stored)
    if data.keys() - _KEYS:
        raise Unmarked("stored")
    figure, unit = data.get("figure", FIGURES[0]), data.get("unit", "mm")
    if figure not in FIGURES or unit not in UNITS:
        raise Unmarked("stored")
    rows, regions = data.get("marks", []), data.get("regions", [])
    if not isinstance(rows, list) or not isinstance(regions, list):
        raise Unmarked("stored")
    if len(rows) > MOST_MARKS:
        raise Unmarked("body_too_many", most=str(MOST_MARKS))
    if any(not isinstance(r, str) or not r.strip() for r in regions):
        raise Unmarked("stored")
    marks = tuple(_mark(row, place) for place, row in enumerate(rows, 1))
    return BodyMap(figure, marks, unit, tuple(regions))


def parse_map(typed: Any, types: Collection[str]) -> BodyMap:
    """A body map from an editor: `read_map`, and every mark lies on the figure, in its region,
    and is one of `types` (any word where there are none). Raises `Unmarked`.
    """
    found = read_map(typed)
    for mark in found.marks:
        if mark.type and types and mark.type not in types:
            raise Unmarked("body_type", n=str(mark.n), kind=mark.type)
        lies = region_at(found.figure, mark.view, mark.x, mark.y)
        if lies is None:
            raise Unmarked("body_beside", n=str(mark.n))
        if lies != mark.region:
            raise Unmarked("body_region", n=str(mark.n), place=mark.region)
    return found


def _decoded(stored: Any) -> Mapping[str, Any]:
    if isinstance(stored, str):
        try:
            stored = json.loads(stored)
        except (ValueError, RecursionError):
            raise Unmarked("stored") from None
    if not isinstance(stored, Mapping) or any(not isinstance(key, str) for key in stored):
        raise Unmarked("stored")
    return stored


def _mark(row: Any, place: int) -> Mark:
    if not isinstance(row, Mapping) or row.keys() - set(_MARK) or row.get("n", place) != place:
        raise Unmarked("stored")
    region, view = row.get("region"), row.get("view")
    known = atlas().regions.get(region) if isinstance(region, str) else None
    if known is None or view not in known.views:
        raise Unmarked("body_region", n=str(place), place=str(region)[:40])
    x, y = row.get("x"), row.get("y")
    if not _is_fraction(x) or not _is_fraction(y):
        raise Unmarked("body_beside", n=str(place))
    kind = row.get("type", "")
    if not isinstance(kind, str) or any(map(str.isspace, kind)):
        raise Unmarked("body_type", n=str(place), kind=str(kind)[:40])
    return Mark(
        place,
        str(view),
        known.id,
        round(float(x), 4),
        round(float(y), 4),
        kind,
        _length(row.get("size_1"), place),
        _length(row.get("size_2"), place),
        _words(row.get("color", ""), place),
        _words(row.get("note", ""), place),
    )


def _is_fraction(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _length(value: Any, place: int) -> float | int | None:
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < value <= MOST_MM:
        raise Unmarked("body_size", n=str(place))
    return in_mm(value, "mm")


def _words(value: Any, place: int) -> str:
    if not isinstance(value, str):
        raise Unmarked("stored")
    if len(value) > MOST_TEXT:
        raise Unmarked("body_words", n=str(place), most=str(MOST_TEXT))
    return value if value.strip() else ""
