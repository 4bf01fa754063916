"""The school's copy holds everything, in the order of the form, readable by a stranger."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bt_desktop.paper.content import Block, Fields, Grid, Heading, Narrative, Notice, Signed
from bt_desktop.paper.document import Ink, RecordDocument
from bt_desktop.paper.report import school_blocks, school_copy
from bt_desktop.paper.sections import text_of
from bt_desktop.paper.shown import Sayer, say, say_moment
from tests.paper import pdf, story

NAMED = "Staff named in this record"


def blocks(**changes: Any) -> list[Block]:
    return school_blocks(story.document(**changes), story.mark())


def rows(made: list[Block]) -> dict[str, str]:
    return {
        row.label: text_of(row.value)  # type: ignore[arg-type]  # no blanks stand on a report
        for block in made
        if isinstance(block, Fields)
        for row in block.rows
    }


def headings(made: list[Block]) -> list[str]:
    return [block.text for block in made if isinstance(block, Heading)]


def grid(made: list[Block], heading: str) -> Grid:
    place = next(n for n, b in enumerate(made) if isinstance(b, Heading) and b.text == heading)
    return next(block for block in made[place:] if isinstance(block, Grid))


def cells(of: Grid) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in of.rows]


def with_answers(**answers: Any) -> RecordDocument:
    return story.document(answers={**story.answers(), **answers})


# --- what stands on it ---------------------------------------------------------------------------


def test_it_says_who_when_where_and_what_in_the_form_s_order(school_pdf: bytes) -> None:
    text = pdf.words(school_pdf)
    places = [
        text.index(words)
        for words in (
            "Behavior Emergency Report",
            "Mateo Núñez-Okafor · grade 4 · Thursday, November 12, 2026",
            "Thursday, March 9, 2017 (age 9 at the event)",
            "Physical restraint; Property was damaged; Someone was hurt",
            "Which plan does the student have?",
            "Told to give up or put away an item",
            "Offered choices",
            "10:12 – 10:14 am",
            "Łucja Kowalczyk on the shoulder",
            "Redness",
            "Screen of a tablet",
            "Reached",
            "Signatures",
            "Dana Whitcomb Behavior technician Author of the report Nov 12, 2026, 11:52 am",
            "This copy",
        )
    ]
    assert places == sorted(places)


def test_each_page_has_its_number_the_record_s_and_the_copy_s(school_pdf: bytes) -> None:
    pages = pdf.pages(school_pdf)
    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in page
        assert "BER-2026-0001 · copy 1 of Nov 13, 2026, 9:40 am" in page
        assert "Sealed by the school." in page


def test_the_audit_head_stands_there_as_text_and_as_a_square_code(school_pdf: bytes) -> None:
    text = "".join(pdf.words(school_pdf).split())

    assert story.AUDIT_HEAD in text
    assert story.PAYLOAD in text
    assert story.DIGEST in text


def test_holds_are_a_table_with_minutes_and_a_total() -> None:
    holds = grid(blocks(), "Holds")

    assert [column.head for column in holds.columns][:3] == ["", "Time", "Minutes held"]
    assert [row[1:3] for row in cells(holds)] == [
        ["10:12 – 10:14 am", "2"],
        ["10:16 – 10:19 am", "3"],
    ]
    assert [text_of(cell) for cell in holds.total][1:3] == ["In all", "5"]
    assert "Points of contact: Forearms; Upper arms" in text_of(holds.more[0])
    assert len(holds.columns) <= 7


def test_rules_stand_small_beside_what_they_ask_for(school_pdf: bytes) -> None:
    text = pdf.words(school_pdf)

    for cite in ("EC 56521.1(e)(1)", "EC 56521.1(e)(2)", "EC 56521.1(e)(4)", "EC 56521.1(e)(5)"):
        assert "".join(cite.split()) in "".join(text.split())
    assert "unverified" in text


def test_what_nobody_knows_is_said_with_the_reason() -> None:
    assert rows(blocks())["Date of the behavior plan"] == (
        "Not known – The plan is at the district office."
    )


def test_a_reason_given_stands_with_its_answer() -> None:
    assert "Reason given: Only seen from across the room." in rows(blocks())["Early signs you saw"]


def test_a_reason_given_in_a_row_stands_in_its_row() -> None:
    answers = story.answers()
    answers["monitoring"][0]["$reasons"] = {"breathing": "Seen from the door."}
    assert "Seen from the door." in str(cells(grid(blocks(answers=answers), "Monitoring checks")))


def test_a_prohibited_technique_is_flagged_at_the_top_and_where_it_happened() -> None:
    answers = story.answers()
    answers["holds"][1]["position"] = "prone"
    answers["holds"][1]["technique_facts"] = ["prone"]
    document = story.document(answers=answers)
    made = school_blocks(document, story.mark())

    notices = [block for block in made if isinstance(block, Notice)]
    assert notices[0].strong
    assert "prohibited technique" in notices[0].title
    assert "49005.8(a)(5)" in text_of(notices[0].text)
    text = pdf.words(school_copy(document, story.HEAD, story.mark()))
    assert "▲ Face down (prohibited technique)" in text
    assert "▲ Prohibited technique recorded" in text


def test_signatures_show_ink_name_title_meaning_time_key_and_digest() -> None:
    signed = [
        b for whole in blocks() for b in getattr(whole, "blocks", ()) if isinstance(b, Signed)
    ]

    assert [block.name for block in signed] == ["Dana Whitcomb", "Maria Chen"]
    assert signed[0].ink is not None
    assert signed[0].ink.kind == "drawn"
    assert signed[0].lines[0] == "Behavior technician"
    assert signed[0].small == ("Key ed25519:5f0c11a2", f"Digest {story.DIGEST}")


def test_what_is_not_signed_yet_is_said() -> None:
    text = str([b for b in blocks() if isinstance(b, Narrative)])
    assert "Not signed when this copy was made: follow-up." in text

    unsigned = str([b for b in blocks(signatures=()) if isinstance(b, Narrative)])
    assert "report, nurse check and follow-up" in unsigned


def test_a_colleague_s_statement_stands_under_their_name() -> None:
    made = blocks()

    assert "Statement of Priya Raman, Teacher" in headings(made)
    assert any(
        "Łucja Kowalczyk sat in front of me." in text_of(block.text)
        for block in made
        if isinstance(block, Narrative)
    )


def test_calls_to_the_parent_are_a_log() -> None:
    calls = cells(grid(blocks(), "Parent told"))

    assert calls[0][2:5] == ["Rosa Núñez", "Nov 12, 2026", "10:45 am"]


def test_sections_without_an_answer_and_hidden_lists_are_left_out() -> None:
    made = headings(blocks())

    assert "Seclusion" not in made
    assert "Review by the administrator" not in made
    assert "Debrief: staff" not in made


def test_an_answer_of_one_s_own_is_said_with_its_choice() -> None:
    said = rows(
        school_blocks(with_answers(setting="other", setting_other="Fire drill"), story.mark())
    )

    assert said["What was going on?"] == "Something else: Fire drill"
    assert list(said.values()).count("Fire drill") == 0


def test_what_was_typed_and_not_understood_is_kept_as_typed() -> None:
    said = rows(school_blocks(with_answers(event_began={"$typed": "25:99"}), story.mark()))

    assert said["When did it begin?"] == "“25:99” – as typed; not understood"


def test_facts_of_the_record_come_first() -> None:
    said = rows(blocks(revision=2, state="amended"))
    assert said["Record"] == "BER-2026-0001 · revision 2 · amended"
    assert (said["Reported by"], said["Entered by"]) == ("Dana Whitcomb", "Loretta Haines")

    same = rows(blocks(entered_by="Dana Whitcomb"))
    assert "Entered by" not in same


def test_a_record_entered_in_error_says_so_first() -> None:
    notice = next(b for b in blocks(state="entered in error") if isinstance(b, Notice))

    assert "entered in error" in notice.title


def test_a_draft_says_draft_on_every_page_and_has_no_number_yet() -> None:
    made = school_copy(
        story.document(number=None, state="draft", signatures=(), digest=""),
        story.HEAD,
        story.mark(draft=True, copy_number=0, qr_payload="", audit_head="", audit_seq=None),
    )

    pages = pdf.pages(made)
    assert all("DRAFT" in page for page in pages)
    assert all("not sealed" in page for page in pages)
    assert "Draft without a number" in pages[0]
    assert b"/BTRecord" not in made


def test_a_record_of_nothing_prints() -> None:
    document = RecordDocument(
        number=None, revision=1, state="draft", form=story.form(None), answers={}, people={}
    )

    made = school_copy(document, story.HEAD, story.mark(for_whom="", draft=True))

    assert "Physical intervention report" in pdf.words(made)


def test_a_record_about_a_person_without_a_birth_date_prints() -> None:
    people = story.people()
    people[story.MATEO] = replace(people[story.MATEO], birth_date=None, grade="", age_at_event=None)

    assert "Born" not in rows(blocks(people=people, event_at=None))
    people[story.MATEO] = replace(story.people()[story.MATEO], age_at_event=None)
    assert rows(blocks(people=people))["Born"] == "Thursday, March 9, 2017"


def test_what_was_asked_and_left_blank_is_said() -> None:
    made = [block for block in blocks() if isinstance(block, Fields)]
    told = [text_of(r.value) for b in made for r in b.rows if r.label == "Left blank"]  # type: ignore[arg-type]  # as above
    blank = " ".join(told)

    assert "How severe was it?" in blank
    assert "What was used as a weapon?" not in blank  # was not asked: no weapon was marked


def test_a_blank_with_a_reason_stands_among_the_answers() -> None:
    answers = story.answers()
    answers["$reasons"] = {"severity": "I could not judge it."}

    assert rows(blocks(answers=answers))["How severe was it?"] == (
        "No answer\nReason given: I could not judge it."
    )


def test_somebody_who_is_not_on_file_is_said_to_be() -> None:
    document = with_answers(case_manager="staff:gone", narrative="{@student:gone} ran")

    assert rows(school_blocks(document, story.mark()))["Teacher or case manager"] == (
        "a person not on file"
    )


def test_large_attachments_have_their_size() -> None:
    [line] = story.document().attachments
    big = replace(line, size=3_400_000)

    assert cells(grid(blocks(attachments=(line, big)), "Kept with this record"))[1][2] == "3.4 MB"
    assert "Kept with this record" not in headings(blocks(attachments=()))


def test_long_texts_in_a_row_stand_under_the_table() -> None:
    answers = story.answers()
    answers["other_injuries"][0]["hurt_first_aid"] = "Ice, and rest. " * 40
    made = blocks(answers=answers)

    labels = [block.label for block in made if isinstance(block, Narrative)]
    assert any(label.endswith("· First aid given") for label in labels)


def test_rows_without_both_times_are_told_as_they_are() -> None:
    answers = story.answers()
    answers["holds"][1]["end"] = {"$unknown": "Nobody looked."}
    del answers["holds"][1]["minutes"]
    holds = grid(blocks(answers=answers), "Holds")

    assert holds.total == ()
    assert "Not known – Nobody looked." in str(cells(holds))


# --- the head of the page ------------------------------------------------------------------------


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    lines = b"".join(b"\x00" + b"\x10\x20\x80\xff" * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


def test_a_logo_stands_in_the_head() -> None:
    with_logo = replace(story.HEAD, logo=png(300, 100))

    made = school_copy(story.document(), with_logo, story.mark())

    assert b"/Subtype /Image" in made
    assert "Maple Creek Elementary" in pdf.pages(made)[0]


@pytest.mark.parametrize(
    "logo",
    [
        b"no picture",
        png(3, 3)[:-20],
        png(3, 3)[:40],
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a" + bytes(20),
        png(3, 3).replace(struct.pack(">II", 3, 3), struct.pack(">II", 60_000, 60_000), 1),
    ],
)
def test_a_bad_logo_never_breaks_the_print(logo: bytes) -> None:
    made = school_copy(story.document(), replace(story.HEAD, logo=logo), story.mark())

    assert "Maple Creek Elementary" in pdf.pages(made)[0]


def test_long_names_in_the_head_never_run_into_each_other() -> None:
    head = replace(story.HEAD, school_name="Academy of Everything " * 12, address="Road " * 60)

    first = pdf.pages(school_copy(story.document(), head, story.mark()))[0]

    assert "BER-2026-0001" in first
    assert "…" in first


# --- values --------------------------------------------------------------------------------------


def test_moments_are_said_as_people_say_them() -> None:
    event = story.at(10, 9)
    assert say_moment("2026-11-12T10:16:00-08:00", event) == "10:16 am"
    assert say_moment("2026-11-13T00:05:00-08:00", event) == "Nov 13, 2026, 12:05 am"
    assert say_moment("2026-11-12", event) == "Thursday, November 12, 2026"
    assert say_moment("2026-11-12", event, brief=True) == "Nov 12, 2026"
    assert say_moment("13:05", None) == "1:05 pm"
    assert say_moment("10", event) == "10"
    assert say_moment("99:99", event) == "99:99"
    assert say_moment("2026-13-40", event) == "2026-13-40"


def test_texts_of_a_form_are_said_in_a_language_it_has() -> None:
    assert say({"es": "Hola"}) == "Hola"
    assert say({"en": "Hello", "es": "Hola"}, "es") == "Hola"
    assert (say(None), say(""), say({}), say("Plain")) == ("", "", "", "Plain")


def test_drawings_on_the_body_are_said_in_words() -> None:
    field = story.form().field("injury_map")
    sayer = Sayer(story.document())
    place = {"view": "front", "region": "wrist_right", "x": 0.2, "y": 0.5}
    marks = {"figure": "child", "marks": [{"n": 1, **place, "type": "bruise", "note": "red"}]}

    assert sayer.value(field, {"injury_map": marks}) == "1 Right wrist, front: Bruise, red"
    assert sayer.value(field, {"injury_map": {"regions": ["wrist"]}}) == "wrist"
    unread = sayer.value(field, {"injury_map": {"marks": [{"region": "tail"}]}})
    assert text_of(unread) == "Marked, but what was marked cannot be read."


def test_signed_boxes_and_unknown_objects_are_said() -> None:
    sayer = Sayer(story.document())
    signature = replace(story.form().field("injury_map"), name="s", type="signature")
    odd = replace(story.form().field("narrative"), name="o")

    assert sayer.value(signature, {"s": {"kind": "typed"}}) == "Signed"
    assert sayer.value(odd, {"o": {"a": 1, "$b": 2}}) == "a: 1"
    assert sayer.value(odd, {"o": ["x", "y"]}) == "x; y"
    assert sayer.value(odd, {"o": False}) == "No"
    assert sayer.value(odd, {"o": 3.0}) == "3"
    assert Ink("typed", "x").strokes == ()


def test_the_named_staff_stand_with_title_training_and_whether_it_was_valid() -> None:
    people = story.people()
    people[story.PRIYA] = replace(people[story.PRIYA], training_until=date(2026, 11, 1))
    people[story.TOM] = replace(people[story.TOM], training="CPR")
    told = {row[0]: row[1:] for row in cells(grid(blocks(people=people), NAMED))}
    assert told["Dana Whitcomb"] == ["Behavior technician", "Safety-Care", "Feb 1, 2027"]
    assert told["Priya Raman"][2] == "Nov 1, 2026 (lapsed before the event)"
    assert told["Tom Becker"][1:] == ["CPR", "no end"]
    assert told["Maria Chen"][1:] == ["none on file", ""]


def test_without_named_staff_there_is_no_such_table() -> None:
    assert NAMED not in headings(blocks(people={}))
