"""An emergency dose, written down while the records are locked: no sign-in, nothing to read back.

One key away from the unlock page and from the cover (F9). What is typed is sealed at once; nobody
can read it at this screen again, and a nurse finishes it after the next sign-in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.announce import announce
from bt_desktop.views.called_911 import Called911
from bt_desktop.views.desk import Desk
from bt_desktop.views.door import Door
from bt_desktop.views.feedback import Banner, Tone, ask
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.dates import read_clock
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import TextBox, TextLine
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import Muted, PageTitle, plain_label
from bt_desktop.views.widgets.when import clock_words, moment_words

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "F9"
_WIDE = 560
_ALONE_MS = 5 * 60 * 1000
"""So long a page with typed words stands on a screen that nobody watches; then it is kept."""
_YESTERDAY = timedelta(hours=12)
"""“11:50 pm” at five past midnight was yesterday; “1 pm” at nine in the morning was not."""
NOT_SAID = "(not written down)"
_LEAD = (
    "In danger of life call 911 first. Nobody has to sign in. What you write here is sealed: "
    "it cannot be read at this screen again, and a nurse finishes it later."
)
_KEPT = (
    "Kept and sealed. Whoever signs in next files it, and a nurse finishes it. Tell the nurse all "
    "the same."
)


def given_at(typed: str, now: datetime) -> datetime:
    """When it was given: a time of today, or of last night where that is nearer. Raises ValueError.

    A time later than this computer's clock is kept as it is written: the clock may be wrong.
    """
    clock = read_clock(typed, now)
    if clock is None:
        return now
    at = datetime.combine(now.date(), clock, now.tzinfo)
    before = at - timedelta(days=1)
    return before if at > now and now - before <= _YESTERDAY else at


class NightNotePage(QWidget):
    """`left` when the person goes back. `flush()` keeps what stands there, whatever is missing."""

    left = Signal()

    def __init__(self, desk: Desk, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._door = desk, door
        self._busy = False
        self.setObjectName("page")
        self.frames: dict[str, FieldFrame] = {}
        self._build()
        back = QShortcut(QKeySequence("Esc"), self)
        back.activated.connect(self.go_back)
        keep = QShortcut(QKeySequence("Ctrl+Return"), self)
        keep.activated.connect(self.keep)
        self._alone = QTimer(self)
        self._alone.setSingleShot(True)
        self._alone.setInterval(_ALONE_MS)
        self._alone.timeout.connect(self.nobody_there)
        self._alone.start()

    # --- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._desk.theme
        self.banner = Banner(theme, self)
        self.card = self._form()
        self.done = self._done_card()
        inner = QWidget()
        inner.setObjectName("ground")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 24, 16, 24)
        column.setSpacing(12)
        column.addStretch(1)
        for widget in (self.banner, self.card, self.done):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(widget)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(2)
        scroll = Scroll(self)
        scroll.setWidget(inner)
        ground = QVBoxLayout(self)
        ground.setContentsMargins(0, 0, 0, 0)
        ground.addWidget(scroll)
        theme.changed.connect(self._size_up)
        self._size_up()

    def _form(self) -> Card:
        card = Card(self, margin=24, spacing=14, edge="danger")
        title = PageTitle("Record an emergency dose", card)
        title.setWordWrap(True)
        lead = plain_label(_LEAD, "mutedBody", card)
        lead.setWordWrap(True)
        card.column.addWidget(title)
        card.column.addWidget(lead)
        hint = "A name, or what they look like and where they were."
        self.who = self._line(card, "who", "Who got it?", required=True, hint=hint)
        self.medicine = self._line(card, "medicine", "Which medicine?", required=True)
        self.dose = TextLine(card)
        self.at = TextLine(card, hint="now")
        pair = QHBoxLayout()
        pair.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        pair.addWidget(self._frame("dose", "How much?", self.dose), 1, top)
        pair.addWidget(self._frame("at", "When?", self.at), 1, top)
        card.column.addLayout(pair)
        self.happened, self.called = TextBox(card, lines=3, most=6), Called911(card)
        card.column.addWidget(self._frame("happened", "What happened?", self.happened))
        card.column.addWidget(self._frame("called_911", "Was 911 called?", self.called))
        self.by = self._line(card, "by", "Your name", hint="So that the nurse can ask you.")
        self._buttons(card)
        for line in (self.who, self.medicine, self.dose, self.at, self.by):
            line.textChanged.connect(self._somebody_there)
            line.returnPressed.connect(self.focusNextChild)
        self.happened.textChanged.connect(self._somebody_there)
        self.at.textChanged.connect(self._tell_when)
        return card

    def _frame(self, key: str, label: str, editor: QWidget, **how: object) -> FieldFrame:
        frame = FieldFrame(self._desk.theme, label, editor, **how)  # type: ignore[arg-type]  # FieldFrame's own
        self.frames[key] = frame
        return frame

    def _line(self, card: Card, key: str, label: str, **how: object) -> TextLine:
        line = TextLine(card)
        card.column.addWidget(self._frame(key, label, line, **how))
        return line

    def _buttons(self, card: Card) -> None:
        self.back = SecondaryButton("Back", card)
        self.back.setAccessibleDescription("Key: Esc")
        self.back.clicked.connect(self.go_back)
        self.deed = PrimaryButton("Keep it", card)
        self.deed.setAccessibleDescription("Key: Ctrl+Enter")
        self.deed.setToolTip("Ctrl+Enter")
        self.deed.clicked.connect(self.keep)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.deed)
        card.column.addLayout(row)

    def _done_card(self) -> Card:
        card = Card(self, margin=24, spacing=14, edge="ok")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel(self._desk.theme, "check", "ok", 24, card))
        head.addWidget(PageTitle("The dose is noted", card), 1)
        self.told = plain_label(_KEPT, "", card)
        self.told.setWordWrap(True)
        self.more = SecondaryButton("Record another", card)
        self.more.clicked.connect(self.begin)
        self.leave = PrimaryButton("Back", card)
        self.leave.clicked.connect(self.left)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.more)
        row.addWidget(self.leave)
        card.column.addLayout(head)
        card.column.addWidget(self.told)
        card.column.addWidget(Muted("Write it on the student's paper record too, if there is one."))
        card.column.addLayout(row)
        card.hide()
        return card

    @Slot()
    def _size_up(self) -> None:
        wide = self._desk.theme.px(_WIDE)
        for widget in (self.banner, self.card, self.done):
            widget.setMaximumWidth(wide)
            widget.setMinimumWidth(min(wide, 560))

    # --- deeds -----------------------------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """An empty page, with the cursor where one begins."""
        for line in (self.who, self.medicine, self.dose, self.at, self.by):
            line.clear()
        self.happened.clear()
        self.called.clear()
        for frame in self.frames.values():
            frame.say("")
        self.banner.clear()
        self.done.hide()
        self.card.show()
        self.who.setFocus()

    @property
    def holds_words(self) -> bool:
        """Whether something is typed that is not kept."""
        lines = (self.who, self.medicine, self.dose, self.at, self.by)
        typed = any(line.text().strip() for line in lines)
        return not self.card.isHidden() and (typed or bool(self.happened.toPlainText().strip()))

    @Slot()
    def keep(self) -> None:
        """Seal it; what is missing is said beside the fields."""
        if self._busy or self.card.isHidden():
            return
        for frame in self.frames.values():
            frame.say("")
        self.banner.clear()
        asked = {"who": "Write who got it. A first name, or what they look like, is enough.",
                 "medicine": "Write what was given."}  # fmt: skip
        missing = [key for key, line in (("who", self.who), ("medicine", self.medicine))
                   if not line.text().strip()]  # fmt: skip
        for key in missing:
            self.frames[key].say(asked[key])
        self._tell_when()
        at = self._moment()
        if missing or at is None:
            bad = missing[0] if missing else "at"
            self.frames[bad].editor.setFocus()
            return
        self._leave_it(self._work(at), self._kept)

    def flush(self) -> None:
        """Keep what stands there now, whatever is missing: the screen is about to be left."""
        if self._busy or not self.holds_words:
            return
        try:
            at = given_at(self.at.text(), self._desk.clock.now())
        except ValueError:
            at = self._desk.clock.now()
        self._leave_it(self._work(at, unsaid=NOT_SAID), lambda _: self.left.emit())

    @Slot()
    def nobody_there(self) -> None:
        """Five minutes without a key: nothing that names a child stays on the screen."""
        if self.holds_words:
            self.flush()
        else:
            self.left.emit()

    @Slot()
    def go_back(self) -> None:
        """Back to where one came from; typed words are not thrown away without asking."""
        if self._busy:
            return
        if self.holds_words and not ask(
            self, "Throw away what you typed?", "Throw away", "Go on writing"
        ):
            return
        self.left.emit()

    def _moment(self) -> datetime | None:
        try:
            return given_at(self.at.text(), self._desk.clock.now())
        except ValueError as problem:
            self.frames["at"].say(str(problem))
            return None

    def _work(self, at: datetime, *, unsaid: str = "") -> Callable[[], str]:
        door, happened = self._door, self.happened.toPlainText()
        who, medicine = self.who.text().strip(), self.medicine.text().strip()
        if unsaid:
            happened = "\n".join(filter(None, (happened, f"When: {self.at.text().strip()}")))
        told = {
            "who": who or unsaid,
            "medicine": medicine or unsaid,
            "dose": self.dose.text(),
            "happened": happened,
            "called_911": self.called.answer,
            "by": self.by.text(),
        }
        return lambda: door.leave_note(at, told)

    def _leave_it(self, work: Callable[[], str], then: Callable[[object], None]) -> None:
        self._set_busy(True)
        self._desk.tasks.run(self, work, then, self._refused)

    def _kept(self, _: object) -> None:
        self.begin()
        self._set_busy(False)
        self.card.hide()
        self.done.show()
        self.leave.setFocus()
        announce(self, _KEPT)

    def _refused(self, problem: BaseException) -> None:
        self._set_busy(False)
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.card.setEnabled(not busy)

    @Slot()
    def _somebody_there(self) -> None:
        self._alone.start()

    @Slot()
    def _tell_when(self) -> None:
        """Say which moment is meant, where it is not plain from what was typed."""
        now, frame = self._desk.clock.now(), self.frames["at"]
        try:
            at = given_at(self.at.text(), now)
        except ValueError:
            frame.say("")
            return
        if not self.at.text().strip():
            frame.say("")
        elif at > now + timedelta(minutes=1):
            frame.say(f"Later than this computer's clock ({clock_words(now)}).", "warn")
        else:
            frame.say(moment_words(at, now), "muted")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._alone.start()
        super().keyPressEvent(event)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]  # Qt's own
        if not self.card.isHidden():
            self.who.setFocus(Qt.FocusReason.OtherFocusReason)
