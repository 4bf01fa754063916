"""An opaque page over everything after some minutes without a key: nothing readable, no names."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from bt_desktop.clock import Clock
from bt_desktop.views.head_reminder import NobodysReminder
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.text import PageTitle, plain_label


class CoverPage(QFrame):
    """Says that the screen is covered and when it locks; `lifted` at any key or click, and by its
    button, for whoever has neither.

    The key that lifts it does nothing else. F9 lifts nothing: `emergency_asked`, to note an
    emergency dose over the cover.
    """

    lifted = Signal()
    emergency_asked = Signal()

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.reminder = NobodysReminder(clock, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownRing", True)
        self.title = PageTitle("Covered", self)
        self.words = plain_label("", "mutedBody", self)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.go_on = SecondaryButton("Go on", self)
        self.go_on.clicked.connect(self.lift)
        self.setFocusProxy(self.go_on)
        self._liftable = True
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(8)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(1)
        column.addWidget(IconLabel(theme, "eye", "accent", 40, self), 0, middle)
        column.addWidget(self.title, 0, middle)
        column.addWidget(self.words)
        column.addSpacing(12)
        column.addWidget(self.go_on, 0, middle)
        column.addSpacing(12)
        column.addWidget(self.reminder, 0, middle)
        column.addStretch(1)
        self.say_idle(15)

    def say_idle(self, locks_after_minutes: int) -> None:
        """The words of the idle cover."""
        self._liftable = True
        self.go_on.show()
        self.title.setText("Covered")
        self.words.setText(
            "Nobody touched this computer for a while, so nothing is shown. Nothing is lost.\n"
            "Press any key to go on. After "
            f"{locks_after_minutes} minutes without a key the records lock by themselves.\n"
            "F9 records an emergency dose and uncovers nothing."
        )
        self.setAccessibleName("Covered. Press any key to go on.")

    def say_locking(self) -> None:
        """The words while the last change is being saved before a lock."""
        self._liftable = False
        self.go_on.hide()
        self.title.setText("Locking…")
        self.words.setText("The last change is being saved.")
        self.setAccessibleName("Locking")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() == Qt.Key.Key_F9 and self._liftable:
            self.emergency_asked.emit()
            return
        self.lift()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.lift()

    def lift(self) -> None:
        """Somebody is there again."""
        if self._liftable:
            self.lifted.emit()
