"""The small dialogs of a record: hand over, reported by, copies made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.errors import KnownError
from bt_desktop.services.results.copies import REPRINTED
from bt_desktop.views.editors.people import PeopleEditor
from bt_desktop.views.editors.text import GrowingText
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.print_again import AGAIN_SHORT
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.table import dress_rows
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label
from bt_desktop.views.widgets.when import clock_words, full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import CopyLogRow
    from bt_desktop.services.results.school import Account
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk
    from bt_desktop.views.editors.protocol import EditorContext


KINDS = {
    "school": "School copy",
    "parent": "Parent copy",
    "draft": "Draft",
    "draft_parent": "Draft for a parent",
    "notice": "Notice to a parent",
    "draft_notice": "Draft of a notice",
    "osha_301": "Equivalent to Cal/OSHA 301",
}


class _Dialog(QDialog):
    """A title, a banner, a column, and two buttons with verbs. `done` after the deed."""

    done = Signal()  # type: ignore[assignment]  # hides QDialog.done(int), which nobody here calls

    def __init__(self, desk: Desk, title: str, verb: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setModal(True)
        self.banner = Banner(desk.theme, self)
        self.column = QVBoxLayout()
        self.column.setSpacing(8)
        self.deed = PrimaryButton(verb, self)
        cancel = SecondaryButton("Cancel", self)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.deed)
        box = QVBoxLayout(self)
        box.setContentsMargins(26, 22, 26, 20)
        box.setSpacing(12)
        box.addWidget(SectionTitle(title, self))
        box.addWidget(self.banner)
        box.addLayout(self.column)
        box.addLayout(row)
        self.setMinimumWidth(desk.theme.px(460))

    def showEvent(self, event: QShowEvent) -> None:
        """Tab goes through what the dialog asks first, whenever it was put in."""
        tab_as_laid_out(self)
        super().showEvent(event)

    def run(self, work: Callable[[], Any]) -> None:
        """Do the deed away from the window, then close."""
        self.deed.setEnabled(False)
        self._desk.tasks.run(self, work, self._finished, self._failed)

    def _finished(self, _result: Any) -> None:
        self.done.emit()
        self.accept()

    def _failed(self, problem: BaseException) -> None:
        self.deed.setEnabled(True)
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)


class HandOver(_Dialog):
    """To whom, and why."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        accounts: Sequence[Account],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Hand this draft over", "Hand over", parent)
        self._workspace, self._record_id = workspace, record_id
        self.group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        self.column.addWidget(
            Muted(
                "They fill and sign it from now on. It leaves your drafts; the history shows this.",
                self,
            )
        )
        for account in accounts:
            if not account.active or account.own:
                continue
            about = f" · {account.title}" if account.title else ""
            choice = QRadioButton(f"{account.name}{about}".replace("&", "&&"), self)
            self.group.addButton(choice)
            self.column.addWidget(choice)
            self.choices[account.user_id] = choice
        label = plain_label("Why?", "fieldLabel", self)
        self.reason = GrowingText(2, self)
        self.reason.setAccessibleName("Why do you hand it over?")
        label.setBuddy(self.reason)
        self.column.addWidget(label)
        self.column.addWidget(self.reason)
        self.deed.clicked.connect(self.hand_over)
        self.group.buttonToggled.connect(lambda *_: self._allow())
        self.reason.textChanged.connect(self._allow)
        self._allow()

    def hand_over(self) -> None:
        """Do it."""
        to = next((u for u, choice in self.choices.items() if choice.isChecked()), None)
        if to is None:
            return
        records, record_id = self._workspace.records, self._record_id
        reason = self.reason.toPlainText().strip()
        self.run(lambda: records.hand_over(record_id, to, reason))

    def _allow(self) -> None:
        chosen = self.group.checkedButton() is not None
        self.deed.setEnabled(chosen and bool(self.reason.toPlainText().strip()))


