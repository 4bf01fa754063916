"""What a special kind of order asks beside the rest: what is missing or unreadable, by field.

The questions are data (`forms/medication_lists.yaml`). An order on paper that lacks one of the
required answers is not entered; a dose in an emergency is never asked for any of it.
"""

from __future__ import annotations

from datetime import date, time

from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.lists import SpecialField, medication_lists
from bt_desktop.services.health.model import STOCK_SUBJECT, OrderTerms
from bt_desktop.services.results.people import Problem

PREFIX = "special."


def special_problems(terms: OrderTerms) -> tuple[Problem, ...]:
    """What is wrong with the answers of the order's kind; the fields are `special.<key>`.

    A standing order of the school's own stock is for nobody in particular: nothing is required.
    """
    kind = medication_lists().kinds.get(terms.kind)
    if kind is None:
        return ()
    needed = terms.student_id != STOCK_SUBJECT
    found = (_problem(one, terms.special.get(one.key, ""), needed=needed) for one in kind.order)
    return tuple(one for one in found if one is not None)


def _problem(asked: SpecialField, answer: str, *, needed: bool) -> Problem | None:
    field = f"{PREFIX}{asked.key}"
    if not answer.strip():
        if not (asked.required and needed):
            return None
        return Problem(field, "missing", "This kind of order has to say it.")
    try:
        _read(asked, answer)
    except ValueError as wrong:
        return Problem(field, "unreadable", str(wrong))
    return None


def _read(asked: SpecialField, answer: str) -> None:
    """Raise ValueError, with a sentence, for an answer that is none of its kind."""
    codes = {one.code for one in asked.choices}
    if asked.kind == "number":
        read_amount(answer)
    elif asked.kind == "yes_no" and answer not in ("yes", "no"):
        raise ValueError("Choose yes or no.")
    elif (asked.kind == "choice" and answer not in codes) or (
        asked.kind == "choices" and not set(answer.split()) <= codes
    ):
        raise ValueError("Choose from the list.")
    elif asked.kind in ("time", "date"):
        kind = time if asked.kind == "time" else date
        try:
            kind.fromisoformat(answer)
        except ValueError:
            raise ValueError(f"This is no {asked.kind}.") from None
