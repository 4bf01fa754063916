"""An emergency dose, written down by whoever is signed in: no order, no rule, nothing else asked.

One key away from every page (F9, Ctrl+Shift+E). Who and what is enough; the rest is a task on the
board. Before the program locks, what stands here is kept as a sealed note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.dose_request import DoseRequest, Recorded
from bt_desktop.services.health.emergency_note import leave
from bt_desktop.views.announce import announce
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone, ask
from bt_desktop.views.health.dose_emergency_form import EmergencyForm
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import PageTitle, plain_label
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_WIDE = 620
_LEAD = "In danger of life call 911 first. Who got what is enough; the rest can be added later."


class EmergencyPage(QWidget):
    """`left` when the person goes back; `note_asked` where nobody knows who it is;
    `board_asked` to go on at the board. `flush()` keeps what stands there."""

    title = "Emergency dose"
    left = Signal()
    note_asked = Signal()
    board_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._desk, self._workspace = desk, workspace
        self._busy = False
        self._reaches = workspace.health.may_read
        self.banner = Banner(desk.theme, self)
        self.card = Card(self, margin=24, spacing=14, edge="danger")
        self._build()
        self.done = self._done_card()
        self._lay_out()
        for keys, deed in (("Esc", self.go_back), ("Ctrl+Return", self.record)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)
        self.begin()

    # --- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        card = self.card
        title = PageTitle("Record an emergency dose", card)
        title.setWordWrap(True)
        lead = plain_label(_LEAD, "mutedBody", card)
        lead.setWordWrap(True)
        card.column.addWidget(title)
        card.column.addWidget(lead)
        self.form = EmergencyForm(self._desk, self._workspace, card)
        self.form.unknown.clicked.connect(self.note_asked)
        card.column.addWidget(self.form)
        self._buttons()

    def _buttons(self) -> None:
        self.back = SecondaryButton("Back", self.card)
        self.back.setAccessibleDescription("Key: Esc")
        self.back.clicked.connect(self.go_back)
        self.deed = PrimaryButton("Record it", self.card)
        self.deed.setAccessibleDescription("Key: Ctrl+Enter")
        self.deed.setToolTip("Ctrl+Enter")
        self.deed.clicked.connect(self.record)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.deed)
        self.card.column.addLayout(row)

    def _done_card(self) -> Card:
        card = Card(self, margin=24, spacing=14, edge="ok")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel(self._desk.theme, "check", "ok", 24, card))
        head.addWidget(PageTitle("On record", card), 1)
        self.told = plain_label("", "", card)
        self.told.setWordWrap(True)
        self.more = SecondaryButton("Record another", card)
        self.more.clicked.connect(self.begin)
        self.to_board = SecondaryButton("To the board", card)
        self.to_board.clicked.connect(self.board_asked)
        self.to_board.setVisible(self._reaches)
        self.leave_deed = PrimaryButton("Back", card)
        self.leave_deed.clicked.connect(self.left)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.more, self.to_board, self.leave_deed):
            row.addWidget(button)
        card.column.addLayout(head)
        card.column.addWidget(self.told)
        card.column.addLayout(row)
        card.hide()
        return card

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("ground")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 24, 16, 24)
        column.setSpacing(12)
        for widget in (self.banner, self.card, self.done):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(widget, 100)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(1)
        scroll = Scroll(self)
        scroll.setWidget(inner)
        ground = QVBoxLayout(self)
        ground.setContentsMargins(0, 0, 0, 0)
        ground.addWidget(scroll)
        self._desk.theme.changed.connect(self._size_up)
        self._size_up()

    @Slot()
    def _size_up(self) -> None:
        for widget in (self.banner, self.card, self.done):
            widget.setMaximumWidth(self._desk.theme.px(_WIDE))

    # --- deeds -----------------------------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """An empty page."""
        self.banner.clear()
        self.done.hide()
        self.card.show()
        self.setFocusProxy(self.form.pick)
        self.form.begin()

    @Slot()
    def record(self) -> None:
        """Put it on record; what is missing is said beside the fields."""
        if self._busy or self.card.isHidden():
            return
        self.banner.clear()
        request = self.form.complete(self._desk.clock.now())
        if not isinstance(request, DoseRequest):
            request.setFocus()
            return
        health = self._workspace.health

        def work() -> Recorded:
            recorded = health.doses.emergency(request)
            dose = recorded.dose
            health.visits.link_dose(dose.student_id, dose.id, dose.at)
            return recorded

        self._set_busy(True)
        self._desk.tasks.run(self, work, self._recorded, self._refused)

    def _recorded(self, recorded: Recorded) -> None:
        now = self._desk.clock.now()
        name, what = self.form.name, self.form.medicine.text().strip()
        self._set_busy(False)
        self.begin()
        self.card.hide()
        after = (
            "What is still missing stands on the board as a task."
            if self._reaches
            else "A nurse finishes it. Tell the nurse all the same."
        )
        self.told.setText(f"{name}: {what}, {moment_words(recorded.dose.at, now)}. {after}")
        self.done.show()
        self.leave_deed.setFocus()
        announce(self, self.told.text())

    def _refused(self, problem: BaseException) -> None:
        self._set_busy(False)
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)

    def _set_busy(self, on: bool) -> None:
        self._busy = on
        self.card.setEnabled(not on)

    @property
    def holds_words(self) -> bool:
        """Whether something stands there that is not on record."""
        return not self.card.isHidden() and self.form.holds_words

    @Slot()
    def go_back(self) -> None:
        """Back to where one came from; typed words are not thrown away without asking."""
        if self._busy:
            return
        if self.holds_words and not ask(
            self, "Throw away what you typed?", "Throw away", "Go on writing"
        ):
            return
        self.begin()
        self.left.emit()

    def flush(self) -> None:
        """The screen is about to be left: what stands there is kept as a sealed note, which a nurse
        finishes."""
        if self._busy or not self.holds_words:
            return
        now = self._desk.clock.now()
        note = self.form.as_note(now)
        folder, clock = self._workspace.folder, self._desk.clock
        self.begin()
        notes = self._workspace.health.night_notes

        def work() -> None:
            leave(folder, note, clock)
            notes.take_in()

        self._desk.tasks.run(self, work)
