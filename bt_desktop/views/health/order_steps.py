"""Sheets for what is done with an order as a whole: container, review, hold, resume, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from bt_desktop.services.health.model import ContainerCheck, Order
from bt_desktop.services.results.people import Problem
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import ticks
from bt_desktop.views.health.hinted_sheet import HintedSheet
from bt_desktop.views.health.order_parts import box_of
from bt_desktop.views.health.order_words import (
    MISSING,
    consent_words,
    dose_words,
    is_stock,
    medicine_title,
)
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_ACROSS = 2
_LEAST_REASON = 5
_OLD = timedelta(days=365)
STEPS = {
    "hold": ("Put on hold", "Put on hold", "No doses are given until it is resumed."),
    "resume": ("Resume", "Resume", "Doses are given again."),
    "discontinue": (
        "Discontinue",
        "Discontinue for good",
        "It ends today and cannot be taken up again; a new order can be entered.",
    ),
}
"""For each step: title, button, what it does."""


class ContainerSheet(HintedSheet):
    """The label is held against the order, line by line (domain §1.2)."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        order: Order,
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Container", "Save the check", parent, wide=560)
        self._workspace, self._order, self._today = workspace, order, today
        known = order.container
        words = f"{medicine_title(order.terms)}: {dose_words(order.terms)}"
        self.column.addWidget(Muted(words, self))
        self.column.addWidget(plain_label("The label says the same as the order:", "strong", self))
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        self.ticks = {}
        for place, (code, word) in enumerate(ticks()):
            box = self.ticks[code] = self.tick(word, bool(known and code in known.ticks))
            box.setAccessibleName(f"The label agrees: {word}")
            self.column.removeWidget(box)
            grid.addWidget(box, *divmod(place, _ACROSS))
        self.column.addLayout(grid)
        self.original = self.tick("It is the original container", bool(known and known.original))
        self.rx = line(known.rx_number if known else "")
        self.pharmacy = line(known.pharmacy if known else "")
        self.filled = DayLine(today, known.filled_on if known else None)
        self.expires = DayLine(today, known.expires_on if known else None)
        self.add("rx", "Rx number", self.rx)
        self.add("pharmacy", "Pharmacy", self.pharmacy)
        self.pair("rx", "pharmacy")
        self.add("filled_on", "Filled on", self.filled)
        self.add("expires_on", "Expires on", self.expires)
        self.pair("filled_on", "expires_on")
        self.add("agrees", "", plain_label("", "muted", self))
        self.frames["agrees"].label.hide()
        self.on_save(self._collect_check)

    def open_sheet(self) -> None:
        """Begin at the first line of the label."""
        super().open_sheet()
        next(iter(self.ticks.values())).setFocus()

    def _collect_check(self) -> Callable[[], None] | None:
        days = {}
        for key, typed in (("filled_on", self.filled), ("expires_on", self.expires)):
            try:
                days[key] = typed.day()
            except ValueError as wrong:
                self.frames[key].say(str(wrong))
                return None
        check = ContainerCheck(
            frozenset(code for code, box in self.ticks.items() if box.isChecked()),
            self.original.isChecked(),
            self.rx.text().strip(),
            days["filled_on"],
            days["expires_on"],
            self.pharmacy.text().strip(),
        )
        if self.hold_for(container_hints(check, self._today)):
            return None
        orders, which = self._workspace.health.orders, self._order.id
        return lambda: orders.container(which, check)


def container_hints(check: ContainerCheck, today: date) -> list[Problem]:
    """What speaks against taking this container in."""
    found = []
    if check.expires_on is not None and check.expires_on < today:
        text = f"It expired {full_date(check.expires_on)}. Do not take it in; ask for another."
        found.append(Problem("expires_on", "expired", text))
    if check.filled_on is not None and today - check.filled_on > _OLD:
        text = "It was filled more than a year ago. Ask for a new one."
        found.append(Problem("filled_on", "old", text))
    unlike = [word for code, word in ticks() if code not in check.ticks]
    if unlike:
        text = f"Not ticked: {', '.join(unlike)}. What differs stops a dose until it is settled."
        found.append(Problem("agrees", "unlike", text))
    if not check.original:
        found.append(Problem("agrees", "original", "A medicine comes in its original container."))
    return found


class StepSheet(Sheet):
    """Hold, resume or end, with the reason that is kept."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        order: Order,
        step: str,
        parent: QWidget | None = None,
    ) -> None:
        title, deed, words = STEPS[step]
        super().__init__(desk, f"{title}: {order.terms.medicine.name}", deed, parent)
        self._workspace, self._order, self._step = workspace, order, step
        self.column.addWidget(Muted(words, self))
        self.reason = box_of("")
        self.add("reason", "Why?", self.reason, required=True)
        self.on_save(self._collect_step)

    def _collect_step(self) -> Callable[[], Any] | None:
        why, which = self.reason.toPlainText(), self._order.id
        if len(" ".join(why.split())) < _LEAST_REASON:
            self.frames["reason"].say("Say in a few words why.")
            return None
        deed = getattr(self._workspace.health.orders, self._step)
        return lambda: deed(which, why)


class ReviewSheet(Sheet):
    """The nurse's review: everything at a glance, and what is still missing."""

    def __init__(
        self, desk: Desk, workspace: Workspace, order: Order, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, "Nurse’s review", "I have reviewed it", parent, wide=560)
        terms = order.terms
        head = plain_label(medicine_title(terms), "strong", self)
        head.setWordWrap(True)
        self.column.addWidget(head)
        days = f"From {full_date(terms.start)} to {full_date(terms.stop)}."
        for words in (dose_words(terms), f"For {terms.reason}.", days, terms.instructions):
            if words:
                said = plain_label(words, "", self)
                said.setWordWrap(True)
                self.column.addWidget(said)
        papers = [("prescriber", consent_words(order.prescriber))]
        if not is_stock(terms.student_id):
            papers.append(("parent", consent_words(order.parent)))
        for code, words in papers:
            there = code not in order.missing
            name = MISSING[code].removeprefix("the ")
            self.column.addWidget(self._line(f"{name[:1].upper()}{name[1:]}: {words}", there))
        checked = order.container is not None and len(order.container.ticks) == len(ticks())
        container = "Container: checked" if checked else "Container: not checked, or not alike"
        self.column.addWidget(self._line(container, checked))
        left = [code for code in order.missing if code != "review"]
        if left:
            waits = " and ".join(MISSING[code] for code in left)
            self.column.addWidget(
                Muted(f"After your review it still waits for {waits}; then it is active.", self)
            )
        orders, which = workspace.health.orders, order.id
        self.on_save(lambda: lambda: orders.review(which))

    def open_sheet(self) -> None:
        """Nothing is typed into it: begin at the button."""
        super().open_sheet()
        self.deed.setFocus()

    def _line(self, words: str, good: bool) -> QWidget:
        row = QWidget(self)
        said = plain_label(words, "", row)
        said.setWordWrap(True)
        line_ = QHBoxLayout(row)
        line_.setContentsMargins(0, 0, 0, 0)
        line_.setSpacing(8)
        icon = IconLabel(self._desk.theme, "check" if good else "warn", "ok" if good else "warn",
                         18, row)  # fmt: skip
        line_.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line_.addWidget(said, 1)
        return row
