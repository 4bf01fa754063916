"""Lines of the ledger that somebody writes: received, counted, wasted, returned, destroyed, set
right. Where the medicine is controlled two people sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.ledger import Balance
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import MoveKind
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import units_word
from bt_desktop.views.health.order_parts import box_of
from bt_desktop.views.health.stock_words import left_words, lot_title, mismatch_words, much
from bt_desktop.views.health.two_people import TwoPeople
from bt_desktop.views.health.typed import understood
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_FOR_GOOD = (
    "A line of the ledger cannot be taken back. One that is wrong is set right by another line."
)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who is here: the signed-in person, and who can sign beside them."""

    own_id: str
    witnesses: Sequence[tuple[str, str]]


class LedgerSheet(Sheet):
    """What every line shares: whose lot, how much, why, and who signs."""

    kind: MoveKind = "count"
    title_words = ""
    deed_words = ""
    tells_balance = True

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        balance: Balance,
        hands: Hands,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, self.title_words, self.deed_words, parent, wide=560)
        self._workspace, self._balance = workspace, balance
        lot = balance.lot
        says = f": the ledger says {left_words(balance)}" if self.tells_balance else ""
        self.column.addWidget(Muted(f"{lot_title(lot)}{says}.", self))
        self.build()
        self.people = TwoPeople(self, hands.own_id, hands.witnesses)
        self.people.show_needed(lot.medicine.controlled)
        self.column.addWidget(Muted(_FOR_GOOD, self))
        self.on_save(self._collect_line)

    def build(self) -> None:
        """Add the fields of this kind of line."""
        raise NotImplementedError

    def new_line(self) -> NewMove | None:
        """The line as it was typed; None, and why beside the field, where it cannot be read."""
        raise NotImplementedError

    def add_amount(self, label: str, *, key: str = "amount") -> None:
        """How much, with what was understood below."""
        self.amount = line()
        self.add(key, f"{label} ({units_word(self._balance.lot.unit)})", self.amount, required=True)
        self.amount.textEdited.connect(lambda text: self.frames[key].say(understood(text), "muted"))
        self._amount_key = key

    def typed_amount(self) -> Decimal | None:
        """How much was typed; None, and why beside the field."""
        frame = self.frames[self._amount_key]
        return frame.read(lambda: read_amount(self.amount.text()), "Write how much, as a number.")

    def of_lot(self, **values: Any) -> NewMove:
        """A line of this lot."""
        return NewMove(self._balance.lot.id, self.kind, **values)

    def _collect_line(self) -> Callable[[], Any] | None:
        move = self.new_line()
        if move is None:
            return None
        signed = self.people.read()
        if signed is None:
            return None
        stock, (own, second) = self._workspace.health.stock, signed
        return lambda: stock.move(move, password=own, second=second)

    def _done(self, result: object) -> None:
        self.people.forget()
        super()._done(result)

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if self.people.refused(problem):
            self.banner.clear()


class CountSheet(LedgerSheet):
    """Count what is there; what does not come out stops the lot until it is settled."""

    kind: MoveKind = "count"
    title_words = "Count"
    deed_words = "Sign the count"
    tells_balance = False  # whoever knows what it should be counts less well

    def build(self) -> None:
        """What was counted."""
        self.add_amount("Counted")

    def new_line(self) -> NewMove | None:
        counted = self.typed_amount()
        return None if counted is None else self.of_lot(counted=counted)


class MoreSheet(LedgerSheet):
    """More of the same container was brought."""

    kind: MoveKind = "received"
    title_words = "More was brought"
    deed_words = "Take it in"

    def build(self) -> None:
        """How much, by whom."""
        self.add_amount("Brought, counted together")
        self.carried = line()
        self.relation = line(hint="mother, father, guardian")
        self.add("carried_by", "Who brought it", self.carried, required=True)
        self.add("relation", "Relation to the student", self.relation)
        self.pair("carried_by", "relation")
        self.adult = self.tick("An adult brought it", on=True)

    def new_line(self) -> NewMove | None:
        amount = self.typed_amount()
        told = is_said(self, "carried_by", self.carried.text(), "Write who brought it.")
        if amount is None or not told:
            return None
        return self.of_lot(
            amount=amount,
            carried_by=self.carried.text(),
            relation=self.relation.text().strip(),
            adult=self.adult.isChecked(),
        )


class SetRightSheet(LedgerSheet):
    """After a count that did not come out: the ledger is set to what two people found."""

    kind: MoveKind = "adjust"
    title_words = "Set the ledger right"
    deed_words = "Set it right"

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        balance: Balance,
        hands: Hands,
        reports: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        self._reports = reports
        super().__init__(desk, workspace, balance, hands, parent)

    def build(self) -> None:
        """What was found, and the report of it."""
        balance = self._balance
        mismatch = balance.mismatch or Decimal(0)
        after = much(balance.lot, balance.office + mismatch)
        words = f"{mismatch_words(balance)} After this line the ledger says {after}."
        self.column.addWidget(Muted(words, self))
        self.reason = box_of("")
        self.report = Choice()
        listed: list[tuple[str, object]] = [(words, which) for which, words in self._reports]
        self.report.fill([("No report", ""), *listed], "")
        needed = balance.lot.medicine.controlled
        self.add("reason", "What did two people find?", self.reason, required=True)
        self.add(
            "report", "The medication error report", self.report, required=needed,
            hint="Of a controlled medicine it is written first.",
        )  # fmt: skip

    def new_line(self) -> NewMove | None:
        report = str(self.report.currentData() or "")
        good = is_said(self, "reason", self.reason.toPlainText(), "Write what two people found.")
        if self._balance.lot.medicine.controlled and not report:
            self.frames["report"].say("Write the report first, then choose it here.")
            return None
        if not good:
            return None
        return self.of_lot(
            amount=self._balance.mismatch or Decimal(0),
            reason=self.reason.toPlainText(),
            incident=report or None,
        )


def is_said(sheet: Sheet, key: str, text: str, missing: str) -> bool:
    """Whether a few letters are there; else the field says what is asked for."""
    if len(" ".join(text.split())) < (5 if key == "reason" else 1):
        sheet.frames[key].say(missing)
        return False
    return True
