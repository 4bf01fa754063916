"""The whole figure from the front and from the back, and the trunk with its arms raised.

Knots are those of the picture's right half; the other half is its mirror image. The palms look
forward, as anatomy draws it, so that no side of an arm is hidden.
"""

from __future__ import annotations

from tools.body.curves import Piece, Sketch, loop, smooth, straight
from tools.body.shape import Shape


class Half:
    """The edges of half a figure, as curves whose knots the regions are cut at."""

    def __init__(self, shape: Shape) -> None:
        at, arm = shape.at, shape.arm
        self.head = smooth(
            at(0, 0), at(20, 4), at(33, 20), at(38, 46), at(36, 66), at(30, 84), at(17, 98),
            at(0, 103),
        )  # fmt: skip
        # neck, shoulder, outer arm to the wrist: 0 jaw, 2 neck's foot, 5 shoulder's end,
        # 7 elbow's top, 9 elbow's foot, 11 and 12 the wrist
        self.outer = smooth(
            at(22.5, 94), at(21, 106), at(27, 118), at(56, 129), arm(86, 141), arm(103, 176),
            arm(110, 214), arm(118, 256), arm(126, 284), arm(139, 310), arm(150, 346),
            arm(162, 386), arm(167, 402),
        )  # fmt: skip
        self.hand = smooth(
            arm(167, 402), arm(181, 416), arm(192, 434), arm(196, 449), arm(190, 454),
            arm(181, 444), arm(186, 466), arm(185, 488), arm(178, 500), arm(168, 500),
            arm(159, 486), arm(152, 456), arm(147, 432), arm(144, 410),
        )  # fmt: skip
        # inner arm from the wrist up: 0, 1 the wrist, 3 elbow's foot, 5 elbow's top, 8 armpit
        self.inner = smooth(
            arm(144, 410), arm(138, 394), arm(123, 352), arm(108, 320), arm(100, 298),
            arm(94, 268), arm(86, 234), arm(78, 208), arm(72, 192),
        )  # fmt: skip
        # the side from the armpit down: 1 ribs, 3 waist, 5 hip's top, 7 hip's foot, then the leg:
        # 9 knee's top, 11 knee's foot, 13 ankle's top, 14 ankle's foot
        self.side = smooth(
            arm(72, 192), at(69, 236), at(63, 270), at(60, 294), at(64, 326), at(71, 350),
            at(77, 384), at(79, 416), at(75, 490), at(65, 556), at(61, 590), at(62, 622),
            at(65, 660), at(51, 752), at(49, 772),
        )  # fmt: skip
        self.foot = smooth(
            at(49, 772), at(54, 786), at(63, 798), at(62, 807), at(48, 811), at(31, 809),
            at(26, 798), at(28, 784), at(30, 772),
        )  # fmt: skip
        # inner leg from the ankle up: 1 ankle's top, 3 knee's foot, 5 knee's top, 7 crotch
        self.leg = smooth(
            at(30, 772), at(29, 752), at(21, 664), at(24, 622), at(24, 590), at(22, 556),
            at(12, 490), at(2.5, 430),
        )  # fmt: skip
        self.shape = shape

    def silhouette(self, sketch: Sketch) -> None:
        """The strong outline of both halves."""
        sketch.stroke(self.head, self.outer + self.hand + self.inner, mirror=True)
        sketch.stroke(self.side + self.foot + self.leg, mirror=True)

    def limbs(self, sketch: Sketch, right: str, left: str) -> None:
        """Arms below the shoulder, and legs below the hip, which front and back share."""
        outer, inner, side, leg = self.outer, self.inner, self.side, self.leg

        def band(out: Piece, back: Piece, bow: float) -> Piece:
            """Between two edges, closed at both ends by lines that bow a little."""
            return loop(
                out, _bowed(out.end, back.start, bow), back, _bowed(back.end, out.start, -bow)
            )

        for name, shape in (
            ("upper_arm", band(outer.part(5, 7), inner.part(5, 8), 3)),
            ("elbow", band(outer.part(7, 9), inner.part(3, 5), 3)),
            ("forearm", band(outer.part(9, 11), inner.part(1, 3), 3)),
            ("wrist", band(outer.part(11, 12), inner.part(0, 1), 3)),
            ("hand", loop(self.hand, _bowed(self.hand.end, self.hand.start, -3))),
            ("knee", band(side.part(9, 11), leg.part(3, 5), 5)),
            ("lower_leg", band(side.part(11, 13), leg.part(1, 3), 4)),
            ("ankle", band(side.part(13, 14), leg.part(0, 1), 3)),
            ("foot", loop(self.foot, _bowed(self.foot.end, self.foot.start, -3))),
        ):
            sketch.both(name, shape, right_half=right, left_half=left)

    def neck(self) -> Piece:
        """From the jaw to the neck's foot, both halves."""
        right = self.outer.part(0, 2)
        foot = smooth(right.end, self.shape.at(0, 130), right.mirrored().end)
        return loop(right, foot, right.mirrored().back())

    def face(self) -> Piece:
        """The whole head."""
        return loop(self.head, self.head.mirrored().back())


