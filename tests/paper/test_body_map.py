"""A marked body on paper: numbers on the drawing, each told in the table; black on white."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bt_desktop.form_engine import load_form
from bt_desktop.form_engine.body import atlas
from bt_desktop.form_engine.body_drawing import drawing
from bt_desktop.paper import body_map, fonts
from bt_desktop.paper.blank import blank_blocks, blank_form
from bt_desktop.paper.body_flow import BodyFlowable
from bt_desktop.paper.content import Block, BodyFigure, Fields, Grid, Narrative, Whole
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.report import school_blocks, school_copy
from bt_desktop.paper.sections import text_of
from tests.paper import pdf, story

CHOICES = story.document().form.choices["injury_types"]
WIDTH = 504.0


def placed(region: str, view: str, **more: Any) -> dict[str, Any]:
    x, y = drawing("child", view).anchor(region)
    return {"view": view, "region": region, "x": x, "y": y, **more}


def kept(*marks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"figure": "child", "marks": [{"n": n, **m} for n, m in enumerate(marks, 1)], **more}


SOME = kept(
    placed("forearm_left", "front", type="bruise", size_1=20, size_2=10, color="purple"),
    placed("forearm_left", "front", type="abrasion", note="three lines side by side"),
    placed("upper_back_right", "back", type="swelling"),
    placed("crown", "head_top", type="cut", size_1=12),
)


def many(count: int) -> dict[str, Any]:
    dice = random.Random(4)
    regions = tuple(atlas().regions.values())
    chosen = [dice.choice(regions) for _ in range(count)]
    return kept(*(placed(r.id, dice.choice(r.views), type="bruise") for r in chosen))


def flat(blocks: list[Block]) -> list[Block]:
    return [
        inner
        for block in blocks
        for inner in (flat(list(block.blocks)) if isinstance(block, Whole) else [block])
    ]


def of_type(blocks: list[Block], kind: type) -> list[Any]:
    return [block for block in flat(blocks) if isinstance(block, kind)]


def cells(grid: Grid) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in grid.rows]


def with_map(value: dict[str, Any], name: str = "nurse_map") -> Any:
    return story.document(answers={**story.answers(), name: value})


def shown(value: dict[str, Any]) -> Any:
    found = body_map.read(value)
    assert found is not None
    return found


def laid(figure: BodyFigure) -> BodyFlowable:
    fonts.ready()
    made = BodyFlowable(figure)
    made.wrap(WIDTH, 600)
    return made


def paper_of(blocks: list[Block], kind: str = "school") -> bytes:
    return build(blocks, story.HEAD, story.mark(kind), Sheet("BER-2026-0001"))


# --- the school's copy ---------------------------------------------------------------------------


def test_the_table_tells_every_mark_and_leaves_blank_columns_out() -> None:
    (grid,) = of_type(body_map.blocks(shown(SOME), CHOICES), Grid)
    assert [c.head for c in grid.columns] == [
        "No.", "Region", "Side", "Type", "Size", "Color", "Note",
    ]  # fmt: skip
    assert cells(grid) == [
        ["1", "Forearm, front", "Left", "Bruise", "20\u00a0×\u00a010\u00a0mm", "purple", ""],
        ["2", "Forearm, front", "Left", "Scrape", "", "", "three lines side by side"],
        ["3", "Upper back", "Right", "Bump or swelling", "", "", ""],
        ["4", "Top of the head", "Middle", "Cut", "12\u00a0mm", "", ""],
    ]
    (bare,) = of_type(body_map.blocks(shown(kept(placed("chin", "head_front"))), CHOICES), Grid)
    assert [c.head for c in bare.columns] == ["No.", "Region", "Side"]


def test_sizes_stand_in_the_unit_they_were_measured_in() -> None:
    inches = kept(placed("chin", "head_front", size_1=12.7, size_2=25.4), unit="in")
    (grid,) = of_type(body_map.blocks(shown(inches), CHOICES), Grid)
    assert cells(grid)[0][3] == "0.5\u00a0×\u00a01\u00a0in"


def test_the_drawing_and_the_table_stand_on_the_school_s_copy() -> None:
    printed = school_copy(with_map(SOME), story.HEAD, story.mark())
    text = pdf.words(printed)
    assert "Mark it on the drawing “L” is the person's own left." in text
    for words in ("Front", "Back", "From above", "Forearm, front Left Bruise", "20 × 10 mm"):
        assert words in text
    page = next(p for p in pdf.pages(printed) if "own left" in p)
    assert "Front" in page  # the drawing stays with its label
    assert len(re.findall(r"(?<!\w)L(?!\w)", page)) >= 3


def test_a_drawing_of_a_row_stands_under_the_table_of_rows() -> None:
    answers = story.answers()
    answers["student_injuries"][0]["injury_map"] = kept(placed("wrist_right", "front"))
    blocks = school_blocks(story.document(answers=answers), story.mark())
    leads = [b.label for b in of_type(blocks, Narrative)]
    assert "Student's injury 1 · Mark it on the drawing" in leads
    assert len(of_type(blocks, BodyFigure)) == 1


def test_only_pictures_that_carry_a_mark_are_printed_and_the_body_whole() -> None:
    figures = of_type(body_map.blocks(shown(SOME), CHOICES), BodyFigure)
    assert [f.views for f in figures] == [("front", "back"), ("head_top",)]
    head_only = body_map.blocks(shown(kept(placed("nose", "head_front"))), CHOICES)
    assert [f.views for f in of_type(head_only, BodyFigure)] == [("head_front",)]


def test_marks_of_one_place_fan_out_on_paper_too() -> None:
    same = kept(*[placed("forearm_left", "front")] * 4)
    figure = of_type(body_map.blocks(shown(same), CHOICES), BodyFigure)[0]
    badges = laid(figure).badges()
    assert [b.lines for b in badges] == [("1",), ("2",), ("3",), ("4",)]
    assert len({(b.x, b.y) for b in badges}) == 4


def test_a_pile_is_bundled_in_the_print() -> None:
    pile = kept(*[placed("forearm_left", "front")] * 11, *[placed("knee_left", "front")] * 7)
    text = pdf.words(paper_of(body_map.blocks(shown(pile), CHOICES)))
    assert "1–11" in text
    assert "12–18" in text


def test_three_hundred_marks_fill_pages_and_no_row_is_cut() -> None:
    pages = pdf.pages(paper_of(body_map.blocks(shown(many(300)), CHOICES)))
    tables = [page for page in pages if "Bruise" in page]
    row = re.compile(r"^\s*(\d+) +[A-Z][a-z][^\n]* (?:Left|Right|Middle) +Bruise", re.MULTILINE)
    assert len(tables) > 8
    assert [int(n) for page in tables for n in row.findall(page)] == list(range(1, 301))
    assert all(re.search(r"No\.\s+Region\s+Side\s+Type", page) for page in tables)


def test_every_number_of_three_hundred_is_on_a_drawing() -> None:
    figures = of_type(body_map.blocks(shown(many(300)), CHOICES), BodyFigure)
    told = sorted(n for f in figures for b in laid(f).badges() for n in b.numbers)
    assert told == list(range(1, 301))
    for figure in figures:
        made = laid(figure)
        assert made.height <= 560
        assert all(b.x - b.wide / 2 >= 0 and b.x + b.wide / 2 <= WIDTH for b in made.badges())


def test_the_same_marks_print_the_same_bytes() -> None:
    one, other = (paper_of(body_map.blocks(shown(SOME), CHOICES)) for _ in range(2))
    assert one == other


def test_no_ink_but_black_and_gray(tmp_path: Path) -> None:
    printed = paper_of(body_map.blocks(shown(SOME), CHOICES))
    pdf.run("pdftoppm", "-r", "40", "-png", "-singlefile", "-", tmp_path / "page", data=printed)
    with Image.open(tmp_path / "page.png") as page:
        colors = page.convert("RGB").getcolors(1 << 24)
    assert all(max(rgb) - min(rgb) < 24 for _, rgb in colors)
    assert any(max(rgb) < 60 for _, rgb in colors)


def test_what_an_earlier_form_kept_is_told_in_words() -> None:
    earlier = {"regions": ["wrist", "hand or finger"]}
    blocks = school_blocks(with_map(earlier), story.mark())
    assert not of_type(blocks, BodyFigure)
    texts = [text_of(b.text) for b in of_type(blocks, Narrative)]
    assert "Named before there was a drawing: wrist, hand or finger." in texts


@pytest.mark.parametrize("value", [{"$typed": '{"figure": 1}'}, {"marks": [{"region": "tail"}]}])
def test_marks_that_cannot_be_read_are_said_so_and_not_dumped(value: dict[str, Any]) -> None:
    blocks = school_blocks(with_map(value), story.mark())
    texts = [text_of(b.text) for b in of_type(blocks, Narrative)]
    assert "Marked, but what was marked cannot be read." in texts
    assert not any("figure" in text or "tail" in text for text in texts)


def test_all_marks_in_one_line() -> None:
    assert body_map.said(shown(SOME), CHOICES) == (
        "1 Left forearm, front: Bruise, 20 × 10 mm, purple; "
        "2 Left forearm, front: Scrape, three lines side by side; "
        "3 Right upper back: Bump or swelling; 4 Top of the head: Cut, 12 mm"
    )
    assert body_map.said(shown({"regions": ["wrist"]})) == "wrist"
    assert body_map.said(shown(kept(placed("chin", "head_front")))) == "1 Chin"


# --- the blank form ------------------------------------------------------------------------------


def test_the_blank_form_has_empty_figures_to_mark_by_hand() -> None:
    blocks = blank_blocks(story.document().form)
    figures = of_type(blocks, BodyFigure)
    assert len(figures) == 2  # body and head, once for two cards of an injury and the nurse
    assert not any(figure.marks for figure in figures)
    assert {"front", "back", "head_front", "hands_palm"} <= {v for f in figures for v in f.views}
    heads = [[c.head for c in grid.columns] for grid in of_type(blocks, Grid)]
    assert ["No.", "Where, left or right", "What kind", "Size", "Color", "Shape, pattern"] in heads
    drawn = [b for b in flat(blocks) if isinstance(b, BodyFigure | Narrative)]
    text = pdf.words(paper_of(drawn, "blank"))
    assert "Put a number where each injury is" in text
    assert "Whoever adds a number later puts their initials beside it." in text
    assert "Kinds Scrape, Bruise" in text


@pytest.mark.parametrize(
    "name", ["restraint", "first_aid", "incident", "medication_error", "staff_injury", "risk"]
)
def test_an_empty_form_draws_the_body_once_on_a_page_of_its_own(name: str) -> None:
    form = load_form(name)
    maps = [field for field in form.fields().values() if field.type == "body_map"]
    blocks = blank_blocks(form)
    with_figure = [block for block in blocks if of_type([block], BodyFigure)]
    assert len(with_figure) == (1 if maps else 0)
    if not maps:
        return
    assert isinstance(with_figure[0], Whole)
    paper = pdf.pages(blank_form(form, story.HEAD, story.at(7, 0)))
    [page] = [text for text in paper if "Where, left or right" in text]
    for told in ("Front", "Backs of the hands", "Where, left or right", "Kinds"):
        assert told in page
    asked = [row for fields in of_type(blocks, Fields) for row in fields.rows]
    sent = [row for row in asked if "which numbers?" in row.label]
    cards = 2 * sum(field.repeat for field in maps)
    others = [field for field in maps[1:] if not field.repeat]
    assert len(sent) == cards + len(others), "each question sends to the one drawing"


def test_a_drawing_without_a_list_of_kinds_names_none() -> None:
    (last,) = of_type(body_map.to_mark("Drawing"), Grid)
    assert len(last.rows) == 8


# --- a parent's paper ----------------------------------------------------------------------------


def test_a_parent_s_paper_shows_where_and_what_kind_and_no_free_text() -> None:
    value = kept(
        placed("forearm_left", "front", type="bruise", size_1=20, color="by Jonah", note="Jonah"),
        placed("chin", "head_front", type="other", note="Jonah"),
    )
    figure = body_map.small_for_parent(shown(value))
    assert isinstance(figure, BodyFigure)
    assert figure.views == ("front", "back", "head_front")
    told = body_map.said_to_parent(shown(value), CHOICES)
    assert told == "1 Left forearm, front, bruise; 2 Chin"
    assert laid(figure).height < 220
    assert body_map.small_for_parent(shown({"regions": ["wrist"]})) is None


def test_a_parent_s_paper_says_ten_marks_and_counts_the_rest() -> None:
    value = kept(*[placed("forearm_left", "front", type="bruise")] * 14)
    assert body_map.said_to_parent(shown(value), CHOICES).endswith("and 4 more")
