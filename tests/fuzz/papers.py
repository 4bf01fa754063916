"""Sealed copies changed at random in every way a file can be changed: none of them verifies.

One genuine copy is made for each run by the school's own seal (a small page, so that thousands are
checked in a minute); two more are kept to take parts from.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from bt_desktop.paper.seal import Authority, make_school_authority
from bt_desktop.paper.verify import verify
from tests.paper import story
from tests.paper.conftest import sealed, small_page

CHANGES = 100
"""Changed copies in one round."""

_OBJECT = re.compile(rb"\n(\d+) 0 obj.*?endobj", re.DOTALL)
_SEALED = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]")


@cache
def authority() -> Authority:
    """The school of the run."""
    return make_school_authority(story.HEAD.school_name, story.at(7, 40))


@cache
def genuine() -> tuple[bytes, bytes]:
    """Two genuine copies of one school."""
    return tuple(sealed(small_page(), authority()) for _ in range(2))  # type: ignore[return-value]


def flipped(chance: random.Random, pdf: bytes) -> bytes:
    """One to eight bits."""
    held = bytearray(pdf)
    for place in chance.sample(range(len(held)), chance.choice((1, 1, 1, 2, 8))):
        held[place] ^= 1 << chance.randrange(8)
    return bytes(held)


def cut(chance: random.Random, pdf: bytes) -> bytes:
    """Some bytes are missing, anywhere."""
    first = chance.randrange(len(pdf))
    return pdf[:first] + pdf[first + chance.choice((1, 2, 16, 300, len(pdf))) :]


def put_in(chance: random.Random, pdf: bytes) -> bytes:
    """Some bytes more, anywhere: white space, an object, a piece of the file itself."""
    first, from_ = chance.randrange(len(pdf) + 1), chance.randrange(len(pdf))
    more = chance.choice(
        (b" ", b"\n", b"\x00", b"%%EOF\n", b"\n99 0 obj\n<< /Type /Annot >>\nendobj\n",
         pdf[from_ : from_ + chance.randrange(1, 400)])
    )  # fmt: skip
    return pdf[:first] + more + pdf[first:]


def revised(chance: random.Random, pdf: bytes) -> bytes:
    """A revision appended as PDF programs do it, the seal's range stretched over it or not."""
    number = chance.randrange(1, 40)
    start = pdf.rfind(b"startxref") if chance.random() < 0.5 else 0
    more = b"\n%d 0 obj\n<< /Type /Page /Rotate %d >>\nendobj\n" % (number, chance.randrange(360))
    more += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev %d >>\n" % start
    more += b"startxref\n%d\n%%%%EOF\n" % len(pdf)
    if chance.random() < 0.5:
        pdf = _SEALED.sub(
            lambda found: (
                b"/ByteRange [0 %b %b %d]" % (found[1], found[2], int(found[3]) + len(more))
            ),
            pdf,
        )
    return pdf + more


def swapped(chance: random.Random, pdf: bytes) -> bytes:
    """Two objects change places, or one stands twice, or one comes from another genuine copy."""
    objects = [found.span() for found in _OBJECT.finditer(pdf)]
    (a, b), (c, d) = sorted(chance.sample(objects, 2))
    how = chance.random()
    if how < 0.4:
        return pdf[:a] + pdf[c:d] + pdf[b:c] + pdf[a:b] + pdf[d:]
    if how < 0.7:
        return pdf[:c] + pdf[a:b] + pdf[d:]
    other = genuine()[1]
    mine = pdf[c:d].split(b" obj", 1)[0]
    found = re.search(re.escape(mine) + rb" obj.*?endobj", other, re.DOTALL)
    return pdf[:c] + (found[0] if found else b"") + pdf[d:]


def mixed(chance: random.Random, pdf: bytes) -> bytes:
    """The head of one genuine copy on the tail of another."""
    other = genuine()[1]
    at = chance.randrange(1, min(len(pdf), len(other)))
    return pdf[:at] + other[at:]


def numbers_changed(chance: random.Random, pdf: bytes) -> bytes:
    """One number anywhere in the file is another."""
    found = list(re.finditer(rb"\d+", pdf))
    one = chance.choice(found)
    return pdf[: one.start()] + b"%d" % chance.randrange(10 ** len(one[0])) + pdf[one.end() :]


WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    flipped, cut, put_in, revised, swapped, mixed, numbers_changed,
)  # fmt: skip


def play(seed: int, number: int) -> int:
    """One round of changed copies; how many. AssertionError: one was taken for genuine."""
    chance = random.Random(f"papers:{seed}:{number}")
    tried = 0
    while tried < CHANGES:
        pdf = chance.choice(genuine())
        changed, ways = pdf, []
        for way in chance.choices(WAYS, k=chance.choice((1, 1, 1, 2, 3))):
            changed = way(chance, changed) if b" 0 obj" in changed else changed
            ways.append(way.__name__)
        if changed in genuine():
            continue  # put back, or two copies that are equal up to there
        tried += 1
        kind = verify(changed, authority().ca_cert_pem).kind
        assert kind in ("changed", "not_ours"), f"{ways} after {tried}: {kind}"
    return tried
