"""One paper of medicine before it is made: who gets it, what is told, names to settle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.paper_model import (
    LINE_WORDS,
    TITLES,
    Line,
    LineSettled,
    PaperDraft,
    joined,
)
from bt_desktop.services.privacy import Decision, NameFinding, replace_finding
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone
from bt_desktop.views.health.administrator import LetsGo
from bt_desktop.views.release_findings import FindingsList
from bt_desktop.views.release_recipients import Recipients
from bt_desktop.views.widgets.inputs import TextBox
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.workspace import Workspace

_HINTS: dict[Line, str] = {
    "medicine": "What the label said.",
    "reason": "A parent reads this. No other child’s name.",
    "response": "Blank: we had not asked yet.",
}


class PaperSheet(Sheet):
    """`saved(PrintedCopy)` once it is made."""

    def __init__(
        self, desk: Desk, workspace: Workspace, draft: PaperDraft, parent: QWidget
    ) -> None:
        due = draft.due
        super().__init__(desk, TITLES[due.kind], "Make the paper", parent, wide=660)
        self._workspace, self._draft = workspace, draft
        self._findings: tuple[NameFinding, ...] = draft.findings
        self._checked = draft.whole
        self._decided: dict[str, Decision] = {}
        self.column.addWidget(Muted(f"{due.student} · {due.medicine} · {due.says}", self))
        self.recipients = Recipients(desk.theme, self)
        may = draft.may_override or bool(draft.seconds)
        self.recipients.show_guardians(draft.recipients, may_override=may)
        self.recipients.choose(due.guardian_id)
        self.column.addWidget(self.recipients)
        self.administrator = LetsGo(self, draft.seconds, own=draft.may_override)
        self.lines: dict[Line, TextBox] = {}
        for line in LINE_WORDS:
            if line in draft.lines:
                self._line(line, draft.lines[line])
        self.findings = FindingsList(self)
        self.findings.decided.connect(self.settle)
        self.column.addWidget(self.findings)
        self.recipients.changed.connect(self._recipient_changed)
        self._recipient_changed()
        self._show_findings()
        self.on_save(self._collect_paper)

    def _line(self, line: Line, text: str) -> None:
        box = self.lines[line] = TextBox(lines=2, most=5)
        box.setPlainText(text)
        box.textChanged.connect(self._typed)
        self.add(line, LINE_WORDS[line], box, hint=_HINTS.get(line, ""))

    # --- names -----------------------------------------------------------------------------------

    def typed(self) -> dict[Line, str]:
        """The lines as they stand, in one line each."""
        return {key: " ".join(box.toPlainText().split()) for key, box in self.lines.items()}

    @Slot()
    def _typed(self) -> None:
        lines, papers = self.typed(), self._workspace.health.parent_papers
        student, whole = self._draft.due.student_id, joined(lines)

        def found(findings: tuple[NameFinding, ...]) -> None:
            self._checked, self._findings = whole, findings
            keys = {one.key for one in findings}
            self._decided = {key: way for key, way in self._decided.items() if key in keys}
            self._show_findings()

        self._desk.tasks.latest(self, "names", lambda: papers.findings(student, lines), found)

    def _show_findings(self) -> None:
        self.findings.show_findings(self._findings, self._decided, {}, self._checked)
        self.findings.setVisible(bool(self._findings))
        tab_as_laid_out(self._inner)

    @Slot(object, str)
    def settle(self, keys: Sequence[str], decision: Decision) -> None:
        """Settle findings; a name that is replaced goes out of the line it stands in."""
        if self._checked != joined(self.typed()):
            return  # it is being looked at anew
        if decision == "replaced":
            finding = next((one for one in self._findings if one.key == keys[0]), None)
            if finding is not None:
                whole = replace_finding(self._checked, finding)
                parts = whole.split("\n")
                for (_, box), text in zip(self.lines.items(), parts, strict=False):
                    if " ".join(box.toPlainText().split()) != text:
                        box.setPlainText(text)
            return
        settled = all(self._decided.get(key) == decision for key in keys)
        for key in keys:
            if settled:
                self._decided.pop(key, None)
            else:
                self._decided[key] = decision
        self._show_findings()

    # --- who -------------------------------------------------------------------------------------

    @Slot()
    def _recipient_changed(self) -> None:
        whom = self.recipients.recipient()
        self.administrator.show_needed(whom is not None and not whom.allowed)

    def _collect_paper(self) -> Callable[[], Any] | None:
        waits = self.recipients.waits()
        open_ = [one for one in self._findings if one.key not in self._decided]
        if not waits and (open_ or self._checked != joined(self.typed())):
            waits = "Settle every word that may be another child’s name first."
        if waits:
            self.banner.tell(waits, Tone.DANGER)
            return None
        whom = self.recipients.recipient()
        second = self.administrator.read()
        if whom is None or second is False:
            return None
        papers, key, lines = self._workspace.health.parent_papers, self._draft.due.key, self.typed()
        settled = tuple(
            LineSettled(one.start, one.end, one.word, self._decided[one.key], "")
            for one in self._findings
        )
        reason = self.recipients.reason()

        def work() -> PrintedCopy:
            return papers.release(
                key, whom.id, lines, settled, reason=reason, second=second or None
            )

        return work

    def _refused(self, problem: BaseException) -> None:
        if self.administrator.refused(problem):
            self._busy(False)
            return
        super()._refused(problem)
