"""An emergency dose, written down by whoever is signed in: no order, no rule, nothing else asked.

One key away from every page (F9, Ctrl+Shift+E). Who and what is enough; the rest is a task on the
board. Before the program locks, what stands here is kept as a sealed note.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.dose_request import DoseRequest, Recorded
from bt_desktop.services.health.emergency_note import Called, EmergencyNote, leave
from bt_desktop.services.health.ledger import Balance
from bt_desktop.services.health.model import Order, Quantity, plain
from bt_desktop.services.health.rules import Finding
from bt_desktop.views.announce import announce
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone, ask
from bt_desktop.views.health.choices import units_word
from bt_desktop.views.health.dose_fields import FieldColumn
from bt_desktop.views.health.dose_words import lot_words, usual_lot_of, warn_words
from bt_desktop.views.health.order_words import medicine_title
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.night_note import given_at
from bt_desktop.views.student_pick import StudentPick
from bt_desktop.views.widgets.buttons import Chip, LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.inputs import Choice, TextBox, TextLine
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import PageTitle, plain_label
from bt_desktop.views.widgets.when import clock_words, moment_words

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_WIDE = 620
_LEAD = "In danger of life call 911 first. Who got what is enough; the rest can be added later."
_NO_ORDER = "Without an order: as it is written below"
_CALLED = {"yes": "911 was called.", "no": "911 was not called."}


@dataclass(frozen=True, slots=True)
class Rescue:
    """What a student's orders offer for it, as far as the person may read them."""

    orders: tuple[Order, ...] = ()
    balances: tuple[Balance, ...] = ()


