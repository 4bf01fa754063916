"""New passwords: what is refused, with which words, and the passphrase offered instead."""

from __future__ import annotations

import pytest

from bt_desktop.security import passwords
from bt_desktop.security.passwords import (
    offer_passphrase,
    passphrase_bits,
    passphrase_list,
    password_problems,
)

HINTS = ("Rosa Vance", "Alder Creek Elementary")


@pytest.mark.parametrize(
    "password",
    [
        "violet-harbor-tractor-91",
        "Der Hund frisst gern Kuchen",
        "zJ4!pq9Lw2xV",
        "ένα μεγάλο μυστικό",
        "我们的学校很漂亮啊今天天气不错",
        "x9" + "kvet-lomur-" * 60,
    ],
)
def test_good_ones(password):
    assert password_problems(password, HINTS) == ()


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "qwertyuiop12",
        "password1234",
        "Password-2026!",
        "rosavance2026",
        "Rosa.Vance.1985",
        "vanceRosa!!99",
        "AlderCreek2026",
        "Älder-Creek-26",
        "schoolteacher1",
        "WelcomeAdmin12",
        "abcdefghijkl",
        "x" * 1025,
    ],
)
def test_bad_ones(password):
    problems = password_problems(password, HINTS)
    assert problems
    for sentence in problems:
        assert sentence.endswith(".")
        assert not password or password not in sentence


def test_how_many_characters_are_missing():
    assert "has 5 characters; it needs at least 12" in password_problems("short")[0]


def test_length_is_counted_as_it_will_be_used():
    assert password_problems("ﬁ" * 11)[0] != password_problems("f" * 11)[0]


def test_hints_of_two_letters_block_nothing():
    assert password_problems("violet-harbor-tractor-91", ("O", "Li")) == ()


def test_the_offered_passphrase_is_accepted_and_has_fifty_bits():
    assert passphrase_bits() >= 50
    seen = {offer_passphrase() for _ in range(50)}
    assert len(seen) == 50
    for phrase in seen:
        assert len(phrase.split("-")) == passwords.PASSPHRASE_WORDS
        assert password_problems(phrase) == ()


def test_the_words_are_plain_and_different():
    words = passphrase_list()
    assert len(words) >= 1296
    assert len(set(words)) == len(words)
    assert all(word.isascii() and word.islower() and word.isalpha() for word in words)
    assert all(3 <= len(word) <= 10 for word in words)


def test_no_word_is_blocked():
    assert offer_passphrase(words=7).count("-") == 6
