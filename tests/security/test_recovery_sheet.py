"""The printed recovery key: how it is written, copied, mistyped, asked back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.security import recovery
from bt_desktop.security.problems import RecoveryKeyMistyped
from bt_desktop.security.recovery import (
    ALPHABET,
    RecoveryChallenge,
    new_recovery_secret,
    read_recovery_key,
    recovery_private_key,
    written,
)

SECRETS = st.binary(min_size=20, max_size=20)


@given(SECRETS)
def test_what_is_printed_is_read_again(secret):
    printed = written(secret)
    assert re.fullmatch(rf"([{ALPHABET}]{{6}}-){{5}}[{ALPHABET}]{{6}}", printed)
    assert read_recovery_key(printed) == secret


@given(SECRETS, st.integers(0, 35), st.sampled_from(ALPHABET))
def test_a_wrong_letter_is_noticed(secret, at, letter):
    letters = list(written(secret).replace("-", ""))
    if letters[at] == letter:
        return
    letters[at] = letter
    with pytest.raises(RecoveryKeyMistyped):
        read_recovery_key("".join(letters))


@given(SECRETS, st.integers(0, 34))
def test_two_letters_swapped_are_noticed(secret, at):
    letters = list(written(secret).replace("-", ""))
    if letters[at] == letters[at + 1]:
        return
    letters[at], letters[at + 1] = letters[at + 1], letters[at]
    with pytest.raises(RecoveryKeyMistyped):
        read_recovery_key("".join(letters))


@given(SECRETS)
def test_people_may_type_it_their_way(secret):
    printed = written(secret)
    sloppy = printed.lower().replace("-", " – ").replace("0", "o").replace("1", "l")
    assert read_recovery_key(sloppy + "\n") == secret
    assert read_recovery_key(printed.replace("1", "I")) == secret


@pytest.mark.parametrize("typed", ["", "AAAAAA", "A" * 37, "U" * 36, "é" * 36, "²" * 36])
def test_what_is_no_recovery_key(typed):
    with pytest.raises(RecoveryKeyMistyped):
        read_recovery_key(typed)


def test_too_short_is_told_from_a_slip():
    with pytest.raises(RecoveryKeyMistyped, match="more or fewer"):
        read_recovery_key("A" * 35)
    with pytest.raises(RecoveryKeyMistyped, match="slip"):
        read_recovery_key("U" * 36)


def test_160_bits_by_chance():
    secrets = {new_recovery_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(one) for one in secrets} == {20}


def test_one_sheet_has_another_key_in_each_vault():
    first = recovery_private_key(bytes(20), "0" * 36).private_bytes_raw()
    second = recovery_private_key(bytes(20), "1" * 36).private_bytes_raw()
    assert first != second


def test_two_different_groups_are_asked_back():
    seen = {RecoveryChallenge.new().groups for _ in range(300)}
    assert all(1 <= first < second <= recovery.GROUPS for first, second in seen)
    assert len(seen) == 15, "any two of six"


def test_the_groups_may_be_typed_in_lower_case_with_look_alikes():
    printed = "A0B1CD-EFGHJK-MNPQRS-TVWXYZ-012345-6789AB"
    asked = RecoveryChallenge((1, 5))
    assert asked.is_met(printed, {1: "aobicd", 5: " ol2345 "})
    assert not asked.is_met(printed, {1: "aobicd"})
    assert not asked.is_met(printed, {1: "aobicd", 5: "EFGHJK"})
