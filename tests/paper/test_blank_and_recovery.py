"""Paper that is printed before anything has happened: the empty form and the recovery key."""

from __future__ import annotations

import re

import pytest

from bt_desktop.form_engine.loader import load_form
from bt_desktop.paper.blank import blank_blocks, when_in_words
from bt_desktop.paper.recovery_sheet import recovery_sheet
from bt_desktop.paper.report import blank_form
from bt_desktop.paper.shown import say
from tests.paper import pdf, story


@pytest.fixture(scope="module")
def empty() -> bytes:
    return blank_form(story.form(), story.HEAD, story.at(7, 0))


def test_what_is_worked_out_is_told_in_words() -> None:
    said = when_in_words("${head_injury} = 'yes'", load_form("first_aid", "us-ca"))
    assert said == "Fill this in only after this: a blow or an injury to the head."


def test_the_empty_form_asks_every_question_with_every_choice(empty: bytes) -> None:
    text = "".join(pdf.words(empty).split())

    for section in story.form().sections:
        assert "".join(say(section.label).split()) in text
        for field in section.fields:
            if field.is_input and field.type not in ("body_map", "image") and not field.other_of:
                first = say(field.label).split()[0]
                assert first in text, field.name
            if not section.repeat:
                for choice in story.form().choices_of(field.name):
                    assert "".join(say(choice.label).split()) in text, (field.name, choice.name)
    assert text.count("☐") > 200


def test_it_says_which_sections_to_leave_out(empty: bytes) -> None:
    text = pdf.words(empty)

    assert "Fill this in only if “Seclusion” is marked." in text
    assert "Leave this out if “None of these” is marked." in text
    assert "Signature" in text
    assert text.count("Hold 2") == 1


def test_every_shipped_pack_has_its_empty_form() -> None:
    for pack in (None, "us-ca", "us-ok"):
        assert blank_blocks(story.form(pack))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("selected(${what_happened}, 'seclusion')", "Fill this in only if “Seclusion” is marked."),
        ("${staff_hurt} = 'injured'", "Fill this in only if “Staff Hurt” is marked."),
        ("${gone} = 'x' and ${staff_hurt} = 'gone'",
         "Fill this in only if “x” and “Staff gone” is marked."),
        ("count(${holds}) > 3", "Fill this in only if it applies."),
        ("not(selected(${what_happened}, 'none'))", "Leave this out if “None of these” is marked."),
    ],
)  # fmt: skip
def test_a_condition_is_an_instruction_to_a_person_with_a_pen(source: str, said: str) -> None:
    assert when_in_words(source, story.form()) == said


def test_the_recovery_key_is_printed_in_numbered_groups_and_nowhere_else() -> None:
    key = "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2-34567-89ABC"
    made = recovery_sheet(story.HEAD, "7f3c11d0", key, story.at(7, 40))

    text = pdf.words(made)
    for group in key.split("-"):
        assert group in text
        assert group.encode() not in made
    assert "7f3c11d0" in text
    assert "Title:           Recovery key" in pdf.info(made)
    assert len(pdf.pages(made)) == 1
    assert re.search(r"page 1 of 1", text)
