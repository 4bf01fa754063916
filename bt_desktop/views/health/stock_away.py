"""Lines of the ledger by which a medicine leaves the school: wasted, handed back, destroyed."""

from __future__ import annotations

from collections.abc import Sequence

from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import MoveKind, plain
from bt_desktop.views.health.choices import disposal_asks, rows
from bt_desktop.views.health.order_parts import box_of, code_of
from bt_desktop.views.health.stock_sheets import LedgerSheet, is_said
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.text import Muted


class WasteSheet(LedgerSheet):
    """Dropped, spilled, spat out."""

    kind: MoveKind = "wasted"
    title_words = "Waste"
    deed_words = "Write it down"

    def build(self) -> None:
        """How much, why, what was done with it."""
        self.add_amount("Wasted")
        self.reason = box_of("")
        self.method = line()
        self.add("reason", "What happened?", self.reason, required=True)
        self.add("method", "What was done with it?", self.method, required=True)

    def new_line(self) -> NewMove | None:
        amount = self.typed_amount()
        if amount is None or not is_said(
            self, "reason", self.reason.toPlainText(), "Say what happened."
        ):
            return None
        if not is_said(self, "method", self.method.text(), "Say what was done with it."):
            return None
        return self.of_lot(
            amount=amount, reason=self.reason.toPlainText(), method=self.method.text().strip()
        )


class ReturnSheet(LedgerSheet):
    """Handed back to an adult of the family."""

    kind: MoveKind = "returned"
    title_words = "Return to the family"
    deed_words = "Write it down"

    def build(self) -> None:
        """How much, to whom."""
        self.add_amount("Handed back")
        self.amount.setText(plain(self._balance.office))
        self.carried = line()
        self.relation = line(hint="mother, father, guardian")
        self.add("carried_by", "Who took it home", self.carried, required=True)
        self.add("relation", "Relation to the student", self.relation)
        self.pair("carried_by", "relation")
        self.adult = self.tick("An adult took it, not the student")
        self.reason = box_of("")
        self.add(
            "reason", "Why it is recorded all the same", self.reason,
            hint="Only where no adult took it. A nurse can allow it with a reason.",
        )  # fmt: skip
        self.adult.toggled.connect(lambda on: self.frames["reason"].setVisible(not on))

    def new_line(self) -> NewMove | None:
        amount = self.typed_amount()
        told = is_said(self, "carried_by", self.carried.text(), "Write who took it home.")
        if amount is None or not told:
            return None
        adult = self.adult.isChecked()
        made = self.of_lot(
            amount=amount,
            carried_by=self.carried.text(),
            relation=self.relation.text().strip(),
            adult=adult,
            reason="" if adult else self.reason.toPlainText(),
            allowed=frozenset() if adult else frozenset(("R22",)),
        )
        stopped = self._workspace.health.stock.standing(self._balance.lot, made)
        if stopped:
            self.frames["reason"].say(stopped[0].text())
            return None
        return made


class DestroySheet(LedgerSheet):
    """Out of the school for good: how, and to whom it was handed."""

    kind: MoveKind = "destroyed"
    title_words = "Destroy or hand over"
    deed_words = "Write it down"

    def build(self) -> None:
        """How much, why, how, and the hand-over."""
        self.add_amount("Destroyed or handed over")
        self.amount.setText(plain(self._balance.office))
        self.reason = box_of("")
        self.method = Choice()
        self.method.fill(rows("disposals"), "")
        self.detail, self.agency, self.carried, self.receipt = line(), line(), line(), line()
        self.add("reason", "Why?", self.reason, required=True)
        self.add("method", "How?", self.method, required=True)
        self.add("detail", "How exactly", self.detail, required=True)
        self.add("agency", "To whom: agency or service", self.agency, required=True)
        self.add("carried_by", "Name of the officer, or of who took it", self.carried)
        self.add("receipt", "Number of the receipt", self.receipt)
        self.pair("carried_by", "receipt")
        self.flag = Muted(
            "School staff may not take a controlled medicine to a take-back place for the family "
            "(DEA, 79 FR 53520). Hand it to the police or the school’s officer (R32).",
            self,
        )
        self.column.addWidget(self.flag)
        self.method.currentIndexChanged.connect(self._show)
        self._show()

    def new_line(self) -> NewMove | None:
        amount, how = self.typed_amount(), code_of(self.method)
        asks, _ = disposal_asks(how)
        good = is_said(self, "reason", self.reason.toPlainText(), "Say why.")
        if not how:
            self.frames["method"].say("Choose how.")
            good = False
        for ask, key, typed in (
            ("method_detail", "detail", self.detail),
            ("agency", "agency", self.agency),
        ):
            if self._asks(ask, asks) and not typed.text().strip():
                self.frames[key].say("Write it, so that it can be found again.")
                good = False
        if amount is None or not good:
            return None
        return self.of_lot(
            amount=amount,
            reason="; ".join(
                part
                for part in (self.reason.toPlainText().strip(), self.detail.text().strip())
                if part
            ),
            method=how,
            agency=self.agency.text().strip(),
            carried_by=self.carried.text(),
            receipt=self.receipt.text().strip(),
        )

    def _asks(self, ask: str, asks: Sequence[str]) -> bool:
        """The lists say what a way asks; of a controlled medicine the hand-over always."""
        return ask in asks or (ask == "agency" and self._balance.lot.medicine.controlled)

    def _show(self) -> None:
        asks, flagged = disposal_asks(code_of(self.method))
        for ask, key in (
            ("method_detail", "detail"),
            ("agency", "agency"),
            ("carried_by", "carried_by"),
            ("receipt", "receipt"),
        ):
            self.frames[key].setVisible(self._asks(ask, asks))
        self.flag.setVisible(flagged and self._balance.lot.medicine.controlled)
