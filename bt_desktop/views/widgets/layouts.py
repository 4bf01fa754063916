"""Layouts brought up to date in one go."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent

LEVELS = 8
"""From an answer's line up to the window; Qt asks each level in a turn of the loop of its own."""


def settle_layouts() -> None:
    """Lay out now what was just changed, all the way up, before it is painted.

    Left to itself, Qt hands the request one level up in each turn of the loop and paints between
    them: a question that gives a line of its height to the next was painted in three places, and
    six keystrokes paid for the first one.
    """
    for _ in range(LEVELS):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
