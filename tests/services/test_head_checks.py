"""Reminders of head checks: worked out from drafts and clock, for whoever can act on them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bt_desktop.services.head_points import HeadFacts, checks_of, to_remind
from bt_desktop.services.workspace import Workspace
from tests.conftest import PACIFIC
from tests.factory import School
from tests.first_aid import type_part

SEEN = datetime(2026, 11, 12, 10, 15, tzinfo=PACIFIC)


def at(minutes: float) -> datetime:
    return SEEN + timedelta(minutes=minutes)


def row(point: str, minutes: float | None = None) -> dict[str, Any]:
    made = {"head_point": point}
    return made if minutes is None else made | {"head_checked_at": at(minutes).isoformat()}


def facts(*rows: dict[str, Any], over: bool = False) -> HeadFacts:
    return HeadFacts(True, SEEN, rows, over)


def states(of: HeadFacts, now: float) -> list[str]:
    return [f"{c.point} {c.state}" for c in checks_of(of, at(now))]


# --- one report ----------------------------------------------------------------------------------


def test_the_checks_become_due_one_after_the_other() -> None:
    assert states(facts(), 0) == ["0 due", "15 coming", "30 coming", "leaving open"]
    made = facts(row("0", 0))
    assert states(made, 14.9) == ["0 done", "15 coming", "30 coming", "leaving open"]
    assert states(made, 15) == ["0 done", "15 due", "30 coming", "leaving open"]
    assert states(made, 31) == ["0 done", "15 due", "30 due", "leaving open"]


@pytest.mark.parametrize(("minute", "state", "by"), [(15, "done", 0), (20, "done", 0),
                                                     (21, "late", 6), (12, "done", 0)])  # fmt: skip
def test_more_than_five_minutes_is_late(minute: int, state: str, by: int) -> None:
    check = checks_of(facts(row("15", minute)), at(40))[1]
    assert (check.state, check.late_by) == (state, by)


def test_a_row_is_found_by_its_check_wherever_it_stands() -> None:
    of = facts(row("extra", 3), row("30"), row("0", 1), row("30", 31))
    assert [(c.point, c.row) for c in checks_of(of, at(40))] == [
        ("0", 3),
        ("15", 0),
        ("30", 4),
        ("leaving", 0),
    ]


def test_nobody_is_reminded_of_what_was_typed_from_paper_or_of_one_who_left() -> None:
    assert [c.point for c in to_remind(facts(), at(59))] == ["0", "15", "30"]
    assert [c.point for c in to_remind(facts(), at(61))] == ["15", "30"]
    assert to_remind(facts(), at(91)) == ()
    assert to_remind(facts(over=True), at(16)) == ()
    assert to_remind(HeadFacts(True, None, ()), at(16)) == ()
    assert to_remind(HeadFacts(False, SEEN, ()), at(16)) == ()


# --- in the vault --------------------------------------------------------------------------------

BLOW: dict[str, Any] = {
    "/student": "student:s-lucja",
    "/event_date": "11/12/2026",
    "/event_began": "1010",
    "/seen_at": "1015",
    "/head_bump": "unknown",
}


def hurt(school: School, who: str = "dana", **more: Any) -> tuple[Workspace, str]:
    school.clock.set(at(2))
    workspace = school.sign_in(who)
    record = workspace.records.start("first_aid")
    type_part(school, workspace, record, BLOW | {f"/{k}": v for k, v in more.items()})
    return workspace, record


def told(workspace: Workspace) -> list[tuple[str, str, str]]:
    return [(w.who, w.point, f"{w.due:%H:%M}") for w in workspace.head_checks.waiting()]


def test_a_blow_to_the_head_waits_for_three_checks_with_a_short_name(school: School) -> None:
    workspace, record = hurt(school)
    assert told(workspace) == [
        ("Łucja K.", "0", "10:15"),
        ("Łucja K.", "15", "10:30"),
        ("Łucja K.", "30", "10:45"),
    ]
    check = {"/head_checks[1]/head_point": "0", "/head_checks[1]/head_checked_at": "1016"}
    type_part(school, workspace, record, check)
    assert [point for _, point, _ in told(workspace)] == ["15", "30"]


def test_reminders_outlast_a_lock_and_a_restart(school: School) -> None:
    workspace, _ = hurt(school)
    before = told(workspace)
    workspace.lock()
    assert told(school.sign_in("dana")) == before


@pytest.mark.parametrize(("who", "reminded"), [("maria", True), ("priya", False),
                                               ("olga", False), ("amir", False)])  # fmt: skip
def test_a_nurse_is_reminded_of_every_open_report_others_of_their_own(
    school: School, who: str, reminded: bool
) -> None:
    workspace, _ = hurt(school)
    workspace.lock()
    assert bool(told(school.sign_in(who))) is reminded


@pytest.mark.parametrize(
    "end",
    [
        {"head_bump": "no"},
        {"time_out": "1016", "disposition": ["home"]},
        {"disposition": ["ems_transported"]},
    ],
)
def test_there_is_nothing_to_remind_of_without_a_blow_or_after_leaving(
    school: School, end: dict[str, Any]
) -> None:
    workspace, _ = hurt(school, **end)
    assert told(workspace) == []


def test_a_visitor_is_not_named(school: School) -> None:
    workspace, _ = hurt(school, person_type="visitor", visitor_name="Ana Lindqvist")
    assert {who for who, _, _ in told(workspace)} == {"a visitor"}


def test_old_drafts_are_left_alone(school: School) -> None:
    workspace, _ = hurt(school)
    school.clock.set(at(60 * 5))
    assert told(workspace) == []
