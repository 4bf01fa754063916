"""Waiting after wrong tries, seen from the counters alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.security import throttle
from bt_desktop.security.throttle import Attempts

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 300), (9, 900), (19, 900)],
)
def test_the_waits(failures, seconds):
    assert throttle.wait_after(failures) == seconds
    clock = SetClock(NOON)
    tries = Attempts()
    for _ in range(failures):
        tries = throttle.tried(tries, clock)
    assert throttle.remaining(tries, clock) == seconds
    clock.advance(timedelta(seconds=seconds))
    assert throttle.remaining(tries, clock) == 0


def test_waking_from_sleep_counts_the_longer_side():
    """Asleep, the monotonic clock may stand still: what is left on it is still to be waited."""
    clock = SetClock(NOON)
    tries = Attempts(count=5, last=int(NOON.timestamp()), run=throttle.THIS_RUN, ticks=0)
    clock.set(NOON + timedelta(seconds=10))
    assert throttle.remaining(tries, clock) == 20


def test_a_monotonic_clock_that_began_anew_is_not_believed():
    tries = Attempts(count=5, last=int(NOON.timestamp()), run=throttle.THIS_RUN, ticks=50_000)
    assert throttle.remaining(tries, SetClock(NOON + timedelta(seconds=25))) == 5


def test_a_clock_before_1970_is_kept_as_nought():
    tries = throttle.tried(Attempts(), SetClock(datetime(1960, 1, 1, tzinfo=UTC)))
    assert tries.last == 0


def test_set_back_only_matters_while_waiting():
    back = SetClock(NOON - timedelta(days=1))
    assert not throttle.set_back(Attempts(count=1, last=int(NOON.timestamp())), back)
    assert throttle.set_back(Attempts(count=9, last=int(NOON.timestamp())), back)


def test_what_was_reported_is_subtracted_and_no_more():
    tries = Attempts(count=3, last=7, unreported=3, first_unreported=5)
    assert throttle.reported(tries, 2).first_unreported == 7
    assert throttle.reported(tries, 9) == Attempts(count=3, last=7)
