"""The bar above and the foot below: search, new report, who is signed in; what is saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.upkeep import QuietWork
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.text import plain_label


class TopBar(QFrame):
    """Search (Ctrl+K), New report (Ctrl+N) and who is signed in. Emits `new_asked`, and
    `password_asked` where the records were opened with a PIN."""

    new_asked = Signal()
    password_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("topbar")
        self.search = SearchLine(
            theme, "Find a student, record or word…", keys="Ctrl+K", parent=self
        )
        self.search.setAccessibleName("Find a student, record or word")
        self.new = ActionButton(
            theme, "New report", icon_name="plus", keys="Ctrl+N", kind="primary", parent=self
        )
        self.new.clicked.connect(self.new_asked)
        self.pin = LinkButton("Type the password", self)
        self.pin.setAccessibleDescription("The records were opened with the PIN")
        self.pin.setToolTip("The records were opened with the PIN")
        self.pin.clicked.connect(self.password_asked)
        self.pin.hide()
        self.name = plain_label("", "whoName", self)
        self.job = plain_label("", "whoTitle", self)
        self._who = QWidget(self)
        who = QVBoxLayout(self._who)
        who.setContentsMargins(0, 0, 0, 0)
        who.setSpacing(0)
        who.addWidget(self.name)
        who.addWidget(self.job)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 9, 24, 9)
        row.setSpacing(16)
        row.addWidget(self.search, 3)
        row.addStretch(4)
        row.addWidget(self.pin)
        row.addWidget(self.new)
        row.addWidget(self._who)
        self.setTabOrder(self.pin, self.new)
        theme.changed.connect(self._size_up)
        self._size_up()

    def show_person(self, name: str, title: str) -> None:
        """Who is signed in."""
        self.name.setText(name)
        self.job.setText(title)
        self.job.setVisible(bool(title))
        self._who.setAccessibleName(f"Signed in: {name}, {title}".rstrip(", "))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._who.setVisible(self.width() >= self._theme.px(620))
        self.new.show_keys(self.width() >= self._theme.px(420))

    def _size_up(self) -> None:
        self.search.setMaximumWidth(self._theme.px(360))
        self.search.setMinimumWidth(self._theme.px(150))


class Foot(QFrame):
    """One line that always tells the truth: what is saved at left, form and pack at right, and
    between them what the program does by itself (`work`)."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self._sign = IconLabel(theme, "check", "ok", 14, self)
        self._left = plain_label("", "footSaved", self)
        self._right = plain_label("", "footText", self)
        self._right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 5, 24, 5)
        row.setSpacing(6)
        row.addWidget(self._sign)
        self.work = QuietWork(self)
        row.addWidget(self._left)
        row.addStretch(1)
        row.addWidget(self.work)
        row.addWidget(self._right)
        self.say_left("")

    def say_left(self, text: str, tone: str = "ok") -> None:
        """What is saved; `tone` ok, warn (not yet) or danger (cannot)."""
        if self._left.text() != text:
            self._left.setText(text)
        self._sign.setVisible(bool(text))
        if self._left.property("tone") != tone:
            self._left.setProperty("tone", tone)
            self._left.style().unpolish(self._left)
            self._left.style().polish(self._left)
            self._sign.show_icon("check" if tone == "ok" else "warn", tone)

    def say_right(self, text: str) -> None:
        """Form and pack."""
        self._right.setText(text)

    def left(self) -> str:
        """What it says about saving."""
        return self._left.text()

    def right(self) -> str:
        """What it says about form and pack."""
        return self._right.text()
