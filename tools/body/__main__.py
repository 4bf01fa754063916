"""`python -m tools.body [FOLDER]`: write every figure of the body map as SVG.

The pictures are drawn for this project, from the knots in this folder; what the program reads are
the SVG files in `resources/body`, which are kept with it. `resources/body/regions.yaml` names the
regions and views by the ids written here.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from pathlib import Path

from bt_desktop.form_engine.body_drawing import Shape as Filled
from bt_desktop.form_engine.body_drawing import box_of, flatten, parse
from tools.body import head, limbs, trunk
from tools.body.curves import Piece, Point, Sketch
from tools.body.shape import Shape

ROOT = Path(__file__).resolve().parents[2]
MARGIN = 8.0
LETTER = 0.045
"""The letter's size in heights of the picture, at least `LEAST_LETTER` units."""
LEAST_LETTER = 18.0
NET = 18
"""Lines each way of the net in which a region's anchor is looked for."""
DRAWN = (
    trunk.front, trunk.back, trunk.raised, head.front, head.back, head.side, head.above,
    limbs.palms, limbs.hand_backs, limbs.insteps, limbs.soles,
)  # fmt: skip
HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}">
<title>{title}</title>
<style>path{{fill:none;stroke-linecap:round;stroke-linejoin:round}}\
.region{{fill:#fff;stroke:#b8c0c9;stroke-width:.7}}\
.line{{stroke:#14181d;stroke-width:1.8}}.hint{{stroke:#4a535e;stroke-width:1}}\
text{{font-family:sans-serif;font-weight:700;font-size:{letter}px;text-anchor:middle;\
fill:#14181d}}</style>
"""


def right_side(left: Sketch) -> Sketch:
    """The right side of the head: the left one in a mirror, with the names of the other side."""
    made = Sketch("head_right")
    for name, loops in left.regions:
        other = name.removesuffix("_left") + "_right" if name.endswith("_left") else name
        made.region(other, *(piece.mirrored() for piece in loops))
    made.strokes = [piece.mirrored() for piece in left.strokes]
    made.hints = [piece.mirrored() for piece in left.hints]
    assert left.letter is not None  # noqa: S101 - the sketch above has one
    made.letter = ("R", (-left.letter[1][0], left.letter[1][1]))
    return made


def sketches(shape: Shape) -> list[Sketch]:
    """All views of one figure."""
    made = [draw(shape) for draw in DRAWN]
    return [*made, *(right_side(each) for each in made if each.name == "head_left")]


def svg(sketch: Sketch, figure: str) -> str:
    """The sketch as an SVG file: regions, then hints, then the outline, then the letter."""
    points = list(sketch.points())
    size = max(LEAST_LETTER, LETTER * (max(y for _, y in points) - min(y for _, y in points)))
    letter, (lx, ly) = sketch.letter or ("", (0.0, 0.0))
    points += [(lx - size / 2, ly - size), (lx + size / 2, ly + 4)]
    left, right = min(x for x, _ in points) - MARGIN, max(x for x, _ in points) + MARGIN
    if abs(left + right) > 0.1 and sketch.name not in ("head_left", "head_right"):
        right = max(right, -left)  # halves are mirror images: the axis stands in the middle
        left = -right
    top, foot = min(y for _, y in points) - MARGIN, max(y for _, y in points) + MARGIN

    def put(point: Point) -> str:
        return f"{_short(point[0] - left)} {_short(point[1] - top)}"

    title = f"{figure}, {sketch.name.replace('_', ' ')}"
    wide, high = _short(right - left), _short(foot - top)
    lines = [HEAD.format(wide=wide, high=high, letter=_short(size), title=title)]
    shapes = {name: "".join(_path(piece, put) + "Z" for piece in loops)
              for name, loops in sketch.regions}  # fmt: skip
    for (name, shape), (x, y) in zip(shapes.items(), anchors(list(shapes.values())), strict=True):
        lines.append(f'<path class="region" id="{name}" data-anchor="{_short(x)} {_short(y)}"'
                     f' d="{shape}"/>\n')  # fmt: skip
    lines += [f'<path class="hint" d="{_path(piece, put)}"/>\n' for piece in sketch.hints]
    lines += [f'<path class="line" d="{_path(piece, put)}"/>\n' for piece in sketch.strokes]
    lines.append(f'<text x="{_short(lx - left)}" y="{_short(ly - top)}">{letter}</text>\n</svg>\n')
    return "".join(lines)


def anchors(shapes: list[str]) -> Iterable[Point]:
    """A point well inside each shape: of a fine net, the one farthest from every edge in sight."""
    loops = [tuple(flatten(parse(shape))) for shape in shapes]
    made = [Filled("", (), each, box_of(each), (0.0, 0.0)) for each in loops]
    for place, shape in enumerate(made):
        above = made[place + 1 :]
        edges = [
            p for each in (shape, *_near(shape, above)) for loop in each.loops for p in loop[::2]
        ]
        left, top, right, foot = shape.box
        net = [(left + (right - left) * i / NET, top + (foot - top) * j / NET)
               for i in range(1, NET) for j in range(1, NET)]  # fmt: skip
        free = [p for p in net if shape.holds(*p) and not any(a.holds(*p) for a in above)]
        yield max(free, key=lambda p: min(math.dist(p, e) for e in edges))


def _near(shape: Filled, others: list[Filled]) -> list[Filled]:
    """Those whose boxes touch the shape's."""
    left, top, right, foot = shape.box
    return [o for o in others if o.box[0] <= right and o.box[2] >= left and o.box[1] <= foot
            and o.box[3] >= top]  # fmt: skip


def _path(piece: Piece, put: object) -> str:
    start, *_ = piece.segments[0]
    made = [f"M{put(start)}"]  # type: ignore[operator]  # a callable
    for _, one, two, end in piece.segments:
        made.append(f"C{put(one)} {put(two)} {put(end)}")  # type: ignore[operator]  # as above
    return "".join(made)


def _short(number: float) -> str:
    return (
        f"{number:.1f}".removesuffix(".0").replace("-0", "0")
        if abs(number) < 0.05
        else (f"{number:.1f}".removesuffix(".0"))
    )


def write(folder: Path) -> Iterable[Path]:
    """Write both figures under `folder`; the files written."""
    for figure in ("child", "adult"):
        (folder / figure).mkdir(parents=True, exist_ok=True)
        for sketch in sketches(Shape(figure)):
            file = folder / figure / f"{sketch.name}.svg"
            file.write_text(svg(sketch, figure), encoding="utf-8")
            yield file


if __name__ == "__main__":
    for written in write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources" / "body"):
        print(written)
