"""The papers for parents hold what they may and nothing else, on one page, in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from papers_kit import (
    ENGLISH,
    EVERY,
    MARK,
    PAPERS,
    first_aid,
    form_of,
    incident,
    medication_error,
    printed,
)
from reading_level import grade, syllables

from bt_desktop.form_engine.body_drawing import drawing
from bt_desktop.paper.document import RecordDocument
from bt_desktop.paper.notice import Reader, applies, papers_for, variant_of
from bt_desktop.paper.notice_papers import (
    SLOT,
    BadPaper,
    Paper,
    form_faults,
    load_papers,
    papers_dir,
)
from tests.paper import pdf, story

HARDEST = 8.0
"""Grade of reading that a parent's paper must not pass (health-office §6: 6th to 8th grade)."""

every_paper = pytest.mark.parametrize("name", sorted(PAPERS))
every_record = pytest.mark.parametrize(("name", "doc"), EVERY)


def words(name: str, doc: RecordDocument, text: str = "", reader: Reader = ENGLISH) -> str:
    return " ".join(pdf.words(printed(name, doc, text, reader)[0]).split())


# --- the whitelist -------------------------------------------------------------------------------


@every_paper
def test_every_field_of_a_paper_is_one_that_its_form_lets_a_parent_read(name: str) -> None:
    paper = PAPERS[name]
    for pack in ("us-ca", "us-ok"):
        from bt_desktop.form_engine import load_form

        assert form_faults(paper, load_form(paper.form, pack)) == ()
    for field in paper.fields:
        asked = form_of(paper.form).field(field)
        assert asked.privacy == "parent"
        assert asked.type != "text"


@every_paper
def test_a_paper_says_no_more_fields_than_its_list(name: str) -> None:
    assert PAPERS[name].slots() <= set(PAPERS[name].fields)


