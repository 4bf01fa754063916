"""`bt-desktop deadlines`: what is due when, for an event told by its facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, program
from tests.services.test_ics import day, ics

FACTS: dict[str, Any] = {
    "event_start": "2026-11-24T10:09:00-08:00",
    "plan": "iep",
    "bip": "none",
    "restraint": True,
    "bell": "15:10",
}


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FACTS), "utf-8")
    return file


@pytest.fixture
def school(tmp_path: Path) -> Path:
    file = tmp_path / "school.ics"
    file.write_bytes(ics(day("20261125", "20261128", "Thanksgiving break")))
    return file


def test_the_deadlines_of_an_event_come_as_json(run: Run, facts: Path, school: Path) -> None:
    said = run("deadlines", "--pack", "us-ca", "--facts", facts, "--calendar", school, "--json")
    assert (said.status, said.err) == (0, "")
    told = json.loads(said.out)
    assert [(t["id"], t["reading"], t["due"]) for t in told] == [
        ("T2", "statute", "2026-11-24T23:59:00-08:00"),
        ("T2", "district", "2026-11-25T10:09:00-08:00"),
        ("T4", "statute", "2026-11-26T23:59:00-08:00"),
        ("T1", "statute", "2026-11-30T15:10:00-08:00"),
        ("T3", "best_practice", "2026-11-30T15:10:00-08:00"),
        ("T4", "district", "2026-12-01T15:10:00-08:00"),
    ]
    assert all({"id", "rule", "cite", "verified", "due", "reading"} <= set(t) for t in told)
    assert not any(t["verified"] or t["fallback_calendar"] for t in told)


def test_without_a_calendar_weekdays_are_counted_and_it_says_so(run: Run, facts: Path) -> None:
    said = run("deadlines", "--pack", "us-ca", "--facts", facts, "--json")
    told = {(t["id"], t["reading"]): t for t in json.loads(said.out)}
    assert told["T1", "statute"]["due"] == "2026-11-25T15:10:00-08:00"
    assert told["T1", "statute"]["fallback_calendar"]
    assert "Monday to Friday" in told["T1", "statute"]["note"]
    assert not told["T4", "statute"]["fallback_calendar"]


def test_a_calendar_without_whole_days_is_an_empty_one(
    run: Run, facts: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.ics"
    empty.write_bytes(ics())
    said = run("deadlines", "--pack", "us-ca", "--facts", facts, "--calendar", empty, "--json")
    assert [t["fallback_calendar"] for t in json.loads(said.out) if t["id"] == "T1"] == [True]


def test_the_report_s_own_moment_starts_the_clock_of_the_meeting(run: Run) -> None:
    later = FACTS | {"ber_written": "2026-11-25T08:00:00-08:00", "bell": None}
    said = run("deadlines", "--pack", "us-ca", "--facts", "-", "--json", stdin=json.dumps(later))
    told = {(t["id"], t["reading"]): t["due"] for t in json.loads(said.out)}
    assert told["T4", "statute"] == "2026-11-27T23:59:00-08:00"
    assert told["T1", "statute"] == "2026-11-25T23:59:00-08:00", "no bell: the day's last minute"


def test_the_offset_follows_the_clocks_of_the_place(run: Run) -> None:
    before = FACTS | {"event_start": "2026-10-30T14:00:00-07:00"}
    said = run("deadlines", "--pack", "us-ca", "--facts", "-", "--json", stdin=json.dumps(before))
    assert "2026-11-02T15:10:00-08:00" in [t["due"] for t in json.loads(said.out)]
    in_utc = FACTS | {"event_start": "2026-10-30T21:00:00Z"}
    said = run("deadlines", "--pack", "us-ca", "--facts", "-", "--json", stdin=json.dumps(in_utc))
    assert "2026-11-02T15:10:00-08:00" in [t["due"] for t in json.loads(said.out)]
    el_paso = {"event_start": "2026-10-30T14:00:00-06:00", "restraint": True}
    said = run("deadlines", "--pack", "us-tx", "--facts", "-", "--json", stdin=json.dumps(el_paso))
    assert "2026-11-02T23:59:00-07:00" in [t["due"] for t in json.loads(said.out)]
    elsewhere = FACTS | {"event_start": "2026-10-30T14:00:00+05:30"}
    said = run(
        "deadlines", "--pack", "us-ca", "--facts", "-", "--json", stdin=json.dumps(elsewhere)
    )
    assert {t["due"][-6:] for t in json.loads(said.out)} == {"+05:30"}
    named = FACTS | {"timezone": "America/Phoenix", "event_start": "2026-10-30T14:00:00-07:00"}
    said = run("deadlines", "--pack", "us-ca", "--facts", "-", "--json", stdin=json.dumps(named))
    assert {t["due"][-6:] for t in json.loads(said.out)} == {"-07:00"}


def test_a_table_for_people(run: Run, facts: Path, school: Path) -> None:
    said = run("deadlines", "--pack", "us-ca", "--facts", facts, "--calendar", school,
               "--now", "2026-11-25T09:00:00-08:00")  # fmt: skip
    assert said.status == 0
    assert "T1  Mon 2026-11-30 15:10 PST  Tell the parent" in said.out
    assert "T2  Tue 2026-11-24 23:59 PST LATE  Complete and sign the report" in said.out
    assert "1 school day · EC 56521.1(e) · statute · not verified" in said.out
    assert "Monday to Friday" not in said.out
    nothing = run("deadlines", "--pack", "us-ca", "--facts", "-",
                  stdin='{"event_start": "2026-11-24T10:09:00-08:00"}')  # fmt: skip
    assert (nothing.status, nothing.out) == (
        0, "No deadline of this pack follows from these facts.\n",
    )  # fmt: skip


def test_late_is_said_in_json_where_it_is_asked(run: Run, facts: Path) -> None:
    said = run("deadlines", "--pack", "us-ca", "--facts", facts, "--json",
               "--now", "2026-11-25T09:00")  # fmt: skip
    late = {(t["id"], t["reading"]): t["late"] for t in json.loads(said.out)}
    assert late["T2", "statute"]
    assert not late["T1", "statute"]


def test_what_was_taken_with_a_doubt_is_told_beside_the_answer(run: Run, tmp_path: Path) -> None:
    odd = tmp_path / "odd.ics"
    odd.write_bytes(ics("SUMMARY:no date", day("20261125")))
    told = json.dumps(FACTS | {"event_start": "2026-11-24T10:09:00", "restrant": "yes"})
    said = run("deadlines", "--pack", "us-ca", "--facts", "-", "--calendar", odd, "--json",
               stdin=told)  # fmt: skip
    assert said.status == 0
    assert "“restrant” is no fact" in said.err
    assert "“restraint”" in said.err
    assert "“event_start” has no offset" in said.err
    assert "1 entry of the calendar" in said.err
    assert "2026-11-26T15:10:00-08:00" in [t["due"] for t in json.loads(said.out)]


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ("", "not JSON"),
        ("[1]", "one JSON object"),
        ("{}", "no moment"),
        ('{"event_start": "soon"}', "event_start"),
        ('{"event_start": "2026-11-24T10:09:00-08:00", "plan": "gifted"}', "plan"),
        ('{"event_start": "2026-11-24T10:09:00-08:00", "restraint": "perhaps"}', "restraint"),
        ('{"event_start": "2026-11-24T10:09:00-08:00", "timezone": "Mars/Base"}', "timezone"),
        ("[" * 100_000, "not JSON"),
        (" " * (1024 * 1024 + 1), "1 MB"),
    ],
    ids=["empty", "list", "nothing", "moment", "plan", "flag", "zone", "deep", "huge"],
)
def test_facts_that_cannot_be_used_are_wrong_use(run: Run, facts: str, word: str) -> None:
    said = run("deadlines", "--pack", "us-ca", "--facts", "-", "--json", stdin=facts)
    assert said.status == 2
    assert word in said.err
    assert said.out == ""


def test_files_that_are_not_there_or_no_calendars_are_wrong_use(
    run: Run, facts: Path, tmp_path: Path
) -> None:
    assert run("deadlines", "--pack", "us-zz", "--facts", facts).status == 2
    assert run("deadlines", "--pack", "us-ca", "--facts", tmp_path / "no.json").status == 2
    gone = run("deadlines", "--pack", "us-ca", "--facts", facts, "--calendar", tmp_path / "no.ics")
    assert (gone.status, "cannot be read" in gone.err) == (2, True)
    no_calendar = run("deadlines", "--pack", "us-ca", "--facts", facts, "--calendar", facts)
    assert (no_calendar.status, "as a calendar" in no_calendar.err) == (2, True)
    assert run("deadlines", "--pack", "us-ca", "--facts", facts, "--now", "noon").status == 2
    assert run("deadlines", "--facts", facts).status == 2


def test_a_pack_whose_rules_are_broken_is_a_finding(run: Run, facts: Path, tmp_path: Path) -> None:
    pack = tmp_path / "us-xx.yaml"
    pack.write_text(
        'pack: us-xx\nversion: "1"\nname: {en: X}\n'
        "deadlines: [{id: A, task: t, label: L, unit: fortnight}]\n",
        "utf-8",
    )
    said = run("deadlines", "--pack", pack, "--facts", facts)
    assert (said.status, "fortnight" in said.err) == (1, True)
    checked = run("forms", "check", pack)
    assert (checked.status, "A: “unit” cannot be “fortnight”" in checked.out) == (1, True)


def test_the_program_itself_answers(facts: Path, school: Path) -> None:
    said = program("deadlines", "--pack", "us-or", "--facts", facts, "--calendar", school, "--json")
    assert said.status == 0
    assert {t["id"] for t in json.loads(said.out)} == {"R1", "R2"}
