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
    """Every error, and every warning without a reason, of one part."""
    return tuple(issue for issue in session.issues(part) if issue.severity in ("error", "warning"))


def progress(session: FormSession, part: str) -> Progress:
    """How far a part is."""
    sections = [one for one in session.sections(part) if one.state != "not_applicable"]
    done = sum(one.state == "done" for one in sections)
    missing = sum(1 for issue in session.issues(part) if issue.severity == "error")
    return Progress(missing, done / len(sections) if sections else 0.0)
