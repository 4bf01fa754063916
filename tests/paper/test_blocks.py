"""Everything typed is printed, as typed, on as many pages as it takes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bt_desktop.paper import blocks, fonts, setting
from bt_desktop.paper.content import (
    Blank,
    Block,
    Choices,
    Column,
    Fields,
    Gap,
    Grid,
    Groups,
    Heading,
    Narrative,
    NewPage,
    Notice,
    Row,
    Signed,
    Span,
    Title,
    ToSign,
    Whole,
)
from bt_desktop.paper.document import Ink
from bt_desktop.paper.layout import Sheet, build
from tests.paper import pdf, story

SHEET = Sheet("BER-2026-0001", ("School's copy", "BER-2026-0001"), "BER-2026-0001", "Sealed.")
PLAIN_MARK = story.mark(qr_payload="")


def printed(*what: Block) -> bytes:
    return build(what, story.HEAD, PLAIN_MARK, SHEET)


# --- text ----------------------------------------------------------------------------------------

HARMLESS = [
    "He said <stop> and <b>",
    "<img src='/etc/passwd'/>",
    "Fish & chips &amp; &lt;tea&gt;",
    "</para><font size=40>",
    "{{ 7*7 }} %s ${x} \\n",
    "A \"quoted\" word, an 'apostrophe'",
    "<!-- -->]]>",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_markup_is_printed_and_never_obeyed(text: str) -> None:
    page = pdf.words(
        printed(
            Heading(text),
            Narrative(text),
            Fields((Row(text, text),)),
            Grid((Column(text),), ((text,),)),
            Notice(text, text),
        )
    )

    # A word may be cut at the end of a line, so the spaces are left out of the comparison.
    assert "".join(page.split()).count("".join(text.split())) >= 7
    assert "root:" not in page


def test_letters_of_the_school_s_languages_are_printed_as_they_are() -> None:
    text = "Łucja Kowalczyk, Nguyễn Gia Huy, Núñez, Şebnem, Петренко, Ελένη, ☐ ☑ ✓ – — … ½"

    assert text in pdf.words(printed(Narrative(text)))


def test_letters_typed_in_pieces_are_put_together() -> None:
    assert "Nguyễn" in pdf.words(printed(Narrative("Nguye\u0302\u0303n")))


def test_what_no_font_has_is_printed_as_its_name() -> None:
    page = pdf.words(printed(Narrative("good 😀 学 \u0091 \x81 \ue000 \ud83d שלום")))

    for name in (
        "[GRINNING FACE]",
        "[CJK UNIFIED IDEOGRAPH-5B66]",
        "[U+0081]",
        "[U+E000]",
        "[U+D83D]",
        "[HEBREW LETTER SHIN][HEBREW LETTER LAMED][HEBREW LETTER VAV][HEBREW LETTER FINAL MEM]",
    ):
        assert "".join(name.split()) in "".join(page.split())


def test_an_emoji_family_is_its_members_and_its_joiners_are_no_boxes() -> None:
    page = pdf.words(printed(Narrative("👩‍👧‍👦 \u2764\ufe0f \ufeffend\u00ad")))

    assert "[WOMAN][GIRL][BOY] [HEAVY BLACK HEART] end" in page


def test_quotes_pasted_from_old_windows_programs_are_quotes() -> None:
    assert "“stop” ‘it’ – now…" in pdf.words(
        printed(Narrative("\x93stop\x94 \x91it\x92 \x96 now\x85"))
    )


def test_newlines_and_spaces_survive() -> None:
    text = "one\r\ntwo\rthree\u2028four\x0bfive\n\n  six\tseven\u2003eight"
    lines = [line.strip() for line in pdf.text(printed(Narrative(text))).split("\n")]

    for line in ("one", "two", "three", "four", "five"):
        assert line in lines
    assert any(line.startswith("six") and line.endswith("seven eight") for line in lines)


def test_forty_thousand_characters_flow_over_pages_and_none_is_lost() -> None:
    words = " ".join(f"word{n}" for n in range(4600))
    assert len(words) > 40_000

    made = printed(Heading("Account"), Narrative(words, "What happened", "EC 1"))

    text = pdf.words(made)
    assert all(f"word{n}" in text for n in range(4600))
    assert 5 < len(pdf.pages(made)) < 20


def test_forty_thousand_characters_without_a_space_are_wrapped() -> None:
    made = printed(Narrative("Wx" * 20_000))

    letters = "".join(pdf.words(made).split())
    assert letters.count("Wx") >= 19_950  # a pair may fall on two lines, with a foot between
    assert letters.count("W") >= 20_000


@pytest.mark.slow
def test_ten_thousand_lines_are_printed() -> None:
    made = printed(Narrative("\n".join(f"l{n}" for n in range(10_000))))

    assert "l9999" in pdf.words(made)


def test_a_cell_higher_than_a_page_is_split_and_whole() -> None:
    words = " ".join(f"w{n}" for n in range(3000))
    heads = (Column("Kept", 1), Column("Told", 3))
    made = printed(
        Title("Table"),
        Grid(heads, (("a", "short"), ("b", words), ("c", "last"))),
        Fields((Row("Long", words), Row("Short", "end"))),
    )

    text = pdf.words(made)
    assert all(text.count(f"w{n} ") >= 1 for n in range(2999))
    assert "last" in text
    assert sum("Kept" in page for page in pdf.pages(made)) > 2  # the head is repeated


def test_a_row_stays_whole_where_it_fits_on_the_next_page() -> None:
    lines = "\n".join(f"line {n}" for n in range(30))
    made = printed(Gap(300), Grid((Column("Head"),), ((lines,), ("after",))))

    first, second = pdf.pages(made)[:2]
    assert "line 0" not in first
    assert "line 0" in second
    assert "line 29" in second


def test_a_heading_never_stands_alone_at_the_foot() -> None:
    for height in range(420, 640, 13):
        made = printed(
            Gap(height),
            Heading("Section", "EC 1"),
            Heading("Part of it", level=2),
            Fields((Row("Label", "Answer"),)),
        )
        page = next(page for page in pdf.pages(made) if "Section" in page)
        assert "Part of it" in page
        assert "Answer" in page


@pytest.mark.parametrize(
    "after",
    [
        Grid((Column("Head"),), (("first row",),)),
        Narrative("first row and more " * 90),
        Narrative("first row", "A label"),
        Notice("first row", "Title"),
        Whole((Signed(None, "first row", ("title",)),)),
        Choices("first row", ("a", "b")),
        Gap(4),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_heading_keeps_the_beginning_of_what_it_heads(after: Block) -> None:
    for height in range(380, 640, 20):
        made = printed(Gap(height), Heading("Section"), after)
        page = next(page for page in pdf.pages(made) if "Section" in page)
        assert "first row" in page or isinstance(after, Gap)


def test_a_heading_keeps_a_row_together_with_the_line_that_is_bound_to_it() -> None:
    table = Grid((Column("Head"), Column("More")), (("first row", "x"),), more=("its line " * 30,))
    for height in range(380, 640, 9):
        made = printed(Gap(height), Heading("Section"), table)
        page = next(page for page in pdf.pages(made) if "Section" in page)
        assert "first row" in page


def test_lines_to_write_on_begin_with_several() -> None:
    lines = (Row("Tell it", Blank(1)), *(Row("", Blank(1)) for _ in range(12)), Row("Next", "x"))
    headed = [type(one).__name__ for one in blocks.flow([Heading("Section"), Fields(lines)])]
    assert headed == ["_Opening", "_Headline", "PaperTable"]
    (table,) = blocks.flow([Fields(lines)])
    assert table.opens_with == 4
    (table,) = blocks.flow([Fields((lines[0], lines[1], lines[-1]))])
    assert table.opens_with == 2


def test_a_line_that_leads_stays_with_the_beginning_of_what_follows() -> None:
    table = Grid((Column("Head"),), (("first row",),))
    for height in range(380, 640, 13):
        made = printed(Gap(height), Heading("Section"), Narrative("Lead", leads=True), table)
        page = next(page for page in pdf.pages(made) if "Section" in page)
        assert "Lead" in page
        assert "first row" in page


def test_what_goes_on_on_the_next_page_begins_without_a_line_above() -> None:
    rows = tuple(Row(f"Question {n}", "Answer") for n in range(80))
    (table,) = blocks.flow([Fields(rows)])
    first, rest = table.split(504, 300)
    assert ("LINEABOVE", 0) not in [(line[0], line[1][1]) for line in rest._linecmds]
    assert [line[0] for line in first._linecmds].count("LINEBELOW") >= 1


def test_the_number_of_a_law_is_not_broken() -> None:
    (table,) = blocks.flow([Fields((Row("Label", "Answer", "EC 56521.1(e) and 34 CFR 99.32"),))])
    said = table._cellvalues[0][0].getPlainText()
    assert "EC\u00a056521.1(e) and 34\u00a0CFR\u00a099.32" in said


def test_a_heading_at_the_end_is_printed() -> None:
    assert "Last words" in pdf.words(printed(Heading("Last words")))


# --- each kind of block --------------------------------------------------------------------------


def test_rich_text_keeps_its_voices_and_its_words(tmp_path: Path) -> None:
    rich = (Span("bold ", bold=True), Span("italic ", italic=True), Span("small", small=True))
    made = printed(Narrative(rich), Fields((Row("Label", rich, "EC 56521"),)))

    assert pdf.words(made).count("bold italic small") == 2
    assert "Label EC 56521" in pdf.words(made)
    assert {row[0].split("-")[-1] for row in pdf.fonts(made, tmp_path)} == {"Regular", "Bold", "It"}


def test_slanted_text_stands_upright_where_the_slanted_font_lacks_a_letter() -> None:
    assert "Ελένη" in pdf.words(
        printed(Title("T", "lead"), Narrative((Span("Ελένη", italic=True),)))
    )


def test_a_table_has_totals_details_and_blank_rows() -> None:
    heads = (Column("", 0.2), Column("Hold", 3), Column("Minutes", 1, figures=True))
    made = printed(
        Grid(
            heads,
            (("1", "Standing", "2"), ("2", "Seated", "3")),
            total=("", "In all", (Span("5"),)),
            more=((Span("Released: calm"),), ""),
        ),
        Grid(heads, (("", "", ""), ("", "", "")), row_lines=3),
    )

    text = " ".join(pdf.text(made).split())
    assert "1 Standing 2 Released: calm 2 Seated 3 In all 5" in text


def test_what_is_empty_prints_nothing() -> None:
    made = printed(Fields(()), Choices("No options", ()), Whole(()))

    assert "No options" in pdf.words(made)


def test_choices_stand_in_as_many_columns_as_fit() -> None:
    short = ("Yes", "No", "Not known", "Other")
    middle = tuple(f"An option of some length, number {n}" for n in range(3))
    long = tuple(f"{'A very long option that needs the width ' * 2} {n}" for n in range(2))
    made = printed(
        Choices("Short", short, "EC 2"), Choices("Middle", middle), Choices("Long", long)
    )

    text = pdf.words(made)
    assert text.count("☐") == 9
    assert "Short EC 2" in text


def test_a_strong_notice_is_marked_without_color() -> None:
    text = pdf.words(printed(Notice("Prone", "Prohibited", strong=True), Notice("Only said")))

    assert "▲ Prohibited Prone" in text
    assert "Only said" in text


def test_lines_to_write_and_to_sign_have_their_labels() -> None:
    made = printed(
        Fields((Row("Kept by", Blank()), Row("Story", Blank(6)))),
        ToSign(("Name", "Signature", "Date")),
        Groups(("ABCDE", "FGHJK", "LMNPQ", "RSTUV", "WXYZ2")),
        Gap(),
    )

    text = pdf.words(made)
    for label in ("Kept by", "Story", "Name", "Signature", "Date", "ABCDE", "WXYZ2"):
        assert label in text


def strokes(made: bytes) -> int:
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(made)) as document:
        return sum(
            str(operation.operator) == "l"
            for page in document.pages
            for operation in pikepdf.parse_content_stream(page)
        )


def test_a_drawn_signature_is_lines_and_a_typed_one_is_its_name() -> None:
    empty = strokes(printed(Signed(None, "Dana", ())))
    drawn = strokes(printed(Signed(story.drawn(), "Dana", ("Technician",), ("Key 1",))))
    typed = pdf.words(printed(Signed(Ink("typed", "Dana W."), "Dana Whitcomb", ())))

    assert drawn - empty == 3 * 12 + 1  # three waves of thirteen points, and a dot
    assert "Dana W. Dana Whitcomb" in typed


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((),),
        (((float("nan"), 1.0, 0.0), (float("inf"), 2.0, 0.0)),),
        (((1e300, -1e300, 0.0), (-1e300, 1e300, 1.0)),),
        (((5.0, 5.0, 0.0),),),
    ],
)
def test_a_strange_drawing_never_breaks_the_print(points: tuple) -> None:  # type: ignore[type-arg]
    ink = Ink("drawn", strokes=points, width=10, height=10)

    assert "Dana" in pdf.words(printed(Signed(ink, "Dana", ())))


def test_what_is_no_block_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="str"):
        blocks.flow(["not a block"])  # type: ignore[list-item]  # the mistake


# --- the PDF itself ------------------------------------------------------------------------------


def test_every_font_is_embedded_and_none_is_helvetica(school_pdf: bytes, tmp_path: Path) -> None:
    rows = pdf.fonts(school_pdf, tmp_path)

    assert rows
    for row in rows:
        assert "SourceSansPro" in row[0]
        assert row[-5] == "yes"  # emb


def test_the_same_input_gives_the_same_bytes() -> None:
    what = (Heading("A"), Narrative("b 😀"), Fields((Row("c", "d"),)))

    assert printed(*what) == printed(*what)


def test_properties_hold_the_number_the_school_and_no_name(parent_pdf: bytes) -> None:
    said = pdf.info(parent_pdf)

    assert "Title:           BER-2026-0001" in said
    assert "Page size:       612 x 792 pts (letter)" in said
    for name in ("Mateo", "Rosa", "Okafor"):
        assert name not in said
    assert b"/Lang (en-US)" in parent_pdf or b"/Lang" in parent_pdf


def test_optional_fonts_are_used_where_they_are_and_a_damaged_one_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import font_source_sans_pro as package

    damaged = tmp_path / "damaged.ttf"
    damaged.write_bytes(b"no font")
    black = package.font_files_ttf["SourceSansProBlack"]
    monkeypatch.setattr(fonts, "_extra_files", lambda: iter([str(damaged), black]))
    known = fonts.ready.__wrapped__()

    [(name, has)] = known.extra
    thin = replace(known, own=frozenset("ab "))
    assert known.italic < known.own
    assert "Ł" in has
    assert thin.for_character("a") == ""
    assert thin.for_character("Ł") == name
    assert thin.for_character("😀") is None
    assert thin.for_character("ש") is None
    assert thin.for_character("क") is None
    monkeypatch.setattr(fonts, "ready", lambda: thin)
    assert fonts.runs("aŁb") == [("", "a"), (name, "Ł"), ("", "b")]
    assert setting.plain("aŁ") == f'a<font name="{name}">Ł</font>'


def test_optional_fonts_are_found_by_the_name_of_their_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from importlib import metadata

    class File:
        def __init__(self, name: str) -> None:
            self.name, self.suffix = name, name[name.rfind(".") :]

        def locate(self) -> str:
            return f"/fonts/{self.name}"

    class Package:
        def __init__(self, name: str, files: list[File] | None) -> None:
            self.metadata, self.files = {"Name": name}, files

    found = [
        Package("fontpkg-noto-sans-thai", [File("NotoSansThai.ttf"), File("OFL.txt")]),
        Package("fontpkg_noto_sans", [File("NotoSans-Italic.ttf"), File("NotoSans.ttf")]),
        Package("fontpkg-noto-sans-empty", None),
        Package("fontpkg-noto-serif", [File("NotoSerif.ttf")]),
    ]
    monkeypatch.setattr(metadata, "distributions", lambda: found)

    assert list(fonts._extra_files()) == ["/fonts/NotoSansThai.ttf", "/fonts/NotoSans.ttf"]


def test_what_is_kept_whole_stays_on_its_page_with_lines_to_sign() -> None:
    signed = Whole((Heading("Signed"), ToSign(("Name", "Date"))))

    assert len(pdf.pages(printed(Narrative("A line."), signed, signed))) == 1


def test_a_page_turns_and_turns_back() -> None:
    made = printed(
        Narrative("Upright."),
        NewPage(lying=True),
        Grid((Column("Wide"),), (("Lying.",),)),
        NewPage(),
        Narrative("Still lying."),
        NewPage(lying=False),
        Narrative("Upright again."),
    )
    said = pdf.run("pdfinfo", "-l", "9", "-", data=made)

    assert re.findall(r"Page +\d size: +(\d+) x", said) == ["612", "792", "792", "612"]


def test_a_row_longer_than_a_lying_page_is_printed_whole() -> None:
    long = " ".join(f"word{n}" for n in range(1500))
    made = printed(NewPage(lying=True), Grid((Column("Note"),), ((long,),)))

    assert all(f"word{n}" in pdf.words(made) for n in (0, 900, 1499))