def planted(doc: RecordDocument, allowed: tuple[str, ...]) -> RecordDocument:
    """The record with a mark in every answer that the paper may not hold."""

    def spoil(answers: dict[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in answers.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                out[key] = [spoil(row) for row in value]
            elif key in allowed or key in conditions:
                out[key] = value
            else:
                out[key] = "Zzyzx secret"
        return out

    conditions = {"person_type", "head_injury", "head_variant", "student_hurt", "student_harm",
                  "about", "reached", "near_miss"}  # fmt: skip
    return replace(doc, answers=spoil(dict(doc.answers)))


@every_record
def test_nothing_else_of_the_record_gets_on_the_paper(
    name: str, doc: Callable[[], RecordDocument]
) -> None:
    spoiled = planted(doc(), PAPERS[name].fields)
    assert "Zzyzx" in json.dumps(dict(spoiled.answers))
    told = words(name, spoiled)
    assert "Zzyzx" not in told
    assert "secret" not in told


@every_record
def test_no_other_child_no_staff_of_the_yard_no_blame(
    name: str, doc: Callable[[], RecordDocument]
) -> None:
    made = doc()
    told = words(name, made).casefold()
    own = made.subject.given.casefold() if made.subject else ""
    for other in ("mateo", "łucja", "lucja", "huy", "nguy", "kowalczyk", "núñez-okafor"):
        if other != own:
            assert other not in told
    for never in ("supervis", "unsafe", "work order", "risk", "child protection", "bars are closed",
                  "climber", "tantrum", "dana whitcomb", "handcuff", "vape"):  # fmt: skip
        assert never not in told


@every_record
def test_the_child_by_first_name_only(name: str, doc: Callable[[], RecordDocument]) -> None:
    made = doc()
    told = words(name, made)
    assert made.subject is not None
    assert made.subject.given in told
    assert made.subject.name not in told


def test_a_choice_that_a_form_no_longer_has_is_left_out() -> None:
    doc = first_aid()
    spoiled = replace(doc, answers={**doc.answers, "cause": "Łucja pushed her"})
    assert "pushed" not in words("first_aid", spoiled)


# --- one page, plain words -----------------------------------------------------------------------


def test_syllables_are_counted_about_right() -> None:
    for word, count in (("school", 1), ("paper", 2), ("emergency", 4), ("hospital", 3),
                        ("watched", 1), ("handed", 2), ("911", 1), ("place", 1)):  # fmt: skip
        assert syllables(word) == count


@every_paper
def test_a_parent_of_grade_eight_reads_it_easily(name: str) -> None:
    paper = PAPERS[name]
    sample = {"child": "Sam", "event_date": "Monday"}
    lines = [SLOT.sub(lambda m: sample.get(m[1], "ten"), t) for t in paper.texts()]
    text = "\n".join(line.replace("[", "").replace("]", "") for line in lines if line)
    assert grade(text) <= HARDEST


@every_record
def test_what_is_printed_is_of_grade_eight_at_most(
    name: str, doc: Callable[[], RecordDocument]
) -> None:
    page = pdf.words(printed(name, doc())[0])
    assert grade(page.partition("Please sign, cut off")[0]) <= HARDEST


@every_record
def test_it_is_one_page_with_a_text_and_a_family_that_speaks_spanish(
    name: str, doc: Callable[[], RecordDocument]
) -> None:
    text = "He slipped on the wet step and fell. " * 8
    _, pages = printed(name, doc(), text, Reader("es", True))
    assert pages == 1


def test_three_hundred_injuries_are_still_a_paper() -> None:
    doc = first_aid()
    row = doc.answers["injuries"][0]
    kinds = [c.name for c in doc.form.choices_of("injury")]
    places = [c.name for c in doc.form.choices_of("injury_region")]
    many = [
        {**row, "injury": kinds[n % len(kinds)], "injury_region": places[n // len(kinds) % 22]}
        for n in range(300)
    ]
    _, pages = printed("first_aid", replace(doc, answers={**doc.answers, "injuries": many}))
    assert pages == 1


def test_a_long_text_says_that_it_is_more_than_a_page() -> None:
    _, pages = printed("first_aid", first_aid(), "He slipped on the wet step and fell. " * 200)
    assert pages > 1


@every_record
def test_the_same_record_gives_the_same_bytes(name: str, doc: Callable[[], RecordDocument]) -> None:
    made = doc()
    assert printed(name, made) == printed(name, made)


# --- what it says --------------------------------------------------------------------------------


def test_first_aid_says_what_was_seen_and_done_and_what_to_watch_for() -> None:
    told = words("first_aid", first_aid())
    for said in ("Łucja got first aid at school", "Thursday, November 12, 2026, at 10:10 am",
                 "On the playground or field", "A fall from a height", "Scrape: knee, left",
                 "Cold pack at 10:16 am", "went back to class at 10:52 am", "What to watch for",
                 "call 911", story.HEAD.phone, "Filled in by Maria Chen", "Signature",
                 "You are the child's"):  # fmt: skip
        assert said in told
    assert "What the school wrote" not in told


def test_the_marked_body_stands_on_the_first_aid_notice_without_staff_s_words() -> None:
    doc = first_aid()
    x, y = drawing("child", "front").anchor("knee_left")
    mark = {"n": 1, "view": "front", "region": "knee_left", "x": x, "y": y, "type": "abrasion",
            "color": "red, says Jonah", "note": "Jonah pushed"}  # fmt: skip
    marked = {"figure": "child", "marks": [mark]}
    text = words("first_aid", replace(doc, answers={**doc.answers, "body_marks": marked}))
    assert "1 left knee" in text.lower()
    assert "Jonah" not in text
    assert "1 left knee" not in words("first_aid", doc).lower()


@pytest.mark.parametrize(
    ("variant", "said", "unsaid"),
    [
        ("A", ("We saw no signs", "No sports or rough play today"), ("to a doctor today",)),
        ("B", ("Please see a doctor", "to a doctor today", "Headache; light hurts", "10:36 am",
               "until a doctor writes"), ("emergency room now",)),
        ("C", ("needs care now", "emergency room now", "Threw up again and again",
               "called 911 at 10:21 am", "until a doctor writes"), ("to a doctor today",)),
    ],
)  # fmt: skip
def test_the_three_letters_about_a_head(
    variant: str, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    doc = first_aid(variant)
    assert variant_of(PAPERS["head_injury"], doc) == variant
    told = words("head_injury", doc)
    for each in (*said, "one pupil larger", "next 24 hours", "Call 911"):
        assert each in told
    for each in unsaid:
        assert each not in told


def test_the_checks_stand_with_their_times_and_results() -> None:
    told = words("head_injury", first_aid("A"))
    times = {"At once": 15, "After 15 minutes": 30, "After 30 minutes": 45, "Before leaving us": 50}
    for point, minute in times.items():
        assert f"{point} 10:{minute} am No signs" in told


def test_the_incident_is_told_of_this_child_alone() -> None:
    told = words("incident", incident(), "He pushed {@student:s-huy}, who fell.", Reader("es"))
    for said in ("What happened at school with Mateo", "He pushed Student A, who fell.",
                 "Written by staff in English.", "Scratch or scrape: elbow",
                 "We can tell you about this paper in Spanish", "interpreter"):  # fmt: skip
        assert said in told
    assert "Written by staff" not in words("incident", incident(), "He fell.", Reader("en"))


TWO_TABLETS = "Łucja was given two tablets for one."


def test_the_error_notice_tells_what_was_done_and_what_comes_next() -> None:
    told = words("medication_error", medication_error(), TWO_TABLETS)
    for said in ("We made a mistake with Łucja's medicine", "This was our mistake. We are sorry.",
                 "The amount was wrong", TWO_TABLETS, "did as Poison Control or the doctor said",
                 "The nurse, the head of the school, the doctor", "Could not sit still",
                 "Łucja was watched and then went back to class", "1-800-222-1222",
                 "we call you and tell you what we found", "before you give the next dose",
                 story.HEAD.phone):  # fmt: skip
        assert said in told
    assert "in time" not in told


@pytest.mark.parametrize(
    ("scenario", "said", "unsaid"),
    [
        ("left_out", ("not given, though Łucja was at school", "Due at 12:00 pm", "No signs of"),
         ("Given at", "We called them", "the doctor,")),
        ("wrong_student", ("not meant for Łucja", "taken by ambulance", "911 We called them"),
         ("Huy", "another student")),
        ("near_miss", ("in time", "It did not reach Łucja", "Put the medicine aside"),
         ("our mistake", "How Łucja is", "next dose at home", "Given at")),
    ],
)  # fmt: skip
def test_the_error_notice_of_each_kind(
    scenario: str, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    told = words("medication_error", medication_error(scenario), "It is told here.")
    for each in said:
        assert each in told
    for each in unsaid:
        assert each not in told


def test_the_error_notice_names_no_staff_and_no_cause() -> None:
    doc = medication_error(
        "wrong_student", given_licensed="no", causes=["training"], cause_detail="She is new.",
        corrective_steps=["paused", "retraining"],
    )  # fmt: skip
    told = words("medication_error", doc, "It is told here.").partition("Filled in by")[0]
    for never in ("Dana", "license", "rain", "paused", "phone rang", "Huy",
                  "category", "Methylphenidate", "Sato", "Olga"):  # fmt: skip
        assert never not in told


def test_what_is_not_known_leaves_its_sentence_away() -> None:
    doc = first_aid()
    unknown = {**doc.answers, "event_began": {"$unknown": "nobody saw"}, "cause": {"$unknown": ""}}
    told = words("first_aid", replace(doc, answers=unknown))
    assert "Thursday, November 12, 2026" in told
    for never in ("nobody saw", "$unknown", "at .", "How Not"):
        assert never not in told


def test_the_slip_names_the_copy_and_who_it_is_for() -> None:
    told = words("incident", incident(), "He fell.")
    assert "Incident notice · Mateo · Nov 12, 2026 · INC-2026-0001 · copy 1" in told
    assert "for Rosa Núñez" in told
    for way in ("handed over", "mailed", "emailed", "sent home with Mateo"):
        assert way in told
    assert MARK.for_whom == "Rosa Núñez"


# --- which record gets which ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("doc", "names"),
    [
        (first_aid, ["first_aid"]),
        (lambda: first_aid("B"), ["head_injury"]),
        (incident, ["incident"]),
        (medication_error, ["medication_error"]),
        (lambda: medication_error("near_miss"), ["medication_error"]),
        (lambda: medication_error("stock_count"), []),
        (lambda: first_aid(person_type="visitor", visitor_name="Ana Lindqvist"), []),
    ],
)
def test_each_record_gets_its_paper(doc: Callable[[], RecordDocument], names: list[str]) -> None:
    found = papers_for(tuple(PAPERS.values()), doc())
    assert [paper.name for paper in found] == names


def test_a_paper_is_not_for_another_form() -> None:
    assert not applies(PAPERS["first_aid"], incident())


# --- bad files -----------------------------------------------------------------------------------

GOOD = """
paper: small
form: first_aid
label: {en: "Small"}
when: "true()"
title: {en: "For {child}"}
text: none
fields: [event_date]
page:
  - say: {en: "On {event_date}."}
"""


def load_one(folder: Path, text: str) -> Paper:
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return load_papers(folder)[0]


def test_a_small_paper_loads(tmp_path: Path) -> None:
    assert load_one(tmp_path, GOOD).fields == ("event_date",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{event_date}", "{narrative}", "not among its fields"),
        ('"true()"', '"${event_date"', "is wrong"),
        ("text: none", "text: all", "none, optional or needed"),
        ("paper: small", "paper: other", "not as its file"),
        ("- say:", "- shout:", "nothing on a page"),
        ('say: {en: "On {event_date}."}', 'say: "On."', "needs a text"),
        ("label:", "labels:", "no key"),
    ],
)
def test_a_bad_paper_is_refused_with_its_reason(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(BadPaper, match=said):
        load_one(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize("field", ["narrative", "location_detail", "supervision_level", "nothing"])
def test_a_field_that_no_parent_may_read_is_a_fault(tmp_path: Path, field: str) -> None:
    paper = load_one(tmp_path, GOOD.replace("[event_date]", f"[event_date, {field}]"))
    assert form_faults(paper, form_of("first_aid"))


def test_a_paper_without_any_words_of_its_own_loads(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("words:\n  cause: {other: {en: x}}\n", encoding="utf-8")
    assert load_one(tmp_path, GOOD).words["cause"]["other"] == {"en": "x"}


def test_the_shipped_papers_are_these() -> None:
    assert {file.stem for file in papers_dir().glob("*.yaml")} == {*PAPERS, "words"}
