"""The pictures of the body: every region where it belongs, left and right the person's own."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop import paths
from bt_desktop.form_engine.body import FIGURES, atlas, side_word
from bt_desktop.form_engine.body_drawing import (
    BadDrawing,
    drawing,
    flatten,
    moved,
    parse,
    read,
    region_at,
)

VIEWS = tuple(atlas().views)
PICTURES = [(figure, view) for figure in FIGURES for view in VIEWS]
PLACES = [
    (figure, view, region.id)
    for figure in FIGURES
    for region in atlas().regions.values()
    for view in region.views
]


def text_of(figure: str, view: str) -> str:
    return (paths.resources_dir() / "body" / figure / f"{view}.svg").read_text(encoding="utf-8")


def test_there_are_about_sixty_regions_each_with_a_name_of_its_own() -> None:
    regions = atlas().regions
    assert 60 <= len(regions) <= 72
    assert len({region.name() for region in regions.values()}) == len(regions)
    assert all(region.views and region.group for region in regions.values())


def test_every_sheet_shows_every_view_once() -> None:
    shown = [view for sheet in atlas().sheets for view in sheet.views]
    assert sorted(shown) == sorted(VIEWS)
    assert atlas().sheet_of("head_top").id == "head"
    with pytest.raises(KeyError):
        atlas().sheet_of("elsewhere")


@pytest.mark.parametrize(("figure", "view"), PICTURES)
def test_a_picture_holds_the_regions_that_are_named_for_it(figure: str, view: str) -> None:
    named = {region.id for region in atlas().regions.values() if view in region.views}
    assert set(drawing(figure, view).shapes) == named


@pytest.mark.parametrize(("figure", "view"), PICTURES)
def test_a_picture_is_plain_line_art_with_its_letter(figure: str, view: str) -> None:
    root = ElementTree.fromstring(text_of(figure, view))  # noqa: S314 - a file of our own
    classes = {each.get("class") for each in root if each.tag.endswith("path")}
    assert classes == {"region", "line", "hint"}
    for each in root:
        if each.get("class") == "region":  # `flatten` refuses a loop that is left open
            assert all(len(loop) > 3 for loop in flatten(parse(each.attrib["d"])))
    style = next(each.text or "" for each in root if each.tag.endswith("style"))
    assert re.findall(r"stroke-width:([.\d]+)", style) == [".7", "1.8", "1"]
    assert drawing(figure, view).letter == ("R" if view == "head_right" else "L")


@pytest.mark.parametrize(("figure", "view", "region"), PLACES)
def test_the_anchor_of_a_region_lies_in_it(figure: str, view: str, region: str) -> None:
    picture = drawing(figure, view)
    x, y = picture.anchor(region)
    assert picture.region_at(x, y) == region
    assert region_at(figure, view, x, y) == region


@pytest.mark.parametrize(("figure", "view"), PICTURES)
def test_left_and_right_are_the_person_s_own(figure: str, view: str) -> None:
    """A click on the right half of the front is the person's left; of the back, the right."""
    picture, left = drawing(figure, view), atlas().views[view].left
    sides = {"left": "left", "right": "right"}
    if left in ("all", "none"):
        sides = dict.fromkeys(sides, "left" if left == "all" else "right")
    elif left == "right":
        sides = {"left": "right", "right": "left"}
    for x in (0.01 + 0.03 * i for i in range(33)):
        for y in (0.01 + 0.03 * j for j in range(33)):
            found = picture.region_at(x, y)
            side = atlas().regions[found].side if found else "middle"
            if side != "middle":
                assert side == sides["left" if x < 0.5 else "right"], (found, x, y)
    if left in ("left", "right"):
        half = "left" if picture.letter_at[0] < picture.width / 2 else "right"
        assert half == left


@pytest.mark.parametrize("figure", FIGURES)
def test_a_point_beside_the_figure_is_no_region(figure: str) -> None:
    for view in VIEWS:
        picture = drawing(figure, view)
        for corner in ((0.0, 0.0), (1.0, 0.0), (0.999, 0.999), (0.001, 0.999)):
            assert picture.region_at(*corner) is None, view
    between_the_legs = drawing(figure, "front").region_at(0.5, 0.85)
    assert between_the_legs is None


@given(st.sampled_from(PLACES), st.floats(0, 1), st.floats(0, 1))
def test_a_mark_keeps_its_region_when_the_figure_changes(
    place: tuple[str, str, str], across: float, down: float
) -> None:
    figure, view, region = place
    one = drawing(figure, view)
    other = drawing("adult" if figure == "child" else "child", view)
    left, top, right, foot = one.shapes[region].box
    x, y = (left + across * (right - left)) / one.width, (top + down * (foot - top)) / one.height
    if one.region_at(x, y) != region:
        x, y = one.anchor(region)
    there = moved((x, y), region, one, other)
    assert other.region_at(*there) == region


def test_a_place_is_told_with_the_side_it_is_seen_from_where_that_matters() -> None:
    place = atlas().place
    assert place("hip_left", "back") == "Left hip, back"
    assert place("forearm_right", "front") == "Right forearm, front"
    assert place("neck_front", "front") == "Front of the neck"
    assert place("crown", "head_top") == "Top of the head"
    assert place("hand_left", "hands_palm") == "Left hand, palm side"
    assert place("not_known_here", "front") == "not known here"
    assert side_word("middle") == "Middle"
    assert side_word("") == ""


@pytest.mark.parametrize(
    "broken",
    [
        '<svg viewBox="0 0 9 9"><path class="region" id="a" data-anchor="1 1" d="M0 0L1 1"/></svg>',
        '<svg viewBox="0 0 9 9"><path class="line" d="M0 0 1"/></svg>',
        '<svg viewBox="0 0 9 9"><path class="odd" d="M0 0"/></svg>',
        '<svg viewBox="0 0 9"/>',
        "<svg/>",
    ],
)
def test_a_picture_of_another_make_is_refused(broken: str) -> None:
    with pytest.raises(BadDrawing):
        read(broken, "adult", "front")


def test_a_loop_must_be_closed_before_the_next_begins() -> None:
    with pytest.raises(ValueError, match="not closed"):
        list(flatten(parse("M0 0L1 1M2 2Z")))
    assert list(flatten(parse("M0 0L1 0L1 1Z"))) == [((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))]


def test_a_view_that_is_not_drawn_is_said_so() -> None:
    with pytest.raises(KeyError):
        drawing("adult", "inside")


def test_the_pictures_are_what_the_tool_draws(tmp_path: Path) -> None:
    from tools.body.__main__ import write

    files = [file.relative_to(tmp_path) for file in write(tmp_path)]
    assert len(files) == len(PICTURES)
    for file in files:
        shipped = paths.resources_dir() / "body" / file
        assert (tmp_path / file).read_text() == shipped.read_text(), file
