"""What stands above a record's questions: what came back, what is amended, who has old copies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.views.form_aside import MissingLine
from bt_desktop.views.state_words import full_moment, kind_title, names_listed, part_words
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import GivenCopy
    from bt_desktop.services.results.records import OpenRecord, PartState
    from bt_desktop.services.results.reviews import Remark, ReviewView
    from bt_desktop.services.workspace import Workspace

IN_ERROR = "entered_in_error"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is read beside a record, in one go: its review, the copies that parents were given."""

    review: ReviewView
    given: tuple[GivenCopy, ...]


def read_beside(workspace: Workspace, record_id: str, *, copies: bool) -> Beside:
    """Everything the top shows (on a worker); copies where the person may see them."""
    view = workspace.records.reviews.view(record_id)
    return Beside(view, workspace.copies.given(record_id) if copies else ())


class RecordTop(QWidget):
    """Cards above the questions; nothing where there is nothing to say.

    `asked(deed)` for its links; `jumped(path)` when a remark is pressed.
    """

    asked = Signal(str)
    jumped = Signal(str)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.lines: list[MissingLine] = []
        self.links: dict[str, LinkButton] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(10)
        self.hide()

    def show_record(self, record: OpenRecord, beside: Beside) -> None:
        """Show what is to be said of this record now."""
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.lines, self.links = [], {}
        cards = (
            self._returned(record, beside.review),
            *(self._amending(part) for part in record.parts if part.amending),
            self._waiting(record, beside.review),
            self._amended(record),
            self._copies(record, beside.given),
        )
        shown = [card for card in cards if card is not None]
        for card in shown:
            self._box.addWidget(card)
        self.setVisible(bool(shown))

    # --- the cards -------------------------------------------------------------------------------

    def _returned(self, record: OpenRecord, review: ReviewView) -> Card | None:
        if record.state != "returned" or review.returned_at is None:
            return None
        at = full_moment(review.returned_at, self._now())
        card = self._card("warn", f"Returned by {review.returned_by}, {at}")
        self._remarks(card, review.remarks)
        amending = next((part.amending for part in record.parts if part.key == "report"), "")
        if "correct" in record.may and not amending:
            self._links(card, (("correct", "Correct the report…"),))
        elif not amending:
            card.column.addWidget(Muted("It is with its author, who corrects it.", card))
        return card

    def _remarks(self, card: Card, remarks: Sequence[Remark]) -> None:
        for number, remark in enumerate(remarks, 1):
            where = f"{remark.title}: " if remark.title else ""
            line = MissingLine(card)
            text = f"{where}{remark.text}"
            path = f"/{remark.section}" if remark.section else ""
            line.show_issue(number, text, path, "Go there" if path else text)
            line.setEnabled(bool(path))
            line.clicked.connect(lambda _=False, p=path: self.jumped.emit(p))
            card.column.addWidget(line)
            self.lines.append(line)

    def _amending(self, part: PartState) -> Card:
        kind, words = kind_title(part.amending), part_words(part.key)
        if not part.may_discard:
            return self._card("accent", f"{part.owner_name} is writing an amendment of the {words}")
        card = self._card("accent", f"You are writing: {kind.lower()} of the {words}")
        card.column.addWidget(self._words(f"Reason: {part.reason}", card))
        card.column.addWidget(
            Muted("What was signed stays as it is until you sign this, and after.", card)
        )
        links = [(f"change:{part.key}", "Change kind or reason…")]
        if part.amending != IN_ERROR:
            links.append((f"changes:{part.key}", "See what changes"))
        links.append((f"discard:{part.key}", "Discard…"))
        self._links(card, links)
        return card

    def _waiting(self, record: OpenRecord, review: ReviewView) -> Card | None:
        mine = next((part for part in record.parts if part.key == "review"), None)
        if mine is not None and review.news and mine.may_discard and not mine.amending:
            card = self._card("warn", "Your review is not signed, and something changed")
            card.column.addWidget(self._words(review.news, card))
            self._links(
                card, (("review", "Go on with your review…"), ("discard:review", "Discard…"))
            )
            return card
        if "review" not in record.may:
            return None
        words = "Waits for your review" if record.form.asks_review else "You may review this"
        if record.state == "amended":
            words = "Amended after its review: look at what changed"
        card = self._card("accent", words)
        if review.facts:
            count = len(review.facts)
            told = "1 flagged fact" if count == 1 else f"{count} flagged facts"
            card.column.addWidget(Muted(f"{told} to look at first.", card))
        if review.others:
            card.column.addWidget(
                Muted(f"{names_listed(review.others)} has begun to review it, too.", card)
            )
        self._links(card, (("review", "Review…"),))
        return card

    def _amended(self, record: OpenRecord) -> Card | None:
        found = [part for part in record.parts if part.kind and part.signed_last]
        if not found:
            return None
        newest = max(found, key=lambda part: part.signed_last or record.updated_at)
        at = full_moment(newest.signed_last or record.updated_at, self._now())
        if record.state == "entered in error":
            card = self._card("danger", f"Entered in error, {at}, by {newest.signer_name}")
            card.column.addWidget(
                Muted("It is kept, and no parent gets a copy of it any more.", card)
            )
        else:
            kind = kind_title(newest.kind).lower()
            words = f"Amended {at}: {kind} of the {part_words(newest.key)} by {newest.signer_name}"
            card = self._card("", words)
        if "compare" in record.may:
            links = [("compare", "Compare versions")]
            if "school_copy" in record.may:
                links.append(("both", "Print both versions…"))
            self._links(card, links)
        return card

    def _copies(self, record: OpenRecord, given: Sequence[GivenCopy]) -> Card | None:
        old = [one for one in given if one.amended is not None]
        if not old:
            return None
        now = self._now()
        error = record.state == "entered in error"
        when = max(one.amended.at for one in old if one.amended is not None)
        title = (
            "Copies of this record went out before it was withdrawn"
            if error
            else f"Given before the amendment of {full_moment(when, now)}: make a new copy?"
        )
        card = self._card("warn", title)
        for one in old:
            made = full_moment(one.made_at, now)
            card.column.addWidget(
                self._words(f"Copy {one.number} for {one.for_whom}, {made}", card)
            )
        if not error and "parent_copy" in record.may:
            self._links(card, (("parent_copy", "Parent copy…"),))
        return card

    # --- pieces ----------------------------------------------------------------------------------

    def _card(self, edge: str, title: str) -> Card:
        card = Card(self, edge=edge, spacing=4, margin=14)
        words = plain_label(title.replace("&", "&&"), "strong", card)
        words.setWordWrap(True)
        card.column.addWidget(words)
        return card

    def _words(self, text: str, card: Card) -> QWidget:
        words = plain_label(text.replace("&", "&&"), "", card)
        words.setWordWrap(True)
        return words

    def _links(self, card: Card, links: Sequence[tuple[str, str]]) -> None:
        row = QHBoxLayout()
        row.setSpacing(18)
        for deed, words in links:
            link = LinkButton(words, card)
            link.clicked.connect(lambda _=False, d=deed: self.asked.emit(d))
            row.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            self.links[deed] = link
        row.addStretch(1)
        card.column.addLayout(row)
