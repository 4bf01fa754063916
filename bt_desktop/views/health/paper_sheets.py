"""What becomes of a paper of medicine: a call is logged, it is not needed, got, printed again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.paper_model import CallResult, PaperDue, PaperRow
from bt_desktop.services.results.copies import Again, CopyLogRow, PrintedCopy, Receipt
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.paper_rows import CALL_WORDS
from bt_desktop.views.print_again import PrintAgain
from bt_desktop.views.receipt_sheet import ReceiptSheet
from bt_desktop.views.widgets.inputs import Choice, TextBox, TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace


def _as_copy(row: PaperRow) -> CopyLogRow:
    """The paper as the sheets of other copies know one."""
    paper = row.paper
    return CopyLogRow(
        paper.id, 1, "notice", paper.for_whom, paper.at, row.by, True, paper.sha256, ()
    )


class CalledSheet(Sheet):
    """Logs a call to a parent about a paper that waits."""

    def __init__(self, desk: Desk, workspace: Workspace, due: PaperDue, parent: QWidget) -> None:
        super().__init__(desk, "The parent was called", "Log it", parent)
        self._papers, self._due = workspace.health.parent_papers, due
        self.column.addWidget(Muted(f"{due.student} · {due.medicine} · {due.says}", self))
        self.to, self.words = TextLine(), TextBox(lines=2, most=6)
        self.to.setText(due.for_whom)
        self.ended = Choice()
        self.ended.fill([(said.capitalize(), code) for code, said in CALL_WORDS.items()], "reached")
        self.add("to", "Who was called?", self.to, required=True)
        self.add("ended", "How did it end?", self.ended)
        self.add("words", "What was said", self.words, hint="The paper stays on the list.")
        self.on_save(self._collected)

    def _collected(self) -> Callable[[], Any] | None:
        to, result = self.to.text(), self.ended.currentData()
        if not to.strip():
            self.frames["to"].say("Write who was called.")
            return None
        papers, key, words = self._papers, self._due.key, self.words.toPlainText()
        code: CallResult = result
        return lambda: papers.attempt(key, to, code, words)


class WaiveSheet(Sheet):
    """Says why no paper is needed."""

    def __init__(self, desk: Desk, workspace: Workspace, due: PaperDue, parent: QWidget) -> None:
        super().__init__(desk, "No paper is needed", "Take it off the list", parent)
        self._papers, self._due = workspace.health.parent_papers, due
        self.column.addWidget(Muted(f"{due.student} · {due.medicine} · {due.says}", self))
        self.words = TextBox(lines=2, most=6)
        self.add(
            "words", "Why?", self.words, required=True,
            hint="Stays in the health file, with your name.",
        )  # fmt: skip
        self.on_save(self._collected)

    def _collected(self) -> Callable[[], Any] | None:
        words = self.words.toPlainText()
        if len(" ".join(words.split())) < 5:
            self.frames["words"].say("Write in a few words why.")
            return None
        papers, key = self._papers, self._due.key
        return lambda: papers.waive(key, words)


class GotSheet(ReceiptSheet):
    """Logs who got a paper of medicine, or that its slip came back."""

    def __init__(self, desk: Desk, workspace: Workspace, row: PaperRow, parent: QWidget) -> None:
        self._health, self._paper = workspace.health, row.paper
        super().__init__(desk, workspace, "", _as_copy(row), parent)
        self.slip = self.tick("The slip came back")
        self.column.removeWidget(self.slip)
        self.column.insertWidget(self.column.indexOf(self.scan), self.slip)
        tab_as_laid_out(self._inner)

    def receive(self, receipt: Receipt) -> None:
        """As of other copies; or that the slip came back."""
        papers = self._health.parent_papers
        if self.slip.isChecked():
            papers.slip_back(self._paper.id, receipt)
        else:
            papers.receive(self._paper.id, receipt)

    def keep(self, name: str, media: str, data: bytes) -> None:
        """The scan is kept in the health file, sealed."""
        self._health.orders.keep_document(
            self._paper.student_id, data, kind="slip", name=name, media_type=media
        )


class OnceMore(PrintAgain):
    """The very bytes of a paper of medicine, and why they are printed again."""

    def __init__(self, desk: Desk, workspace: Workspace, row: PaperRow, parent: QWidget) -> None:
        self._papers, self._which = workspace.health.parent_papers, row.paper
        super().__init__(desk, workspace, _as_copy(row), parent)
        self.setWindowTitle(f"Print {row.paper.number} again")
        self.title.setText(f"Print {row.paper.number} again")

    def again(self, why: Again, words: str) -> PrintedCopy:
        """Past the gates of today."""
        return self._papers.print_again(self._which.id, why, words)
