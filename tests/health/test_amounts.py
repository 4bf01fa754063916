"""Amounts as they are typed: commas, fractions, thousands; never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.model import plain


def understood(typed: str) -> tuple[Decimal | None, str]:
    """What was read, or the sentence that it was refused with."""
    try:
        return read_amount(typed), ""
    except ValueError as refused:
        return None, str(refused)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("10", "10"),
        (" 10 ", "10"),
        ("\N{NO-BREAK SPACE}10\N{THIN SPACE}", "10"),
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        (".5", "0.5"),
        ("0,125", "0.125"),
        ("1.125", "1.125"),
        ("2.50", "2.5"),
        ("3.0", "3"),
        ("0", "0"),
        ("007", "7"),
        ("1/2", "0.5"),
        ("½", "0.5"),
        ("1½", "1.5"),
        ("1 ½", "1.5"),
        ("1 1/2", "1.5"),
        ("1 1 / 2", "1.5"),
        ("2 ¼", "2.25"),
        ("1.000,5", "1000.5"),
        ("1,000.5", "1000.5"),
        ("12.000,25", "12000.25"),
        ("1000", "1000"),
        ("１０", "10"),
        ("100000", "100000"),
    ],
)
def test_what_is_understood(typed: str, amount: str) -> None:
    assert read_amount(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "   ", "\t\n"])
def test_blank_is_no_amount(typed: str) -> None:
    assert read_amount(typed) is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1,000", "read as 1000 or as 1"),
        ("2,500", "read as 2500 or as 2.5"),
        ("1.000", "read as 1000 or as 1"),
        ("-1", "below zero"),
        ("−2,5", "below zero"),
        ("ten", "number only"),
        ("10 mg", "number only"),
        ("1e5", "number only"),
        ("NaN", "number only"),
        ("Infinity", "number only"),
        ("1,5,5", "number only"),
        ("1.000.5,5", "number only"),
        ("1,000,5", "number only"),
        ("1 2", "number only"),
        ("1//2", "number only"),
        ("a/b", "number only"),
        ("/", "number only"),
        (".", "number only"),
        ("1/0", "divided by zero"),
        ("1/3", "does not come out even"),
        ("0.00001", "more places"),
        ("100001", "more than can be right"),
        ("99999999999999999999", "more than can be right"),
        ("1,000,000", "more than can be right"),
        ("١٠", "number only"),
    ],
)
def test_what_is_refused_with_a_sentence(typed: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_amount(typed)


@given(st.text(max_size=12))
def test_any_text_is_an_amount_blank_or_a_sentence(typed: str) -> None:
    found, told = understood(typed)
    if told:
        assert told.endswith(".")
    else:
        assert found is None or (found.is_finite() and found >= 0)


@given(st.decimals(0, 100_000, places=4))
def test_a_number_as_we_write_it_is_read_as_itself(amount: Decimal) -> None:
    written = plain(amount)
    if written.partition(".")[2] == "000":
        return
    assert read_amount(written) == amount
