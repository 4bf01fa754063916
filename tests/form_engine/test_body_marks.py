"""The answer of a body map: three shapes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.form_engine import KINDS, Field, FormFaults
from bt_desktop.form_engine.body import FIGURES, atlas
from bt_desktop.form_engine.body_drawing import drawing
from bt_desktop.form_engine.body_marks import BodyMap, Mark, in_mm, shown_size
from bt_desktop.form_engine.definition import Choice, Form, Section
from bt_desktop.form_engine.issues import Code
from bt_desktop.form_engine.kinds import Invalid, Parsing
from bt_desktop.form_engine.session import FormSession
from tests.form_engine.small_form import NOON, form_of

KIND = KINDS["body_map"]
TYPES = ("bruise", "cut")
WRIST: dict[str, Any] = {"view": "front", "region": "wrist_left"}


def parsing() -> Parsing:
    return Parsing(Field("map", "body_map", "s"), NOON, names=frozenset(TYPES))


def at(region: str, view: str, figure: str = "child", **more: Any) -> dict[str, Any]:
    x, y = drawing(figure, view).anchor(region)
    return {"view": view, "region": region, "x": x, "y": y, **more}


def a_map(*marks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "figure": "child",
        "marks": [{"n": n, **mark} for n, mark in enumerate(marks, 1)],
        **more,
    }


def refused(typed: Any) -> tuple[str, dict[str, str]]:
    with pytest.raises(Invalid) as caught:
        KIND.parse(typed, parsing())
    code = Code[caught.value.code.upper()]
    assert code.sentence("Drawing", typed="…", **caught.value.params)
    return caught.value.code, caught.value.params


PLACED = {
    figure: [at(r.id, view, figure) for r in atlas().regions.values() for view in r.views]
    for figure in FIGURES
}
SIZES = st.sampled_from((1, 20, 12.5, 0.25, 2000))
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES),
        "size_1": SIZES,
        "size_2": SIZES,
        "color": st.sampled_from(("red", "blue and purple")),
        "note": st.text(min_size=1, max_size=20).filter(str.strip),
    },
)
MARKS = {
    figure: st.lists(st.tuples(st.sampled_from(PLACED[figure]), DETAILS), min_size=1, max_size=5)
    for figure in FIGURES
}


@st.composite
def maps(draw: st.DrawFn) -> dict[str, Any]:
    """Any answer that the editor can make."""
    figure = draw(st.sampled_from(FIGURES))
    marks = [{**place, **more} for place, more in draw(MARKS[figure])]
    unit = {"unit": "in"} if draw(st.booleans()) else {}
    return a_map(*marks, **unit) | {"figure": figure}


@given(maps())
def test_an_answer_survives_all_three_shapes(typed: dict[str, Any]) -> None:
    value = KIND.parse(typed, parsing())
    assert KIND.parse(KIND.show(value), parsing()) == value
    assert KIND.load(KIND.dump(value)) == value
    assert KIND.dump(value) == typed


def test_no_marks_are_no_answer() -> None:
    for blank in ({}, [], "", " ", "{}", {"figure": "adult", "marks": []}, None):
        assert KIND.parse(blank, parsing()) is None


def test_what_a_form_kept_before_there_were_pictures_is_read_and_kept() -> None:
    earlier = {"regions": ["wrist", "hand or finger"]}
    value = KIND.load(earlier)
    assert KIND.dump(value) == earlier
    assert KIND.parse(KIND.show(value), parsing()) == value
    both = a_map(at("wrist_left", "front"), regions=["knee"])
    assert KIND.dump(KIND.parse(both, parsing())) == both


def test_numbers_are_given_where_they_are_missing() -> None:
    typed = {"marks": [at("chin", "head_front"), at("nose", "head_front")]}
    assert [m["n"] for m in KIND.dump(KIND.parse(typed, parsing()))["marks"]] == [1, 2]


REFUSED: list[tuple[Any, str]] = [
    ([1], "not_text"),
    (5, "not_text"),
    ("{not json", "stored"),
    ('"text"', "stored"),
    ({"figure": "dog", "marks": [at("chin", "head_front")]}, "stored"),
    (a_map(at("chin", "head_front"), unit="feet"), "stored"),
    ({"marks": {"a": 1}}, "stored"),
    ({"pins": [1]}, "stored"),
    ({"regions": [""]}, "stored"),
    ({"marks": ["chin"]}, "stored"),
    (a_map(at("chin", "head_front", mood="bad")), "stored"),
    ({"marks": [at("chin", "head_front", n=2)]}, "stored"),
    (a_map(at("chin", "head_front", note=5)), "stored"),
    (a_map({**WRIST, "region": "tail", "x": 0.5, "y": 0.5}), "body_region"),
    (a_map({**WRIST, "view": "head_top", "x": 0.5, "y": 0.5}), "body_region"),
    (a_map({**at("wrist_left", "front"), "region": "wrist_right"}), "body_region"),
    (a_map({**WRIST, "x": 1.2, "y": 0.5}), "body_beside"),
    (a_map({**WRIST, "x": -0.1, "y": 0.5}), "body_beside"),
    (a_map({**WRIST, "x": True, "y": 0.5}), "body_beside"),
    (a_map({**WRIST, "x": float("nan"), "y": 0.5}), "body_beside"),
    (a_map({**WRIST, "y": 0.5}), "body_beside"),
    (a_map({**WRIST, "x": 0.01, "y": 0.01}), "body_beside"),
    (a_map(at("chin", "head_front", type="ghost")), "body_type"),
    (a_map(at("chin", "head_front", type="a b")), "body_type"),
    (a_map(at("chin", "head_front", size_1=0)), "body_size"),
    (a_map(at("chin", "head_front", size_2="20")), "body_size"),
    (a_map(at("chin", "head_front", size_2=99999)), "body_size"),
    (a_map(at("chin", "head_front", note="x" * 501)), "body_words"),
]


@pytest.mark.parametrize(("typed", "code"), REFUSED)
def test_what_is_no_marked_body_is_refused(typed: Any, code: str) -> None:
    assert refused(typed)[0] == code


def test_marks_are_refused_by_their_number() -> None:
    good = at("chin", "head_front")
    assert refused(a_map(good, {**good, "x": 0.01}))[1] == {"n": "2"}


def test_five_hundred_marks_are_taken_and_one_more_is_refused() -> None:
    mark = at("chin", "head_front")
    assert KIND.parse(a_map(*[mark] * 500), parsing())
    code, params = refused(a_map(*[mark] * 501))
    assert (code, params) == ("body_too_many", {"most": "500"})


def test_what_was_kept_is_not_held_against_pictures_drawn_anew() -> None:
    """A signed record says what it said; only what is entered now must lie on the figure."""
    elsewhere = a_map({**WRIST, "x": 0.01, "y": 0.01, "type": "gone_from_the_list"})
    assert KIND.dump(KIND.load(elsewhere)) == elsewhere
    with pytest.raises(Invalid) as caught:
        KIND.load({"figure": "child", "marks": []})
    assert caught.value.code == "stored"
    with pytest.raises(Invalid) as caught:
        KIND.load(a_map({**WRIST, "region": "tail", "x": 0.5, "y": 0.5}))
    assert caught.value.code == "stored"


def test_a_form_can_ask_what_is_marked() -> None:
    value = KIND.parse(a_map(at("temple_left", "head_front"), at("spine", "back")), parsing())
    words = str(KIND.read(value)).split()
    assert {"temple_left", "temple", "head", "spine", "trunk"} == set(words)
    assert set(words) <= atlas().words()
    assert KIND.read(KIND.load({"regions": ["wrist"]})) == "wrist"


def test_a_size_is_kept_in_millimeters_and_shown_as_it_was_measured() -> None:
    assert in_mm(0.5, "in") == 12.7
    assert in_mm(20.0, "mm") == 20
    assert shown_size(12.7, "in") == "0.5"
    assert shown_size(in_mm(0.75, "in"), "in") == "0.75"
    mark = Mark(1, "front", "hip_left", 0.5, 0.5, size_1=20, size_2=12.5)
    assert mark.size() == "20 × 12.5 mm"
    assert mark.size("in") == "0.79 × 0.49 in"
    assert Mark(1, "front", "hip_left", 0.5, 0.5).size() == ""
    assert mark.place() == "Left hip, front"
    assert BodyMap().text() == ""


def test_a_session_says_what_is_wrong_and_keeps_what_was_marked() -> None:
    choices = tuple(Choice(name, {"en": name}) for name in TYPES)
    asked = Field("map", "body_map", "s", label={"en": "Drawing"}, choices="list")
    section = Section(name="s", label={"en": "S"}, fields=(asked,))
    form = Form("f", "1", {"en": "F"}, "student", "F", (section,), {"list": choices})
    session = FormSession(form, now=lambda: NOON)
    wrong = a_map(at("chin", "head_front", type="ghost"))
    session.set("/map", wrong)
    issue = session.view("/map").issue
    assert issue is not None
    assert issue.code is Code.BODY_TYPE
    assert "mark 1" in issue.sentence
    again = FormSession(form, session.answers(), now=lambda: NOON)
    assert json.loads(again.view("/map").typed) == wrong
    assert again.view("/map").issue == issue
    again.set("/map", a_map(at("chin", "head_front", type="cut")))
    assert again.view("/map").issue is None
    again.undo()
    assert again.view("/map").issue == issue


def test_a_form_names_the_kinds_of_injury_and_asks_for_places_that_exist(
    tmp_path: Path,
) -> None:
    form = """form: small
version: "1"
title: {en: Small}
choices:
  kinds: [{name: bruise, label: {en: Bruise}}, {name: other, label: {en: Something else}}]
sections:
  - name: first
    label: {en: First}
    fields:
      - {name: map, type: body_map, choices: %s, label: {en: Drawing}}
      - {name: a, type: integer, label: {en: A}, relevant: "selected(${map}, '%s')"}
"""

    def codes(choices: str, place: str) -> set[str]:
        try:
            form_of(form % (choices, place), tmp_path)
        except FormFaults as e:
            return {fault.code for fault in e.faults}
        return set()

    assert codes("kinds", "head") == codes("kinds", "knee_left") == set()
    assert codes("kind", "head") == {"missing-choices"}
    assert codes("kinds", "hed") == {"unknown-choice"}
    session = FormSession(form_of(form % ("kinds", "head"), tmp_path), now=lambda: NOON)
    assert not session.view("/a").relevant
    session.set("/map", a_map(at("chin", "head_front", type="bruise")))
    assert session.view("/a").relevant
    assert "map_other" not in session.form.fields()
