"""One line for one visit: typed in a hurry, shown as it is understood, kept by Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.visit_line import Understood, understand
from bt_desktop.services.health.visit_lists import visit_lists
from bt_desktop.services.health.visit_model import NewVisit
from bt_desktop.services.names import fold
from bt_desktop.views.announce import announce
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.visit_words import new_visit, said_of, when_words
from bt_desktop.views.shell_search import Finding, Findings, finding_of_person
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

FEWEST_LETTERS = 2
_MOST = 8
_HINT = "mat stomach ache rest 10:05"
_HELP = (
    "Two letters of the name, what they came with, what was done, where they went, the times; in "
    "one line, in any order after the name."
)
_BLANK = "What you type stands here as it is understood."


class VisitFindings(Findings):
    """The students whom the line may mean. `read(Understood)` for each state of the line.

    Choosing one keeps the line; it opens again only when another name is typed.
    """

    read = Signal(object)
    nothing_words = "No student of that name. It can be kept as a visitor."

    def __init__(self, desk: Desk, workspace: Workspace, line: SearchLine, parent: QWidget) -> None:
        super().__init__(desk, workspace, line, parent)
        self._understood: dict[str, Understood] = {}
        self.pinned = ""

    def look(self, text: str) -> tuple[Finding, ...]:
        """Understand the line, and find whom it names (on a worker)."""
        people, now = self._workspace.people, self._workspace.health.visits.now()

        def count(typed: str) -> int:
            return len(people.search(typed, ("student",), _MOST))

        found = understand(text, visit_lists(), now, count)
        self._understood = {text: found}
        if len(found.name) < FEWEST_LETTERS:
            return ()
        return tuple(
            finding_of_person(one) for one in people.search(found.name, ("student",), _MOST)
        )

    def show_findings(self, rows: tuple[Finding, ...]) -> None:
        found = self._understood.get(self._line.text())
        if found is None:
            return
        self.read.emit(found)
        if len(found.name) < FEWEST_LETTERS or fold(found.name) == self.pinned:
            self.hide()
            return
        super().show_findings(rows)

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        finding = self.model.row(index)
        self._looked()
        found = self._understood.get(self._line.text())
        self.pinned = fold(found.name) if found is not None else ""
        self.hide()
        self.chosen.emit(finding.kind, finding.id)


class VisitEntry(Card):
    """The line. `kept` after a visit was kept or taken back."""

    kept = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=10)
        self._desk, self._workspace = desk, workspace
        self._found: Understood | None = None
        self._student: tuple[str, str] | None = None
        self._detail = ""
        self._busy = False
        self._last = ""
        self.findings: VisitFindings | None = None
        self.line = SearchLine(desk.theme, _HINT, parent=self)
        self.line.returnPressed.connect(self.keep)
        self.frame = FieldFrame(desk.theme, "New visit", self.line, hint=_HELP, parent=self)
        self.who = plain_label("", "strong", self)
        self.who.setWordWrap(True)
        self.says = Muted(_BLANK, self)
        self.deed = PrimaryButton("Keep the visit", self)
        self.deed.setAccessibleDescription("Key: Enter in the line")
        self.deed.clicked.connect(self.keep)
        self.visitor = SecondaryButton("Keep as a visitor", self)
        self.visitor.setAccessibleDescription("Somebody who is no student here")
        self.visitor.clicked.connect(self.keep_visitor)
        self.news = Muted("", self)
        self.back = LinkButton("Take it back", self)
        self.back.clicked.connect(self.take_back)
        self._lay_out()
        self._show()
        self._show_news("")

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.who)
        words.addWidget(self.says)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.visitor)
        row.addWidget(self.deed)
        told = QHBoxLayout()
        told.setSpacing(12)
        told.addWidget(self.news)
        told.addWidget(self.back)
        told.addStretch(1)
        self.column.addWidget(self.frame)
        self.column.addLayout(row)
        self.column.addLayout(told)

    def showEvent(self, event: QShowEvent) -> None:
        """The list hangs in the window, so that nothing cuts it off."""
        super().showEvent(event)
        if self.findings is None:
            self.findings = VisitFindings(self._desk, self._workspace, self.line, self.window())
            self.findings.read.connect(self._understood)
            self.findings.chosen.connect(self._choose)
            self.line.textEdited.connect(self._edited)

    # --- what stands there -----------------------------------------------------------------------

    @Slot(str)
    def _edited(self, text: str) -> None:
        self.frame.say("")
        if not text.strip():
            self._forget()

    def _forget(self) -> None:
        self._found, self._student = None, None
        if self.findings is not None:
            self.findings.pinned = ""
        self._show()

    @Slot(object)
    def _understood(self, found: Understood) -> None:
        self._found = found
        pinned = self.findings.pinned if self.findings is not None else ""
        if fold(found.name) != pinned:
            self._student = None
        self._show()

    @Slot(str, str)
    def _choose(self, _kind: str, student_id: str) -> None:
        found = self.findings.model.find(student_id) if self.findings is not None else None
        if found is not None:
            self._student, self._detail = (student_id, found.title), found.detail
        self._show()

    def _show(self) -> None:
        found = self._found
        name = " · ".join((self._student[1], self._detail)) if self._student else ""
        if found is None:
            self.who.setText("")
            self.says.setText(_BLANK)
        else:
            new = self._new(found, None, found.name)
            self.who.setText(name or (f"“{found.name}”: whom do you mean?" if found.name else ""))
            said = (said_of(new) or "What they came with?", when_words(new.came_at, new.left_at))
            self.says.setText(" · ".join(said))
        self.who.setVisible(bool(self.who.text()))
        self.line.setAccessibleDescription(f"{self.who.text()} {self.says.text()} {_HELP}")
        self.visitor.setVisible(found is not None and self._student is None)
        self.deed.setEnabled(self._student is not None and not self._busy)

    def _new(self, found: Understood, student: str | None, who: str) -> NewVisit:
        now = self._desk.clock.now().replace(second=0, microsecond=0)
        return new_visit(found, now, student, who)

    # --- deeds -----------------------------------------------------------------------------------

    @Slot()
    def keep(self) -> None:
        """Keep it as it is understood."""
        found, student = self._found, self._student
        if self._busy or found is None:
            return
        if student is None:
            self.frame.say("Choose the student from the list, or keep it as a visitor.")
            return
        self._keep(self._new(found, student[0], ""), student[1])

    @Slot()
    def keep_visitor(self) -> None:
        """Keep it of somebody who is no student."""
        found = self._found
        if not self._busy and found is not None:
            self._keep(self._new(found, None, found.name), found.name)

    def _keep(self, new: NewVisit, name: str) -> None:
        visits = self._workspace.health.visits
        told = f"Kept: {name}, {said_of(new)}, {when_words(new.came_at, new.left_at)}."

        def done(visit_id: str) -> None:
            self._set_busy(False)
            self._last = visit_id
            self.line.clear()
            self._forget()
            self._show_news(told)
            announce(self, told)
            self.line.setFocus()
            self.kept.emit()

        self._set_busy(True)
        self._desk.tasks.run(self, lambda: visits.add(new), done, self._refused)

    @Slot()
    def take_back(self) -> None:
        """The visit kept last was wrong: it is struck, by whoever put it in."""
        visits, which = self._workspace.health.visits, self._last
        if self._busy or not which:
            return

        def done(_: object) -> None:
            self._set_busy(False)
            self._last = ""
            self._show_news("Taken back. Write it again if it was the wrong child.")
            self.line.setFocus()
            self.kept.emit()

        self._set_busy(True)
        self._desk.tasks.run(
            self, lambda: visits.strike(which, "Taken back at once"), done, self._refused
        )

    def _show_news(self, text: str) -> None:
        self.news.setText(text)
        self.news.setVisible(bool(text))
        self.back.setVisible(bool(text and self._last))
        self.back.setAccessibleDescription(text)

    def _refused(self, problem: BaseException) -> None:
        self._set_busy(False)
        if isinstance(problem, KnownError):
            problems = getattr(problem, "problems", ())
            self.frame.say(problems[0].sentence if problems else problem.remedy)
            self.line.setFocus()
        else:
            self._desk.feedback.report(self, problem)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._show()
