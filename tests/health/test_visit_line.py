"""One line of the visit log, typed in a hurry, and what it says."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.form_engine.loader import FormFaults
from bt_desktop.services.health.visit_line import Understood, understand
from bt_desktop.services.health.visit_lists import load_visit_lists, visit_lists
from tests.health.kit import at

NAMES = ("mateo núñez-okafor", "mat nunez", "łucja kowalczyk", "huy gia nguyễn", "ice spencer")


def known(typed: str) -> int:
    """How many of our children have names that begin with each of these words."""
    return sum(
        all(any(word.startswith(part) for word in name.split()) for part in typed.lower().split())
        for name in NAMES
    )


def read(line: str, now: datetime | None = None) -> Understood:
    return understand(line, visit_lists(), now or at(10, 30), known)


def test_the_line_of_the_book() -> None:
    assert read("mat stomach ache rest 10:05") == Understood(
        "mat", ("stomach",), ("rest",), "", at(10, 5), None, ""
    )


@pytest.mark.parametrize(
    ("line", "name", "complaint", "care", "went", "words"),
    [
        ("hu headache water class", "hu", "headache", ("water",), "class", ""),
        ("Huy HEADACHE, Water; class.", "Huy", "headache", ("water",), "class", ""),
        ("mat nun nose bleed pressure ice", "mat nun", "nosebleed", ("pressure", "ice"), "", ""),
        ("mat hit head on the slide ice", "mat", "head_bump", ("ice",), "", "on the slide"),
        ("mat bump on head ice", "mat", "head_bump", ("ice",), "", ""),
        ("mat bumped elbow", "mat", "bump", (), "", "elbow"),
        ("luc threw up sent home", "luc", "vomiting", (), "home", ""),
        ("mat temp 100.4 called mom", "mat", "", ("temperature", "call_home"), "", "100.4"),
        ("ice headache ice", "ice", "headache", ("ice",), "", ""),
        ("zelda sore throat", "zelda", "throat", (), "", ""),
        ("mat", "mat", "", (), "", ""),
        ("", "", "", (), "", ""),
        ("mat asthma inhaler 911", "mat", "breathing", ("inhaler",), "ems", ""),
        ("mat met sa", "mat", "stomach", (), "", "met"),
    ],
)  # fmt: skip
def test_it_is_understood_as_people_type(
    line: str, name: str, complaint: str, care: tuple[str, ...], went: str, words: str
) -> None:
    found = read(line)
    assert (found.name, found.complaint, found.care, found.disposition, found.words) == (
        name, complaint, care, went, words,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "came", "left"),
    [
        ("", None, None),
        ("10:05", at(10, 5), None),
        ("1005", at(10, 5), None),
        ("10:05a", at(10, 5), None),
        ("10:05 am", at(10, 5), None),
        ("1:05", at(13, 5), None),
        ("1:05 am", at(1, 5), None),
        ("2pm", at(14), None),
        ("2 pm", at(14), None),
        ("10:05-10:25", at(10, 5), at(10, 25)),
        ("10:05–10:25", at(10, 5), at(10, 25)),
        ("10:05 10:25", at(10, 5), at(10, 25)),
        ("11:55-12:10", at(11, 55), at(12, 10)),
        ("12:50-1:05", at(12, 50), at(13, 5)),
        ("10:25-10:05", at(10, 25), at(22, 5)),
        ("now", at(10, 30), None),
        ("noon", at(12), None),
        ("25:99", None, None),
        ("9999", None, None),
        ("10:05-soon", None, None),
    ],
)
def test_times(typed: str, came: datetime | None, left: datetime | None) -> None:
    found = read(f"mat headache {typed}")
    assert (found.came_at, found.left_at) == (came, left)


def test_a_time_that_is_none_stays_among_the_words() -> None:
    assert read("mat headache 25:99").words == "25:99"
    assert read("mat fever 2 of them").words == "2 of them"


def test_two_complaints_are_both_heard() -> None:
    assert read("mat headache fever").complaints == ("headache", "fever")


@given(st.text(max_size=80))
def test_no_line_breaks_it_and_nothing_typed_is_lost(line: str) -> None:
    found = read(line)
    codes = {*found.complaints, *found.care, found.disposition, found.came_at, found.left_at}
    if line.replace(",", " ").replace(";", " ").strip():
        assert found.name or found.words or codes - {"", None}


@given(st.integers(0, 23), st.integers(0, 59), st.integers(1, 90))
def test_out_is_never_before_in_within_a_morning(hour: int, minute: int, stay: int) -> None:
    came = at(8 + hour % 7, minute)
    left = came + timedelta(minutes=stay)
    span = "-".join(f"{one.hour % 12 or 12}:{one.minute:02d}" for one in (came, left))
    found = read(f"mat rest {span}")
    assert (found.came_at, found.left_at) == (came, left)


def test_every_word_of_the_lists_is_understood_as_its_row() -> None:
    lists = visit_lists()
    for kind, rows in (
        ("complaints", lists.complaints),
        ("care", lists.care),
        ("dispositions", lists.dispositions),
    ):
        for row in rows.values():
            for phrase in row.words:
                words = phrase.split()
                assert lists.match(words, 0) == (kind, row.code, len(words)), phrase


def test_a_list_with_faults_says_them_all(tmp_path: Path) -> None:
    (tmp_path / "visit_lists.yaml").write_text(
        'visit_lists: "1"\n'
        "complaints:\n"
        "  - {code: a, label: {en: A}, words: [ice]}\n"
        "  - {code: b, label: {en: B}, words: [eye], colour: red}\n"
        "  - {code: b, label: {en: B}}\n"
        "  - {code: c, label: {en: C}, words: [Ice]}\n"
        "care: []\n"
    )
    with pytest.raises(FormFaults) as refused:
        load_visit_lists(tmp_path)
    told = " ".join(one.sentence for one in refused.value.faults)
    for part in ("stands twice", "stands in two rows", "colour", "care", "dispositions"):
        assert part in told
