"""The head from five sides. No more face than tells where eye, nose and mouth are.

Front and back are drawn as halves around x = 0; the left side is drawn in profile (the nose to the
picture's left) and the right side is its mirror image; from above the face lies at the foot, so
that left and right are where the front has them.
"""

from __future__ import annotations

from collections.abc import Callable

from tools.body.curves import Piece, Point, Sketch, loop, smooth, straight
from tools.body.shape import Shape, Steps, _held

# height in the grown head -> in a child's: the face is smaller and sits lower under the forehead
_CHILD_FACE: Steps = (
    (0, 0),
    (40, 56),
    (86, 108),
    (114, 134),
    (148, 160),
    (166, 174),
    (186, 190),
    (212, 212),
    (270, 262),
)
_CHILD_CHEEKS: Steps = (
    (0, 1.16),
    (40, 1.12),
    (90, 1.07),
    (140, 1.06),
    (190, 0.94),
    (205, 0.86),
    (270, 0.80),
)


def _placing(shape: Shape) -> Callable[[float, float], Point]:
    def at(x: float, y: float) -> Point:
        if not shape.is_child:
            return (x, y)
        return (x * _held(_CHILD_CHEEKS, y), _held(_CHILD_FACE, y))

    return at


class _Half:
    """Half a head: 0 top, 2 hairline, 4 ear's top, 6 ear's foot, 8 jaw's angle, 11 chin."""

    def __init__(self, shape: Shape) -> None:
        at = self.at = _placing(shape)
        self.edge = smooth(
            at(0, 0), at(36, 9), at(59, 38), at(67, 72), at(68, 92), at(67, 118), at(64, 140),
            at(58, 164), at(49, 182), at(32, 200), at(14, 210), at(0, 212),
        )  # fmt: skip
        self.ear = smooth(at(68, 92), at(76, 88), at(81, 98), at(78, 120), at(72, 137), at(64, 140))
        self.neck = smooth(at(47, 185), at(43, 206), at(44, 228), at(58, 246), at(86, 258))

    def outline(self, sketch: Sketch) -> None:
        sketch.stroke(self.edge, self.ear, self.neck, mirror=True)

    def neck_shape(self) -> Piece:
        right = self.neck
        low = smooth(right.end, self.at(0, 268), right.mirrored().end)
        return loop(right, low, right.mirrored().back())


def _whole(right: Piece) -> Piece:
    """Half a closed shape from the axis to the axis, and its mirror image."""
    return loop(right, right.mirrored().back())


def front(shape: Shape) -> Sketch:
    """From the front: the picture's right half is the person's left."""
    half, sketch = _Half(shape), Sketch("head_front")
    at, edge = half.at, half.edge

    def both(name: str, *shapes: Piece) -> None:
        sketch.both(name, *shapes, right_half="left", left_half="right")

    sketch.region("neck_front", half.neck_shape())
    both("ear", loop(half.ear, edge.part(4, 6).back()))
    hairline = smooth(edge.part(0, 2).end, at(44, 42), at(0, 36))
    sketch.region("crown", _whole(edge.part(0, 2) + hairline))
    brow = smooth(edge.part(0, 4).end, at(48, 90), at(40, 78), at(20, 80), at(0, 86))
    both(
        "temple",
        loop(
            smooth(at(44, 43), at(46, 60), at(48, 90)),
            smooth(at(48, 90), edge.part(0, 4).end),
            edge.part(2, 4).back(),
            smooth(edge.part(0, 2).end, at(44, 43)),
        ),
    )
    sketch.region(
        "forehead",
        _whole(
            straight(at(0, 36), at(0, 36.01))
            + smooth(at(0, 36.01), at(44, 43), at(46, 60), at(48, 90))
            + brow.part(1, 4)
        ),
    )
    mouth_corner = at(30, 168)
    both(
        "cheek",
        loop(
            straight(at(0, 86), at(48, 90), edge.part(0, 4).end),
            edge.part(4, 6),
            smooth(edge.part(0, 6).end, at(48, 152), mouth_corner),
            straight(mouth_corner, at(0, 150)),
            straight(at(0, 150), at(0, 86)),
        ),
    )
    both(
        "jaw",
        loop(
            edge.part(6, 9),
            smooth(edge.part(0, 9).end, at(28, 186), mouth_corner),
            smooth(mouth_corner, at(48, 152), edge.part(0, 6).end),
        ),
    )
    sketch.region(
        "chin",
        _whole(
            straight(at(0, 184), at(0, 184.01))
            + straight(at(0, 184.01), at(28, 184))
            + smooth(at(28, 184), at(31, 192), edge.part(0, 9).end)
            + edge.part(9, 11)
        ),
    )
    both(
        "eye",
        smooth(
            at(10, 92),
            at(24, 82),
            at(42, 84),
            at(51, 97),
            at(42, 111),
            at(24, 113),
            at(13, 105),
            closed=True,
        ),
    )
    sketch.region(
        "nose",
        _whole(smooth(at(0, 82), at(7, 88), at(9, 112), at(19, 138), at(17, 147), at(0, 152))),
    )
    sketch.region(
        "mouth", _whole(smooth(at(0, 152), at(20, 154), at(34, 168), at(21, 183), at(0, 185)))
    )
    half.outline(sketch)
    sketch.hint(
        smooth(at(19, 99), at(31, 91), at(43, 98)),
        smooth(at(19, 99), at(31, 104), at(43, 98)),
        mirror=True,
    )
    sketch.hint(smooth(at(6, 143), at(12, 147), at(15, 141)), mirror=True)
    sketch.hint(
        smooth(at(-22, 168), at(-8, 166), at(0, 168), at(8, 166), at(22, 168)),
        smooth(at(-12, 176), at(0, 178), at(12, 176)),
    )
    sketch.letter = ("L", at(98, 60))
    return sketch


