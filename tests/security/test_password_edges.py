"""Where a password stops being too short, too long, mostly a name, or easy to guess."""

from __future__ import annotations

import math

import pytest

from bt_desktop.security import passwords
from bt_desktop.security.passwords import (
    LONGEST,
    SHORTEST,
    offer_passphrase,
    passphrase_bits,
    passphrase_list,
    password_problems,
)

NAME = "The password is mostly a name or a common word."
GUESSED = "The password is easy to guess; add words that do not belong together."


def test_the_lengths_themselves_are_allowed() -> None:
    assert password_problems("kv7qmzxw2rtj") == ()
    assert password_problems("kv7qmzxw2rt") == (
        "The password has 11 characters; it needs at least 12.",
    )
    long = "x9kvet-lomur" * 86
    assert password_problems(long[:LONGEST]) == ()
    assert password_problems(long[: LONGEST + 1]) == (
        "The password is longer than 1024 characters.",
    )


def test_length_is_counted_in_letters_as_they_are_kept() -> None:
    """Two code points of one letter count once, a ligature counts as its letters."""
    assert len("e\u0301" * 11) > SHORTEST
    assert password_problems("e\u0301" * 11)[0].startswith("The password has 11 characters")
    assert password_problems("ﬁ" * 5)[0].startswith("The password has 10 characters")


@pytest.mark.parametrize(
    ("password", "hints", "told"),
    [
        ("vance-kv7qmz-vance", ("Rosa Vance",), ()),  # six are left
        ("vance-kv7qm-vance!", ("Rosa Vance",), (NAME,)),
        ("Vánce-kv7qm-VANCE!", ("Rosa Vance",), (NAME,)),  # as a guesser would try it
        ("vance-kv7qm-vance!", (), ()),
        ("mayberry#kv7qm#ito", ("Jo Mayberry-Ito",), (NAME,)),
        ("mayberry#kv7qm#ito", ("J.Mayberry.Ito",), (NAME,)),
        ("mayberry#kv7qm#ito", ("mayberry",), ()),
        ("midsummerhill!kv7qm", ("Midsummerhill",), (NAME,)),  # the longest word goes first
        ("lion-lion-kv7qm-lion", ("Li On",), (NAME,)),  # two letters are no name, both are one
        ("li+on-li+on-kv7q-li+on", ("Li On",), ()),
        ("annannannann!kv7qm", ("Ann",), (NAME,)),  # three are
        ("password-kv7qm-#!", (), (NAME,)),
        ("rosavance2026", ("Rosa Vance",), (NAME, GUESSED)),
        ("aaaaaaaaaaaaaaaa", (), (GUESSED,)),
        ("btdesktopmonkey", (), (GUESSED,)),
        ("wyntharokmonkey", (), ()),
        ("wyntharokmonkey", ("Wyntharok",), (GUESSED,)),  # a guesser knows the name as well
        ("tractor window", (), ()),  # three of zxcvbn's four
    ],
)  # fmt: skip
def test_what_carries_a_password(
    password: str, hints: tuple[str, ...], told: tuple[str, ...]
) -> None:
    assert password_problems(password, hints) == told


def test_what_is_random_enough_is_not_asked_for_more() -> None:
    assert passphrase_bits(1) == math.log2(len(passphrase_list()))
    assert passphrase_bits(4) == 4 * passphrase_bits(1)
    assert passphrase_bits() == passwords.PASSPHRASE_WORDS * passphrase_bits(1)
    assert set(offer_passphrase(3).split("-")) <= set(passphrase_list())
    assert offer_passphrase(3).count("-") == 2
