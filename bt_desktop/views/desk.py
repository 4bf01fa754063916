"""What every page is handed: the look, the lanes, the clock. No registry, no global."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance

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


class RecordPage(Protocol):
    """What the shell asks of the page of one record: `FormPage(desk, workspace, record_id)`.

    `foot(left, right)` is emitted with what the foot line is to say ("Saved 10:42:07", "BER ·
    California pack 2026.1"); `left_page` when the person wants to go back to the list;
    `other_asked(record_id)` to go to another record. The page has a `banner` of its own.
    """

    foot: SignalInstance
    left_page: SignalInstance
    other_asked: SignalInstance

    def flush(self) -> None:
        """Hand what is typed but not yet saved to the write lane now (before a lock, at the end).

        Must not wait: the shell lets the lane run dry before it locks.
        """
        ...

    def unsaved(self) -> bool:
        """Whether something typed is not acknowledged by the store (asked after a flush)."""
        ...

    def place(self) -> Mapping[str, Any]:
        """Where the person is (section, path, cursor, scrolling): kept in memory while locked."""
        ...

    def restore(self, place: Mapping[str, Any]) -> None:
        """Go back there, once the record is loaded."""
        ...


def make_desk(theme: Theme, clock: Clock) -> Desk:
    """A desk whose background problems are reported by its own feedback."""
    feedback = Feedback(theme)
    return Desk(theme, Tasks(feedback.report), feedback, clock)