def _bowed(start: tuple[float, float], end: tuple[float, float], down: float) -> Piece:
    """A line from `start` to `end` whose middle hangs `down` lower."""
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + down)
    return smooth(start, middle, end)


def _fingers(half: Half) -> tuple[Piece, ...]:
    arm = half.shape.arm
    return tuple(
        straight(arm(x, y), arm(x + 2.5, y + 22)) for x, y in ((160, 466), (167, 468), (174, 467))
    )


def front(shape: Shape) -> Sketch:
    """From the front: the picture's right half is the person's left."""
    half, at, sketch = Half(shape), shape.at, Sketch("front")
    outer, side, leg = half.outer, half.side, half.leg
    armpit = half.inner.end
    collar = at(54, 147)
    sketch.region("neck_front", half.neck())
    sketch.region("face", half.face())
    yoke = smooth(armpit, at(63, 168), collar)
    throat = smooth(outer.part(0, 2).end, at(13, 127.5), at(0, 130))
    to_collar = straight(outer.part(0, 2).end, collar)
    shoulder = loop(
        outer.part(2, 5), _bowed(outer.part(2, 5).end, armpit, 4), yoke, to_collar.back()
    )
    sketch.both("shoulder", shoulder, right_half="left", left_half="right")
    ribs = smooth(side.part(0, 1).end, at(36, 247), at(0, 244))
    breast = loop(throat.back() + to_collar, yoke.back(), side.part(0, 1), ribs)
    sketch.both("chest", breast, right_half="left", left_half="right")
    waist = smooth(side.part(0, 3).end, at(30, 302), at(0, 303))
    sketch.region("abdomen_upper", _across(ribs.back(), side.part(1, 3), waist))
    bowl = smooth(at(36, 366), at(18, 379), at(0, 381))
    slope = smooth(side.part(0, 4).end, at(50, 350), at(36, 366))
    sketch.region("abdomen_lower", _across(waist.back(), side.part(3, 4) + slope, bowl))
    crease = smooth(at(36, 366), at(20, 402), leg.end)
    sketch.region(
        "groin",
        loop(
            bowl.back(),
            crease,
            straight(leg.end, _flip(leg.end)),
            crease.mirrored().back(),
            bowl.mirrored(),
        ),
    )
    seat = smooth(side.part(0, 7).end, at(58, 400), at(36, 366))
    sketch.both(
        "hip", loop(side.part(4, 7), seat, slope.back()), right_half="left", left_half="right"
    )
    thigh = loop(
        seat.back(),
        side.part(7, 9),
        _bowed(side.part(7, 9).end, leg.part(5, 7).start, 5),
        leg.part(5, 7),
        crease.back(),
    )
    sketch.both("thigh", thigh, right_half="left", left_half="right")
    half.limbs(sketch, "left", "right")
    half.silhouette(sketch)
    sketch.hint(smooth(at(12, 132), at(30, 138), at(52, 137)), *_fingers(half), mirror=True)
    sketch.hint(smooth(at(30, 576), at(42, 571), at(54, 576)), mirror=True)
    sketch.hint(smooth(at(-3, 334), at(0, 337), at(3, 334)))
    sketch.hint(*(smooth(at(x, 49), at(x + 5, 47), at(x + 10, 49)) for x in (9, -19)))
    sketch.hint(
        smooth(at(-3, 68), at(0, 69.5), at(3, 68)), smooth(at(-8, 81), at(0, 83), at(8, 81))
    )
    sketch.letter = ("L", at(96, 66))
    return sketch


