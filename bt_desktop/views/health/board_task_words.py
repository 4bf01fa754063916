"""What is still to be done about doses, in words."""

from __future__ import annotations

from bt_desktop.services.health.board_model import Line, Task, Unfinished
from bt_desktop.views.health.choices import said
from bt_desktop.views.widgets.when import clock_words, day_words

EFFECTS = (
    ("Helped", False),
    ("Helped a little", False),
    ("No change", False),
    ("Worse", True),
)
"""How an as-needed dose worked, each with whether the student is worse."""


def effect_title(task: Task) -> str:
    """“Mateo Núñez: did Ibuprofen 200 mg tablet help?”."""
    return f"{task.child.name}: did {task.medicine} help?"


def effect_about(task: Task) -> str:
    """“Given at 9:40 am for headache”."""
    symptom = f" for {task.dose.symptom}" if task.dose.symptom else ""
    return f"Given at {clock_words(task.dose.at)}{symptom}"


def parent_title(task: Task) -> str:
    """“Tell a parent of Mateo Núñez: refused”."""
    word = said("outcomes", task.dose.outcome)
    return f"Tell a parent of {task.child.name}: {word[:1].lower()}{word[1:]}"


def parent_about(task: Task) -> str:
    """What speaks, and what to do."""
    return f"{task.medicine}. {task.finding.what} {task.finding.next}"


def missed_title(line: Line) -> str:
    """“Mateo Núñez: Methylphenidate 10 mg tablet”."""
    return f"{line.child.name}: {line.medicine}"


def unfinished_title(one: Unfinished) -> str:
    """“Finish the emergency dose of Kim Lee”."""
    return f"Finish the emergency dose of {one.child.name}"


def unfinished_about(one: Unfinished) -> str:
    """What was written, when, and what is still open."""
    dose = one.dose
    what = dose.medicine_text or "by an order"
    when = f"{day_words(dose.at.date())}, {clock_words(dose.at)}"
    lacks = [] if dose.order_id else ["its order"]
    lacks += [] if dose.parent_called else ["whether a parent knows"]
    return f"{what}, {when}. Still open: {' and '.join((*lacks, 'how it went on'))}."
