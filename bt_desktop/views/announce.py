"""Says something to a screen reader at once, without moving the focus (an alert's role)."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, now: bool = True) -> None:
    """Have `text` said: `now`, before anything else that is being said, or after it."""
    # here: roles and kinds of events, two hundred names, are not needed before something is said
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    polite = QAccessible.AnnouncementPoliteness
    event = QAccessibleAnnouncementEvent(widget, text)
    event.setPoliteness(polite.Assertive if now else polite.Polite)
    QAccessible.updateAccessibility(event)
