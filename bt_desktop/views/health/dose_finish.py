"""An emergency dose that was written down in haste is finished: its order, how it went on, who
knows."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.board_model import Unfinished
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.model import Order
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.board_task_words import unfinished_about
from bt_desktop.views.health.dose_emergency_form import Rescue, order_words, read_rescue
from bt_desktop.views.health.dose_words import lot_words
from bt_desktop.views.widgets.inputs import Choice, TextBox, TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_STRIKE = "Completed: the order and the container were added"
_NO_ORDER = "There is no order for it"


class FinishEmergency(Sheet):
    """`saved` once it is finished. With an order the entry is struck and put in its place anew, so
    that it stands on that order's record and its container counts down."""

    def __init__(self, desk: Desk, workspace: Workspace, one: Unfinished, parent: QWidget) -> None:
        super().__init__(desk, "Finish an emergency dose", "Finish it", parent, wide=560)
        self._workspace, self._one = workspace, one
        self._rescue = Rescue()
        name = plain_label(one.child.name, "strong", self)
        self.column.addWidget(name)
        self.column.addWidget(Muted(unfinished_about(one), self))
        self.order, self.lot = Choice(), Choice()
        self.add("order", "By which order?", self.order)
        self.add("lot", "From", self.lot)
        self.order.currentIndexChanged.connect(self._order_chosen)
        self.how = TextBox(lines=3, most=8)
        self.add(
            "how", "How did it go on?", self.how, required=True,
            hint="How the student was, who came, where they went.",
        )  # fmt: skip
        self.parent_told = TextLine(hint="Rosa Núñez, 10:20 am, by phone")
        self.add("parent", "Which parent was told, when and how", self.parent_told,
                 required=not one.dose.parent_called)  # fmt: skip
        self.frames["order"].setVisible(one.dose.order_id is None)
        self.frames["lot"].hide()
        self.on_save(self._collect_end)
        student = one.child.id
        desk.tasks.latest(self, "rescue", lambda: read_rescue(workspace, student), self._show)

    def _show(self, rescue: Rescue) -> None:
        self._rescue = rescue
        rows: list[tuple[str, object]] = [(order_words(one), one.id) for one in rescue.orders]
        said = self._one.dose.medicine_text.casefold()
        meant = next(
            (one.id for one in rescue.orders if one.terms.medicine.name.casefold() in said), ""
        )
        self.order.fill([(_NO_ORDER, ""), *rows], meant)
        self._order_chosen()

    def _order_chosen(self) -> None:
        order, today = self._chosen(), self._desk.clock.now().date()
        lots = [one for one in self._rescue.balances if order and one.lot.order_id == order.id]
        rows: list[tuple[str, object]] = [(lot_words(one, today), one.lot.id) for one in lots]
        self.lot.fill([("Not from a container of the ledger", ""), *rows], "")
        self.frames["lot"].setVisible(bool(lots))

    def _chosen(self) -> Order | None:
        which = str(self.order.currentData() or "")
        return next((one for one in self._rescue.orders if one.id == which), None)

    def _collect_end(self) -> Callable[[], object] | None:
        dose, told = self._one.dose, " ".join(self.parent_told.text().split())
        how = " ".join(self.how.toPlainText().split())
        if len(how) < 3:
            self.frames["how"].say("Write in a few words how it went on.")
        if not told and not dose.parent_called:
            self.frames["parent"].say("Write whom you told. Call now if nobody was.")
        if len(how) < 3 or (not told and not dose.parent_called):
            return None
        order, health = self._chosen(), self._workspace.health
        instead = None
        if order is not None and dose.order_id is None:
            instead = DoseRequest(
                str(uuid.uuid4()), dose.student_id, order.id, at=dose.at, given=dose.given,
                reason=dose.reason, medicine_text=dose.medicine_text, emergency=True,
                lot_id=str(self.lot.currentData() or "") or None,
                parent_called=dose.parent_called or bool(told),
            )  # fmt: skip

        def work() -> None:
            which = dose.id
            if instead is not None:
                made = health.doses.strike(dose.id, _STRIKE, instead)
                which = made.dose.id if made is not None else dose.id
            if told:
                health.dose_notes.parent_told(which, told)
            health.dose_notes.finish(which, how)

        return work
