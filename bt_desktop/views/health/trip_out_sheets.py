"""A trip's medicine goes out, and comes back: counted, and signed by two where it is controlled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.trip_model import CountedBack, Trip, TripChild, TripMedicine
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import units_word
from bt_desktop.views.health.order_parts import box_of
from bt_desktop.views.health.order_words import medicine_title
from bt_desktop.views.health.stock_sheets import Hands
from bt_desktop.views.health.trip_words import planned_words
from bt_desktop.views.health.two_people import TwoPeople
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

Along = Sequence[tuple[TripChild, TripMedicine]]


class SignedSheet(Sheet):
    """What both share: who signs."""

    people: TwoPeople

    def sign(self, hands: Hands, along: Along) -> None:
        """Ask two people where something of it is controlled."""
        self.people = TwoPeople(self, hands.own_id, hands.witnesses)
        needed = any(one.order.terms.medicine.controlled for _, one in along)
        self.people.show_needed(needed)
        if not needed:
            self.deed.setText("Write it down")

    def _done(self, result: object) -> None:
        self.people.forget()
        super()._done(result)

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if self.people.refused(problem):
            self.banner.clear()


class SendSheet(SignedSheet):
    """Everything that is planned and not out yet goes out."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        trip: Trip,
        along: Along,
        names: dict[str, str],
        hands: Hands,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Sign the medicine out", "Sign it out", parent, wide=600)
        self._workspace, self._trip = workspace, trip
        words = "Count each into its envelope, or take its container. All of it goes out, or none."
        self.column.addWidget(Muted(words, self))
        for child, medicine in along:
            text = f"{child.name}: {medicine_title(medicine.order.terms)}"
            label = plain_label(text, "strong", self)
            label.setWordWrap(True)
            self.column.addWidget(label)
            self.column.addWidget(Muted(planned_words(medicine, names), self))
        self.sign(hands, along)
        self.on_save(self._collect_out)

    def _collect_out(self) -> Callable[[], Any] | None:
        signed = self.people.read()
        if signed is None:
            return None
        trips, (own, second) = self._workspace.health.trips, signed
        return lambda: trips.send(self._trip.id, password=own, second=second)


@dataclass(frozen=True, slots=True)
class _Counted:
    item_id: str
    counted: TextLine
    wasted: TextLine


class ComeBackSheet(SignedSheet):
    """What is out is counted back. What the ledger expects is not told: whoever knows it counts
    less well."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        trip: Trip,
        along: Along,
        hands: Hands,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Count it back", "Sign the count", parent, wide=600)
        self._workspace, self._trip = workspace, trip
        open_doses = sum(len(one.open_doses) for _, one in along)
        words = "Count what came back of each. What does not come out stops routine doses from it."
        if open_doses:
            words = (
                f"{open_doses} scheduled dose{'s' if open_doses != 1 else ''} of this trip "
                "are not written down yet: do that first, or the count will not come out. " + words
            )
        self.column.addWidget(Muted(words, self))
        self._lines: list[_Counted] = []
        for place, (child, medicine) in enumerate(along):
            if medicine.item is None:
                continue
            unit = units_word(medicine.lot.lot.unit if medicine.lot else "")
            text = plain_label(
                f"{child.name}: {medicine_title(medicine.order.terms)}", "strong", self
            )
            text.setWordWrap(True)
            self.column.addWidget(text)
            made = _Counted(medicine.item.id, line(), line())
            self._lines.append(made)
            self.add(f"counted{place}", f"Came back ({unit})", made.counted, required=True)
            self.add(f"wasted{place}", f"Lost or wasted on the way ({unit})", made.wasted)
            self.pair(f"counted{place}", f"wasted{place}")
            name = f"{child.name}, {medicine_title(medicine.order.terms)}"
            made.counted.setAccessibleName(f"Came back: {name}, {unit}, required")
            made.wasted.setAccessibleName(f"Lost or wasted on the way: {name}, {unit}")
            made.wasted.textChanged.connect(self._show_waste)
        self.why, self.method = box_of(""), line()
        self.add("why", "What happened to it?", self.why, required=True)
        self.add("method", "What was done with it?", self.method, required=True)
        self.sign(hands, along)
        self._show_waste()
        self.on_save(self._collect_back)

    def _show_waste(self) -> None:
        wasted = any(one.wasted.text().strip() for one in self._lines)
        self.frames["why"].setVisible(wasted)
        self.frames["method"].setVisible(wasted)

    def _collect_back(self) -> Callable[[], Any] | None:
        found, good = [], True
        why, method = self.why.toPlainText(), self.method.text()
        for place, one in enumerate(self._lines):
            counted = self._amount(f"counted{place}", one.counted, "Write how much came back.")
            wasted = self._amount(f"wasted{place}", one.wasted, "")
            if counted is None or wasted is None:
                good = False
                continue
            found.append(CountedBack(one.item_id, counted, wasted, why, method))
        if any(one.wasted for one in found):
            if len(" ".join(why.split())) < 5:
                self.frames["why"].say("Say what happened.")
                good = False
            if not method.strip():
                self.frames["method"].say("Say what was done with it.")
                good = False
        signed = self.people.read()
        if not good or signed is None:
            return None
        trips, (own, second) = self._workspace.health.trips, signed
        return lambda: trips.bring_back(self._trip.id, found, password=own, second=second)

    def _amount(self, key: str, editor: TextLine, missing: str) -> Decimal | None:
        if not missing and not editor.text().strip():
            return Decimal(0)
        return self.frames[key].read(lambda: read_amount(editor.text()), missing)
