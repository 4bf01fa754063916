"""The pictures of the body as plain vectors: what the window and the paper draw, and hit tests.

An SVG of `resources/body` holds paths of absolute M, C, L and Z commands only: `region` paths with
an id (a later one covers an earlier one), `hint` and `line` paths, and one letter. A point of a
picture is told in fractions of its width and height, from the top left corner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from xml.etree import ElementTree

from bt_desktop import paths

Point = tuple[float, float]
Step = tuple[str, tuple[float, ...]]
"""A command of a path: M and L with one point, C with three, Z with none."""
Loop = tuple[Point, ...]

_COMMAND = re.compile(r"([MLCZ])([^MLCZ]*)")
_POINTS = {"M": 2, "L": 2, "C": 6, "Z": 0}
_CURVE_STEPS = 8
"""Straight pieces per curve in hit tests: less than a unit off in pictures 800 units tall."""


class BadDrawing(ValueError):
    """A picture that is not written as this module reads them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A region in one picture: its path, and the same as polygons; `anchor` lies well inside."""

    region: str
    path: tuple[Step, ...]
    loops: tuple[Loop, ...]
    box: tuple[float, float, float, float]
    anchor: Point

    def holds(self, x: float, y: float) -> bool:
        """Whether a point (in units of the picture) lies inside one of the loops."""
        left, top, right, foot = self.box
        if not (left <= x <= right and top <= y <= foot):
            return False
        return any(_inside(loop, x, y) for loop in self.loops)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One view of one figure. `letter` is the L (or R) that stands at `letter_at`."""

    figure: str
    view: str
    width: float
    height: float
    shapes: Mapping[str, Shape]
    hints: tuple[tuple[Step, ...], ...]
    lines: tuple[tuple[Step, ...], ...]
    letter: str
    letter_at: Point

    def region_at(self, x: float, y: float) -> str | None:
        """The region under a point given in fractions; None beside the figure: no guess."""
        ux, uy = x * self.width, y * self.height
        for shape in reversed(tuple(self.shapes.values())):
            if shape.holds(ux, uy):
                return shape.region
        return None

    def anchor(self, region: str) -> Point:
        """A point well inside a region, in fractions. Raises KeyError."""
        x, y = self.shapes[region].anchor
        return (round(x / self.width, 4), round(y / self.height, 4))


@lru_cache(maxsize=64)
def drawing(figure: str, view: str) -> Drawing:
    """The picture of a view. Raises KeyError where there is none."""
    file = paths.resources_dir() / "body" / figure / f"{view}.svg"
    if not file.is_file():
        raise KeyError(f"{figure}/{view}")
    return read(file.read_text(encoding="utf-8"), figure, view)


@lru_cache(maxsize=4096)
def region_at(figure: str, view: str, x: float, y: float) -> str | None:
    """`Drawing.region_at`, remembered: the marks of an answer are looked at with every key."""
    return drawing(figure, view).region_at(x, y)


def moved(point: Point, region: str, one: Drawing, other: Drawing) -> Point:
    """Where a mark in `region` of one picture lies in another: as far across and down in it.

    Where that falls beside the region, its anchor. Both are fractions of their pictures.
    """
    before, after = one.shapes[region].box, other.shapes[region].box
    across = (point[0] * one.width - before[0]) / ((before[2] - before[0]) or 1)
    down = (point[1] * one.height - before[1]) / ((before[3] - before[1]) or 1)
    x = round((after[0] + across * (after[2] - after[0])) / other.width, 4)
    y = round((after[1] + down * (after[3] - after[1])) / other.height, 4)
    return (x, y) if other.region_at(x, y) == region else other.anchor(region)


def read(text: str, figure: str, view: str) -> Drawing:
    """A drawing from the text of an SVG. Raises `BadDrawing` for anything it does not expect."""
    # only our own files ever come here
    root = ElementTree.fromstring(text)  # noqa: S314 - a drawing of our own
    try:
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        found: dict[str, list[tuple[Step, ...]]] = {"hint": [], "line": []}
        shapes: dict[str, Shape] = {}
        letter, letter_at = "", (0.0, 0.0)
        for each in root:
            tag, kind = each.tag.rpartition("}")[2], each.get("class", "")
            if tag == "path" and kind == "region":
                shape = _shape(each.attrib)
                shapes[shape.region] = shape
            elif tag == "path":
                found[kind].append(parse(each.attrib["d"]))
            elif tag == "text":
                letter = (each.text or "").strip()
                letter_at = (float(each.attrib["x"]), float(each.attrib["y"]))
    except (KeyError, ValueError) as e:
        raise BadDrawing(f"{figure}/{view}: {e}") from e
    return Drawing(
        figure, view, width, height, MappingProxyType(shapes),
        tuple(found["hint"]), tuple(found["line"]), letter, letter_at,
    )  # fmt: skip


def _shape(attributes: Mapping[str, str]) -> Shape:
    path = parse(attributes["d"])
    loops = tuple(flatten(path))
    x, y = map(float, attributes["data-anchor"].split())
    return Shape(attributes["id"], path, loops, box_of(loops), (x, y))


def parse(d: str) -> tuple[Step, ...]:
    """The commands of a path. Raises ValueError for one that we do not draw."""
    steps: list[Step] = []
    for command, rest in _COMMAND.findall(d):
        numbers = tuple(map(float, rest.replace(",", " ").split()))
        if len(numbers) != _POINTS[command]:
            raise ValueError(f"{command} with {len(numbers)} numbers")
        steps.append((command, numbers))
    return tuple(steps)


def flatten(path: tuple[Step, ...]) -> Iterator[Loop]:
    """The closed loops of a path as polygons. Raises ValueError for one that is left open."""
    points: list[Point] = []
    for command, numbers in path:
        if command == "M":
            if points:
                raise ValueError("a loop is not closed")
            points = [(numbers[0], numbers[1])]
        elif command == "L":
            points.append((numbers[0], numbers[1]))
        elif command == "C":
            points += _bend(points[-1], numbers)
        else:
            yield tuple(points)
            points = []
    if points:
        raise ValueError("a loop is not closed")


def _bend(start: Point, numbers: tuple[float, ...]) -> Iterator[Point]:
    (ax, ay), (bx, by, cx, cy, dx, dy) = start, numbers
    for step in range(1, _CURVE_STEPS + 1):
        t = step / _CURVE_STEPS
        s = 1 - t
        one, two, three, four = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        yield (one * ax + two * bx + three * cx + four * dx,
               one * ay + two * by + three * cy + four * dy)  # fmt: skip


def box_of(loops: tuple[Loop, ...]) -> tuple[float, float, float, float]:
    """Left, top, right and foot of polygons."""
    xs = [x for loop in loops for x, _ in loop]
    ys = [y for loop in loops for _, y in loop]
    return (min(xs), min(ys), max(xs), max(ys))


def _inside(loop: Loop, x: float, y: float) -> bool:
    """Even-odd rule: how often a ray to the right crosses the edge."""
    inside = False
    ax, ay = loop[-1]
    for bx, by in loop:
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
        ax, ay = bx, by
    return inside