def back(shape: Shape) -> Sketch:
    """From the back: the picture's left half is the person's left."""
    half, sketch = _Half(shape), Sketch("head_back")
    at, edge = half.at, half.edge
    sketch.region("neck_back", half.neck_shape())
    sketch.both("ear", loop(half.ear, edge.part(4, 6).back()), right_half="right", left_half="left")
    seam = smooth(edge.part(0, 2).end, at(40, 46), at(0, 48))
    sketch.region("crown", _whole(edge.part(0, 2) + seam))
    inner = smooth(at(40, 46), at(42, 90), at(45, 140), at(47, 172))
    low = smooth(at(47, 172), at(26, 186), at(0, 190))
    sketch.region(
        "back_of_head",
        _whole(straight(at(0, 48), at(0, 48.01)) + smooth(at(0, 48.01), at(40, 46)) + inner + low),
    )
    side = loop(
        edge.part(2, 8),
        smooth(edge.part(0, 8).end, at(47, 172)),
        inner.back(),
        smooth(at(40, 46), edge.part(0, 2).end),
    )
    sketch.both("side_of_head", side, right_half="right", left_half="left")
    sketch.stroke(edge.part(0, 8), half.ear, half.neck, mirror=True)
    sketch.hint(low, mirror=True)
    sketch.letter = ("L", at(-98, 60))
    return sketch


def side(shape: Shape) -> Sketch:
    """The left side, in profile."""
    sketch = Sketch("head_left")
    place = _placing(shape)

    def at(x: float, y: float) -> Point:
        # a profile is not a half: it is only moved in height, and a child's nose is shorter
        moved = place(0, y)[1]
        if not shape.is_child:
            return (x, moved)
        snub = 5.0 if x < -80 else 0.0
        return (x + snub if y > 60 else x, moved)

    # 0 crown, 2 hairline, 4 nose's root, 7 nose's foot, 11 lower lip, 13 chin's foot, 15 throat
    front_knots = (
        at(-8, 0), at(-46, 10), at(-70, 40), at(-77, 66), at(-74, 88), at(-84, 116), at(-96, 136),
        at(-84, 147), at(-86, 157), at(-79, 166), at(-83, 176), at(-77, 184), at(-78, 200),
        at(-62, 212), at(-40, 208), at(-20, 206),
    )  # fmt: skip
    # 0 crown, 2 behind it, 6 nape
    rear_knots = (
        at(-8, 0), at(34, 6), at(70, 30), at(88, 66), at(87, 106), at(74, 142), at(62, 168),
    )  # fmt: skip
    profile = smooth(*reversed(front_knots), *rear_knots[1:])
    face, skull = profile.part(15, 0), profile.part(15, 21)
    throat = smooth(at(-20, 206), at(-14, 226), at(-22, 258))
    nape = smooth(at(62, 168), at(60, 200), at(72, 232), at(94, 258))
    jaw = smooth(at(4, 184), at(-5, 199), at(-20, 206))
    neck = loop(
        throat,
        smooth(throat.end, at(36, 268), nape.end),
        nape.back(),
        smooth(at(62, 168), at(30, 178), at(4, 184)),
        jaw,
    )
    sketch.region("neck_side_left", neck)
    head = loop(face, jaw.back(), smooth(at(4, 184), at(30, 178), at(62, 168)), skull.back())
    sketch.region("side_of_head_left", head)
    seam = smooth(skull.part(0, 2).end, at(36, 34), at(-8, 32), face.part(0, 2).end)
    sketch.region("crown", loop(skull.part(0, 2), seam, face.part(0, 2).back()))
    behind = smooth(skull.part(0, 2).end, at(58, 60), at(52, 104), at(46, 140), at(40, 174))
    sketch.region(
        "back_of_head",
        loop(skull.part(2, 6), smooth(skull.end, at(50, 172), at(40, 174)), behind.back()),
    )
    temple_front = smooth(face.part(0, 2).end, at(-44, 56), at(-36, 74), at(-42, 90))
    sketch.region(
        "forehead",
        loop(face.part(2, 4), straight(face.part(0, 4).end, at(-42, 90)), temple_front.back()),
    )
    sketch.region(
        "temple_left",
        loop(
            temple_front.part(1, 3),
            straight(at(-42, 90), at(-14, 96)),
            smooth(at(-14, 96), at(-12, 74), at(-44, 56)),
        ),
    )
    sketch.region(
        "cheek_left",
        loop(
            straight(face.part(0, 4).end, at(-42, 90), at(-14, 96)),
            smooth(at(-14, 96), at(-8, 120), at(-10, 146)),
            smooth(at(-10, 146), at(-34, 158), at(-60, 166)),
            straight(at(-60, 166), face.part(0, 7).end),
            face.part(4, 7).back(),
        ),
    )
    sketch.region(
        "jaw_left",
        loop(
            smooth(at(-60, 166), at(-34, 158), at(-10, 146)),
            smooth(at(-10, 146), at(0, 166), at(4, 184)),
            jaw,
            face.part(13, 15).back(),
            smooth(face.part(0, 13).end, at(-58, 192), at(-60, 166)),
        ),
    )
    sketch.region(
        "chin",
        loop(
            face.part(11, 13),
            smooth(face.part(0, 13).end, at(-58, 200), at(-56, 184)),
            straight(at(-56, 184), face.part(0, 11).end),
        ),
    )
    sketch.region(
        "mouth",
        loop(
            face.part(7, 11),
            smooth(
                face.part(0, 11).end, at(-56, 182), at(-50, 168), at(-60, 152), face.part(0, 7).end
            ),
        ),
    )
    sketch.region(
        "eye_left",
        smooth(
            at(-71, 93),
            at(-58, 85),
            at(-42, 88),
            at(-36, 100),
            at(-46, 112),
            at(-62, 113),
            at(-72, 104),
            closed=True,
        ),
    )
    sketch.region(
        "nose",
        loop(
            face.part(4, 7),
            smooth(
                face.part(0, 7).end, at(-68, 146), at(-66, 134), at(-74, 112), face.part(0, 4).end
            ),
        ),
    )
    ear = smooth(
        at(6, 94),
        at(22, 88),
        at(34, 98),
        at(32, 120),
        at(20, 142),
        at(8, 146),
        at(4, 132),
        at(2, 110),
        closed=True,
    )
    sketch.region("ear_left", ear)
    sketch.stroke(face, skull, throat, nape, ear)
    sketch.stroke(jaw)
    sketch.hint(smooth(at(10, 102), at(22, 98), at(26, 112), at(18, 126), at(12, 134)))
    sketch.hint(
        smooth(at(-66, 99), at(-56, 94), at(-48, 100)),
        smooth(at(-66, 99), at(-56, 103), at(-48, 100)),
    )
    sketch.hint(
        smooth(at(-79, 166), at(-68, 167), at(-60, 170)),
        smooth(at(-74, 142), at(-70, 138), at(-72, 132)),
    )
    sketch.hint(smooth(at(-10, 146), at(0, 166), at(4, 184)))
    sketch.letter = ("L", at(80, 200))
    return sketch


