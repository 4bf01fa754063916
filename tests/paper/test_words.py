"""Days, times and lists as people in a school office write them."""

from __future__ import annotations

from dataclasses import replace

from bt_desktop.paper import words
from bt_desktop.paper.blank import blank_blocks
from bt_desktop.paper.content import Narrative, ToSign
from bt_desktop.paper.shown import moment_of
from tests.paper import story


def test_a_span_says_each_half_of_the_day_once() -> None:
    assert words.span(story.at(10, 12), story.at(10, 14)) == "10:12 – 10:14 am"
    assert words.span(story.at(11, 50), story.at(12, 4)) == "11:50 am – 12:04 pm"
    assert words.span(story.at(23, 58), story.at(0, 4, day=13)) == (
        "Nov 12, 2026, 11:58 pm – Nov 13, 2026, 12:04 am"
    )


def test_small_numbers_are_words_and_large_ones_figures() -> None:
    assert words.some(0, "student") == "no students"
    assert words.some(1, "child", "children") == "one child"
    assert words.some(9, "child", "children") == "nine children"
    assert words.some(12, "student") == "12 students"


def test_lists_are_said_with_an_and() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"


def test_what_is_no_moment_is_none() -> None:
    assert moment_of("soon") is None
    assert moment_of(7) is None
    assert moment_of("2026-11-12T10:12:00-08:00") == story.at(10, 12)


def test_notes_and_signatures_of_a_form_stand_on_its_empty_paper() -> None:
    form = story.form()
    first = form.sections[0]
    told = replace(first.fields[0], name="told", type="note", label={"en": "Read this."})
    sign = replace(told, name="ink", type="signature", label={"en": "Sign here"})
    made = blank_blocks(replace(form, sections=(replace(first, fields=(told, sign)),)))

    assert Narrative("Read this.") in made
    assert ToSign(("Sign here",)) in made
