"""Both hands and both feet. Hands are drawn raised, fingers up; feet as their owner holds them out.

Palms and soles look at whoever reads the chart, so the picture's right half is the person's left;
the backs of the hands are seen from behind the person, who has the left hand at the picture's left.
"""

from __future__ import annotations

from tools.body.curves import Point, Sketch, finger, loop, smooth, straight
from tools.body.shape import Shape

_APART = 84.0
"""From the axis between two hands or feet to the middle of each."""


def _hands(shape: Shape, sketch: Sketch, right: str, left: str) -> None:
    stub = 0.88 if shape.is_child else 1.0  # a child's fingers are shorter

    def at(x: float, y: float) -> Point:
        return (x + _APART, y if y > 110 else 110 - (110 - y) * stub)

    # the thumb stands at the inner side, toward the axis
    sketch.both(
        "wrist",
        loop(
            straight(at(-25, 206), at(-27, 240)),
            straight(at(-27, 240), at(31, 240)),
            straight(at(31, 240), at(29, 206)),
            smooth(at(29, 206), at(2, 212), at(-25, 206)),
        ),
        right_half=right,
        left_half=left,
    )
    palm = smooth(at(-25, 206), at(-38, 178), at(-42, 150), at(-40, 122), at(-34, 110))
    over = smooth(at(-34, 110), at(-18, 104), at(2, 101), at(22, 105), at(38, 116))
    heel = smooth(at(38, 116), at(42, 146), at(38, 180), at(29, 206))
    base = smooth(at(29, 206), at(2, 212), at(-25, 206))
    sketch.both("hand", loop(palm, over, heel, base), right_half=right, left_half=left)
    four = [
        finger(at(x, y), at(tx, ty), wide, wide * 0.86)
        for x, y, tx, ty, wide in (
            (-26, 110, -34, 28, 19),
            (-6.5, 105, -9, 10, 19.5),
            (13, 105, 16, 20, 19),
            (31, 113, 42, 48, 16.5),
        )
    ]
    sketch.both("fingers", *(loop(f) for f in four), right_half=right, left_half=left)
    thumb = smooth(
        at(-36, 182),
        at(-54, 158),
        at(-68, 128),
        at(-74, 106),
        at(-70, 96),
        at(-61, 98),
        at(-53, 116),
        at(-40, 136),
    )
    sketch.both(
        "thumb",
        loop(thumb, smooth(at(-40, 136), at(-42, 158), at(-36, 182))),
        right_half=right,
        left_half=left,
    )
    sketch.stroke(
        *four,
        thumb,
        heel,
        smooth(at(-34, 180), at(-25, 206)),
        smooth(at(-40, 136), at(-40, 122), at(-36, 111)),
        straight(at(-25, 206), at(-27, 240)),
        straight(at(31, 240), at(29, 206)),
        mirror=True,
    )


def palms(shape: Shape) -> Sketch:
    """Both palms."""
    sketch = Sketch("hands_palm")
    _hands(shape, sketch, "left", "right")
    x = _APART
    sketch.hint(
        smooth((x - 22, 128), (x - 10, 152), (x - 16, 186)),
        smooth((x - 30, 122), (x, 138), (x + 30, 140)),
        mirror=True,
    )
    sketch.letter = ("L", (158, 40))
    return sketch


def hand_backs(shape: Shape) -> Sketch:
    """The backs of both hands."""
    sketch = Sketch("hands_back")
    _hands(shape, sketch, "right", "left")
    stub = 0.88 if shape.is_child else 1.0
    for x, y, wide in ((-34, 30, 9), (-9, 12, 9), (16, 22, 9), (41.5, 50, 8)):
        up = 110 - (110 - y) * stub
        sketch.hint(
            smooth(
                (_APART + x - wide / 2, up + 10),
                (_APART + x - wide / 3, up + 3),
                (_APART + x + wide / 3, up + 3),
                (_APART + x + wide / 2, up + 10),
            ),
            mirror=True,
        )
    sketch.hint(
        *(
            smooth((_APART + x - 5, 118 + d), (_APART + x, 115 + d), (_APART + x + 5, 118 + d))
            for x, d in ((-25, 2), (-6, 0), (13, 1), (30, 6))
        ),
        mirror=True,
    )
    sketch.letter = ("L", (-158, 40))
    return sketch


