"""The parent's copy shows their child and no other, in words that a parent reads easily."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bt_desktop.paper.content import Block, Fields, Grid, Whole
from bt_desktop.paper.document import RecordDocument
from bt_desktop.paper.parent_copy import parent_blocks, parent_copy, parent_fields
from bt_desktop.paper.parent_names import names_another_student
from bt_desktop.paper.sections import text_of
from tests.paper import pdf, story


def printed(text: str = story.PARENT_TEXT, **changes: Any) -> bytes:
    mark = story.mark("parent")
    return parent_copy(story.document(**changes), story.HEAD, mark, text, story.CONTACT)


def told(text: str = story.PARENT_TEXT, **changes: Any) -> str:
    return pdf.words(printed(text, **changes))


def flat(made: list[Block]) -> list[Block]:
    return [
        part for block in made for part in (block.blocks if isinstance(block, Whole) else (block,))
    ]


def rows(document: RecordDocument, text: str = "Told.") -> dict[str, str]:
    return {
        row.label: text_of(row.value)  # type: ignore[arg-type]  # no blanks stand here
        for block in flat(parent_blocks(document, story.mark("parent"), text, story.CONTACT))
        if isinstance(block, Fields)
        for row in block.rows
    }


def with_answers(**answers: Any) -> RecordDocument:
    return story.document(answers={**story.answers(), **answers})


def test_it_holds_no_part_of_another_child_s_name(parent_pdf: bytes) -> None:
    text = pdf.words(parent_pdf).casefold()

    for hidden in story.HIDDEN:
        assert hidden.casefold() not in text
    assert "Student A" in pdf.words(parent_pdf)
    assert "Student B" in pdf.words(parent_pdf)
    for name in story.HIDDEN:
        assert name.encode("utf-8") not in parent_pdf
        assert name.encode("utf-16-be") not in parent_pdf


def test_it_tells_what_happened_when_where_and_what_was_done(parent_pdf: bytes) -> None:
    text = pdf.words(parent_pdf)

    for words in (
        "Copy for the parent of",
        "Mateo Núñez-Okafor",
        "Mateo was physically held by staff on Thursday, November 12, 2026.",
        "10:09 – 10:19 am",
        "Classroom, whole class",
        "Told to give up or put away an item",
        "Offered choices (10:10 am): no effect. Gave time and space (10:11 am): escalated.",
        "Dana Whitcomb, Behavior technician",
        "Redness on the right wrist.",
        "Seen by Maria Chen, School nurse, at 10:30 am.",
        "One staff member and one other student had minor injuries.",
        "The plan did not work this time.",
        story.CONTACT,
        "Given to Rosa Núñez, mother (date)",
        "Parent's signature (shows receipt only)",
    ):
        assert words in text


def test_it_says_how_to_get_the_full_report_and_that_the_rule_is_unchecked() -> None:
    text = told()

    assert "within 5 business days" in text
    assert "EC 56504" in text
    assert "the school has not yet checked this rule" in text


def test_a_pack_without_rules_and_a_form_without_a_pack_still_say_how_to_ask() -> None:
    bare = replace(story.form(), pack=None)
    assert (
        "You may ask the school to see the full report."
        in rows(story.document(form=bare))["Full report"]
    )
    pack = story.form().pack
    assert pack is not None
    empty = replace(story.form(), pack=replace(pack, raw={"deadlines": ["odd", {"task": "x"}]}))
    assert rows(story.document(form=empty))["Full report"] == (
        "You may ask the school to see the full report."
    )


def test_it_is_one_or_two_pages(parent_pdf: bytes) -> None:
    assert len(pdf.pages(parent_pdf)) <= 2


def test_only_fields_for_parents_are_taken() -> None:
    allowed = parent_fields(story.form())

    assert "what_happened" in allowed
    assert "staff_holding" in allowed
    for name in ("narrative", "other_injuries", "hurt_student", "students_involved", "severity",
                 "review_findings", "injury_map", "setting_other", "home_language"):  # fmt: skip
        assert name not in allowed
    assert all(story.form().field(name).privacy == "parent" for name in allowed)


def test_nothing_that_only_staff_may_read_is_printed() -> None:
    secret = "Zebra-Quartz"
    answers = story.answers()
    form = story.form()
    allowed = set(parent_fields(form))
    for section in form.sections:
        holders = answers.get(section.name, []) if section.repeat else [answers]
        for field in section.fields:
            if field.name not in allowed and field.type in ("text", "note"):
                for holder in holders:
                    holder[field.name] = secret
    answers["$reasons"] = {"location": secret}
    answers["event_ended"] = {"$unknown": secret}

    assert secret not in told(answers=answers)
    assert "Not known" in rows(with_answers(location={"$unknown": secret}))["Where"]


def test_the_text_of_an_other_choice_is_never_printed() -> None:
    document = with_answers(setting="other", setting_other="beside Lucja", antecedents=["other"],
                            antecedents_other="teased by Huy")  # fmt: skip
    said = rows(document)

    assert said["Where"] == "Classroom, something else"
    assert said["Right before"] == "Something else"


def test_a_token_left_in_the_text_becomes_a_letter() -> None:
    text = told(f"{{@{story.MATEO}}} pushed {{@{story.LUCJA}}} and {{@student:new}}, "
                f"{{@{story.DANA}}} came.")  # fmt: skip

    assert "Mateo pushed Student A and another student, Dana Whitcomb came." in text


def test_another_student_chosen_in_a_field_for_parents_is_a_letter() -> None:
    form = story.form()
    sections = tuple(
        replace(s, fields=tuple(replace(f, privacy="parent") for f in s.fields))
        if s.name == "other_students"
        else s
        for s in form.sections
    )
    document = story.document(form=replace(form, sections=sections))

    assert rows(document)["Students who were part of it or got hurt"] == "Student A"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Room 14", False),
        ("next to Lucja", True),
        ("ŁUCJA's desk", True),
        ("the Kowalczyks' table", True),
        ("by nguyen", True),
        ("beside Mateo", False),
        ("", False),
    ],
)
def test_a_short_text_that_names_another_student_is_left_out(text: str, named: bool) -> None:
    assert names_another_student(text, story.document()) is named
    form = story.form()
    sections = tuple(
        replace(
            s,
            fields=tuple(
                replace(f, privacy="parent") if f.name == "activity" else f for f in s.fields
            ),
        )
        for s in form.sections
    )
    document = story.document(
        form=replace(form, sections=sections), answers={**story.answers(), "activity": text}
    )
    label = next(f for f in sections[2].fields if f.name == "activity").label["en"]

    assert (label in rows(document)) is (not named and bool(text))


def test_the_letters_are_the_event_s_and_the_same_throughout() -> None:
    swapped = told(f"{{@{story.LUCJA}}} and {{@{story.HUY}}} and {{@{story.LUCJA}}}",
                   letters={story.LUCJA: "B", story.HUY: "A"})  # fmt: skip

    assert "Student B and Student A and Student B" in swapped


@pytest.mark.parametrize(
    ("groups", "severity", "said"),
    [
        (["staff"], "first_aid", "One staff member had minor injuries."),
        (["staff", "staff"], "hospital", "Two staff members had injuries."),
        (
            ["student", "adult"],
            "nurse",
            "One other student and one other person had minor injuries.",
        ),
    ],
)
def test_of_others_only_a_count_is_told(groups: list[str], severity: str, said: str) -> None:
    others = [{"hurt_group": group, "hurt_severity": severity} for group in groups]

    assert rows(with_answers(other_injuries=others))["Others"] == said


def test_that_nobody_else_was_hurt_is_told_only_if_it_was_said() -> None:
    none = with_answers(other_injuries=[], staff_hurt="none", others_hurt="none")
    assert rows(none)["Others"] == "Nobody else was hurt."
    unsaid = with_answers(other_injuries=None, staff_hurt=None, others_hurt=None)
    assert "Others" not in rows(unsaid)


def test_a_child_who_is_not_hurt_is_said_not_to_be() -> None:
    document = with_answers(student_injuries=[], student_hurt="none")

    assert rows(document)["Mateo"] == "No injury"


def test_an_injury_with_all_its_facts_reads_as_sentences() -> None:
    injury = {"injury": "bite", "injury_region": "hand", "injury_side": "left",
              "injury_skin_broken": "yes", "injury_cause": "self_inflicted",
              "injury_severity": "first_aid", "injury_treated_by": story.MARIA}  # fmt: skip
    said = rows(with_answers(student_injuries=[injury, {"injury_side": "left"}]))["Mateo"]

    assert said == (
        "Bite on the left hand or finger. The skin was broken. Self-inflicted. First aid. "
        "Cared for by Maria Chen, School nurse. Injury."
    )


def test_the_nurse_s_visit_is_told_as_far_as_it_is_known() -> None:
    partly = with_answers(examined_by=None, nurse_seen_at=None, nurse_findings=None, treatment=None,
                          medical_referral=None)  # fmt: skip
    assert rows(partly)["School nurse"] == "Seen by registered nurse."
    later = with_answers(examined_by=None, examiner=None, back_to_class_at=story.iso(11, 5))
    assert "Back to class at 11:05 am." in rows(later)["School nurse"]


def test_seclusion_is_told_in_a_table() -> None:
    stay = {"seclusion_start": story.iso(11, 50), "seclusion_end": story.iso(12, 4),
            "seclusion_minutes": 14, "seclusion_observer": [story.TOM],
            "seclusion_release": "calm"}  # fmt: skip
    document = with_answers(what_happened=["seclusion"], holds=[], seclusion=[stay, {}],
                            seclusion_total=14)  # fmt: skip
    text = told(answers=document.answers)

    assert "was kept in a place and could not leave" in text
    assert "11:50 am – 12:04 pm" in text
    assert "Tom Becker, Principal" in text
    assert "How it ended" in text


def test_decisions_and_meetings_of_the_team_are_told() -> None:
    document = with_answers(iep_scheduled_on="2026-11-13", iep_meeting_on="2026-11-20",
                            bip_decision="modify", new_behavior="yes")  # fmt: skip
    said = rows(document)

    assert said["Team meeting"] == (
        "The meeting was set up on Friday, November 13, 2026. "
        "It will be on Friday, November 20, 2026."
    )
    assert said["What the team decided"] == "Change the plan."
    assert "The plan did not expect this behavior." in said["Your child's plan"]


def test_a_long_text_stands_over_the_whole_width_and_none_of_it_is_lost() -> None:
    words = " ".join(f"word{n}" for n in range(900))
    text = told(words)

    assert all(f"word{n}" in text for n in range(900))


def test_a_record_of_nothing_still_prints() -> None:
    document = RecordDocument(
        number=None, revision=1, state="draft", form=story.form(), answers={}, people={}
    )
    made = parent_copy(document, story.HEAD, story.mark("parent", draft=True, for_whom=""), "", "")

    assert "Your child was part of an event at school." in pdf.words(made)
    assert "DRAFT" in pdf.words(made)
    assert "Given to (name, date)" in pdf.words(made)


def test_another_form_has_its_own_title_and_its_own_answers() -> None:
    form = story.form()
    kept = tuple(s for s in form.sections if s.name == "when_where")
    other = replace(form, sections=kept, title={"en": "First aid report"})
    made = parent_blocks(story.document(form=other), story.mark("parent"), "Told.", "")

    assert made[0].text == "First aid report"  # type: ignore[union-attr]  # a title comes first


def test_the_mother_s_copy_says_nothing_twice() -> None:
    said = rows(story.document())

    assert len(said) == len({*said})
    grids = [
        block
        for block in parent_blocks(story.document(), story.mark("parent"), "Told.", "")
        if isinstance(block, Grid)
    ]
    assert len(grids) == 1


def test_it_reads_at_the_level_of_grade_eight_or_below(parent_pdf: bytes) -> None:
    prose = re.sub(r"\([^)]*\)", "", " ".join(rows(story.document(), story.PARENT_TEXT).values()))

    assert _grade(prose) <= 8.0


def _grade(prose: str) -> float:
    """The Flesch-Kincaid grade of a text; syllables are counted by groups of vowels."""
    sentences = max(len(re.findall(r"[.!?](?:\s|$)", prose)), 1)
    words = re.findall(r"[A-Za-z']+", prose)
    syllables = sum(
        max(len(re.findall(r"[aeiouy]+", w.lower().removesuffix("e"))), 1) for w in words
    )
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
