"""Later versions on paper: old and new, why, by whom; what was in error says so on each page."""

from __future__ import annotations

from dataclasses import replace

from bt_desktop.paper.content import Grid, Heading
from bt_desktop.paper.document import AmendedAnswer, Amendment, EarlierVersion, RecordDocument
from bt_desktop.paper.parent_copy import parent_copy
from bt_desktop.paper.report import school_blocks, school_copy
from tests.paper import pdf, story

ROOM = AmendedAnswer("Where exactly?", "Room 14", "Room 15, by the window")
MEDICINE = AmendedAnswer("Health detail", "", "Inhaler given at 10:20 am")


def amended(**changes: object) -> RecordDocument:
    """The story with a correction of its report and a late entry."""
    made = story.document(state="amended", revision=3)
    correction = Amendment(
        "Correction", "Report", 2, "Dana Whitcomb", "Behavior technician", story.at(8, 5, day=13),
        "The room was another one", None, (ROOM,),
    )  # fmt: skip
    late = Amendment(
        "Late entry", "Report", 3, "Dana Whitcomb", "Behavior technician", story.at(9, 0, day=13),
        "I forgot the inhaler", story.at(10, 20), (MEDICINE,),
    )  # fmt: skip
    return replace(made, **({"amendments": (correction, late)} | changes))  # type: ignore[arg-type]  # fields of it


def test_each_amendment_tells_who_when_why_and_both_answers() -> None:
    words = pdf.words(school_copy(amended(), story.HEAD, story.mark()))
    for told in (
        "Amendments", "1. Correction: report, version 2", "Dana Whitcomb, Behavior technician",
        "Nov 13, 2026, 8:05 am", "The room was another one", "Room 14", "Room 15, by the window",
        "2. Late entry: report, version 3", "Nov 12, 2026, 10:20 am", "no answer",
        "Nov 13, 2026 (correction); Nov 13, 2026 (late entry)",
    ):  # fmt: skip
        assert told in words, told


def test_an_amendment_without_a_changed_answer_says_so() -> None:
    one = replace(amended().amendments[0], changes=())
    blocks = school_blocks(amended(amendments=(one,)), story.mark())
    heads = [b.text for b in blocks if isinstance(b, Heading)]
    assert "Amendments" in heads
    grids = [b for b in blocks if isinstance(b, Grid) and b.columns[0].head == "Question"]
    assert grids == []


def test_a_copy_of_both_versions_prints_the_earlier_one_whole_with_its_signature() -> None:
    doc = amended()
    first = EarlierVersion(
        "report", "Report", 1, story.answers() | {"location_detail": "Room 14, at the door"},
        story.people(), doc.signatures[0],
    )  # fmt: skip
    words = pdf.words(school_copy(replace(doc, earlier=(first,)), story.HEAD, story.mark()))
    assert "Report, version 1" in words
    assert "Room 14, at the door" in words
    assert words.count("Łucja Kowalczyk") > pdf.words(
        school_copy(doc, story.HEAD, story.mark())
    ).count("Łucja Kowalczyk")


def test_a_record_without_amendments_says_nothing_of_them() -> None:
    words = pdf.words(school_copy(story.document(), story.HEAD, story.mark()))
    assert "Amendments" not in words
    assert "Amended" not in words


def test_what_was_entered_in_error_says_so_across_each_page() -> None:
    doc = amended(state="entered in error")
    for page in pdf.pages(school_copy(doc, story.HEAD, story.mark())):
        assert "ENTERED IN ERROR." in page  # over the head, too, for eyes and for readers


def test_a_parents_new_copy_names_the_one_it_replaces() -> None:
    mark = story.mark("parent", replaces=story.at(9, 40))
    copy = parent_copy(story.document(), story.HEAD, mark, story.PARENT_TEXT, story.CONTACT)
    assert "This replaces the copy of November 12, 2026." in pdf.words(copy)
    first = parent_copy(
        story.document(), story.HEAD, story.mark("parent"), story.PARENT_TEXT, story.CONTACT
    )
    assert "This replaces" not in pdf.words(first)
