"""What stories in the window share: no dialog may be left unanswered, no answer unasked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bt_desktop.views.feedback import answers_left, clear_answers


@pytest.fixture(autouse=True)
def every_answer_is_asked_for() -> Iterator[None]:
    """The laid-ready answers are used up at the end (the one module-level state of the views)."""
    yield
    left = answers_left()
    clear_answers()
    assert left == 0
