"""One spelling: the quick way and the library that knows RFC 8785 spell alike, or both refuse."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.security.canonical import canonical

_LETTERS = st.text(st.characters(codec="utf-8"), max_size=6)
_NAMES = st.one_of(st.text(st.characters(max_codepoint=127), max_size=4), _LETTERS)
_ONE = st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), _LETTERS,
                 st.floats(allow_nan=False, allow_infinity=False))  # fmt: skip
_VALUES = st.recursive(
    _ONE, lambda one: st.lists(one, max_size=4) | st.dictionaries(_NAMES, one, max_size=4)
)


@given(_VALUES)
def test_what_is_spelled_quickly_is_spelled_alike(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # its own alias is recursive


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", ["\udfff"], float("nan"), {1: "one"}])
def test_what_has_no_one_spelling_is_refused(value: object) -> None:
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical(value)


def test_members_go_by_their_utf16_letters_as_the_standard_says() -> None:
    """RFC 8785 §3.2.3: the letter outside the basic plane comes before U+FB33."""
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()
