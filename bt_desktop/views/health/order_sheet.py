"""Enter an order, change one (which ends it and begins another), or renew one that is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.model import OrderKind, OrderTerms
from bt_desktop.services.health.order_hints import CHECKED, order_hints
from bt_desktop.services.health.order_special import special_problems
from bt_desktop.services.health.orders import OVER_MAXIMUM
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import kinds
from bt_desktop.views.health.hinted_sheet import HintedSheet
from bt_desktop.views.health.order_parts import DosePart, MedicinePart, Reading, box_of, code_of
from bt_desktop.views.health.order_when import CarryPart, RestPart, WhenPart
from bt_desktop.views.health.order_words import is_stock
from bt_desktop.views.health.special_form import SpecialForm
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_LEAST_REASON = 5
_CHANGES = (
    "The order of now ends today, and this one takes its place. It waits for its own statements: a "
    "change of medicine, dose, times or reason needs the prescriber’s word anew."
)


@dataclass(frozen=True, slots=True)
class Begun:
    """What a sheet begins with. `changes`: the order that ends by it; `like`: one to copy from."""

    student_id: str
    today: date
    stop: date
    allergies: str = ""
    like: OrderTerms | None = None
    changes: bool = False


class OrderSheet(HintedSheet):
    """`saved(order id)` once it is entered."""

    anyway = "Enter it all the same"

    def __init__(
        self, desk: Desk, workspace: Workspace, begun: Begun, parent: QWidget | None = None
    ) -> None:
        title = "Change the order" if begun.changes else "New order"
        super().__init__(desk, title, "End and enter anew" if begun.changes else "Enter the order",
                         parent, wide=620)  # fmt: skip
        self._workspace, self._begun = workspace, begun
        like = begun.like
        if begun.changes:
            self.column.addWidget(Muted(_CHANGES, self))
            self.why = box_of("")
            self.add("why", "Why is it changed?", self.why, required=True)
        self.kind = Choice()
        self.kind.fill(kinds(), like.kind if like else "regular")
        self.add("kind", "Kind of order", self.kind)
        self.medicine = MedicinePart(self, like.medicine if like else None)
        self.dose = DosePart(self, like, self.medicine)
        confirmed = line(like.special.get(OVER_MAXIMUM, "") if like and not begun.changes else "")
        self.over = confirmed
        frame = self.add(
            "over", "Who confirmed the higher dose, and when", confirmed, required=True,
            hint="“Dr. Lane by phone, 9:10 am”",
        )  # fmt: skip
        frame.hide()
        self.when = WhenPart(self, like, desk.clock.now)
        self.rest = RestPart(self, None if like is None else _from_today(like, begun), begun.today,
                             begun.stop)  # fmt: skip
        self.special = SpecialForm(
            desk, self, begun.today, required=not is_stock(begun.student_id), parent=self
        )
        self.column.addWidget(self.special)
        self._kept = dict(like.special) if like else {}
        self.special.show_kind(code_of(self.kind), self._kept)
        self.carry = CarryPart(self, like)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.on_save(self._collect_order)

    def _kind_changed(self) -> None:
        self._kept |= self.special.answers() or {}
        self.special.show_kind(code_of(self.kind), self._kept)

    def terms(self) -> OrderTerms | None:
        """The order as it was typed; None, and the reasons beside the fields, where it cannot be
        read."""
        reading = Reading(self)
        drug = self.medicine.read()
        parts: dict[str, Any] = {
            **self.dose.read(reading, drug),
            **self.when.read(reading),
            **self.rest.read(reading),
        }
        special = self.special.answers()
        if not reading.good or special is None:
            return None
        if over := self.over.text().strip():
            special[OVER_MAXIMUM] = over
        return OrderTerms(
            id="",
            student_id=self._begun.student_id,
            medicine=drug,
            kind=cast("OrderKind", code_of(self.kind)),
            self_carry=self.carry.read(),
            special=special,
            **parts,
        )

    def _collect_order(self) -> Callable[[], Any] | None:
        why = self.why.toPlainText() if self._begun.changes else ""
        terms = self.terms()
        if self._begun.changes and len(" ".join(why.split())) < _LEAST_REASON:
            self.frames["why"].say("Say in a few words why.")
            terms = None
        if terms is None:
            return None
        orders = self._workspace.health.orders
        wrong = (*orders.problems(terms), *special_problems(terms))
        if any(one.code == "R8" for one in wrong):
            self.frames["over"].show()
        if wrong:
            self.say_problems(wrong)
            return None
        before = self._begun.like if self._begun.changes else None
        hints = order_hints(terms, allergies=self._begun.allergies, before=before)
        if self.hold_for(hints):
            return None
        if hints:
            codes = " ".join(sorted({one.code for one in hints}))
            terms = replace(terms, special=terms.special | {CHECKED: codes})
        if before is not None:
            return lambda: orders.change(before.id, terms, why)
        return lambda: orders.add(terms)


def _from_today(like: OrderTerms, begun: Begun) -> OrderTerms:
    """The order to copy from, beginning today; a changed one keeps its last day."""
    stop = like.stop if begun.changes and like.stop >= begun.today else begun.stop
    return replace(like, start=begun.today, stop=stop)
