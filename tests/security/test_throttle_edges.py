"""The seconds and counts at the edges of throttling, where a small slip would go unnoticed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.security import throttle
from bt_desktop.security.throttle import THIS_RUN, Attempts

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=timezone(timedelta(hours=-8)))


@pytest.fixture
def at_noon() -> SetClock:
    return SetClock(NOON)


def wrong(times: int, clock: SetClock, run: str = "another run") -> Attempts:
    """So many wrong tries at this moment."""
    made = Attempts()
    for _ in range(times):
        made = throttle.tried(made, clock, run=run)
    return made


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 300), (9, 900), (10, 900), (19, 900)],
)
def test_the_waits_are_those_of_the_design(failures: int, seconds: int, at_noon: SetClock) -> None:
    """design/security.md §2.7."""
    assert throttle.wait_after(failures) == seconds
    assert throttle.remaining(wrong(failures, at_noon), at_noon) == float(seconds)


def test_half_a_second_of_the_wait_counts_as_half_a_second(at_noon: SetClock) -> None:
    made = wrong(5, at_noon)
    at_noon.set(NOON + timedelta(seconds=0.5))
    assert throttle.remaining(made, at_noon) == 29.5
    at_noon.set(NOON + timedelta(seconds=30))
    assert throttle.remaining(made, at_noon) == 0.0
    at_noon.set(NOON - timedelta(seconds=1))
    assert throttle.remaining(made, at_noon) == 30.0


def test_the_same_second_is_no_clock_that_was_set_back(at_noon: SetClock) -> None:
    made = wrong(5, at_noon)
    assert not throttle.set_back(made, at_noon)
    at_noon.set(NOON - timedelta(seconds=1))
    assert throttle.set_back(made, at_noon)
    assert not throttle.set_back(wrong(4, SetClock(NOON)), at_noon)


def test_a_wait_begun_again_belongs_to_this_run(at_noon: SetClock) -> None:
    again = throttle.restarted(wrong(5, at_noon), at_noon)
    assert again.run == THIS_RUN
    assert throttle.restarted(again, at_noon, run="third").run == "third"
    assert throttle.remaining(again, at_noon) == 30.0


def test_a_try_remembers_the_ticks_of_its_run(at_noon: SetClock) -> None:
    made = wrong(5, at_noon, THIS_RUN)
    assert made.ticks == int(at_noon.monotonic() * 1000)
    assert (made.count, made.unreported) == (5, 5)
    assert made.last == made.former == made.first_unreported == int(NOON.timestamp())


def test_a_try_that_did_not_count_leaves_nothing(at_noon: SetClock) -> None:
    assert throttle.forgiven(wrong(1, at_noon)) == Attempts()
    assert throttle.forgiven(Attempts()) == Attempts()
    two = throttle.forgiven(wrong(2, at_noon))
    assert (two.count, two.unreported) == (1, 1)
    assert two.first_unreported == int(NOON.timestamp())


def test_the_right_password_leaves_only_what_is_still_to_be_told(at_noon: SetClock) -> None:
    first = throttle.tried(Attempts(last=7), at_noon)
    assert throttle.succeeded(first) == Attempts()
    third = throttle.succeeded(wrong(3, at_noon))
    assert (third.count, third.unreported) == (0, 2)


def test_the_twentieth_try_is_the_last() -> None:
    assert not Attempts(count=19).exhausted
    assert Attempts(count=20).exhausted


def test_what_was_told_to_the_trail_is_not_told_again(at_noon: SetClock) -> None:
    made = wrong(3, at_noon)
    assert throttle.reported(made, 3).unreported == 0
    assert throttle.reported(made, 3).first_unreported == 0
    assert throttle.reported(made, 9).unreported == 0
    assert throttle.reported(made, 1).unreported == 2
    assert throttle.reported(made, 1).first_unreported == made.last


class Ticking(SetClock):
    """A clock whose run has lasted a while: setting its time does not move its ticks."""

    ticks = 400.0

    def monotonic(self) -> float:
        return self.ticks


def test_setting_the_clock_forward_within_a_run_shortens_nothing() -> None:
    clock = Ticking(NOON)
    made = wrong(5, clock, THIS_RUN)
    assert made.ticks == 400_000
    clock.set(NOON + timedelta(hours=1))
    assert throttle.remaining(made, clock) == 30.0
    clock.ticks += 12
    assert throttle.remaining(made, clock) == 18.0
    assert throttle.remaining(made, clock, run="after a restart") == 0.0