class ChooseStaff(_Dialog):
    """Who reports: whose account it is, and who signs it later."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        context: EditorContext,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Reported by", "Set", parent)
        self._workspace, self._record_id = workspace, record_id
        self.column.addWidget(
            Muted("You type it in; the person who was there reports it and signs it.", self)
        )
        label = plain_label("Who was there and reports this?", "fieldLabel", self)
        self.person = PeopleEditor("staff", False, context, self)
        label.setBuddy(self.person.focus_target())
        self.person.describe("Who was there and reports this?", "")
        self.column.addWidget(label)
        self.column.addWidget(self.person)
        self.deed.clicked.connect(self.set_reporter)

    def set_reporter(self) -> None:
        """Do it."""
        who = self.person.typed()
        if not isinstance(who, str) or ":" not in who:
            self.banner.tell("Choose a staff member from the list.", Tone.WARN)
            return
        records, record_id = self._workspace.records, self._record_id
        self.run(lambda: records.set_reported_by(record_id, who))


class CopiesMade(QDialog):
    """The log of copies: number, kind, for whom, by whom, when, what became of it, digest."""

    receipt_asked = Signal(object)
    again_asked = Signal(object)
    HEADS = ("No.", "Kind", "For whom", "Made by", "When", "Became", "Sealed", "SHA-256")

    def __init__(
        self,
        desk: Desk,
        rows: Sequence[CopyLogRow],
        local: Callable[[datetime], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Copies made")
        self._local = local
        self.table = QTableWidget(len(rows), len(self.HEADS), self)
        self.table.setHorizontalHeaderLabels(list(self.HEADS))
        self.table.setAccessibleName("Copies made of this record")
        dress_rows(self.table)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.table.verticalHeader().setDefaultSectionSize(desk.theme.px(39))
        for place, row in enumerate(rows):
            self._fill(place, row)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setStretchLastSection(True)
        close = PrimaryButton("Close", self)
        close.clicked.connect(self.accept)
        self._rows = tuple(rows)
        self.receipt_button = SecondaryButton("Who received it…", self)
        self.receipt_button.clicked.connect(self._ask_receipt)
        self.again_button = SecondaryButton("Print again…", self)
        self.again_button.setAccessibleDescription("The copy chosen above, to the letter")
        self.again_button.setAccessibleName("Print again the copy chosen above")
        self.receipt_button.setAccessibleName("Who received it: the copy chosen above")
        self.again_button.clicked.connect(self._ask_again)
        self.table.itemSelectionChanged.connect(self._allow)
        self._allow()
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 20)
        box.setSpacing(12)
        box.addWidget(SectionTitle("Copies made", self))
        if not rows:
            box.addWidget(Muted("No copy has been made yet.", self))
        box.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.again_button)
        foot.addWidget(self.receipt_button)
        foot.addStretch(1)
        foot.addWidget(close)
        box.addLayout(foot)
        tab_as_laid_out(self)
        room = self.screen().availableSize() if parent is None else parent.window().size()
        self.resize(min(desk.theme.px(860), room.width() - 40), desk.theme.px(380))

    def _chosen(self) -> CopyLogRow | None:
        """The sealed copy that is chosen."""
        place = self.table.currentRow()
        row = self._rows[place] if 0 <= place < len(self._rows) else None
        return row if row is not None and row.sealed else None

    def _allow(self) -> None:
        row = self._chosen()
        self.again_button.setEnabled(row is not None)
        self.receipt_button.setEnabled(row is not None and row.kind in ("parent", "notice"))

    def _ask_receipt(self) -> None:
        self._ask(self.receipt_asked)

    def _ask_again(self) -> None:
        self._ask(self.again_asked)

    def _ask(self, signal: SignalInstance) -> None:
        row = self._chosen()
        if row is not None:
            signal.emit(row)
            self.accept()

    def _fill(self, place: int, row: CopyLogRow) -> None:
        at = self._local(row.made_at)
        done = [what.replace("_", " ") for what, _when in row.marks if what != REPRINTED]
        again = [f"printed again: {words or AGAIN_SHORT[why]}" for why, words, _ in row.reprints]
        became = ", ".join(dict.fromkeys([*done, *again]))
        for one in row.receipts:
            became += f" · {one.to}, {full_date(self._local(one.at).date())}"
        texts = (
            str(row.number),
            KINDS[row.kind],
            row.for_whom,
            row.made_by,
            f"{full_date(at.date())}, {clock_words(at)}",
            became,
            "yes" if row.sealed else "no",
            row.sha256,
        )
        for column, text in enumerate(texts):
            self.table.setItem(place, column, QTableWidgetItem(text))
