"""What every page is handed: the look, the lanes, the clock. No registry, no global."""

from __future__ import annotations

from dataclasses import dataclass

from bt_desktop.clock import Clock
from bt_desktop.views.feedback import Feedback
from bt_desktop.views.tasks import Tasks
from bt_desktop.views.theme import Theme


@dataclass(frozen=True, slots=True)
class Desk:
    """The collaborators of a page that have nothing to do with the records."""

    theme: Theme
    tasks: Tasks
    feedback: Feedback
    clock: Clock


def make_desk(theme: Theme, clock: Clock) -> Desk:
    """A desk whose background problems are reported by its own feedback."""
    feedback = Feedback(theme)
    return Desk(theme, Tasks(feedback.report), feedback, clock)