def _toes(up: bool) -> list[tuple[float, float, float, float, float]]:
    """(base x, y, tip x, y, width) of the toes, the big one toward the axis; as if toes are up."""
    toes = [
        (-21, 48, -24, 14, 21.0),
        (-3, 43, -3, 16, 13.5),
        (11, 46, 13, 22, 12.5),
        (23, 52, 27, 31, 11.5),
        (33, 60, 39, 42, 11.0),
    ]
    return [(float(a), float(b), float(c), float(d), e) for a, b, c, d, e in toes] if up else []


def soles(shape: Shape) -> Sketch:
    """Both soles, toes up."""
    sketch = Sketch("feet_sole")
    wide = 1.08 if shape.is_child else 1.0

    def at(x: float, y: float) -> Point:
        return (x * wide + _APART, y)

    inner = smooth(at(-32, 52), at(-35, 80), at(-25, 112), at(-20, 150), at(-24, 182))
    heel = smooth(at(-24, 182), at(-22, 208), at(-4, 220), at(16, 212), at(24, 184))
    outer = smooth(at(24, 184), at(29, 140), at(38, 100), at(40, 66))
    ball = smooth(at(40, 66), at(24, 52), at(4, 45), at(-16, 45), at(-32, 52))
    cut = smooth(at(24, 184), at(0, 174), at(-24, 182))
    sketch.both("foot", loop(inner, cut.back(), outer, ball), right_half="left", left_half="right")
    sketch.both("heel", loop(heel, cut), right_half="left", left_half="right")
    toes = [
        finger(at(x, y + 4), at(tx, ty), w * wide, w * 0.8 * wide)
        for x, y, tx, ty, w in _toes(True)
    ]
    sketch.both("toes", *(loop(t) for t in toes), right_half="left", left_half="right")
    sketch.stroke(inner, heel, outer, *toes, mirror=True)
    sketch.hint(smooth(at(-30, 76), at(0, 70), at(36, 88)), mirror=True)
    sketch.letter = ("L", (142, 40))
    return sketch


def insteps(shape: Shape) -> Sketch:
    """Both feet from above, toes down: the picture's right half is the person's left."""
    sketch = Sketch("feet_top")
    wide = 1.08 if shape.is_child else 1.0

    def at(x: float, y: float) -> Point:
        return (x * wide + _APART, 220 - y)

    shin = smooth(at(-21, 222), at(-22, 196), at(-24, 172))
    inner = smooth(at(-24, 172), at(-22, 130), at(-34, 84), at(-32, 52))
    ball = smooth(at(-32, 52), at(-16, 45), at(4, 45), at(24, 52), at(40, 66))
    outer = smooth(at(40, 66), at(38, 100), at(27, 140), at(24, 172))
    calf = smooth(at(24, 172), at(22, 196), at(21, 222))
    cut = smooth(at(24, 172), at(0, 164), at(-24, 172))
    sketch.both("foot", loop(inner, ball, outer, cut), right_half="left", left_half="right")
    sketch.both(
        "ankle",
        loop(shin, cut.back(), calf, straight(at(21, 222), at(-21, 222))),
        right_half="left",
        left_half="right",
    )
    toes = [
        finger(at(x, y + 4), at(tx, ty), w * wide, w * 0.8 * wide)
        for x, y, tx, ty, w in _toes(True)
    ]
    sketch.both("toes", *(loop(t) for t in toes), right_half="left", left_half="right")
    sketch.stroke(shin + inner, outer + calf, *toes, mirror=True)
    for x, y, w in ((-24, 20, 8), (-3, 21, 5), (13, 27, 5), (27, 36, 4.5), (39, 47, 4)):
        sketch.hint(smooth(at(x - w, y + 3), at(x, y - 1), at(x + w, y + 3)), mirror=True)
    sketch.letter = ("L", (142, 180))
    return sketch