def above(shape: Shape) -> Sketch:
    """From above, the face at the foot: the picture's right half is the person's left."""
    sketch = Sketch("head_top")
    wide = 1.06 if shape.is_child else 1.0

    def at(x: float, y: float) -> Point:
        return (x * wide, y)

    # 0 back, 4 ear's top, 6 ear's foot, 8 forehead's corner, 10 nose
    edge = smooth(
        at(0, 0), at(30, 4), at(56, 26), at(70, 62), at(73, 92), at(73, 104), at(71, 116),
        at(65, 142), at(52, 166), at(28, 182), at(0, 186),
    )  # fmt: skip
    ear = smooth(at(73, 92), at(82, 90), at(84, 102), at(79, 114), at(71, 116))
    nose = smooth(at(11, 185), at(8, 198), at(0, 202))
    sketch.region(
        "nose", _whole(smooth(at(0, 176), at(11, 178)) + straight(at(11, 178), at(11, 185)) + nose)
    )
    sketch.both("ear", loop(ear, edge.part(4, 6).back()), right_half="left", left_half="right")
    rear = smooth(edge.part(0, 3).end, at(40, 54), at(0, 48))
    sketch.region("back_of_head", _whole(edge.part(0, 3) + rear))
    inner = smooth(at(38, 54), at(44, 100), at(38, 158))
    sketch.both(
        "side_of_head",
        loop(
            smooth(at(38, 54), edge.part(0, 3).end),
            edge.part(3, 8),
            straight(edge.part(0, 8).end, at(38, 158)),
            inner.back(),
        ),
        right_half="left",
        left_half="right",
    )
    sketch.region(
        "crown",
        _whole(
            straight(at(0, 48), at(0, 48.01))
            + smooth(at(0, 48.01), at(38, 54))
            + inner
            + smooth(at(38, 158), at(20, 152), at(0, 150))
        ),
    )
    sketch.region(
        "forehead",
        _whole(
            straight(at(0, 150), at(0, 150.01))
            + smooth(at(0, 150.01), at(20, 152), at(38, 158), edge.part(0, 8).end)
            + edge.part(8, 10)
        ),
    )
    sketch.stroke(edge, ear, nose, mirror=True)
    sketch.hint(smooth(at(0, 84), at(9, 92), at(4, 102), at(-5, 98), at(-4, 92)))
    sketch.letter = ("L", at(104, 60))
    return sketch
