"""At the head of home: what came back, what waits for a review, which follow-ups are open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.state_words import names_listed, since_words
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.reviews import OpenPart, ReturnedItem, ReviewItem
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

MOST = 6
"""Lines of a list on home; the rest is counted."""
_WHY = {
    "new": "",
    "corrected": "corrected by its author",
    "amended": "amended after its review",
}
_PARTS = {"follow_up": "Follow-up open", "debrief": "Debrief open"}


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for the person signed in."""

    returned: tuple[ReturnedItem, ...] = ()
    reviews: tuple[ReviewItem, ...] = ()
    parts: tuple[OpenPart, ...] = ()


def read_waits(workspace: Workspace) -> Waits:
    """Everything that waits (on a worker)."""
    reviews = workspace.records.reviews
    return Waits(reviews.returned(), reviews.queue(), reviews.open_parts())


@dataclass(frozen=True, slots=True)
class WaitItem:
    """One line: what it is, what is said of it, the deed."""

    record_id: str
    title: str
    about: str
    detail: str
    deed: str


class WaitingRow(QWidget):
    """One thing that waits, with the button that leads there."""

    opened = Signal(str)

    def __init__(self, item: WaitItem, *, first: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        left = QVBoxLayout()
        left.setSpacing(1)
        title = plain_label(item.title.replace("&", "&&"), "strong", self)
        title.setWordWrap(True)
        left.addWidget(title)
        left.addWidget(Muted(item.about, self))
        if item.detail:
            words = plain_label(item.detail.replace("&", "&&"), "", self)
            words.setWordWrap(True)
            left.addWidget(words)
        kind = PrimaryButton if first else SecondaryButton
        self.go = kind(item.deed, self)
        self.go.setAccessibleName(f"{item.deed}: {item.title}, {item.about}")
        self.go.clicked.connect(lambda: self.opened.emit(item.record_id))
        if not item.deed:  # told, for somebody else to do
            self.go.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.go, 0, Qt.AlignmentFlag.AlignVCenter)


class RowLists(QWidget):
    """Titled cards of what waits, one above the other; nothing at all where nothing waits.

    `opened(which)`: what a row leads to.
    """

    opened = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: list[WaitingRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self.hide()

    def show_lists(self, lists: Iterable[tuple[str, list[WaitItem]]]) -> None:
        """Show these, (title, items) each, instead of what was shown."""
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        for title, items in lists:
            self._list(title, items)
        self.setVisible(bool(self.rows))

    def _list(self, title: str, items: list[WaitItem]) -> None:
        if not items:
            return
        self._box.addWidget(SectionTitle(title, self))
        card = Card(self, margin=0, spacing=0)
        for place, item in enumerate(items[:MOST]):
            if place:
                card.column.addWidget(Hairline(card))
            row = WaitingRow(item, first=not self.rows, parent=card)
            row.opened.connect(self.opened)
            card.column.addWidget(row)
            self.rows.append(row)
        if len(items) > MOST:
            more = Muted(f"and {len(items) - MOST} more, in the list of records", card)
            more.setContentsMargins(12, 4, 12, 10)
            card.column.addWidget(more)
        self._box.addWidget(card)
        self._box.addSpacing(8)


class WaitingLists(RowLists):
    """Records that wait for the person signed in. `opened(record_id)`."""

    def show_waits(self, waits: Waits) -> None:
        """Show them, what is one's own first."""
        now = self._desk.clock.now()
        self.show_lists(
            (
                ("Returned to you", [_returned(one, now) for one in waits.returned]),
                ("Waiting for your review", [_review(one, now) for one in waits.reviews]),
                ("To follow up", [_part(one, now) for one in waits.parts]),
            )
        )


def _about(*facts: str) -> str:
    return " · ".join(fact for fact in facts if fact)


def _returned(one: ReturnedItem, now: datetime) -> WaitItem:
    remarks = "\n".join(
        f"{remark.title}: {remark.text}" if remark.title else remark.text
        for remark in one.remarks[:3]
    )
    by = f"returned by {one.reviewer_name} {since_words(one.since, now)}"
    deed = "Go on" if one.correcting else "Correct"
    return WaitItem(one.record_id, one.number, _about(one.subject_name, by), remarks, deed)


def _review(one: ReviewItem, now: datetime) -> WaitItem:
    by = f"by {one.author_name}" if one.author_name else ""
    waits = f"waits {since_words(one.since, now)}"
    others = f"{names_listed(one.others)} has begun, too" if one.others else ""
    about = _about(one.subject_name, by, waits, _WHY[one.why], others)
    return WaitItem(one.record_id, one.number, about, "", "Go on" if one.begun else "Review")


def _part(one: OpenPart, now: datetime) -> WaitItem:
    leads = ", ".join(f"{lead[:1].lower()}{lead[1:]}" for lead in one.leads)
    title = f"{_PARTS[one.part]}: {leads}" if leads else _PARTS[one.part]
    about = _about(one.number, one.subject_name, f"open {since_words(one.since, now)}")
    return WaitItem(one.record_id, title, about, "", "Go on" if one.begun else "Open")


__all__ = ["WaitItem", "WaitingLists", "WaitingRow", "Waits", "read_waits"]
