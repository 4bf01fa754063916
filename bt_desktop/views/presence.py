"""Somebody is there who touches neither keyboard nor mouse: dictation, a switch, voice control.

What they do through the accessibility interface comes without any event of input, so the window
would be covered in the middle of their work (`shell_idle`). Each of the few ways in which it is
done tells the window of it here.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

ACTED = QEvent.Type.User
"""What a window gets when something in it was pressed or put in, by whatever way."""


def acted(widget: QWidget) -> None:
    """Tell the window of `widget` that somebody did something there. Only a person's deed may call
    this, nothing that happens by itself: it keeps the records from being locked."""
    handle = widget.window().windowHandle()
    if handle is not None:
        QCoreApplication.sendEvent(handle, QEvent(ACTED))
