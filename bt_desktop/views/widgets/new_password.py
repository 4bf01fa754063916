"""A new password: typed twice, judged in words while it is typed, or a passphrase to take."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import PasswordLine
from bt_desktop.views.widgets.text import Muted

Judge = Callable[[str, tuple[str, ...]], tuple[str, ...]]


class NewPassword(QWidget):
    """Two password boxes. `judge(password, names)` gives the problems, `offer()` a passphrase.

    Both run on the worker. `good()` is True once the password will do and both boxes agree.
    `judged` is emitted when a verdict came.
    """

    judged = Signal()

    def __init__(
        self, desk: Desk, judge: Judge, offer: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._judge, self._offer = desk, judge, offer
        self._names: Callable[[], tuple[str, ...]] = tuple
        self._verdict: tuple[str, tuple[str, ...]] | None = None
        # Made within this widget and in this order: so Tab reaches them.
        self.first = PasswordLine(self)
        self.frame = FieldFrame(
            desk.theme,
            "Password",
            self.first,
            hint="At least 12 characters. Several words that do not belong together are best.",
            required=True,
            parent=self,
        )
        self.offered = LinkButton("Offer me a passphrase", self)
        self.offered.clicked.connect(self.take_offer)
        self.again = PasswordLine(self)
        self.frame_again = FieldFrame(
            desk.theme, "The same again", self.again, required=True, parent=self
        )
        self._advice = Muted("", self)
        self._advice.hide()
        row = QHBoxLayout()
        row.addWidget(self.offered)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.frame)
        column.addLayout(row)
        column.addWidget(self._advice)
        column.addWidget(self.frame_again)
        self.first.changed.connect(self._judge_now)
        self.again.changed.connect(self._compare)

    def set_names(self, names: Callable[[], tuple[str, ...]]) -> None:
        """Where to ask for the names that must not carry the password."""
        self._names = names

    def text(self) -> str:
        """The password."""
        return self.first.text()

    def clear(self) -> None:
        """Empty both boxes."""
        self.first.clear()
        self.again.clear()
        self._advice.hide()

    def good(self) -> bool:
        """Whether it will do; says in place what is missing."""
        typed = self.first.text()
        if not typed:
            self.frame.say("Choose a password.")
            return False
        if self._verdict is None or self._verdict[0] != typed:
            self._show(typed, self._judge(typed, self._names()))
        if self._verdict is None or self._verdict[1]:
            self.first.setFocus()
            return False
        if self.again.text() != typed:
            self.frame_again.say("The two are not the same. Type it once more.")
            self.again.setFocus()
            return False
        return True

    @Slot()
    def take_offer(self) -> None:
        """Put a random passphrase into the first box, in plain sight."""

        def show(words: str) -> None:
            self.first.setText(words)
            self.first.reveal()
            self._advice.setText(
                "Write it on paper until you know it by heart, and keep the paper on you. "
                "Type it again below."
            )
            self._advice.show()
            self.again.clear()
            self.again.setFocus()

        self._desk.tasks.run(self, self._offer, show)

    @Slot()
    def _judge_now(self) -> None:
        typed, names = self.first.text(), self._names()
        if not typed:
            self.frame.say("")
            self._verdict = None
            return
        self._desk.tasks.latest(
            self,
            "judge",
            lambda: self._judge(typed, names),
            lambda problems: self._show(typed, problems),
        )
        self._compare()

    def _show(self, typed: str, problems: tuple[str, ...]) -> None:
        if typed != self.first.text():
            return
        self._verdict = (typed, problems)
        if problems:
            self.frame.say(" ".join(problems))
        else:
            self.frame.say("Strong: hard to guess.", "ok")
        self.judged.emit()

    @Slot()
    def _compare(self) -> None:
        same = not self.again.text() or self.again.text() == self.first.text()
        if same:
            self.frame_again.say("")
