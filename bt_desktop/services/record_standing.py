"""Where a record stands: which signed parts still hold, the state after a signature, what it waits
for. Pure: works on a record that is loaded.

The words are those of design/product.md: *signed* waits for a review where the form asks for one,
*returned* went back to its author, *final* is reviewed, *amended* is final with a later revision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bt_desktop.services.record_check import REMARKS, RESULT, RETURNED_RESULT
from bt_desktop.services.record_parts import REPORT, REVIEW

if TYPE_CHECKING:
    from bt_desktop.services.record_load import Frozen, Loaded

IN_ERROR = "entered_in_error"
KINDS = ("addendum", "correction", "late_entry", IN_ERROR)
REMARK, REMARK_ON = "remark", "remark_on"
DRAFT, SIGNED, RETURNED, FINAL, AMENDED, ERROR = (
    "draft",
    "signed",
    "returned",
    "final",
    "amended",
    "entered in error",
)
Outcome = Literal["returned", "countersigned"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark of a reviewer; `section` is a name, empty for the whole report."""

    section: str
    text: str


def outcome(answers: Mapping[str, Any]) -> Outcome:
    """What a review says of the report."""
    return "returned" if answers.get(RESULT) == RETURNED_RESULT else "countersigned"


def remarks_of(answers: Mapping[str, Any]) -> tuple[Remark, ...]:
    """The remarks of a review, in their order."""
    rows = answers.get(REMARKS)
    return tuple(
        Remark(str(row.get(REMARK_ON) or ""), str(row.get(REMARK) or ""))
        for row in (rows if isinstance(rows, list) else ())
        if row.get(REMARK)
    )


def is_reviewed(loaded: Loaded) -> bool:
    """Whether the newest version of the report is the one that was countersigned."""
    review, report = loaded.frozen.get(REVIEW), loaded.report
    if review is None or report is None or review.in_error:
        return False
    if outcome(review.answers) == "returned":
        return False
    return _looked_at(review, report)


def _looked_at(review: Frozen, report: Frozen) -> bool:
    """Whether that review was made of that version. The first release did not write it down."""
    saw = review.told.get("saw")
    if saw is not None:
        return bool(saw["revision"] == report.row.id)
    return bool(review.row.signed_at >= report.row.signed_at)


def needs_review(loaded: Loaded) -> bool:
    """Whether the record waits for a review: never reviewed, corrected, or amended since."""
    if not loaded.form.asks_review or loaded.report is None:
        return False
    return loaded.row.state in (SIGNED, AMENDED) and not is_reviewed(loaded)


def may_be_reviewed(loaded: Loaded) -> bool:
    """Whether a review could be signed now, asked for or not."""
    offered = REVIEW in loaded.form.parts() and loaded.report is not None
    return offered and loaded.row.state in (SIGNED, AMENDED) and not is_reviewed(loaded)


def state_after(loaded: Loaded, key: str, answers: Mapping[str, Any], kind: str) -> str:
    """The record's state once part `key` is signed with these answers.

    `kind` is that of an amendment, empty for a first signature. `loaded` is as before it.
    """
    state = loaded.row.state
    if key == REPORT:
        if kind == IN_ERROR:
            return ERROR
        if loaded.report is None:
            return SIGNED
        return _amended(loaded, SIGNED if state == RETURNED else state)
    if key == REVIEW:
        return _after_review(loaded, answers, kind)
    return _amended(loaded, state) if kind else state


def _amended(loaded: Loaded, state: str) -> str:
    """Amended is what is final and has a later version: what still waits for its review is not."""
    settled = state == FINAL or (state == SIGNED and not loaded.form.asks_review)
    return AMENDED if settled and loaded.row.state != RETURNED else state


def _after_review(loaded: Loaded, answers: Mapping[str, Any], kind: str) -> str:
    """Final, or back to its author; a review that was entered in error was none."""
    state = loaded.row.state
    if kind == IN_ERROR:
        return AMENDED if state == AMENDED else SIGNED
    if outcome(answers) == "returned":
        return RETURNED
    if state == AMENDED:
        return AMENDED
    return AMENDED if kind and state == FINAL else FINAL