def read_rescue(workspace: Workspace, student_id: str) -> Rescue:
    """The student's active orders, emergency medicines first, with their containers (on a worker).

    Nothing where the person holds no key: the dose is recorded all the same."""
    health = workspace.health
    try:
        found = health.orders.of_student(student_id)
    except KnownError:
        return Rescue()
    active = [one for one in found if one.status == "active"]
    active.sort(key=lambda one: (one.terms.kind == "regular", one.terms.prn is None))
    return Rescue(tuple(active), health.stock.balances(student_id))


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
        self._student, self._name = "", ""
        self._rescue = Rescue()
        self._id = ""
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
        card, theme = self.card, self._desk.theme
        title = PageTitle("Record an emergency dose", card)
        title.setWordWrap(True)
        lead = plain_label(_LEAD, "mutedBody", card)
        lead.setWordWrap(True)
        card.column.addWidget(title)
        card.column.addWidget(lead)
        self.fields = fields = FieldColumn(theme, card)
        card.column.addWidget(fields)
        self.pick = StudentPick(self._desk, self._workspace, fields)
        self.pick.chosen.connect(self.choose)
        fields.add("student", "Who got it?", self.pick, required=True)
        self.who = plain_label("", "strong", fields)
        self.who.setWordWrap(True)
        self.unknown = LinkButton("Nobody knows the name…", fields)
        self.unknown.clicked.connect(self.note_asked)
        fields.column.addWidget(self.who)
        fields.column.addWidget(self.unknown)
        self.order = Choice()
        fields.add("order", "By which order?", self.order)
        self.order.currentIndexChanged.connect(self._order_chosen)
        self.lot = Choice()
        fields.add("lot", "From", self.lot)
        self.lot.currentIndexChanged.connect(self._ask_rules)
        self.medicine = TextLine()
        fields.add("medicine", "Which medicine?", self.medicine, required=True)
        self.dose, self.at = TextLine(), TextLine(hint="now")
        fields.add("dose", "How much?", self.dose)
        fields.add("at", "When?", self.at)
        fields.pair("dose", "at")
        self.at.textChanged.connect(self._tell_when)
        self.happened = TextBox(lines=3, most=6)
        fields.add("happened", "What happened?", self.happened)
        fields.add("called_911", "Was 911 called?", self._chips(fields))
        self.parent_called = QCheckBox("A parent was called", fields)
        self.parent_called.setAccessibleName("A parent was called")
        fields.column.addWidget(self.parent_called)
        self.warns = plain_label("", "warnText", card)
        self.warns.setWordWrap(True)
        card.column.addWidget(self.warns)
        self._buttons()

    def _chips(self, parent: QWidget) -> QWidget:
        holder = QWidget(parent)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.called = {"yes": Chip("Yes", holder), "no": Chip("No", holder)}
        group = QButtonGroup(holder)
        for chip in self.called.values():
            chip.setAccessibleName(f"911 was called: {chip.text()}")
            group.addButton(chip)
            row.addWidget(chip)
        row.addStretch(1)
        holder.setFocusProxy(self.called["yes"])
        return holder

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
        self._student, self._name, self._id = "", "", str(uuid.uuid4())
        self.pick.clear()
        for line in (self.medicine, self.dose, self.at):
            line.clear()
        self.happened.clear()
        self.parent_called.setChecked(False)
        for chip in self.called.values():
            chip.group().setExclusive(False)
            chip.setChecked(False)
            chip.group().setExclusive(True)
        self._show_rescue(Rescue())
        self.who.hide()
        self.unknown.show()
        self.fields.clear_says()
        self.banner.clear()
        self.done.hide()
        self.card.show()
        self.setFocusProxy(self.pick)
        self.pick.setFocus()

    @Slot(str, str)
    def choose(self, student_id: str, name: str) -> None:
        """It is this student's."""
        self._student, self._name = student_id, name
        self.who.setText(name)
        self.who.show()
        self.unknown.hide()
        self.fields.frames["student"].say("")
        workspace = self._workspace
        self._desk.tasks.latest(
            self, "rescue", lambda: read_rescue(workspace, student_id), self._show_rescue
        )
        self.medicine.setFocus()

    def _show_rescue(self, rescue: Rescue) -> None:
        self._rescue = rescue
        rows: list[tuple[str, object]] = [
            (medicine_title(one.terms), one.id) for one in rescue.orders
        ]
        self.order.fill([(_NO_ORDER, ""), *rows], "")
        self.fields.frames["order"].setVisible(bool(rows))
        self._order_chosen()

    def _chosen(self) -> Order | None:
        which = str(self.order.currentData() or "")
        return next((one for one in self._rescue.orders if one.id == which), None)

    @Slot()
    def _order_chosen(self) -> None:
        order = self._chosen()
        self.fields.frames["medicine"].setVisible(order is None)
        self.fields.frames["dose"].set_label(
            f"How much ({units_word(order.terms.dose.unit)})?" if order else "How much?"
        )
        lots: list[Balance] = []
        if order is not None:
            lots = [one for one in self._rescue.balances if one.lot.order_id == order.id]
            self.dose.setText(plain(order.terms.dose.amount))
            self.medicine.setText(medicine_title(order.terms))
        today = self._desk.clock.now().date()
        rows: list[tuple[str, object]] = [(lot_words(one, today), one.lot.id) for one in lots]
        self.lot.fill([*rows, ("Not from a container of the ledger", "")],
                      usual_lot_of(lots, today))  # fmt: skip
        self.fields.frames["lot"].setVisible(bool(lots))
        self._ask_rules()

    @Slot()
    def _ask_rules(self) -> None:
        """What is out of date or off is said; nothing stops an emergency."""
        request = self._request(self._desk.clock.now())
        if request is None or request.order_id is None:
            self._warn(())
            return
        doses = self._workspace.health.doses
        self._desk.tasks.latest(
            self, "rules", lambda: doses.check(request), self._warn, lambda _: None
        )

    def _warn(self, findings: tuple[Finding, ...]) -> None:
        told = [warn_words(one) for one in findings if one.rule != "R16"]
        self.warns.setText("\n".join(told))
        self.warns.setVisible(bool(told))

    def _request(self, at: datetime) -> DoseRequest | None:
        """The dose as it stands there; None where the amount cannot be read."""
        order, amount = self._chosen(), self.dose.text().strip()
        given: Quantity | None = None
        if order is not None and amount:
            try:
                found = read_amount(amount)
            except ValueError as problem:
                self.fields.frames["dose"].say(str(problem))
                return None
            given = Quantity(found, order.terms.dose.unit) if found is not None else None
        called = next((_CALLED[key] for key, chip in self.called.items() if chip.isChecked()), "")
        happened = self.happened.toPlainText().strip()
        words = self.medicine.text().strip()
        return DoseRequest(
            self._id,
            self._student,
            order.id if order is not None else None,
            at=at,
            given=given,
            reason="\n".join(part for part in (happened, called) if part),
            lot_id=str(self.lot.currentData() or "") or None if order is not None else None,
            parent_called=self.parent_called.isChecked(),
            medicine_text="" if order is not None else ", ".join(filter(None, (words, amount))),
            emergency=True,
            happened=True,
        )

    @Slot()
    def record(self) -> None:
        """Put it on record; what is missing is said beside the fields."""
        if self._busy or self.card.isHidden():
            return
        self.fields.clear_says()
        self.banner.clear()
        now = self._desk.clock.now()
        frames = self.fields.frames
        missing: list[QWidget] = []
        if not self._student:
            frames["student"].say("Find the student, or say below that nobody knows the name.")
            missing.append(self.pick)
        if not self.medicine.text().strip():
            frames["medicine"].say("Write what was given.")
            missing.append(self.medicine)
        at = frames["at"].read(lambda: given_at(self.at.text(), now), "Write when.")
        if at is not None and at > now + timedelta(minutes=1):
            frames["at"].say(
                f"That is later than this computer's clock ({clock_words(now)}). Look at it again."
            )
            at = None
        request = self._request(min(at, now)) if at is not None else None
        if missing or request is None:
            (missing[0] if missing else self.at if at is None else self.dose).setFocus()
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
        name, what = self._name, self.medicine.text().strip()
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
        typed = any(line.text().strip() for line in (self.medicine, self.at))
        return not self.card.isHidden() and bool(
            typed or self._student or self.happened.toPlainText().strip()
        )

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
        note = self._as_note(now)
        folder, clock = self._workspace.folder, self._desk.clock
        self.begin()
        notes = self._workspace.health.night_notes

        def work() -> None:
            leave(folder, note, clock)
            notes.take_in()

        self._desk.tasks.run(self, work)

    def _as_note(self, now: datetime) -> EmergencyNote:
        unsaid = "(not written down)"
        try:
            at = given_at(self.at.text(), now)
        except ValueError:
            at = now
        called = next((key for key, chip in self.called.items() if chip.isChecked()), "")
        return EmergencyNote(
            "", self._name or unsaid, self.medicine.text().strip() or unsaid, at, now,
            self.dose.text().strip(), self.happened.toPlainText().strip(),
            cast("Called", called), self._workspace.actor.name,
        )  # fmt: skip

    @Slot()
    def _tell_when(self) -> None:
        now, frame = self._desk.clock.now(), self.fields.frames["at"]
        try:
            at = given_at(self.at.text(), now)
        except ValueError:
            frame.say("")
            return
        frame.say(moment_words(at, now) if self.at.text().strip() else "", "muted")
