"""What still stands between a part and its signature, and how far a draft has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bt_desktop.clock import Clock

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Form
    from bt_desktop.form_engine.issues import Issue
    from bt_desktop.form_engine.session import FormSession


RESULT, RETURNED_RESULT = "review_result", "returned"
"""The question of a review part by which it ends, and the answer that sends the report back."""
REVIEW, REMARKS = "review", "review_remarks"
_BLANK = ("REQUIRED", "REQUIRED_OR_UNKNOWN", "REQUIRED_SAID", "RECOMMENDED")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a part is: `missing` counts answers needed, `share` is 0.0 to 1.0 of its sections."""

    missing: int
    share: float


def session_of(
    form: Form, answers: Mapping[str, Any], clock: Clock, event_has: Collection[str] = ()
) -> FormSession:
    """A form session over these answers, as the window has one. `event_has`: see FormSession."""
    from bt_desktop.form_engine.session import FormSession  # deferred: loads the engine

    return FormSession(form, answers, now=clock.now, event_has=event_has)


def blocking(session: FormSession, part: str) -> tuple[Issue, ...]:
    """Every error, and every warning without a reason, of one part.

    A review that sends the report back needs its remarks; the rest of it can wait until the report
    is as it should be.
    """
    found = tuple(issue for issue in session.issues(part) if issue.severity in ("error", "warning"))
    if part != REVIEW or not _sends_back(session):
        return found
    return tuple(one for one in found if one.section == REMARKS or one.code.name not in _BLANK)


def _sends_back(session: FormSession) -> bool:
    fields = session.form.fields()
    return RESULT in fields and session.view(f"/{RESULT}").value == RETURNED_RESULT


def progress(session: FormSession, part: str) -> Progress:
    """How far a part is."""
    sections = [one for one in session.sections(part) if one.state != "not_applicable"]
    done = sum(one.state == "done" for one in sections)
    missing = sum(1 for issue in session.issues(part) if issue.severity == "error")
    return Progress(missing, done / len(sections) if sections else 0.0)
