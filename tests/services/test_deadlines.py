"""Deadlines of real records: they follow the answers, end by evidence, ask why they were late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest

from bt_desktop.clock import SetClock
from bt_desktop.errors import Denied
from bt_desktop.services.problems import (
    CalendarRefused,
    DeadlineNotOver,
    DoneByEvidence,
    NoSuchRecord,
    ReasonNeeded,
)
from bt_desktop.services.results.deadlines import DeadlineLine
from bt_desktop.services.school_days import Day, Term
from bt_desktop.services.workspace import Workspace
from tests.event_kit import sign, written
from tests.factory import PASSWORD, School, fill, ink, notice_rows, signed_report
from tests.services.deadline_kit import DAYS_OFF, TERMS
from tests.services.review_kit import review_answers
from tests.services.test_ics import day, ics

WHY = "The line was busy all afternoon."


def by_rule(lines: tuple[DeadlineLine, ...], rule: str, task: str = "") -> DeadlineLine:
    """The one line of a rule."""
    found = [line for line in lines if line.rule == rule and task in ("", line.task)]
    assert len(found) == 1, [(line.rule, line.task) for line in lines]
    return found[0]


def at(day_: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of November 2026 in California."""
    from tests.services.deadline_kit import PACIFIC

    return datetime(2026, month, day_, hour, minute, tzinfo=PACIFIC)


@pytest.fixture
def with_calendar(school: School) -> School:
    """The school of the event with its calendar entered: terms, days off, a bell at 15:10."""
    office = school.sign_in("tom")
    office.calendar.set_terms(TERMS)
    office.calendar.set_days(DAYS_OFF)
    office.calendar.set_bell(time(15, 10))
    office.lock()
    return school


def begun(school: School, **answers: Any) -> tuple[Workspace, str]:
    """Dana begins a report of a hold on Thursday at 10:09; her workspace and the record."""
    dana = school.sign_in("dana")
    record = dana.records.start()
    told: dict[str, Any] = {
        "what_happened": ["physical_restraint"],
        "student": school.ids["mateo"],
        "event_date": "2026-11-12",
        "event_began": "2026-11-12T10:09:00-08:00",
        "plan_status": "iep",
        "bip_status": "none",
    }
    dana.records.save_draft(record, "report", told | answers)
    return dana, record


# --- following the answers -----------------------------------------------------------------------


def test_a_hold_typed_into_a_draft_starts_the_clocks(with_calendar: School) -> None:
    dana, record = begun(with_calendar)
    lines = dana.deadlines.of_record(record)
    assert {line.rule for line in lines} == {"T1", "T2", "T4"}, "review waits for the signature"
    parent = by_rule(lines, "T1")
    assert parent.due == at(13, 15, 10)
    assert (parent.who, parent.owner, parent.state) == ("Mateo N.-O.", "author", "open")
    assert not parent.dates[0].fallback
    meeting = by_rule(lines, "T4")
    assert [(d.reading, d.due) for d in meeting.dates] == [
        ("statute", at(14, 23, 59)),
        ("district", at(16, 15, 10)),
    ]


def test_the_clocks_move_with_the_answers_and_stop_with_them(with_calendar: School) -> None:
    dana, record = begun(with_calendar)
    answers = dict(dana.records.open(record).answers)
    dana.records.save_draft(
        record, "report", answers | {"event_began": "2026-11-10T10:09:00-08:00"}
    )
    assert by_rule(dana.deadlines.of_record(record), "T1").due == at(12, 15, 10)
    dana.records.save_draft(record, "report", answers | {"bip_status": "bip_iep"})
    assert {line.rule for line in dana.deadlines.of_record(record)} == {"T1", "T2"}
    dana.records.save_draft(record, "report", answers | {"what_happened": ["injury"]})
    assert dana.deadlines.of_record(record) == ()
    dana.records.save_draft(record, "report", answers)
    assert {line.rule for line in dana.deadlines.of_record(record)} == {"T1", "T2", "T4"}


