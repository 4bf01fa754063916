"""What stories of the health office's months begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from tests.health.month_kit import Month, over


@pytest.fixture
def month(lived: Month, tmp_path: Path) -> Iterator[Month]:
    """The same, for one story: the first morning of February, the nurse signed in."""
    school = lived.school.copied_to(tmp_path / "month", SetClock(over()))
    yield Month(school, school.sign_in("maria"), lived.order, lived.lot, dict(lived.doses))
    school.close()