def back(shape: Shape) -> Sketch:
    """From the back: the picture's left half is the person's left."""
    half, at, sketch = Half(shape), shape.at, Sketch("back")
    outer, side, leg = half.outer, half.side, half.leg
    armpit = half.inner.end
    blade = at(52, 150)
    sketch.region("neck_back", half.neck())
    sketch.region("back_of_head", half.face())
    yoke = smooth(armpit, at(62, 170), blade)
    nape = smooth(outer.part(0, 2).end, at(13, 127.5), at(0, 130))
    to_blade = straight(outer.part(0, 2).end, blade)
    shoulder = loop(
        outer.part(2, 5), _bowed(outer.part(2, 5).end, armpit, 4), yoke, to_blade.back()
    )
    sketch.both("shoulder", shoulder, right_half="right", left_half="left")
    ribs = smooth(side.part(0, 2).end, at(32, 274), at(0, 275))
    spine = straight(at(0, 275), at(0, 130))
    upper = loop(nape.back() + to_blade, yoke.back(), side.part(0, 2), ribs, spine)
    sketch.both("upper_back", upper, right_half="right", left_half="left")
    rim = smooth(side.part(0, 5).end, at(36, 356), at(0, 360))
    lower = loop(ribs.back(), side.part(2, 5), rim, straight(at(0, 360), at(0, 275)))
    sketch.both("lower_back", lower, right_half="right", left_half="left")
    sketch.region(
        "spine",
        loop(
            straight(at(9, 129), at(9, 358.5)),
            straight(at(9, 358.5), at(-9, 358.5)),
            straight(at(-9, 358.5), at(-9, 129)),
            straight(at(-9, 129), at(9, 129)),
        ),
    )
    # the outside of the hip is seen from behind as a narrow strip
    strip = smooth(at(60, 356), at(65, 392), at(66, 424))
    hip_top = smooth(side.part(0, 5).end, at(66, 353), at(60, 356))
    hip_foot = straight(at(66, 424), side.part(0, 7).end)
    sketch.both(
        "hip",
        loop(side.part(5, 7), hip_foot.back(), strip.back(), hip_top.back()),
        right_half="right",
        left_half="left",
    )
    fold = smooth(at(66, 424), at(52, 437), at(28, 440), leg.end)
    rim_in = smooth(at(60, 356), at(34, 357), at(0, 360))
    buttock = loop(
        rim_in,
        straight(at(0, 360), (0.0, leg.end[1])),
        straight((0.0, leg.end[1]), leg.end),
        fold.back(),
        strip.back(),
    )
    sketch.both("buttock", buttock, right_half="right", left_half="left")
    thigh = loop(
        fold.back() + hip_foot,
        side.part(7, 9),
        _bowed(side.part(7, 9).end, leg.part(5, 7).start, 5),
        leg.part(5, 7),
    )
    sketch.both("thigh", thigh, right_half="right", left_half="left")
    half.limbs(sketch, "right", "left")
    half.silhouette(sketch)
    sketch.hint(smooth(at(24, 172), at(30, 200), at(46, 208)), *_fingers(half), mirror=True)
    sketch.hint(smooth(at(30, 597), at(42, 600), at(54, 597)), mirror=True)
    sketch.hint(straight(at(0, 140), at(0, 352)), straight(at(0, 364), (0.0, leg.end[1])))
    sketch.letter = ("L", at(-96, 66))
    return sketch


def _flip(point: tuple[float, float]) -> tuple[float, float]:
    return (-point[0], point[1])


def _across(top: Piece, side: Piece, foot: Piece) -> Piece:
    """A region over both halves: half its top from the middle out, its side down, its foot in."""
    right = top + side + foot
    return loop(right, right.mirrored().back())


