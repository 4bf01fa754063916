"""A note of the locked screen becomes a dose of a student; or it is said why it is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.dose_request import DoseRequest, Recorded
from bt_desktop.services.health.emergency_note import EmergencyNote
from bt_desktop.services.health.model import Order
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.order_words import medicine_title
from bt_desktop.views.student_pick import StudentPick
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.inputs import Choice, TextBox, TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label
from bt_desktop.views.widgets.when import clock_words

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_MEANS = "Noted as “{who}”. Choose the student; what stands below goes into the dose record."
_NO_ORDER = "No order: as it is written below"


class FinishSheet(Sheet):
    """`saved(Recorded)` once the dose is on record and the note waits no more."""

    def __init__(
        self, desk: Desk, workspace: Workspace, note: EmergencyNote, parent: QWidget
    ) -> None:
        super().__init__(desk, "Finish an emergency dose", "Record the dose", parent, wide=560)
        self._workspace, self._note = workspace, note
        self._now = desk.clock.now()
        self._student = ""
        self.column.addWidget(Muted(_MEANS.format(who=note.who), self))
        self.pick = StudentPick(desk, workspace, self)
        self.pick.chosen.connect(self._choose)
        self.add("student", "Who got it?", self.pick, required=True)
        self.name = plain_label("", "strong", self)
        self.name.hide()
        self.column.addWidget(self.name)
        self.order = Choice()
        self.order.fill([(_NO_ORDER, "")], "")
        self.add("order", "By which order?", self.order)
        self.medicine = TextLine()
        self.medicine.setText(", ".join(filter(None, (note.medicine, note.dose))))
        self.add("medicine", "What was given, and how much", self.medicine, required=True)
        at = note.at.astimezone(self._now.tzinfo)
        self.day = DayLine(self._now.date(), at.date())
        self.at = TextLine()
        self.at.setText(clock_words(at))
        self.add("day", "Day", self.day, required=True)
        self.add("at", "When", self.at, required=True)
        self.pair("day", "at")
        self.reason = TextBox(lines=3, most=8)
        self.reason.setPlainText(_told(note))
        self.add("reason", "What happened", self.reason)
        self.parent_called = self.tick("A parent was called")
        self.on_save(self._collect_dose)

    def _choose(self, student_id: str, name: str) -> None:
        self._student = student_id
        self.name.setText(name)
        self.name.show()
        self.frames["student"].say("")
        orders = self._workspace.health.orders
        self._desk.tasks.latest(
            self, "orders", lambda: orders.of_student(student_id), self._show_orders
        )

    def _show_orders(self, orders: tuple[Order, ...]) -> None:
        active = [one for one in orders if one.status == "active"]
        said = self._note.medicine.casefold()
        meant = next((one.id for one in active if _means(one, said)), "")
        rows: list[tuple[str, object]] = [(medicine_title(one.terms), one.id) for one in active]
        self.order.fill([*rows, (_NO_ORDER, "")], meant)

    def _collect_dose(self) -> Callable[[], Recorded] | None:
        frames = self.frames
        if not self._student:
            frames["student"].say("Choose the student.")
            return None
        if not self.medicine.text().strip():
            frames["medicine"].say("Write what was given.")
            return None
        day = frames["day"].read(self.day.day, "Write the day.")
        at = frames["at"].read(lambda: read_clock(self.at.text(), self._now), "Write when.")
        if day is None or at is None:
            return None
        request = DoseRequest(
            "",
            self._student,
            str(self.order.currentData() or "") or None,
            at=datetime.combine(day, at, self._now.tzinfo),
            medicine_text=self.medicine.text().strip(),
            reason=self.reason.toPlainText().strip(),
            parent_called=self.parent_called.isChecked(),
        )
        finishing, which = self._workspace.health.finishing, self._note.id
        return lambda: finishing.finish(which, request)


class AsideSheet(Sheet):
    """`saved(EmergencyNote)` once the note is set aside."""

    def __init__(
        self, desk: Desk, workspace: Workspace, note: EmergencyNote, parent: QWidget
    ) -> None:
        super().__init__(desk, "No student’s dose", "Set it aside", parent, wide=480)
        self._workspace, self._id = workspace, note.id
        self.column.addWidget(plain_label(note.who, "strong", self))
        self.column.addWidget(
            Muted("A visitor, a trial, or told twice. The note stays in the store.", self)
        )
        self.reason = TextLine()
        self.add("reason", "Why is it none?", self.reason, required=True)
        self.on_save(self._collect_reason)

    def _collect_reason(self) -> Callable[[], EmergencyNote]:
        notes, which, why = self._workspace.health.night_notes, self._id, self.reason.text()
        return lambda: notes.set_aside(which, why)


def _told(note: EmergencyNote) -> str:
    called = {"yes": "911 was called.", "no": "911 was not called."}.get(note.called_911, "")
    by = f"Noted at a locked screen by {note.by or 'somebody without a name'}, as “{note.who}”."
    return "\n".join(part for part in (note.happened, called, by) if part)


def _means(order: Order, said: str) -> bool:
    """Whether the words of a note name the medicine of an order."""
    name = order.terms.medicine.name.casefold()
    return bool(said) and (name in said or said.split(maxsplit=1)[0] in name)
