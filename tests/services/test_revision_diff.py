"""What differs between two versions: all of it, and by rows, not by places."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bt_desktop.services.revision_diff import Piece, apply, diff, only_adds, words

_TEXT = st.text(max_size=12)
_PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(-2, 2), _TEXT,
    st.lists(_TEXT, max_size=3), st.dictionaries(_TEXT, _TEXT, max_size=2),
)  # fmt: skip
_NAMES = st.sampled_from(["a", "b", "holds", "narrative", "$reasons", "$id"])


@st.composite
def _rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    ids = draw(st.lists(st.sampled_from("pqrs"), unique=True, max_size=4))
    return [draw(st.dictionaries(st.sampled_from("xyz"), _PLAIN, max_size=2)) | {"$id": one}
            for one in ids]  # fmt: skip


_ANSWERS = st.dictionaries(_NAMES, st.one_of(_PLAIN, _rows()), max_size=5)


def canon(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@settings(max_examples=300, deadline=None)
@given(_ANSWERS, _ANSWERS)
def test_the_new_version_is_the_old_one_and_what_differs(
    a: dict[str, Any], b: dict[str, Any]
) -> None:
    delta = diff(a, b)
    assert canon(apply(delta, a)) == canon(b)
    assert bool(delta) == (canon(a) != canon(b))
    assert not diff(b, b)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_words_tell_both_texts_whole(old: str, new: str) -> None:
    pieces = words(old, new)
    assert "".join(p.text for p in pieces if p.kind != "added") == old
    assert "".join(p.text for p in pieces if p.kind != "removed") == new


def test_a_row_is_the_same_row_wherever_it_stands() -> None:
    first = {"$id": "1", "end": "10:14"}
    second = {"$id": "2", "end": "10:19"}
    delta = diff({"holds": [first, second]}, {"holds": [{**second, "end": "10:20"}, first]})
    rows = delta.rows["holds"]
    assert (set(rows.changed), dict(rows.added), dict(rows.removed)) == ({"2"}, {}, {})
    assert rows.moved
    assert rows.changed["2"].fields["end"].new == "10:20"


def test_words_that_changed_stand_between_those_that_stayed() -> None:
    assert words("He bit my arm.", "He bit my left hand.") == (
        Piece("same", "He bit my "),
        Piece("removed", "arm"),
        Piece("added", "left hand"),
        Piece("same", "."),
    )


def test_a_long_text_of_one_word_is_compared_at_once() -> None:
    text = "very " * 20_000
    pieces = words(text, f"{text}well")
    assert "".join(p.text for p in pieces if p.kind != "removed") == f"{text}well"


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        ({}, {"room": "14"}, ()),
        ({"room": "14"}, {"room": "15"}, ("room",)),
        ({"room": "14"}, {}, ("room",)),
        ({"told": "He ran out."}, {"told": "He ran out. I followed."}, ()),
        ({"told": "He ran out."}, {"told": "He walked out."}, ("told",)),
        ({"who": ["a"]}, {"who": ["b", "a"]}, ()),
        ({"who": ["a"]}, {"who": ["b"]}, ("who",)),
        ({"at": 3}, {"at": 4}, ("at",)),
        ({"minutes": 3}, {"minutes": 4, "at": 1}, ()),
        ({"r": [{"$id": "1", "x": "1"}]}, {"r": [{"$id": "1", "x": "1"}, {"$id": "2"}]}, ()),
        ({"r": [{"$id": "1", "x": "1"}]}, {"r": [{"$id": "1", "x": "2"}]}, ("r",)),
        ({"r": [{"$id": "1"}]}, {"r": []}, ("r",)),
        ({"$reasons": {"a": "x"}}, {"$reasons": {"a": "y"}}, ("$reasons",)),
        ({"$reasons": {"a": "x"}}, {"$reasons": {"a": "x", "b": "y"}}, ()),
    ],
)
def test_an_addendum_is_told_from_a_correction(
    old: dict[str, Any], new: dict[str, Any], taken: tuple[str, ...]
) -> None:
    assert only_adds(diff(old, new), frozenset({"minutes"})) == taken