def raised(shape: Shape) -> Sketch:
    """The trunk from the front with both arms raised, for the armpits and the inner arms."""
    at, arm, sketch, half = shape.at, shape.arm, Sketch("raised"), Half(shape)
    # top of the arm from the neck's foot: 1 shoulder's end, 3 elbow's top, 4 elbow, 6 wrist
    over = smooth(
        at(27, 118), arm(64, 124), arm(98, 112), arm(124, 94), arm(133, 66), arm(134, 30),
        arm(136, -4), arm(137, -18),
    )  # fmt: skip
    # outer, lower edge from the wrist to the armpit: 2 elbow's top, 4 its foot, 6 armpit
    under = smooth(
        arm(161, -18), arm(162, -4), arm(170, 40), arm(174, 92), arm(158, 126), arm(126, 152),
        arm(96, 174), arm(76, 196),
    )  # fmt: skip
    hand = smooth(
        arm(137, -18), arm(133, -34), arm(124, -48), arm(121, -60), arm(127, -63), arm(136, -53),
        arm(134, -76), arm(137, -98), arm(145, -108), arm(154, -107), arm(161, -94), arm(163, -60),
        arm(163, -38), arm(161, -18),
    )  # fmt: skip
    side = smooth(arm(76, 196), at(69, 236), at(63, 270), at(60, 294))
    armpit_top = arm(70, 158)
    sketch.region("neck_front", half.neck())
    sketch.region("face", half.face())
    collar, armpit = at(54, 147), under.end
    throat = smooth(over.start, at(13, 127.5), at(0, 130))
    to_collar = straight(over.start, collar)
    yoke = smooth(collar, at(64, 152), armpit_top)
    shoulder = loop(
        over.part(0, 2),
        smooth(over.part(0, 2).end, arm(96, 132), arm(92, 148)),
        smooth(arm(92, 148), arm(82, 150), armpit_top),
        yoke.back(),
        to_collar.back(),
    )
    sketch.both("shoulder", shoulder, right_half="left", left_half="right")
    ribs = smooth(side.part(0, 1).end, at(36, 247), at(0, 244))
    fold_in = smooth(armpit, arm(70, 178), armpit_top)
    breast = loop(throat.back() + to_collar, yoke, fold_in.back(), side.part(0, 1), ribs)
    sketch.both("chest", breast, right_half="left", left_half="right")
    waist = smooth(side.end, at(30, 302), at(0, 303))
    sketch.region("abdomen_upper", _across(ribs.back(), side.part(1, 3), waist))
    fold_out = smooth(arm(92, 148), arm(100, 158), under.part(0, 6).end)
    pit = loop(smooth(armpit_top, arm(82, 150), arm(92, 148)), fold_out, under.part(6, 7), fold_in)
    sketch.both("armpit", pit, right_half="left", left_half="right")
    upper = loop(
        over.part(2, 3),
        straight(over.part(0, 3).end, under.part(0, 4).end),
        under.part(4, 6),
        fold_out.back(),
        smooth(arm(92, 148), arm(96, 132), over.part(0, 2).end),
    )
    sketch.both("upper_arm", upper, right_half="left", left_half="right")
    elbow = loop(
        over.part(3, 4),
        _bowed(over.part(0, 4).end, under.part(0, 2).end, -3),
        under.part(2, 4),
        straight(under.part(0, 4).end, over.part(0, 3).end),
    )
    sketch.both("elbow", elbow, right_half="left", left_half="right")
    forearm = loop(
        over.part(4, 6),
        straight(over.part(0, 6).end, under.part(0, 1).end),
        under.part(1, 2),
        _bowed(under.part(0, 2).end, over.part(0, 4).end, -3),
    )
    sketch.both("forearm", forearm, right_half="left", left_half="right")
    wrist = loop(
        over.part(6, 7),
        straight(over.end, under.start),
        under.part(0, 1),
        straight(under.part(0, 1).end, over.part(0, 6).end),
    )
    sketch.both("wrist", wrist, right_half="left", left_half="right")
    sketch.both(
        "hand", loop(hand, straight(hand.end, hand.start)), right_half="left", left_half="right"
    )
    sketch.stroke(half.head, half.outer.part(0, 2) + over, hand, under + side, mirror=True)
    sketch.hint(smooth(at(12, 132), at(30, 138), at(52, 137)), mirror=True)
    sketch.hint(*(straight(arm(x, -72), arm(x + 1, -96)) for x in (142, 149, 156)), mirror=True)
    sketch.hint(*(smooth(at(x, 49), at(x + 5, 47), at(x + 10, 49)) for x in (9, -19)))
    sketch.hint(
        smooth(at(-3, 68), at(0, 69.5), at(3, 68)), smooth(at(-8, 81), at(0, 83), at(8, 81))
    )
    sketch.letter = ("L", arm(128, 250))
    return sketch
