"""What can be wrong with a visit. Pure; nothing that happened is refused, only what cannot be."""

from __future__ import annotations

from datetime import datetime, timedelta

from bt_desktop.services.health.problems import VisitRefused
from bt_desktop.services.health.visit_lists import visit_lists
from bt_desktop.services.health.visit_model import NewVisit
from bt_desktop.services.results.people import Problem

LEAST_REASON = 5
MOST_WORDS = 500
AHEAD = timedelta(minutes=5)
"""A clock on the wall and this computer's may differ so much."""
BACK = timedelta(days=31)
"""A paper log is entered within a month."""
WHO = Problem("student", "missing", "Choose the student, or write who it was.")


def visit_problems(new: NewVisit, now: datetime) -> list[Problem]:
    """What is wrong, by field; empty when it can be kept."""
    lists = visit_lists()
    late, before = new.came_at > now + AHEAD, new.left_at is not None
    left = new.left_at or new.came_at
    told = (
        (WHO, new.student_id is None and not new.who.strip()),
        (
            Problem("complaint", "missing", "Write what they came with."),
            not (new.complaint or new.words.strip() or new.care or new.disposition),
        ),
        (Problem("came_at", "future", "That is later than now. Look at the time."), late),
        (
            Problem("came_at", "old", "That is more than a month ago. Look at the day."),
            new.came_at < now - BACK,
        ),
        (
            Problem("left_at", "before", "They left before they came. Look at the times."),
            left < new.came_at,
        ),
        (
            Problem("left_at", "future", "That is later than now. Leave it blank until then."),
            before and left > now + AHEAD and not late,
        ),
    )
    codes = (
        ("complaint", {new.complaint} - {""}, lists.complaints),
        ("care", set(new.care), lists.care),
        ("disposition", {new.disposition} - {""}, lists.dispositions),
    )
    unknown = [
        Problem(field, "unknown", "Choose one of the list.")
        for field, used, known in codes
        if not used <= set(known)
    ]
    return [problem for problem, wrong in told if wrong] + unknown


def refuse(problems: list[Problem]) -> None:
    """Raise VisitRefused where there is any."""
    if problems:
        raise VisitRefused(problems[0].sentence, tuple(problems))


def reason_of(text: str) -> str:
    """A reason as it is kept. Raises VisitRefused for one that says nothing."""
    said = " ".join(text.split())
    if len(said) < LEAST_REASON:
        sentence = "Say in a few words why."
        raise VisitRefused(sentence, (Problem("reason", "short", sentence),))
    return said[:MOST_WORDS]
