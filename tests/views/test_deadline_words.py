"""Deadlines in words: by when, how long still, how late, how far, whose reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bt_desktop.services.results.deadlines import DeadlineLine, DueDate, Tries
from bt_desktop.views.deadline_words import (
    by_words,
    deed_words,
    detail,
    edge,
    evidence_words,
    headline,
    late_words,
    place_for,
    short_headline,
)
from tests.services.deadline_kit import PACIFIC

NOW = datetime(2026, 11, 12, 14, 28, tzinfo=PACIFIC)  # a Thursday


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PACIFIC)


def line(due: datetime | None = None, **changes: object) -> DeadlineLine:
    """The parent of Mateo, to be told; today at 3:10 pm unless said else."""
    date = DueDate("d1", due or at(12, 15, 10), "statute", "1 school day", False, False)
    whole = DeadlineLine(
        record_id="r1", rule="T1", task="tell_parent", label="Tell the parent",
        cite="EC 56521.1(e)", why="", dates=(date,), state="open", owner="author",
        owner_name="Dana Whitcomb", who="Mateo N.-O.", title="Behavior Emergency Report",
        number=None, form="restraint", mine=True, ends_by="notice", tries=Tries(0),
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]  # names are checked there


def test_a_day_without_a_time_is_told_as_a_day() -> None:
    meeting = line(at(10, 23, 59), done_at=at(11, 0, 0), done_how="signed", tries=None)
    assert late_words(meeting, NOW) == "Done 1 day late"
    assert detail(meeting, NOW).startswith("Done Nov 11: signed")


def test_home_says_it_as_in_the_drawing():
    assert headline(line(), NOW) == (
        "Mateo N.-O.: parent must be told by 3:10 pm today: 42 minutes left"
    )
    assert headline(line(at(13, 15, 10)), NOW) == (
        "Mateo N.-O.: parent must be told by 3:10 pm tomorrow"
    )
    one = line(tries=Tries(1, "no_answer", at(12, 10, 45)))
    assert detail(one, NOW) == ("1 call logged, no answer 10:45 am · EC 56521.1(e), unverified")
    assert short_headline(line(at(13, 15, 10)), NOW) == "Tell the parent by 3:10 pm tomorrow"
    assert short_headline(line(at(16, 15, 10)), NOW) == "Tell the parent by Mon 3:10 pm"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (at(12, 23, 59), "by the end of today"),
        (at(14, 23, 59), "by the end of Saturday"),
        (at(16, 15, 10), "by 3:10 pm on Monday"),
        (at(20, 12, 30), "by 12:30 pm on Friday, November 20"),
        (at(11, 15, 10), "by 3:10 pm yesterday"),
        (at(9, 15, 10), "by 3:10 pm on Monday"),
        (at(2, 15, 10), "by 3:10 pm on Monday, November 2"),
        (at(4, 15, 10).replace(year=2027), "by 3:10 pm on Thursday, November 4, 2027"),
    ],
)
def test_by_when(due, words):
    assert by_words(due, NOW) == words


def test_the_minutes_count_down_and_then_it_is_late():
    assert headline(line(), at(12, 15, 9)).endswith("1 minute left")
    assert headline(line(), at(12, 15, 9) + timedelta(seconds=30)).endswith(
        "less than a minute left"
    )
    assert headline(line(), at(12, 9)).endswith("by 3:10 pm today: 6 hours left")
    late = headline(line(), at(12, 15, 22))
    assert late == "Mateo N.-O.: parent had to be told by 3:10 pm today. Late by 12 minutes"
    assert headline(line(), at(13, 9)).endswith("yesterday. Late by 17 hours")
    assert headline(line(), at(16, 9)).endswith("Late by 3 days")
    done = line(state="owed", done_at=at(13, 8), done_how="reached")
    assert headline(done, at(16, 9)).endswith("Done 16 hours late")
    assert [edge(line(), now) for now in (NOW, at(12, 15, 11))] == ["warn", "danger"]
    assert edge(line(at(16, 15)), NOW) == ""


def test_tries_are_counted_and_told():
    assert evidence_words(line(), NOW) == "No call logged yet"
    two = line(tries=Tries(2, "message", at(12, 11)))
    assert evidence_words(two, NOW) == "2 tries, not reached yet"
    before = line(tries=Tries(1, "wrong_number", at(11, 16)))
    assert evidence_words(before, NOW) == (
        "1 call logged, the number did not work yesterday 4:00 pm"
    )
    done = line(state="done", done_at=at(12, 10, 50), done_how="reached")
    assert evidence_words(done, NOW) == "Done today 10:50 am: reached"
    assert evidence_words(line(tries=None), NOW) == ""


def test_both_readings_and_what_was_counted_are_said():
    strict = DueDate("a", at(14, 23, 59), "statute", "2 calendar days", True, False)
    custom = DueDate("b", at(16, 15, 10), "district", "2 school days", False, False)
    meeting = line(
        task="schedule_iep", label="Schedule the IEP meeting", dates=(strict, custom),
        ends_by="follow_up", tries=None,
    )  # fmt: skip
    assert headline(meeting, NOW) == (
        "Mateo N.-O.: IEP meeting must be scheduled by the end of Saturday"
    )
    assert detail(meeting, NOW) == ("EC 56521.1(e) · the district's reading: by 3:10 pm on Monday")
    review = line(
        task="review", at_once=True, ends_by="review", tries=None,
        dates=(DueDate("c", at(13, 15, 10), "best_practice", "1 school day", False, True),),
    )  # fmt: skip
    assert detail(review, NOW) == (
        "the rule says immediately · a suggestion, EC 56521.1(e), unverified · "
        "counted Monday to Friday, the school calendar says nothing here"
    )


def test_each_deed_leads_to_its_place():
    assert (deed_words(line()), place_for(line())) == ("Log a call", {})
    assert place_for(line(ends_by="copy")) == {"deed": "parent_copy"}
    assert place_for(line(ends_by="review")) == {"part_key": "review"}
    assert place_for(line(ends_by="report")) == {}
    assert deed_words(line(ends_by="review", mine=False)) == "Open"
    assert deed_words(line(mine=False)) == "Log a call", "whoever reaches the parent logs it"
    assert deed_words(line(may_call=False)) == "Open", "an auditor reads and logs nothing"
    unknown = line(task="something_new", label="Write to the board")
    assert headline(unknown, NOW).startswith("Mateo N.-O.: write to the board by 3:10 pm today")