def test_the_clocks_stop_also_where_all_is_taken_back_on_another_day(
    with_calendar: School,
) -> None:
    dana, record = begun(with_calendar)
    assert dana.deadlines.of_record(record)
    dana.lock()
    again = with_calendar.sign_in("dana")
    again.records.save_draft(record, "report", {"narrative": "all else taken back"})
    assert again.deadlines.of_record(record) == ()


def test_typing_what_no_deadline_follows_from_counts_nothing(
    with_calendar: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana, record = begun(with_calendar)
    counted: list[str] = []
    keeper = dana.records.keeper
    whole = keeper.refresh
    monkeypatch.setattr(
        keeper, "refresh", lambda session, which: (counted.append(which), whole(session, which))
    )
    answers = dict(dana.records.open(record).answers)
    for words in ("He ran", "He ran to", "He ran to the door"):
        dana.records.save_draft(record, "report", answers | {"narrative": words})
    assert counted == []
    dana.records.save_draft(record, "report", answers | {"plan_status": "none"})
    assert counted == [record]


@pytest.mark.parametrize(
    ("decided", "dues"),
    [
        (
            {"offenses": ["c", "k"], "consequences": ["suspension"]},
            {"T12": (17, 15, 10), "T13": (18, 15, 10), "T14": (20, 15, 10), "T16": (19, 23, 59)},
        ),
        (
            {"offenses": ["x_a1"], "consequences": ["suspension"]},
            {"T11": (16, 23, 59), "T13": (18, 15, 10), "T14": (20, 15, 10)},
        ),
        ({"offenses": ["f"], "consequences": ["in_school_suspension"]}, {"T15": (16, 23, 59)}),
        ({"offenses": ["f"], "consequences": ["talk"], "suspended_from": None}, {}),
    ],
)
def test_a_suspension_decided_in_a_review_starts_its_clocks(
    with_calendar: School, decided: dict[str, Any], dues: dict[str, tuple[int, int, int]]
) -> None:
    """T11 to T16 of California; of T14, Friday the 20th is day five of five."""
    dana, tom = with_calendar.sign_in("dana"), with_calendar.sign_in("tom")
    record = written(dana, with_calendar)
    sign(dana, record)
    tom.records.begin(record, "review")
    answers = review_answers(with_calendar, tom, record) | {"suspended_from": "2026-11-16"}
    tom.records.save_draft(record, "review", answers | decided)
    sign(tom, record, "review")
    lines = {line.rule: line for line in tom.deadlines.of_record(record)}
    clocks = {rule: line.due for rule, line in lines.items() if rule in SUSPENSION}
    assert clocks == {rule: at(*due) for rule, due in dues.items()}


SUSPENSION = ("T11", "T12", "T13", "T14", "T15", "T16")


def test_answers_that_nobody_can_use_yet_stop_nothing(with_calendar: School) -> None:
    dana, record = begun(with_calendar, event_ended="2026-11-12T09:00:00-08:00")
    assert by_rule(dana.deadlines.of_record(record), "T1").due == at(13, 15, 10)
    dana.records.save_draft(record, "report", {
        "what_happened": ["physical_restraint"], "event_date": {"typed": "soon"},
        "event_began": "soon",
    })  # fmt: skip
    assert dana.deadlines.of_record(record) == ()


def test_a_day_without_a_time_counts_from_its_beginning(with_calendar: School) -> None:
    dana = with_calendar.sign_in("dana")
    record = dana.records.start()
    dana.records.save_draft(
        record, "report", {"what_happened": ["seclusion"], "event_date": "2026-11-12"}
    )
    assert by_rule(dana.deadlines.of_record(record), "T1").due == at(13, 15, 10)


def test_without_a_calendar_weekdays_are_counted_and_it_says_so(school: School) -> None:
    dana, record = begun(school)
    line = by_rule(dana.deadlines.of_record(record), "T1")
    assert line.due == at(13, 23, 59)
    assert line.dates[0].fallback
    assert "Monday to Friday" in dana.calendar.get().missing[0]


def test_the_calendar_moves_every_open_deadline(school: School) -> None:
    dana, record = begun(school)
    office = school.sign_in("tom")
    moved = office.calendar.set_days([Day(date(2026, 11, 13), "no_school", None, "Storm")])
    assert moved == 2, "the parent's day and the district's reading of the meeting"
    line = by_rule(dana.deadlines.of_record(record), "T1")
    assert line.due == at(16, 23, 59)
    assert not line.dates[0].fallback
    assert office.calendar.set_bell(time(14, 45)) == 2
    assert by_rule(dana.deadlines.of_record(record), "T1").due == at(16, 14, 45)
    assert office.calendar.set_days([Day(date(2026, 11, 16), "early", time(12, 30))]) == 1
    assert by_rule(dana.deadlines.of_record(record), "T1").due == at(16, 12, 30)
    assert office.calendar.clear_days([date(2026, 11, 13), date(2026, 11, 16)]) == 2
    assert by_rule(dana.deadlines.of_record(record), "T1").due == at(13, 14, 45)
    assert office.log.verify().holds


# --- done by evidence ----------------------------------------------------------------------------


def test_a_call_without_an_answer_is_a_try_and_a_reached_mother_ends_it(
    with_calendar: School, clock: SetClock
) -> None:
    dana, record = begun(with_calendar)
    first, second = notice_rows(dana, record, with_calendar.ids)
    dana.records.add_notice(record, first)
    line = by_rule(dana.deadlines.of_record(record), "T1")
    assert line.state == "open"
    assert line.tries is not None
    assert (line.tries.count, line.tries.last_outcome) == (1, "no_answer")
    dana.records.add_notice(record, second)
    line = by_rule(dana.deadlines.of_record(record), "T1")
    assert (line.state, line.done_how) == ("done", "reached")
    assert line.done_at is not None
    assert line.done_at.date() == date(2026, 11, 12)
    assert not line.late(clock.now())


def test_a_care_provider_reached_does_not_stand_for_the_parent(with_calendar: School) -> None:
    dana, record = begun(with_calendar, residential_provider="yes")
    assert {line.task for line in dana.deadlines.of_record(record) if line.rule == "T1"} == {
        "tell_parent", "tell_provider",
    }  # fmt: skip
    row = dict(notice_rows(dana, record, with_calendar.ids)[1])
    row.pop("notice_person", None)
    row.pop("notice_interpreter", None)
    row |= {"notice_to": "care_provider", "notice_provider": "Harbor House"}
    dana.records.add_notice(record, row)
    lines = dana.deadlines.of_record(record)
    assert by_rule(lines, "T1", "tell_provider").state == "done"
    assert by_rule(lines, "T1", "tell_parent").state == "open"


def test_signatures_end_the_report_and_start_the_review(with_calendar: School) -> None:
    record = signed_report(with_calendar)
    office = with_calendar.sign_in("tom")
    lines = office.deadlines.of_record(record)
    assert by_rule(lines, "T2").state == "done"
    review = by_rule(lines, "T3")
    assert (review.state, review.owner, review.due) == ("open", "administrator", at(13, 15, 10))
    assert review.mine
    office.records.save_draft(record, "review", review_answers(with_calendar, office, record))
    office.records.sign_part(record, "review", PASSWORD, ink("Tom Becker"))
    assert by_rule(office.deadlines.of_record(record), "T3").state == "done"


def test_a_meeting_is_scheduled_by_the_signed_follow_up_with_its_date(
    with_calendar: School,
) -> None:
    dana = with_calendar.sign_in("dana")
    record = dana.records.start()
    fill(with_calendar, dana, record)
    answers = dict(dana.records.open(record).answers) | {"bip_status": "none"}
    dana.records.save_draft(record, "report", answers)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    office = with_calendar.sign_in("tom")
    line = by_rule(office.deadlines.of_record(record), "T4")
    assert [d.reading for d in line.dates] == ["statute", "district"]
    told = {
        "follow_up_owner": with_calendar.ids["tom"],
        "iep_scheduled_on": "2026-11-12",
        "iep_meeting_on": "2026-11-20",
        "iep_invited": "The team",
        "fba_decision": "not_met",
        "interim_decision": "not_met",
    }
    office.records.save_draft(record, "follow_up", told)
    assert by_rule(office.deadlines.of_record(record), "T4").state == "open", "a draft is no proof"
    office.records.sign_part(record, "follow_up", PASSWORD, ink("Tom Becker"))
    lines = office.deadlines.of_record(record)
    assert by_rule(lines, "T4").state == "done"
    reasons = by_rule(lines, "T4b")
    assert (reasons.state, reasons.due) == ("open", at(20, 23, 59))


def test_a_copy_that_was_asked_for_has_a_clock_and_ends_with_the_paper(
    with_calendar: School, clock: SetClock
) -> None:
    record = signed_report(with_calendar)
    office = with_calendar.sign_in("olga")
    assert office.deadlines.copy_requested(record, at(12, 9))
    line = by_rule(office.deadlines.of_record(record), "T6")
    assert (line.due, line.owner, line.mine) == (at(19, 23, 59), "front_office", True)
    office.copies.release_parent_copy(
        record, with_calendar.ids["rosa"], "Mateo was held for his safety.", []
    )
    line = by_rule(office.deadlines.of_record(record), "T6")
    assert (line.state, line.done_how) == ("done", "copy made")
    clock.advance(timedelta(hours=1))
    assert office.deadlines.copy_requested(record)
    states = sorted(x.state for x in office.deadlines.of_record(record) if x.rule == "T6")
    assert states == ["done", "open"], "a second request is one of its own"


def test_what_happens_outside_is_done_when_somebody_says_when_and_how(
    with_calendar: School, clock: SetClock
) -> None:
    tom = with_calendar.sign_in("tom")
    record = tom.records.start("staff_injury")
    tom.records.save_draft(record, "report", {
        "staff_member": with_calendar.ids["dana"], "event_date": "2026-11-12",
        "event_began": "2026-11-12T10:12:00-08:00", "person_caused": "yes",
    })  # fmt: skip
    lines = tom.deadlines.of_record(record)
    assert {(line.rule, line.task) for line in lines} == {
        ("T10", "tell_police"), ("T18", "claim_form"), ("T18", "employer_report"),
        ("T18", "injury_form"), ("T19", "violence_log"),
    }  # fmt: skip
    police = by_rule(lines, "T10")
    assert police.outside
    assert not by_rule(lines, "T18", "claim_form").outside
    with pytest.raises(ReasonNeeded):
        tom.deadlines.told_done(police.dates[0].id, at(12, 11), "called")
    with pytest.raises(ValueError, match="has come"):
        tom.deadlines.told_done(police.dates[0].id, clock.now() + timedelta(hours=1), WHY)
    tom.deadlines.told_done(police.dates[0].id, at(12, 11), "By phone, case 26-1180, Officer Lee")
    line = by_rule(tom.deadlines.of_record(record), "T10")
    assert (line.state, line.done_at) == ("done", at(12, 11))
    assert "Tom Becker" in line.done_how
    claim = by_rule(tom.deadlines.of_record(record), "T18", "claim_form")
    with pytest.raises(DoneByEvidence):
        tom.deadlines.told_done(claim.dates[0].id, at(12, 11), "Handed over in the office")
    tom.records.save_draft(record, "report", {
        "staff_member": with_calendar.ids["dana"], "event_date": "2026-11-12",
        "event_began": "2026-11-12T10:20:00-08:00", "person_caused": "yes",
    })  # fmt: skip
    assert by_rule(tom.deadlines.of_record(record), "T10").state == "done", "what was said stays"


# --- late ----------------------------------------------------------------------------------------


def test_what_is_open_after_its_time_is_late_and_takes_one_reason(
    with_calendar: School, clock: SetClock
) -> None:
    dana, record = begun(with_calendar)
    line = by_rule(dana.deadlines.of_record(record), "T1")
    with pytest.raises(DeadlineNotOver):
        dana.deadlines.excuse(line.dates[0].id, WHY)
    clock.set(at(13, 15, 11))
    line = by_rule(dana.deadlines.of_record(record), "T1")
    assert line.late(clock.now())
    assert line.needs_reason(clock.now())
    with pytest.raises(ReasonNeeded):
        dana.deadlines.excuse(line.dates[0].id, "busy")
    dana.deadlines.excuse(line.dates[0].id, WHY)
    line = by_rule(dana.deadlines.of_record(record), "T1")
    assert (line.dates[0].late_reason, line.dates[0].late_by) == (WHY, "Dana Whitcomb")
    assert line.state == "open", "a reason is no call"
    assert line.late(clock.now())
    with pytest.raises(DeadlineNotOver):
        dana.deadlines.excuse(line.dates[0].id, "Something else entirely.")
    entries = with_calendar.sign_in("tom").log.entries()
    assert "deadline.excuse" in [entry.action for entry in entries]
    assert not any(WHY in entry.detail for entry in entries)


def test_what_was_done_too_late_is_owed_a_reason(with_calendar: School, clock: SetClock) -> None:
    dana, record = begun(with_calendar)
    clock.set(at(16, 9))
    row = dict(notice_rows(dana, record, with_calendar.ids)[1])
    row |= {"notice_date": "2026-11-16", "notice_time": "08:50:00"}
    dana.records.add_notice(record, row)
    line = by_rule(dana.deadlines.of_record(record), "T1")
    assert line.state == "owed"
    assert [x.rule for x in dana.deadlines.owed()] == ["T1"]
    dana.deadlines.excuse(line.dates[0].id, WHY)
    assert by_rule(dana.deadlines.of_record(record), "T1").state == "done"
    assert dana.deadlines.owed() == ()
    assert "T1" not in [x.rule for x in dana.deadlines.open()]


def test_only_who_sees_to_it_or_an_administrator_says_why(
    with_calendar: School, clock: SetClock
) -> None:
    dana, record = begun(with_calendar)
    clock.set(at(17, 9))
    line = by_rule(dana.deadlines.of_record(record), "T1")
    for who in ("olga", "maria", "priya"):
        other = with_calendar.sign_in(who)
        with pytest.raises((Denied, NoSuchRecord)):
            other.deadlines.excuse(line.dates[0].id, WHY)
    tom = with_calendar.sign_in("tom")
    assert by_rule(tom.deadlines.of_record(record), "T1").may_excuse
    tom.deadlines.excuse(line.dates[0].id, WHY)
    with pytest.raises(NoSuchRecord):
        tom.deadlines.excuse("no-such-deadline", WHY)


def test_a_record_entered_in_error_has_no_deadlines(with_calendar: School) -> None:
    record = signed_report(with_calendar)
    dana = with_calendar.sign_in("dana")
    dana.records.amend(record, "report", "entered_in_error", "This was written twice by mistake.")
    assert dana.deadlines.of_record(record), "an amendment that is being typed moves nothing"
    dana.records.sign_part(record, "report", PASSWORD, ink())
    assert dana.deadlines.of_record(record) == ()
    assert dana.deadlines.open() == ()


def test_an_amendment_starts_no_clock_again(with_calendar: School, clock: SetClock) -> None:
    record = signed_report(with_calendar)
    tom = with_calendar.sign_in("tom")
    before = by_rule(tom.deadlines.of_record(record), "T3").due
    clock.set(at(16, 9))
    dana = with_calendar.sign_in("dana")
    dana.records.amend(record, "report", "addendum", "A witness came forward today.")
    dana.records.sign_part(record, "report", PASSWORD, ink())
    assert by_rule(tom.deadlines.of_record(record), "T3").due == before
    assert by_rule(tom.deadlines.of_record(record), "T2").state == "done"


# --- lists ---------------------------------------------------------------------------------------


def test_everybody_sees_what_is_theirs(with_calendar: School, clock: SetClock) -> None:
    dana, record = begun(with_calendar)
    assert [line.rule for line in dana.deadlines.open()] == ["T2", "T1"]
    assert dana.deadlines.counts().mine == 2
    assert [line.rule for line in dana.deadlines.open(until=at(12, 23, 59))] == ["T2"]
    tom = with_calendar.sign_in("tom")
    assert [line.rule for line in tom.deadlines.open()] == ["T4"]
    assert {line.rule for line in tom.deadlines.open("all")} == {"T1", "T2", "T4"}
    assert {line.rule for line in dana.deadlines.open("all")} == {"T1", "T2", "T4"}
    priya = with_calendar.sign_in("priya")
    assert priya.deadlines.open("all") == ()
    with pytest.raises(NoSuchRecord):
        priya.deadlines.of_record(record)
    clock.set(at(13, 0, 1))
    assert (dana.deadlines.counts().mine, dana.deadlines.counts().late) == (2, 1)


def test_one_s_own_deadlines_go_into_another_calendar_without_a_name(
    with_calendar: School,
) -> None:
    dana, _ = begun(with_calendar)
    data = dana.deadlines.export()
    events = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert {event["DTEND"].dt for event in events} >= {at(13, 15, 10)}
    assert b"Mateo" not in data
    assert b"N.-O." not in data


# --- the calendar --------------------------------------------------------------------------------


def test_a_file_is_looked_into_before_anything_changes(with_calendar: School) -> None:
    tom = with_calendar.sign_in("tom")
    data = ics(
        day("20261111", title="Veterans Day"),
        day("20261120", title="Storm day"),
        day("20260817", title="First day of school"),
        "SUMMARY:no date",
    )
    seen = tom.calendar.look_into(data)
    assert [(e.title, e.take, e.changes) for e in seen.entries] == [
        ("First day of school", False, 1),
        ("Veterans Day", True, 0),
        ("Storm day", True, 1),
    ]
    assert seen.broken == 1
    assert date(2026, 11, 20) not in tom.calendar.get().calendar.days
    tom.calendar.take([e for e in seen.entries if e.take], "school.ics")
    assert tom.calendar.get().calendar.days[date(2026, 11, 20)].label == "Storm day"


def test_what_cannot_be_a_calendar_is_refused(school: School) -> None:
    tom = school.sign_in("tom")
    for terms in (
        [Term(date(2026, 8, 17), date(2026, 8, 1))],
        [Term(date(2026, 8, 17), date(2028, 8, 1))],
        [Term(date(2026, 8, 17), date(2026, 12, 18)), Term(date(2026, 12, 18), date(2027, 6, 1))],
    ):
        with pytest.raises(CalendarRefused):
            tom.calendar.set_terms(terms)
    with pytest.raises(CalendarRefused):
        tom.calendar.set_days([Day(date(2026, 11, 13), "early")])
    assert tom.calendar.get().calendar.empty
    dana = school.sign_in("dana")
    with pytest.raises(Denied):
        dana.calendar.set_bell(time(15, 10))
    with pytest.raises(Denied):
        dana.calendar.look_into(ics())
    assert not dana.calendar.get().may_edit


def test_the_calendar_says_what_is_missing(school: School, clock: SetClock) -> None:
    tom = school.sign_in("tom")
    tom.calendar.set_bell(time(15, 10))
    assert len(tom.calendar.get().missing) == 1
    tom.calendar.set_days(DAYS_OFF)
    assert "No terms" in tom.calendar.get().missing[0]
    tom.calendar.set_terms(TERMS[:1])
    assert "next two months" in tom.calendar.get().missing[0]
    tom.calendar.set_terms(TERMS)
    assert tom.calendar.get().missing == ()
    assert tom.calendar.get().zone == "America/Los_Angeles"
    assert tom.calendar.get().calendar.number_of(clock.now().date()) == 63
