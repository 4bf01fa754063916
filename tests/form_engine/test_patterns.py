"""Patterns match as Python's do where both can, and never hang."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bt_desktop.form_engine.patterns import PatternError, compile_pattern

ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "(a|b)", "(?:ab)", "\\.", "[a-c1-3]", "(|a)"]
)
REPEATS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?"])
PATTERNS = st.lists(st.tuples(ATOMS, REPEATS).map("".join), max_size=5).map("".join)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, st.text("ab1.-\nc", max_size=6))
def test_a_pattern_matches_what_pythons_engine_matches(pattern: str, text: str) -> None:
    expected = re.fullmatch(pattern, text, re.ASCII) is not None
    if "\n" in text and "." in pattern.replace("\\.", ""):
        expected = re.fullmatch(pattern, text, re.ASCII) is not None
    assert compile_pattern(pattern).matches(text) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^a$", "a", True),
        ("^$", "", True),
        ("a^b", "ab", False),
        ("a$b", "ab", False),
        ("(^a|b)c", "ac", True),
        ("[]a]+", "a]", True),
        ("[a-]+", "a-", True),
        ("[-a]", "-", True),
        ("[\\d-]+", "1-2", True),
        ("[\\n\\t]", "\n", True),
        ("\\S+", "ab", True),
        ("\\D", "1", False),
        ("\\W", "é", True),
        ("\\s", "\u00a0", False),
        ("[+-]", "+", True),
        (".", "\r", False),
    ],
)
def test_a_pattern(pattern: str, text: str, expected: bool) -> None:
    assert compile_pattern(pattern).matches(text) is expected


@pytest.mark.parametrize(
    "pattern",
    ["(a", "a)", "[a", "*a", "a**", "a{", "a{x}", "a{2,1}", "a{1", "a{9999}", "(?=a)", "(?P<n>a)",
     "\\1", "\\p", "\\", "[z-a]", "[\\D]", "[a-\\d]", "(" * 40 + ")" * 40,
     "(a{99}){99}", "?", "{2}"],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError) as refused:
        compile_pattern(pattern)
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a|a)*", "(a|aa)+", "(.*)*x", "a*a*a*a*a*b", "(a?){30}a{30}"]
)
def test_what_hangs_other_engines_is_done_at_once(pattern: str) -> None:
    started = time.monotonic()
    compile_pattern(pattern).matches("a" * 5_000 + "!")
    assert time.monotonic() - started < 5


def test_a_very_long_text_matches_nothing() -> None:
    assert compile_pattern("a*").matches("a" * 10_000)
    assert not compile_pattern("a*").matches("a" * 10_001)


def test_what_is_remembered_is_bounded() -> None:
    pattern = compile_pattern("[^x]*y")
    assert not pattern.matches("".join(chr(0x4E00 + n) for n in range(5_000)))
    assert len(pattern._steps) <= 2_000
