"""A month of a controlled medicine that was lived through once, for all stories about months."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from tests.factory import School
from tests.health.month_kit import Month, over


@pytest.fixture(scope="session")
def lived(founded: School, tmp_path_factory: pytest.TempPathFactory) -> Month:
    """January 2027, lived through; nobody works in it."""
    folder = tmp_path_factory.mktemp("lived") / "vault"
    school = founded.copied_to(folder, SetClock(founded.clock.now()))
    month = Month(school, school.sign_in("maria"))
    month.live()
    school.close()
    return month


@pytest.fixture
def month(lived: Month, tmp_path: Path) -> Iterator[Month]:
    """The same, for one story: the first morning of February, the nurse signed in."""
    school = lived.school.copied_to(tmp_path / "month", SetClock(over()))
    yield Month(school, school.sign_in("maria"), lived.order, lived.lot, dict(lived.doses))
    school.close()
