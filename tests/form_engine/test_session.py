"""Filling a form: each rule of behavior has a story."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bt_desktop.form_engine import Code, FormSession, say, try_form
from tests.form_engine.small_form import (
    NOON,
    PACIFIC,
    SMALL,
    codes,
    form_of,
    open_form,
    small_form,
)


@pytest.fixture
def held(session: FormSession) -> FormSession:
    """A hold happened on 12 November, from ten past ten."""
    session.set("/happened", ["hold"])
    session.set("/event_date", "11/12")
    session.set("/began", "1010")
    return session


# -- relevance ------------------------------------------------------------------------------------


def test_what_does_not_apply_stays_in_the_draft_and_reads_as_blank(held: FormSession) -> None:
    held.set("/holds[1]/start", "1012")
    held.set("/holds[1]/end", "1014")
    assert held.view("/minutes_total").value == 2
    held.set("/happened", ["injury"])
    assert not held.view("/holds[1]/start").relevant
    assert held.view("/minutes_total").value == 0
    assert held.answers()["holds"][0]["start"] == "2026-11-12T10:12:00-08:00"
    assert "holds" not in held.final_answers("report")
    assert not {i.path for i in held.issues()} & {"/holds[1]/start", "/holds"}
    held.set("/happened", ["hold"])
    assert held.view("/holds[1]/start").typed == "10:12"
    assert held.view("/minutes_total").value == 2
    assert held.final_answers("report")["holds"][0]["minutes"] == 2


def test_a_question_inside_a_row_applies_by_that_row(held: FormSession) -> None:
    held.add_row("holds")
    held.set("/holds[1]/start", "1012")
    held.set("/holds[1]/end", "1030")
    held.set("/holds[1]/why", "It took long.")
    assert held.view("/holds[1]/why").relevant
    assert not held.view("/holds[2]/why").relevant
    held.set("/holds[1]/end", "1014")
    assert "why" not in held.final_answers()["holds"][0]
    assert held.answers()["holds"][0]["why"] == "It took long."


def test_a_step_names_the_paths_that_changed(held: FormSession) -> None:
    held.set("/holds[1]/start", "1012")
    changed = held.set("/holds[1]/end", "1014")
    assert {"/holds[1]/end", "/holds[1]/minutes", "/minutes_total"} <= changed
    assert "/pulse" not in changed
    assert held.set("/holds[1]/end", "1014") == {"/holds[1]/end"}


def test_why_a_question_is_asked_is_said_in_words(held: FormSession) -> None:
    views = {v.name: v for v in held.sections()}
    assert views["holds"].asked_because == "What happened = A hold"
    assert views["triage"].asked_because == ""
    assert views["nurse"].asked_because == ""
    held.set("/happened", ["injury", "other"])
    views = {v.name: v for v in held.sections()}
    assert views["nurse"].asked_because == "What happened = Someone was hurt"
    assert held.view("/happened_other").asked_because == "What happened = Something else"
    assert held.view("/holds[1]/why").asked_because == ""


def test_reasons_are_joined_and_what_cannot_be_said_simply_is_left_out(tmp_path: Path) -> None:
    text = SMALL.replace(
        "selected(${happened}, 'injury') or count(${holds}) > 1",
        "(selected(${happened}, 'injury') or 'lake' = ${county}) and ${born} = '' "
        "and not(${age} = 3) and ../county = 'lake' and 1 = 1",
    )
    session = open_form(form_of(text, tmp_path))
    session.set("/happened", ["injury"])
    session.set("/county", "lake")
    views = {v.name: v for v in session.sections()}
    assert views["nurse"].asked_because == "What happened = Someone was hurt or County = Lake"


# -- required, not known, reasons -----------------------------------------------------------------


def test_what_is_required_blocks_and_says_what_to_do(held: FormSession) -> None:
    assert ("/holds[1]/start", "REQUIRED_OR_UNKNOWN") in codes(held)
    issue = held.view("/holds[1]/end").issue
    assert issue is not None
    assert issue.sentence == "Hold 1: Hold ended: Say when it ended."
    assert (issue.severity, issue.section, issue.part) == ("error", "holds", "report")
    assert held.view("/holds[1]/start").required


def test_a_required_answer_nobody_knows_is_settled_by_a_reason(held: FormSession) -> None:
    path = "/holds[1]/start"
    held.set_unknown(path, "")
    assert (path, "UNKNOWN_REASON") in codes(held)
    held.set_unknown(path, "Nobody looked at a clock.")
    assert path not in {p for p, _ in codes(held)}
    view = held.view(path)
    assert (view.unknown_reason, view.value, view.typed) == ("Nobody looked at a clock.", None, "")
    assert held.view("/holds[1]/minutes").value is None
    assert held.final_answers()["holds"][0]["start"] == {"$unknown": "Nobody looked at a clock."}
    held.set(path, "1012")
    assert held.view(path).unknown_reason is None


def test_some_answers_cannot_be_not_known(session: FormSession) -> None:
    session.set_unknown("/born", "Nobody knows.")
    assert ("/born", "UNKNOWN_NOT_ALLOWED") in codes(session)


def test_required_without_the_way_out_says_only_to_answer(tmp_path: Path) -> None:
    session = open_form(
        form_of(SMALL.replace("unknown: no", "unknown: no, required: true"), tmp_path)
    )
    assert ("/born", "REQUIRED") in codes(session)


def test_a_recommended_blank_asks_for_a_reason(held: FormSession) -> None:
    path = "/holds[1]/position"
    assert (path, "RECOMMENDED") in codes(held)
    held.set_reason(path, "It changed all the time.")
    assert path not in {p for p, _ in codes(held)}
    assert held.view(path).note == "It changed all the time."
    assert held.answers()["holds"][0]["$reasons"] == {"position": "It changed all the time."}
    assert held.final_answers()["holds"][0]["$reasons"] == {"position": "It changed all the time."}
    held.set_reason(path, " ")
    assert (path, "RECOMMENDED") in codes(held)


def test_required_can_depend_on_another_answer(session: FormSession) -> None:
    session.set("/happened", ["injury"])
    assert not session.view("/pulse").required
    assert "/pulse" in session.set("/seen", "1030")
    assert ("/pulse", "REQUIRED_OR_UNKNOWN") in codes(session)


# -- constraints, warnings, forbidden values ------------------------------------------------------


def test_a_hold_cannot_end_before_it_began(held: FormSession) -> None:
    held.set("/holds[1]/start", "1016")
    held.set("/holds[1]/end", "1006")
    issue = held.view("/holds[1]/end").issue
    assert issue is not None
    assert issue.code is Code.CONSTRAINT
    assert issue.sentence == (
        "Hold 1: Hold ended: The hold cannot end before it began. Correct one of the two times."
    )
    held.set("/holds[1]/start", "1002")
    assert held.view("/holds[1]/end").issue is None


def test_a_constraint_is_never_applied_to_a_blank(session: FormSession) -> None:
    session.set("/happened", ["injury"])
    assert ("/pulse", "CONSTRAINT_PLAIN") not in codes(session)
    session.set("/pulse", "300")
    assert ("/pulse", "CONSTRAINT_PLAIN") in codes(session)
    session.set("/pulse", "")
    assert "/pulse" not in {p for p, _ in codes(session)}


def test_an_unusual_answer_asks_for_a_reason(held: FormSession) -> None:
    held.set("/holds[1]/start", "1012")
    held.set("/holds[1]/end", "1112")
    issue = held.view("/holds[1]/end").issue
    assert issue is not None
    assert (issue.code, issue.severity) == (Code.WARNING, "warning")
    assert issue.sentence.endswith("This hold was long. If it is right as it is, say why.")
    held.set_reason("/holds[1]/end", "The ambulance was late.")
    assert held.view("/holds[1]/end").issue is None
    held.set("/happened", ["hold", "injury"])
    held.set("/cost", "5000")
    assert ("/cost", "WARNING_PLAIN") in codes(held)


def test_a_forbidden_value_can_be_recorded_and_is_always_flagged(held: FormSession) -> None:
    path = "/holds[1]/position"
    held.set(path, "prone")
    assert held.view(path).value == "prone"
    issue = held.view(path).issue
    assert issue is not None
    assert (issue.code, issue.severity) == (Code.PROHIBITED, "warning")
    assert "“Face down” is not allowed here (Rule 5)" in issue.sentence
    held.set_reason(path, "She fell forward.")
    issue = held.view(path).issue
    assert issue is not None
    assert (issue.code, issue.severity) == (Code.PROHIBITED_EXPLAINED, "note")


def test_a_rule_nobody_has_checked_says_so(tmp_path: Path) -> None:
    pack = (
        'pack: p\nversion: "1"\nfields: {county: {cite: Rule 9}}\n'
        'prohibited: {happened: {hold: ""}}\n'
    )
    session = open_form(form_of(SMALL, tmp_path, pack))
    session.set("/happened", ["hold"])
    assert session.view("/county").unverified
    assert not session.view("/town").unverified
    session.set("/holds[1]/position", "prone")
    position, happened = session.view("/holds[1]/position").issue, session.view("/happened").issue
    assert position is not None
    assert happened is not None
    assert "(Rule 5, unverified)" in position.sentence
    assert "“A hold” is not allowed here. If" in happened.sentence


# -- choices --------------------------------------------------------------------------------------


def test_other_opens_its_own_required_text(session: FormSession) -> None:
    assert not session.view("/happened_other").relevant
    assert "/happened_other" in session.set("/happened", ["hold", "other"])
    view = session.view("/happened_other")
    assert (view.relevant, view.required, view.field.other_of) == (True, True, "happened")
    assert say(view.label) == "What happened?: Something else"
    session.set("/happened_other", "A window was left open.")
    assert session.final_answers()["happened_other"] == "A window was left open."


def test_a_form_may_word_its_other_text_itself(tmp_path: Path) -> None:
    text = SMALL.replace(
        "      - {name: event_date",
        "      - {name: happened_other, type: text, label: {en: Which?}}\n"
        "      - {name: event_date",
    )
    form = form_of(text, tmp_path)
    assert say(form.field("happened_other").label) == "Which?"


def test_choices_are_filtered_by_another_answer(session: FormSession) -> None:
    assert session.view("/town").choices == ()
    assert "/town" in session.set("/county", "lake")
    assert [c.name for c in session.view("/town").choices] == ["bay"]
    session.set("/town", "bay")
    session.set("/county", "hill")
    issue = session.view("/town").issue
    assert issue is not None
    assert issue.code is Code.NOT_OFFERED
    assert "“Bay” cannot be chosen" in issue.sentence


def test_a_choice_that_is_no_longer_in_the_list_is_kept_and_named() -> None:
    session = open_form(small_form(), {"county": "moon", "happened": ["hold", "gone"]})
    assert {("/county", "NOT_OFFERED"), ("/happened", "NOT_OFFERED")} <= codes(session)
    assert session.answers()["county"] == "moon"


# -- times of the event ---------------------------------------------------------------------------


def test_a_time_takes_its_date_from_the_event(held: FormSession) -> None:
    held.set("/holds[1]/start", "10.12a")
    assert held.view("/holds[1]/start").value == "2026-11-12T10:12:00-08:00"
    assert "/holds[1]/start" in held.set("/event_date", "11/11")
    assert held.view("/holds[1]/start").value == "2026-11-11T10:12:00-08:00"


def test_a_hold_that_crosses_midnight_ends_on_the_next_day(held: FormSession) -> None:
    held.set("/event_date", "11/11")
    held.set("/began", "2350")
    held.set("/holds[1]/start", "2355")
    held.set("/holds[1]/end", "0005")
    assert held.view("/holds[1]/end").value == "2026-11-12T00:05:00-08:00"
    assert held.view("/holds[1]/minutes").value == 10
    held.add_row("holds")
    held.set("/holds[2]/start", "0015")
    assert held.view("/holds[2]/start").value == "2026-11-12T00:15:00-08:00"
    assert held.view("/holds[2]/since_last").value == 10


def test_a_hold_that_crosses_the_clock_change_is_as_long_as_it_was(held: FormSession) -> None:
    held.set("/event_date", "11/1")
    held.set("/began", "0130")
    held.set("/holds[1]/start", "0150")
    held.set("/holds[1]/end", "0110")
    assert held.view("/holds[1]/end").value == "2026-11-01T01:10:00-08:00"
    assert held.view("/holds[1]/minutes").value == 20
    issue = held.view("/holds[1]/end").issue
    assert issue is not None
    assert (issue.code, issue.severity) == (Code.CLOCK_TWICE, "note")
    held.set("/holds[1]/end", "1:55 -07:00")
    assert held.view("/holds[1]/minutes").value == 5
    assert held.view("/holds[1]/end").typed == "01:55 -07:00"


def test_a_time_that_did_not_exist_is_kept_and_questioned(held: FormSession) -> None:
    held.set("/event_date", "3/8/2026")
    held.set("/began", "0230")
    assert ("/began", "CLOCK_SKIPPED") in codes(held)
    held.set_reason("/began", "The clock on the wall was not set yet.")
    assert ("/began", "CLOCK_SKIPPED") not in codes(held)


def test_a_time_can_be_typed_with_its_own_day(held: FormSession) -> None:
    held.set("/holds[1]/start", "11/10 10:12")
    assert held.view("/holds[1]/start").value == "2026-11-10T10:12:00-08:00"
    assert held.view("/holds[1]/start").typed == "11/10/2026 10:12"
    held.set("/event_date", "11/11")
    assert held.view("/holds[1]/start").value == "2026-11-10T10:12:00-08:00"
    again = open_form(held.form, held.answers())
    assert again.view("/holds[1]/start").typed == "11/10/2026 10:12"
    held.set("/holds[1]/start", "2026-11-10T10:12:00+01:00")
    assert held.view("/holds[1]/start").typed == "11/10/2026 10:12 +01:00"
    again = open_form(held.form, held.answers())
    assert again.answers() == held.answers()
    assert again.view("/holds[1]/start").typed == "11/10/2026 10:12 +01:00"


def test_a_time_typed_before_the_date_waits_for_it(session: FormSession) -> None:
    session.set("/began", "1010")
    assert session.answers()["began"] == "10:10"
    again = open_form(session.form, session.answers())
    again.set("/event_date", "11/10")
    assert again.answers()["began"] == "2026-11-10T10:10:00-08:00"


def test_a_time_typed_with_its_day_keeps_it_while_the_day_of_the_event_is_not_known(
    session: FormSession,
) -> None:
    """Found by random answers: reopened on that day, the draft held the hour alone."""
    session.set("/happened", ["hold"])
    session.set("/began", "11/12/2026 10:10")
    kept = session.answers()
    assert kept["began"].startswith("2026-11-12T10:10")
    again = open_form(session.form, kept)
    assert again.answers()["began"] == kept["began"]
    again.set("/event_date", "11/11")
    assert again.answers()["began"] == kept["began"]


def test_a_typed_offset_waits_for_the_day_of_the_event(session: FormSession) -> None:
    """Found by random answers: reopened, the draft had another moment, an hour off."""
    session.set("/happened", ["hold"])
    session.set("/began", "01:30 -07:00")
    again = open_form(session.form, session.answers())
    assert again.answers() == session.answers()
    for one in (session, again):
        one.set("/event_date", "11/12")
        assert one.answers()["began"] == "2026-11-12T01:30:00-07:00"


def test_a_reopened_time_still_moves_with_the_event(held: FormSession) -> None:
    held.set("/holds[1]/start", "1012")
    again = open_form(held.form, held.answers())
    again.set("/event_date", "11/10")
    assert again.view("/holds[1]/start").value == "2026-11-10T10:12:00-08:00"


@pytest.mark.parametrize("typed", ["25:99", "soon", "11/12", "10:15 10:15"])
def test_what_is_no_time_is_kept_as_it_was_typed(held: FormSession, typed: str) -> None:
    held.set("/holds[1]/start", typed)
    view = held.view("/holds[1]/start")
    assert (view.typed, view.value) == (typed, None)
    assert view.issue is not None
    assert view.issue.code is Code.TIME
    assert typed in view.issue.sentence
    assert held.answers()["holds"][0]["start"] == {"$typed": typed}
    again = open_form(held.form, held.answers())
    assert again.view("/holds[1]/start") == view


# -- texts ----------------------------------------------------------------------------------------


def test_a_long_text_is_kept_to_the_letter(session: FormSession) -> None:
    text = "Łucja 小明 🙂 <b>&\"'</b> <img src='x'>\n\n“quoted”\t" * 900
    assert len(text) > 40_000
    session.set("/happened", ["injury"])
    session.set("/told", text)
    assert session.view("/told").value == text
    session.set("/told", "e\u0301")
    assert session.view("/told").value == "é"
    session.set("/told", "x" * 200_001)
    issue = session.view("/told").issue
    assert issue is not None
    assert issue.code is Code.TOO_LONG
    assert session.view("/told").typed == "x" * 200_001
    assert len(issue.sentence) < 200


def test_read_only_follows_another_answer(session: FormSession) -> None:
    session.set("/happened", ["injury"])
    assert not session.view("/told").read_only
    assert "/told" in session.set("/agreed", True)
    assert session.view("/told").read_only
    assert session.view("/age").read_only
    session.set("/agreed", False)
    assert session.view("/agreed").value is None


def test_what_is_not_answered_by_hand_stays(session: FormSession) -> None:
    assert session.set("/age", "9") == frozenset()
    assert session.set("/hello", "9") == frozenset()
    assert session.set_unknown("/age", "why") == frozenset()
    assert session.answers() == {"holds": [{"$id": "r1"}]}


def test_a_calculation_that_keeps_its_value_keeps_it(session: FormSession) -> None:
    session.set("/county", "lake")
    session.set("/county", "hill")
    assert session.view("/first_seen").value == "lake"
    again = open_form(session.form, session.answers())
    again.set("/county", "")
    assert again.view("/first_seen").value == "lake"
    assert session.view("/first_seen").typed == "lake"


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        ("once(today())", "2026-11-12"),
        ("once(1 + 1)", 2.0),
        ("once(now())", "2026-11-12T12:00:00.000-08:00"),
        ("once(1 = 1)", True),
        ("once(1 div 0)", None),
        ("once('2026-11-12T10:00:00')", "2026-11-12T10:00:00"),
        ("once('plain')", "plain"),
    ],
)
def test_whatever_is_kept_comes_back_as_it_was(tmp_path: Path, expression: str, kept: Any) -> None:
    session = open_form(form_of(SMALL.replace("once(${county})", expression), tmp_path))
    assert session.answers().get("first_seen") == kept
    again = open_form(session.form, session.answers(), now=lambda: NOON + timedelta(days=1))
    assert again.final_answers() == session.final_answers()


def test_a_uuid_is_made_once(tmp_path: Path) -> None:
    session = open_form(
        form_of(SMALL.replace("once(${county})", "concat(${county}, uuid())"), tmp_path)
    )
    made = session.view("/first_seen").value
    session.set("/county", "lake")
    assert session.view("/first_seen").value == made
    assert open_form(session.form, session.answers()).view("/first_seen").value == made


# -- rows -----------------------------------------------------------------------------------------


def test_rows_come_go_move_and_come_back_with_their_answers(held: FormSession) -> None:
    assert held.add_row("holds") == "/holds[2]"
    assert held.add_row("holds", at=1) == "/holds[1]"
    assert held.row_ids("holds") == ("r3", "r1", "r2")
    held.set("/holds[2]/position", "standing")
    assert "/holds[1]/position" in held.move_row("/holds[2]", 1)
    assert held.row_ids("holds") == ("r1", "r3", "r2")
    assert held.view("/holds[1]/place_in_order").value == 1
    assert not held.can_restore
    held.remove_row("/holds[1]")
    assert held.row_ids("holds") == ("r3", "r2")
    with pytest.raises(KeyError):
        held.view("/holds[3]/position")
    assert held.can_restore
    assert held.restore_row() == "/holds[1]"
    assert held.row_ids("holds") == ("r1", "r3", "r2")
    assert held.view("/holds[1]/position").value == "standing"
    with pytest.raises(LookupError):
        held.restore_row()
    assert held.rows("holds") == ("/holds[1]", "/holds[2]", "/holds[3]")
    assert held.paths("holds")[8] == "/holds[2]/start"


def test_a_removed_row_comes_back_at_the_end_when_its_place_is_gone(held: FormSession) -> None:
    held.add_row("holds")
    held.remove_row("/holds[2]")
    held.remove_row("/holds[1]")
    held.restore_row()
    held.undo()
    held.undo()
    held.undo()
    assert held.row_ids("holds") == ("r1", "r2")
    held.remove_row("/holds[2]")
    held.remove_row("/holds[1]")
    assert held.restore_row() == "/holds[1]"
    assert held.restore_row() == "/holds[2]"


def test_a_rule_over_all_rows_follows_rows_that_come_and_go(held: FormSession) -> None:
    assert not held.view("/pulse").relevant
    held.add_row("holds")
    assert held.view("/pulse").relevant
    held.set("/holds[1]/start", "1012")
    held.set("/holds[1]/end", "1014")
    held.set("/holds[2]/start", "1016")
    assert held.view("/holds[2]/since_last").value == 2
    assert "/holds[2]/since_last" in held.set("/holds[1]/end", "1015")
    assert held.view("/holds[2]/since_last").value == 1
    held.set("/holds[1]/end", "1014")
    held.set("/holds[2]/end", "1019")
    assert held.view("/minutes_total").value == 5
    held.remove_row("/holds[1]")
    assert held.view("/minutes_total").value == 3
    assert held.view("/holds[1]/since_last").value is None
    assert not held.view("/pulse").relevant


def test_too_few_and_too_many_rows_are_said(held: FormSession) -> None:
    held.remove_row("/holds[1]")
    assert ("/holds", "TOO_FEW_ROWS") in codes(held)
    assert held.answers()["holds"] == []
    assert open_form(held.form, held.answers()).row_ids("holds") == ()
    for _ in range(5):
        held.add_row("holds")
    found = [i for i in held.issues() if i.path == "/holds"]
    assert [i.sentence for i in found] == ["Holds: at most 4 can be entered. Remove the rest."]


def test_a_row_is_said_in_one_line(held: FormSession) -> None:
    held.set("/holds[1]/start", "1012")
    held.set("/holds[1]/end", "1014")
    held.set("/holds[1]/position", "standing")
    held.set("/holds[1]/staff", ["staff:a", "staff:b"])
    named = FormSession(
        held.form, held.answers(), now=lambda: NOON, person_label=lambda i: f"<{i[-1]}>"
    )
    assert named.row_sentence("/holds[1]") == "Hold 1 · 10:12 · 10:14 · Standing · <a>, <b>"


def test_a_row_says_a_tick_by_its_label(tmp_path: Path) -> None:
    text = SMALL.replace(
        "      - {name: staff, type: staff",
        "      - {name: calm, type: acknowledge, label: {en: Calm}}\n"
        "      - {name: staff, type: staff",
    )
    session = open_form(form_of(text, tmp_path))
    session.set("/happened", ["hold"])
    session.set("/holds[1]/calm", True)
    session.set("/holds[1]/why", "words")
    assert session.row_sentence("/holds[1]") == "Hold 1 · Calm"


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "nowhere",
        "/holds[2]/start",
        "/holds[1]/nowhere",
        "/triage[1]/county",
        "/holds[0]/start",
        "",
        "/start",
    ],
)
def test_a_path_that_does_not_exist_is_a_mistake(session: FormSession, path: str) -> None:
    with pytest.raises(KeyError):
        session.set(path, "x")


@pytest.mark.parametrize("path", ["/holds[2]", "/holds", "/holds[1]/start", "/triage[1]"])
def test_a_row_that_does_not_exist_is_a_mistake(session: FormSession, path: str) -> None:
    with pytest.raises(KeyError):
        session.remove_row(path)
    with pytest.raises(KeyError):
        session.add_row("triage")


# -- undo -----------------------------------------------------------------------------------------


def test_undo_and_redo_go_across_the_whole_form(held: FormSession) -> None:
    held.set("/holds[1]/start", "1012")
    held.add_row("holds")
    held.set("/county", "lake")
    assert held.undo() >= {"/county"}
    assert held.undo() >= {"/holds[1]/start"}
    assert "/holds[1]/start" in held.undo()
    assert held.view("/holds[1]/start").typed == ""
    assert held.can_redo
    held.redo()
    held.redo()
    assert held.row_ids("holds") == ("r1", "r2")
    held.set("/county", "hill")
    assert not held.can_redo
    assert held.redo() == frozenset()
    while held.can_undo:
        held.undo()
    assert held.undo() == frozenset()
    assert held.answers() == {"holds": [{"$id": "r1"}]}


def test_typing_on_is_one_step(session: FormSession) -> None:
    session.set("/happened", ["injury"])
    for n in range(1, 6):
        session.set("/told", "hello"[:n], merge=True)
    session.undo()
    assert session.view("/told").typed == ""
    session.redo()
    assert session.view("/told").typed == "hello"
    session.set("/told", "hello again", merge=True)
    session.undo()
    assert session.view("/told").typed == "hello"


def test_only_so_many_steps_are_remembered(session: FormSession) -> None:
    for n in range(510):
        session.set("/county", "lake" if n % 2 else "hill")
    steps = 0
    while session.can_undo:
        session.undo()
        steps += 1
    assert steps == 500


# -- parts, sections ------------------------------------------------------------------------------


def test_a_part_is_checked_alone(session: FormSession) -> None:
    session.set("/happened", ["injury"])
    session.set("/seen", "1030")
    assert ("/pulse", "REQUIRED_OR_UNKNOWN") in codes(session, "nurse")
    assert {p for p, _ in codes(session, "report")} == {"/event_date"}
    assert session.final_answers("nurse") == {"seen": "10:30"}
    assert [s.name for s in session.sections("nurse")] == ["nurse"]


def test_a_section_tells_how_far_it_is(session: FormSession) -> None:
    def state(name: str) -> tuple[str, int]:
        found = {s.name: s for s in session.sections()}[name]
        return found.state, found.needs

    assert state("triage") == ("not_started", 2)
    assert state("holds") == ("not_applicable", 0)
    session.set("/happened", ["hold"])
    assert state("triage") == ("needs", 1)
    session.set("/event_date", "t")
    assert state("triage") == ("done", 0)
    assert state("holds") == ("not_started", 2)
    session.set("/holds[1]/start", "1012")
    session.set("/holds[1]/end", "1014")
    assert state("holds") == ("in_progress", 0)
    session.set("/holds[1]/position", "standing")
    assert state("holds") == ("done", 0)


def test_what_reads_the_clock_is_judged_at_the_moment(small: Any) -> None:
    moments = [NOON]
    session = open_form(small, now=lambda: moments[0])
    session.set("/event_date", "11/13")
    assert ("/event_date", "CONSTRAINT") in codes(session)
    moments[0] = NOON + timedelta(days=1)
    assert ("/event_date", "CONSTRAINT") not in codes(session)


# -- drafts ---------------------------------------------------------------------------------------


def test_nothing_stored_is_lost_even_what_the_form_does_not_know() -> None:
    draft = {
        "county": "lake",
        "from_a_newer_form": [1, 2],
        "hello": "?",
        "born": "not a date",
        "holds": [
            {"$id": "k1", "start": "10:99", "strange": True},
            {"$id": "k1", "position": "prone"},
            "not a row",
            {"end": {"$typed": "half past"}},
        ],
        "pulse": {"$unknown": "no time"},
        "agreed": False,
        "$reasons": {"county": "so", "town": 3},
    }
    session = open_form(small_form(), draft)
    kept = session.answers()
    assert kept["from_a_newer_form"] == [1, 2]
    assert kept["born"] == {"$typed": "not a date"}
    assert kept["holds"][0] == {"$id": "k1", "start": {"$typed": "10:99"}, "strange": True}
    assert [r["$id"] for r in kept["holds"]] == ["k1", "r1", "r2"]
    assert kept["holds"][2]["end"] == {"$typed": "half past"}
    assert kept["$reasons"] == {"county": "so"}
    assert ("/born", "STORED") in codes(session)
    assert open_form(small_form(), kept).answers() == kept


def test_a_person_field_takes_one_or_several_as_it_says() -> None:
    session = open_form(small_form(), {"happened": ["hold"], "holds": [{"staff": "staff:a"}]})
    assert session.answers()["holds"][0]["staff"] == ["staff:a"]


def test_rows_get_ids_of_their_own(small: Any) -> None:
    session = FormSession(small, now=lambda: NOON)
    session.add_row("holds")
    first, second = session.row_ids("holds")
    assert first
    assert first != second


def test_trying_a_form_tells_all_in_plain_json(small: Any) -> None:
    found = try_form(
        small, {"happened": ["hold"], "born": "2017-03-09", "event_date": "2026-11-12"}, NOON
    )
    assert "/holds[1]/start" in found["relevant"]
    assert "/pulse" not in found["relevant"]
    assert "/holds[1]/start" in found["required"]
    assert found["calculated"]["/age"] == 9
    assert found["calculated"]["/first_seen"] is None
    assert {"path", "code", "severity", "sentence"} == set(found["issues"][0])
    assert ("/holds[1]/start", "required_or_unknown") in {
        (i["path"], i["code"]) for i in found["issues"]
    }


# -- how a place writes ---------------------------------------------------------------------------


def test_a_place_writes_numbers_and_days_its_own_way(small: Any) -> None:
    session = open_form(small, decimal_comma=True, day_first=True)
    session.set("/happened", ["injury"])
    session.set("/cost", "1.234,5")
    assert (session.view("/cost").value, session.view("/cost").typed) == (1234.5, "1234,5")
    session.set("/born", "9.3.2017")
    assert (session.view("/born").value, session.view("/born").typed) == (
        "2017-03-09",
        "09/03/2017",
    )
    session.set("/exact", "11/12/2026 10:15")
    assert session.view("/exact").typed == "11/12/2026 10:15"
    assert session.view("/exact").value == "2026-12-11T10:15:00-08:00"


def test_a_full_moment_shows_its_offset_only_when_it_is_not_the_places(
    session: FormSession,
) -> None:
    session.set("/happened", ["injury"])
    session.set("/exact", "2026-11-12T10:15:00+01:00")
    assert session.view("/exact").typed == "11/12/2026 10:15 +01:00"
    session.set("/exact", session.view("/exact").typed)
    assert session.view("/exact").value == "2026-11-12T10:15:00+01:00"
    session.set("/exact", "11/12 10:15")
    assert session.view("/exact").typed == "11/12/2026 10:15"


def test_the_zone_and_the_calendar_are_passed_in(tmp_path: Path) -> None:
    text = SMALL.replace("once(${county})", "school-days-between('2026-11-12', '2026-11-20')")
    form = form_of(text, tmp_path)
    asked: list[tuple[date, date]] = []

    def school_days(after: date, until: date) -> int:
        asked.append((after, until))
        return 4

    bare = datetime.fromisoformat("2026-11-12T20:00:00+00:00")
    session = FormSession(form, now=lambda: bare, zone=PACIFIC, school_days=school_days)
    assert session.view("/first_seen").value == 4
    assert asked[0] == (date(2026, 11, 12), date(2026, 11, 20))
    session.set("/event_date", "6/1")
    session.set("/began", "1010")
    assert session.view("/began").value == "2026-06-01T10:10:00-07:00"
    assert FormSession(form, now=lambda: bare).view("/first_seen").value == 6


def test_inside_a_row_a_name_is_that_rows(tmp_path: Path) -> None:
    text = SMALL.replace(
        "position(..)",
        "concat(count(${minutes}), '/', count(${holds}), '/', ../minutes, '/', "
        "count(../../county), '/', count(${holds}[./minutes = 2]), '/', string(..))",
    )
    session = open_form(form_of(text, tmp_path))
    session.set("/happened", ["hold"])
    session.set("/event_date", "11/12")
    session.add_row("holds")
    session.set("/holds[1]/start", "1012")
    session.set("/holds[1]/end", "1014")
    assert session.view("/holds[1]/place_in_order").value == "1/2/2/1/1/row"


def test_labels_of_choices_can_be_said(tmp_path: Path) -> None:
    text = SMALL.replace("once(${county})", "jr:choice-name(${happened}, '${happened}')")
    session = open_form(form_of(text, tmp_path))
    assert session.view("/first_seen").value is None
    session.set("/happened", ["hold"])
    assert session.view("/first_seen").value == "A hold"
    session.set("/happened", ["hold", "injury"])
    assert session.view("/first_seen").value == "A hold, Someone was hurt"


def test_a_wall_time_in_a_rule_is_this_places(tmp_path: Path) -> None:
    text = SMALL.replace("once(${county})", "${began} = '2026-11-12T10:10:00'")
    session = open_form(form_of(text, tmp_path))
    session.set("/event_date", "11/12")
    session.set("/began", "1010")
    assert session.view("/first_seen").value is True


def test_one_person_is_not_several(tmp_path: Path) -> None:
    text = SMALL.replace("type: staff, appearance: multiple", "type: staff")
    draft = {"happened": ["hold"], "holds": [{"staff": ["staff:a", "staff:b"]}]}
    session = open_form(form_of(text, tmp_path), draft)
    assert ("/holds[1]/staff", "STORED") in codes(session)


def test_a_blank_that_was_kept_as_text_stays() -> None:
    session = open_form(small_form(), {"began": {"$typed": ""}})
    assert session.answers()["began"] == {"$typed": ""}


def test_an_id_that_is_taken_is_not_given_again(small: Any) -> None:
    ids = iter(["same", "same", "same", "other"])
    session = FormSession(small, now=lambda: NOON, new_id=lambda: next(ids))
    session.add_row("holds")
    assert session.row_ids("holds") == ("same", "other")


def test_a_calculation_may_keep_what_it_made_of_itself(tmp_path: Path) -> None:
    text = SMALL.replace("once(${county})", "once(concat(${first_seen}, ${county}))")
    session = open_form(form_of(text, tmp_path))
    session.set("/county", "lake")
    session.set("/county", "hill")
    assert session.view("/first_seen").value == "lake"


def test_a_signature_of_one_stroke_is_a_signature() -> None:
    session = open_form(small_form(), {"signed": {"strokes": [1]}})
    assert session.view("/signed").value == {"strokes": [1]}


def test_a_repeat_without_rows_is_not_kept(held: FormSession) -> None:
    held.remove_row("/holds[1]")
    assert "holds" not in held.final_answers("report")


def test_a_kept_value_that_none_ever_keeps_is_left_out() -> None:
    for strange in ([1], 2.0**60, {"a": 1}):
        assert "first_seen" not in open_form(small_form(), {"first_seen": strange}).answers()
    assert open_form(small_form(), {"first_seen": 5}).answers()["first_seen"] == 5.0


def test_whatever_begins_or_ends_to_apply_is_named(session: FormSession) -> None:
    assert session.view("/positions").value == 0
    begun = session.set("/happened", ["hold"])
    assert set(session.paths("holds")) <= begun
    assert session.view("/positions").value == 1
    assert set(session.paths("holds")) <= session.set("/happened", ["injury"])
    assert session.view("/positions").value == 0


def test_a_time_that_fits_only_in_the_afternoon_is_suggested(held: FormSession) -> None:
    held.set("/holds[1]/start", "1250")
    held.set("/holds[1]/end", "105")
    issue = held.view("/holds[1]/end").issue
    assert issue is not None
    assert issue.sentence.endswith("Correct one of the two times. Did you mean 13:05?")
    assert held.view("/holds[1]/end").value == "2026-11-12T01:05:00-08:00"
    held.set("/holds[1]/end", "0005")
    issue = held.view("/holds[1]/end").issue
    assert issue is not None
    assert "Did you mean" not in issue.sentence
