"""The board of today in words: the pill of a line, what stands below it, the counts of the day."""

from __future__ import annotations

from bt_desktop.services.health.board_model import Board, Line, State
from bt_desktop.services.names import fold
from bt_desktop.views.health.choices import said
from bt_desktop.views.widgets.when import clock_words

DUE_NOW: tuple[State, ...] = ("overdue", "late", "due")
"""States of a line that is to be given now."""
DONE: tuple[State, ...] = ("given", "not_given")
TONES: dict[State, str] = {
    "overdue": "danger",
    "late": "warn",
    "due": "accent",
    "soon": "plain",
    "later": "plain",
    "given": "ok",
    "not_given": "plain",
    "away": "plain",
    "available": "plain",
    "waits": "warn",
    "full": "plain",
}
_PILLS: dict[State, str] = {
    "overdue": "Overdue",
    "late": "Late",
    "due": "Due now",
    "soon": "Soon",
    "later": "Later",
    "away": "Not here",
    "available": "Available",
    "waits": "Available again",
    "full": "No more today",
}
_NOTHING = (
    "No medicine is ordered for today. An order that is active stands here on its days, with its "
    "times."
)
_NOTHING_YOURS = "Nothing is delegated to you for today. What the nurse delegates stands here."
_NOBODY = "Nobody of that name has a medicine today. Any part of any name will do."


def pill_of(line: Line) -> str:
    """The word of the state: “Overdue”, “Given”, “Refused”."""
    return _PILLS.get(line.state) or _said(line)[0]


def below_state(line: Line) -> str:
    """What is to be known beside the word: when and by whom, when again, how many are left."""
    if line.state == "waits" and line.again_at is not None:
        return f"at {clock_words(line.again_at)}"
    if line.state in DONE:
        return _said(line)[1]
    if line.away:
        return line.away
    if line.state == "available" and line.left_today is not None:
        return f"{line.left_today} left today"
    if line.after_bell and line.record is None:
        return "School ends before that"
    return ""


def _said(line: Line) -> tuple[str, str]:
    """“Given”, “12:04 pm by MC”: the words of a line that is done, in two."""
    if line.record is None:
        return line.words, ""
    word = said("outcomes", line.record.outcome)
    return word, line.words.removeprefix(word).lstrip(", ")


def when_of(line: Line) -> str:
    """“12:00 pm”, “As needed”."""
    return clock_words(line.due_at) if line.due_at is not None else "As needed"


def below_name(line: Line) -> tuple[str, str]:
    """What stands below a name, and its tone: a name alert before allergies."""
    child = line.child
    alert = f"Name alert: {child.alike[0]}" if child.alike else ""
    allergy = _allergies(child.allergies)
    words = " · ".join(part for part in (alert, allergy) if part)
    if alert:
        return words, "warn"
    return words, "danger" if allergy.startswith("Allergy") else "muted"


def are_none(told: str) -> bool:
    """Whether it is written that there are none."""
    return fold(" ".join(told.split())) in (
        "none",
        "none known",
        "no known allergies",
        "nka",
        "nkda",
    )


def _allergies(told: str) -> str:
    said = " ".join(told.split())
    if not said:
        return "Allergies not written down"
    if are_none(said):
        return "No known allergies"
    return f"Allergy: {said}"


def heard(line: Line) -> str:
    """The whole line, as it is said aloud."""
    child = line.child
    parts = (
        child.name,
        f"grade {child.grade}" if child.grade else "",
        f"{line.medicine}, {line.dose}",
        "controlled" if line.controlled else "",
        line.words,
        below_name(line)[0],
    )
    return ", ".join(part for part in parts if part)


def counts_words(board: Board) -> str:
    """“1 overdue · 3 due now · 11 later · 6 done”."""
    count = board.counts
    parts = (
        (count.get("overdue", 0) + count.get("late", 0), "late"),
        (count.get("due", 0), "due now"),
        (count.get("soon", 0) + count.get("later", 0), "later"),
        (count.get("given", 0) + count.get("not_given", 0), "done"),
    )
    return " · ".join(f"{many} {words}" for many, words in parts if many)


def empty_words(board: Board, typed: str, *, reads_all: bool) -> str:
    """Why there is no line."""
    if typed.strip() and (board.scheduled or board.as_needed):
        return _NOBODY
    return _NOTHING if reads_all else _NOTHING_YOURS


def day_notes(board: Board) -> str:
    """No school, or an early bell; blank on a day like any."""
    return board.closed or board.early
