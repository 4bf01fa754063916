"""The page before everything: who you are, your password, and what to do when it does not open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.door import Door
from bt_desktop.views.head_reminder import NobodysReminder
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice, PasswordLine, pin_line
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import Muted, PageTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.security.vault import VaultState
    from bt_desktop.services.workspace import Workspace

_BROKEN = {
    "missing": (
        "The file with the keys of these records is missing (vault.keys.json).",
        "Put the newest backup back. Without it the records cannot be opened.",
    ),
    "damaged": (
        "The file with the keys of these records is damaged (vault.keys.json).",
        "Do not delete anything. Put the newest backup back.",
    ),
    "newer": (
        "These records were written by a newer version of this program.",
        "Install the newest version on this computer, then open them again.",
    ),
}
_CARD_WIDE = 400


def wait_in_words(seconds: float) -> str:
    """How long to wait, as people say it: "30 seconds", "2 min 05 s"."""
    whole = max(1, int(-(-seconds // 1)))
    if whole < 120:
        return "1 second" if whole == 1 else f"{whole} seconds"
    return f"{whole // 60} min {whole % 60:02d} s"


class UnlockPage(QWidget):
    """Asks for name and password and opens the vault on the worker.

    `opened(workspace)` when it is open; `no_vault` when there is nothing to open;
    `recovery_asked`, `check_asked` for the two links; `emergency_asked` to note an emergency dose
    without signing in (F9). The password leaves the box before the work
    begins; everything that goes wrong is said in place.
    """

    opened = Signal(object)
    no_vault = Signal()
    recovery_asked = Signal()
    restore_asked = Signal()
    check_asked = Signal()
    emergency_asked = Signal()

    def __init__(self, desk: Desk, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._door = desk, door
        self._wait_until = 0.0
        self._busy = False
        self._only_user = ""
        self._by_pin = self._password_instead = False
        self.setObjectName("page")
        self._build()
        self._ticker = QTimer(self)
        self._ticker.setInterval(1000)
        self._ticker.timeout.connect(self.tick)

    # --- building ------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._desk.theme
        self.lock_sign = IconLabel(theme, "lock", "accent", 40, self)
        self.school = PageTitle("", self)
        self.school.setWordWrap(True)
        self.school.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.state = plain_label("Records are locked", "mutedBody", self)
        self.reminder = NobodysReminder(self._desk.clock, self)
        self.note = Muted("", self)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.card = self._form()
        self.trouble = self._trouble()
        self.emergency = SecondaryButton("Record an emergency dose (F9)", self)
        self.emergency.setAccessibleDescription("Nobody has to sign in. Key: F9")
        self.emergency.clicked.connect(self.emergency_asked)
        self.emergency.hide()  # until it is known that a note can be left
        self._emergency_key = QShortcut(QKeySequence("F9"), self)
        self._emergency_key.activated.connect(self._by_key)
        inner = QWidget(self)
        inner.setObjectName("ground")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 24, 16, 24)
        column.setSpacing(0)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(1)
        column.addWidget(self.lock_sign, 0, middle)
        column.addSpacing(12)
        column.addWidget(self.school)
        column.addWidget(self.state, 0, middle)
        column.addWidget(self.reminder, 0, middle)
        column.addSpacing(20)
        for card in (self.card, self.trouble):
            row = QHBoxLayout()  # stretches, not an alignment: that would cut wrapped words
            row.addStretch(1)
            row.addWidget(card)
            row.addStretch(1)
            column.addLayout(row)
        column.addSpacing(12)
        column.addWidget(self.emergency, 0, middle)
        column.addSpacing(8)
        column.addWidget(self.note)
        column.addStretch(1)
        scroll = Scroll(self)
        scroll.setWidget(inner)
        ground = QVBoxLayout(self)
        ground.setContentsMargins(0, 0, 0, 0)
        ground.addWidget(scroll)
        theme.changed.connect(self._size_up)
        self._size_up()

    def _form(self) -> Card:
        theme = self._desk.theme
        card = Card(self, margin=24, spacing=16)
        self.who = Choice(card)
        self.who.currentIndexChanged.connect(self._another_name)
        self.password = PasswordLine(card)
        self.password.submitted.connect(self.unlock)
        self.password.caps_lock.connect(self._caps)
        self.password.changed.connect(self._typing)
        who = FieldFrame(theme, "Your name", self.who, parent=card)
        self.field = FieldFrame(theme, "Password", self.password, parent=card)
        self.pin = pin_line(card)
        self.pin.submitted.connect(self.unlock)
        self.pin.changed.connect(self._typing_pin)
        self.pin_field: FieldFrame = FieldFrame(theme, "PIN", self.pin, parent=card)
        self.pin_field.hide()
        self.instead = LinkButton("Use the password instead", card)
        self.instead.clicked.connect(self.use_password)
        self.instead.hide()
        self.button = PrimaryButton("Unlock", card)
        self.button.clicked.connect(self.unlock)
        self.recovery = LinkButton("Use the recovery key", card)
        self.recovery.clicked.connect(self.recovery_asked)
        self.check = LinkButton("Check a printed copy", card)
        self.check.clicked.connect(self.check_asked)
        self.put_back = LinkButton("Put a backup back", card)
        self.put_back.clicked.connect(self.restore_asked)
        for link in (self.recovery, self.put_back, self.check, self.instead):
            link.setProperty("small", True)
        links = QVBoxLayout()
        links.setSpacing(6)
        first = QHBoxLayout()
        first.addWidget(self.recovery)
        first.addStretch(1)
        first.addWidget(self.check)
        links.addWidget(self.instead, 0, Qt.AlignmentFlag.AlignLeft)
        links.addLayout(first)
        links.addWidget(self.put_back, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (who, self.field, self.pin_field, self.button):
            card.column.addWidget(widget)
        card.column.addLayout(links)
        return card

    def _trouble(self) -> Card:
        card = Card(self, margin=24, spacing=12, edge="danger")
        self.trouble_says = plain_label("", "strong", card)
        self.trouble_says.setWordWrap(True)
        self.trouble_helps = plain_label("", "", card)
        self.trouble_helps.setWordWrap(True)
        self.trouble_back = LinkButton("Put a backup back", card)
        self.trouble_back.clicked.connect(self.restore_asked)
        check = LinkButton("Check a printed copy", card)
        check.clicked.connect(self.check_asked)
        again = PrimaryButton("Look again", card)
        again.clicked.connect(self.load)
        links = QVBoxLayout()
        links.setSpacing(6)
        for link in (self.trouble_back, check):
            links.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addLayout(links)
        row.addStretch(1)
        row.addWidget(again, 0, Qt.AlignmentFlag.AlignBottom)
        card.column.addWidget(self.trouble_says)
        card.column.addWidget(self.trouble_helps)
        card.column.addLayout(row)
        card.hide()
        return card

    @Slot()
    def _size_up(self) -> None:
        wide = self._desk.theme.px(_CARD_WIDE)
        for card in (self.card, self.trouble):
            card.setFixedWidth(wide)

    # --- what lies in the folder -----------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Look at the vault again, on the worker."""
        self._password_instead = False
        self._desk.tasks.run(self, self._door.status, self.show_status, self._status_failed)
        self._desk.tasks.run(
            self, self._door.takes_notes, self.emergency.setVisible, lambda _: None, lane=Lane.READ
        )

    def only_for(self, user_id: str) -> None:
        """Choose this user once the names are known (who locked comes back first)."""
        self._only_user = user_id

    def say_note(self, text: str) -> None:
        """A quiet line below the card ("Your draft of 10:42 is safe ...")."""
        self.note.setText(text)

    def show_status(self, state: VaultState) -> None:
        """Show what was found."""
        if state.kind == "none":
            self.no_vault.emit()
            return
        if state.kind in _BROKEN:
            self._show_trouble(*_BROKEN[state.kind])
            return
        self.trouble.hide()
        self.card.show()
        self.lock_sign.show_icon("lock", "accent")
        self.state.setText("Records are locked")
        self.school.setText(state.school_name)
        rows: list[tuple[str, object]] = [
            (user.sign_in_name + (" (closed)" if user.disabled else ""), user.user_id)
            for user in state.users
        ]
        self.who.fill(rows, self._only_user or state.last_user_id)
        self._ask_for()
        (self._line if rows else self.who).setFocus()

    def _ask_for(self) -> None:
        """The PIN of whoever set one, the password of everybody else."""
        offered = self._door.pin_offered()
        mine = offered is not None and offered.user_id == self.who.currentData()
        self._by_pin = mine and not self._password_instead
        self.pin_field.setVisible(self._by_pin)
        self.instead.setVisible(self._by_pin)
        self.field.setVisible(not self._by_pin)

    @property
    def _line(self) -> PasswordLine:
        """What is typed into."""
        return self.pin if self._by_pin else self.password

    @Slot()
    def use_password(self) -> None:
        """The other way in."""
        self._password_instead = True
        self.pin.clear()
        self.pin_field.say("")
        self._ask_for()
        self.password.setFocus()

    def _status_failed(self, problem: BaseException) -> None:
        if isinstance(problem, KnownError):
            self._show_trouble(problem.sentence, problem.remedy)
        else:
            self._desk.feedback.report(self, problem)

    def _show_trouble(self, sentence: str, remedy: str) -> None:
        self.card.hide()
        self.trouble.show()
        self.lock_sign.show_icon("warn", "danger")
        self.school.setText("The records cannot be opened")
        self.state.setText("Nothing was changed or deleted")
        self.trouble_says.setText(sentence)
        self.trouble_helps.setText(remedy)
        self.trouble.setAccessibleName(f"{sentence} {remedy}")

    # --- opening ---------------------------------------------------------------------------

    @Slot()
    def unlock(self) -> None:
        """Try the password; the box is emptied before anything else happens."""
        if self._busy or not self.button.isEnabled():
            return
        user_id = self.who.currentData()
        if user_id is None:
            self.field.say("Choose your name first.")
            return
        if self._by_pin:
            self._unlock_by_pin()
            return
        password = self.password.take()
        if not password:
            self.field.say("Type your password.")
            self.password.setFocus()
            return
        self._set_busy(True)
        self._desk.tasks.run(
            self, lambda: self._door.unlock(str(user_id), password), self._open, self._refused
        )

    def _unlock_by_pin(self) -> None:
        pin, door = self.pin.take(), self._door
        if not pin:
            self.pin_field.say("Type your PIN.")
            self.pin.setFocus()
            return
        self._set_busy(True)
        self._desk.tasks.run(self, lambda: door.pin.unlock(pin), self._open, self._pin_refused)

    def _pin_refused(self, problem: BaseException) -> None:
        """A wrong PIN is said in place; once it is gone the password is asked for."""
        if not isinstance(problem, KnownError):
            self._refused(problem)
            return
        self._set_busy(False)
        gone = self._door.pin_offered() is None
        if gone:
            self._ask_for()
        (self.field if gone else self.pin_field).say(str(problem))
        (self.password if gone else self.pin).setFocus()

    def _open(self, workspace: Workspace) -> None:
        self._set_busy(False)
        self.pin_field.say("")
        self.field.say("")
        self.note.setText("")
        self.opened.emit(workspace)

    def _refused(self, problem: BaseException) -> None:
        self._set_busy(False)
        if not isinstance(problem, KnownError):
            self._desk.feedback.report(self, problem)
            return
        code = problem.code
        if code in {"key-file-missing", "key-file-damaged", "key-file-newer", "storage-newer",
                    "storage-damaged", "storage-not-moved", "key-file-altered"}:  # fmt: skip
            self._show_trouble(problem.sentence, problem.remedy)
            return
        wait = float(getattr(problem, "wait_s", 0) or 0)
        if wait > 0 and not getattr(problem, "disabled", False):
            self._wait_until = self._desk.clock.monotonic() + wait
            self._ticker.start()
            self.tick()
        else:
            self.field.say(str(problem))
        self.password.setFocus()

    @Slot()
    def tick(self) -> None:
        """Count down; called each second while a wait is on."""
        left = self._wait_until - self._desk.clock.monotonic()
        if left <= 0:
            self._ticker.stop()
            self._wait_until = 0.0
            self._enable(True)
            self.field.say("You can try again now.", "muted")
            self.password.setFocus()
            return
        self._enable(False)
        self.field.say(
            f"Not the right password, too often. Try again in {wait_in_words(left)}. "
            "Nothing is deleted."
        )

    @Slot()
    def _by_key(self) -> None:
        if self.emergency.isVisible() and self.emergency.isEnabled():
            self.emergency_asked.emit()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._enable(not busy)
        self.emergency.setEnabled(not busy)
        self.button.setText("Unlocking…" if busy else "Unlock")
        if busy:
            self.field.say("")
            self.pin_field.say("")

    def _enable(self, on: bool) -> None:
        for widget in (self.who, self.password, self.pin, self.button):
            widget.setEnabled(on)
        if self._wait_until and not self._busy:
            self.who.setEnabled(True)  # a colleague need not wait for my wrong tries

    @Slot()
    def _another_name(self) -> None:
        self._ticker.stop()
        self._wait_until = 0.0
        self.field.say("")
        self.password.clear()
        self.pin.clear()
        self._enable(True)
        self._password_instead = False
        self._ask_for()

    @Slot(bool)
    def _caps(self, on: bool) -> None:
        if on:
            self.field.say("Caps Lock is on", "warn", frame=False, sign="caps")
        elif self.field.says() == "Caps Lock is on":
            self.field.say("")

    @Slot()
    def _typing_pin(self) -> None:
        if self.pin.text() and self.pin_field.says():
            self.pin_field.say("")

    @Slot()
    def _typing(self) -> None:
        if self.password.text() and self.field.says() not in ("", "Caps Lock is on"):
            self.field.say("")
