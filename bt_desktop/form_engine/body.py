"""The places of the body map: regions, the pictures they stand in, and what they are called.

Read once from `resources/body/regions.yaml`; the pictures themselves are read by `body_drawing`.
Left and right are always the person's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from bt_desktop import paths
from bt_desktop.form_engine.definition import Text, say
from bt_desktop.form_engine.yaml_tree import plain_data

FIGURES = ("child", "adult")
"""The two figures; each has every view and every region."""
Side = Literal["left", "right", "middle"]
_SIDE_WORDS: Mapping[Side, Text] = MappingProxyType(
    {"left": {"en": "Left"}, "right": {"en": "Right"}, "middle": {"en": "Middle"}}
)


@dataclass(frozen=True, slots=True)
class View:
    """One picture. `left` is where the person's own left lies in it: the picture's `right` or
    `left` half, `all` of it or `none`. `word` is added to names of regions seen from more sides."""

    id: str
    label: Text
    left: str
    word: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Pictures that are shown together."""

    id: str
    label: Text
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """One named place. `part` is its label without a side, `views` where it stands, the best
    picture first; `group` what a form can ask for; `also` further words it is found under."""

    id: str
    part: Text
    side: Side
    group: str
    views: tuple[str, ...]
    also: str = ""

    def name(self, lang: str = "en") -> str:
        """“Left forearm”, “Forehead”."""
        part = say(self.part, lang)
        if self.side == "middle":
            return part
        return f"{side_word(self.side, lang)} {part[:1].lower()}{part[1:]}"


@dataclass(frozen=True, slots=True)
class Atlas:
    """All sheets, views and regions, in the order of the file."""

    sheets: tuple[Sheet, ...]
    views: Mapping[str, View]
    regions: Mapping[str, Region]

    def place(self, region: str, view: str, lang: str = "en") -> str:
        """“Left hip, back”: a region's name, with the side it is seen from where that matters.

        Ids that are not known here come back as words.
        """
        found, seen = self.regions.get(region), self.views.get(view)
        if found is None:
            return region.replace("_", " ")
        words = {say(self.views[v].word, lang) for v in found.views} - {""}
        word = say(seen.word, lang) if seen is not None else ""
        return f"{found.name(lang)}, {word}" if word and len(words) > 1 else found.name(lang)

    def bare_place(self, region: str, view: str, lang: str = "en") -> str:
        """“Hip, back”: the place without its side, where the side stands beside it."""
        found, place = self.regions.get(region), self.place(region, view, lang)
        if found is not None and found.side != "middle":
            place = place.removeprefix(f"{side_word(found.side, lang)} ")
        return place[:1].upper() + place[1:]

    def words(self) -> frozenset[str]:
        """All that `selected(${map}, '…')` can ask for: regions, pairs of regions, groups."""
        both = {r.id.removesuffix("_left").removesuffix("_right") for r in self.regions.values()}
        return frozenset({*self.regions, *both, *(r.group for r in self.regions.values())})

    def sheet_of(self, view: str) -> Sheet:
        """The sheet a view stands on. Raises KeyError."""
        for sheet in self.sheets:
            if view in sheet.views:
                return sheet
        raise KeyError(view)


def side_word(side: str, lang: str = "en") -> str:
    """“Left”, “Right”, “Middle”."""
    return say(_SIDE_WORDS[side], lang) if side in _SIDE_WORDS else ""  # type: ignore[index]  # asked


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """The places as `regions.yaml` names them. Read at first use."""
    file = paths.resources_dir() / "body" / "regions.yaml"
    data = plain_data(file.read_text(encoding="utf-8"))
    sheets = tuple(Sheet(s["id"], s["label"], tuple(s["views"])) for s in data["sheets"])
    views = {
        v["id"]: View(v["id"], v["label"], v["left"], v.get("word", {})) for v in data["views"]
    }
    regions = {r.id: r for row in data["regions"] for r in _regions(row, views)}
    return Atlas(sheets, MappingProxyType(views), MappingProxyType(regions))


def _regions(row: Mapping[str, Any], views: Mapping[str, View]) -> tuple[Region, ...]:
    """The one region of a row, or the two of a pair."""
    also, group, label = row.get("also", ""), row["group"], row["label"]
    if row["side"] == "middle":
        return (Region(row["id"], label, "middle", group, tuple(row["views"]), also),)
    made: list[Region] = []
    for side, hidden in (("left", "none"), ("right", "all")):
        seen = tuple(v for v in row["views"] if views[v].left != hidden)
        made.append(Region(f"{row['id']}_{side}", label, side, group, seen, also))  # type: ignore[arg-type]  # ours
    return tuple(made)
