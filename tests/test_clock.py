"""A moment is told as the clocks of its own day showed it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bt_desktop.clock import local_at

JUNE = datetime(2026, 6, 1, 17, 4, tzinfo=UTC)
NOVEMBER = datetime.fromisoformat("2026-11-12T13:42:00-08:00")


@pytest.mark.usefixtures("pacific_computer")
def test_a_summer_moment_is_told_by_summer_time_in_november() -> None:
    assert local_at(JUNE, NOVEMBER).isoformat() == "2026-06-01T10:04:00-07:00"


@pytest.mark.usefixtures("pacific_computer")
def test_a_clock_of_another_place_keeps_its_offset() -> None:
    eastern = datetime.fromisoformat("2026-11-12T16:42:00-05:00")
    assert local_at(JUNE, eastern).isoformat() == "2026-06-01T12:04:00-05:00"


def test_a_moment_on_the_clocks_of_the_school_stays_there() -> None:
    school = JUNE.astimezone(ZoneInfo("America/Chicago"))
    assert local_at(school, NOVEMBER) is school
