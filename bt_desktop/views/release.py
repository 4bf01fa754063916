"""The parent's copy: who gets it, what it tells, and no other child's name in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHideEvent,
    QPalette,
    QShowEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.services.privacy import Decision, NameFinding, ParentText, letter_name
from bt_desktop.services.results.copies import PaperInfo, PrintedCopy, Settled
from bt_desktop.services.results.people import Guardian
from bt_desktop.views.editors.text import GrowingText
from bt_desktop.views.editors.tokens_text import utf16
from bt_desktop.views.feedback import Banner
from bt_desktop.views.release_findings import FindingsList
from bt_desktop.views.release_papers import PaperChoice
from bt_desktop.views.release_recipients import Recipients
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

RECHECK_MS = 200
_ABOUT_NEEDED = (
    "Begun from the author's account, with other students as Student A, Student B. Write it for "
    "the parent: short, plain, about their child. The signed report stays as it is."
)
_ABOUT_OPTIONAL = (
    "The paper already says what happened, what was done and what to watch for. What you write "
    "here stands on it too."
)


@dataclass(frozen=True, slots=True)
class _Begun:
    """All that the page begins with."""

    papers: tuple[PaperInfo, ...]
    guardians: tuple[Guardian, ...]
    text: ParentText
    may_override: bool


class ReleasePage(QWidget):
    """Prepares and releases a parent's copy.

    Signals: `back`; `released(PrintedCopy)`; `previewed(PrintedCopy)` with an unsealed draft.
    """

    back = Signal()
    released = Signal(object)
    previewed = Signal(object)

    def __init__(
        self, desk: Desk, workspace: Workspace, record_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("formCheck")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self._workspace, self._record_id = desk, workspace, record_id
        self._findings: tuple[NameFinding, ...] = ()
        self._decided: dict[str, Decision] = {}
        self._replaced: list[tuple[str, QTextCursor]] = []
        self._letters: Mapping[str, str] = {}
        self._checked_text: str | None = None
        self._kept_place: Mapping[str, Any] | None = None
        self.paper = PaperInfo("", "The parent's copy", "needed")
        self._loaded_once = False
        self._fresh = True
        self.banner = Banner(desk.theme, self)
        self.title = PageTitle(self.paper.label, self)
        self.papers = PaperChoice(self)
        self.recipients = Recipients(desk.theme, self)
        self.text_title = SectionTitle("What the parent reads about what happened", self)
        self.text_about = Muted(_ABOUT_NEEDED, self)
        self.original = GrowingText(6, self)
        self.original.setReadOnly(True)
        self.text = GrowingText(6, self)
        self.findings = FindingsList(self)
        self.preview_button = SecondaryButton("&Preview", self)
        self.release_button = PrimaryButton("&Release this copy…", self)
        self.wait_words = plain_label("", "muted", self)
        self.wait_words.setWordWrap(True)
        self.wait_words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(RECHECK_MS)
        self._lay_out()
        self._connect()
        self._load()

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._head())
        body = QWidget(self)
        body.setObjectName("clear")
        column = QVBoxLayout(body)
        column.setContentsMargins(36, 22, 36, 28)
        column.setSpacing(14)
        column.addWidget(self.title)
        column.addWidget(self.banner)
        column.addWidget(self.papers)
        column.addWidget(self.recipients)
        column.addWidget(self.text_title)
        column.addWidget(self.text_about)
        texts = QHBoxLayout()
        texts.setSpacing(20)
        self._first = QWidget(body)
        self._first.setLayout(self._text_column("As the author wrote it", self.original))
        texts.addWidget(self._first, 1)
        texts.addLayout(self._text_column("As the parent reads it", self.text), 1)
        column.addLayout(texts)
        column.addWidget(self.findings)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        box.addWidget(scroll, 1)

    def _head(self) -> QFrame:
        head = QFrame(self)
        head.setObjectName("formHead")
        back = LinkButton("‹ &Back to the record", head)
        back.clicked.connect(self.back)
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 7, 20, 7)
        row.setSpacing(12)
        row.addWidget(back)
        row.addWidget(self.wait_words, 1)
        row.addWidget(self.preview_button)
        row.addWidget(self.release_button)
        tab_as_laid_out(head)
        return head

    def _text_column(self, title: str, text: QTextEdit) -> QVBoxLayout:
        label = plain_label(title, "fieldLabel", self)
        label.setBuddy(text)
        self.text_label = label
        text.setAccessibleName(title)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)  # alone in a widget it would stand further in
        column.setSpacing(4)
        column.addWidget(label)
        column.addWidget(text)
        column.addStretch(1)
        return column

    def _connect(self) -> None:
        self._timer.timeout.connect(self.recheck)
        self.text.textChanged.connect(self._edited)
        self.findings.decided.connect(self.settle_all)
        self.findings.shown.connect(self._go_to)
        self.preview_button.clicked.connect(self.preview)
        self.release_button.clicked.connect(self.release)
        self.recipients.changed.connect(self._allow)
        self.papers.chosen.connect(self._chose_paper)

    # --- loading ---------------------------------------------------------------------------------

    def _load(self) -> None:
        copies, record_id = self._workspace.copies, self._record_id
        self._allow()

        def work() -> _Begun:
            papers = copies.papers(record_id)
            return _Begun(
                papers,
                copies.recipients(record_id),
                copies.begin_parent_text(record_id, papers[0].name),
                copies.may_override(record_id),
            )

        self._desk.tasks.run(self, work, self._loaded, self._not_loaded)

    def _not_loaded(self, problem: BaseException) -> None:
        self.wait_words.setText("There is nothing to release.")
        self._desk.feedback.report(self, problem)

    def _loaded(self, begun: _Begun) -> None:
        self.paper = begun.papers[0]
        self.papers.show_papers(begun.papers)
        self._show_paper()
        self.recipients.show_guardians(begun.guardians, may_override=begun.may_override)
        self._letters = begun.text.letters
        self.original.setPlainText(begun.text.text)
        self.text.setPlainText(begun.text.text)
        self._decided = dict(begun.text.settled)
        self._loaded_once = True
        if self._kept_place is not None:
            kept, self._kept_place = self._kept_place, None
            self.restore(kept)
        self.recheck()

    def _chose_paper(self, paper: PaperInfo) -> None:
        """Another paper about the same: what was written and settled stays."""
        self.paper = paper
        self._show_paper()
        self._allow()

    def _show_paper(self) -> None:
        """Say which paper it is, and ask for a text as it needs one."""
        self.title.setText(self.paper.label)
        needed, none = self.paper.text == "needed", self.paper.text == "none"
        self._first.setVisible(needed)
        self.text_title.setText(
            "What the parent reads about what happened" if needed else "Anything to add?"
        )
        self.text_about.setText(_ABOUT_NEEDED if needed else _ABOUT_OPTIONAL)
        for widget in (self.text_title, self.text_about, self.text):
            widget.setVisible(not none)
        self.text_label.setText("As the parent reads it" if needed else "In a few sentences")

    # --- names -----------------------------------------------------------------------------------

    def _edited(self) -> None:
        self._checked_text = None
        self._timer.start()
        self._allow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked for behind a closed door; nothing can be released meanwhile either."""
        super().hideEvent(event)
        self._timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on where it was left."""
        super().showEvent(event)
        if self._checked_text is None and self._loaded_once:
            self._timer.start()

    def recheck(self) -> None:
        """Look for names in the text as it stands."""
        text = self.text.toPlainText()
        copies, people, record_id = self._workspace.copies, self._workspace.people, self._record_id

        def work() -> tuple[str, tuple[NameFinding, ...], Mapping[str, str]]:
            found = copies.findings(record_id, text)
            ids = {i for f in found for i in (f.student_id, *f.candidates) if i}
            return text, found, people.labels(sorted(ids))

        self._desk.tasks.latest(self, "findings", work, self._found)

    def _found(self, result: tuple[str, tuple[NameFinding, ...], Mapping[str, str]]) -> None:
        text, found, labels = result
        if text != self.text.toPlainText():
            return
        self._checked_text, self._findings = text, found
        keys = {f.key for f in found}
        self._decided = {k: d for k, d in self._decided.items() if k in keys}
        self.findings.show_findings(found, self._decided, labels, text)
        self.findings.setVisible(bool(text.strip()))
        self._mark()
        self._allow()
        if self._fresh:  # nothing to decide: Enter lets it go
            self._fresh = False
            ready = not self._waits()
            target = self.release_button if ready else self._first_choice()
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _first_choice(self) -> QWidget:
        """Where to begin: whom it is for, else the text."""
        free = [one for one in self.choices.values() if one.isEnabled()]
        undecided = self.recipient() is None and free
        return free[0] if undecided else self.text

    def open_findings(self) -> tuple[NameFinding, ...]:
        """The findings that still wait for a decision."""
        return tuple(f for f in self._findings if f.key not in self._decided)

    def settle(self, key: str, decision: Decision) -> None:
        """Settle one finding; "replaced" puts the letter into the text."""
        finding = next((f for f in self._findings if f.key == key), None)
        if finding is None or self._checked_text != self.text.toPlainText():
            return
        if decision == "replaced":
            self._replace(finding)
            self.recheck()
            return
        if self._decided.get(key) == decision:
            del self._decided[key]
        else:
            self._decided[key] = decision
        self.recheck()

    def settle_all(self, keys: Sequence[str], decision: Decision) -> None:
        """Settle these in one go, or take it back where all of them were settled so; several are
        never replaced at once."""
        if len(keys) == 1:
            self.settle(keys[0], decision)
            return
        found = {f.key for f in self._findings}.intersection(keys)
        if self._checked_text != self.text.toPlainText() or decision == "replaced":
            return
        settled = all(self._decided.get(key) == decision for key in found)
        for key in found:
            self._decided.pop(key, None)
            if not settled:
                self._decided[key] = decision
        self.recheck()

    def _replace(self, finding: NameFinding) -> None:
        cursor = self._cursor_over(finding)
        start = cursor.selectionStart()
        letter = finding.letter or self._letters.get(finding.student_id, "")
        said = letter_name(letter) if letter else finding.stand_in
        cursor.insertText(said)
        kept = QTextCursor(self.text.document())
        kept.setPosition(start)
        kept.setPosition(start + len(said), QTextCursor.MoveMode.KeepAnchor)
        self._replaced.append((finding.word, kept))

    def _cursor_over(self, finding: NameFinding) -> QTextCursor:
        text = self._checked_text or ""
        start = utf16(text[: finding.start])
        cursor = QTextCursor(self.text.document())
        cursor.setPosition(start)
        cursor.setPosition(
            start + utf16(text[finding.start : finding.end]), QTextCursor.MoveMode.KeepAnchor
        )
        return cursor

    def _go_to(self, key: str) -> None:
        finding = next((f for f in self._findings if f.key == key), None)
        if finding is not None and self._checked_text == self.text.toPlainText():
            self.text.setTextCursor(self._cursor_over(finding))
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self) -> None:
        """Underline what was found: open ones strongly, settled ones quietly."""
        danger = self.text.palette().color(QPalette.ColorRole.BrightText)
        quiet = self.text.palette().color(QPalette.ColorRole.Mid)
        marks = []
        for finding in self._findings:
            open_ = finding.key not in self._decided
            form = QTextCharFormat()
            form.setUnderlineStyle(
                QTextCharFormat.UnderlineStyle.WaveUnderline
                if open_
                else QTextCharFormat.UnderlineStyle.DotLine
            )
            form.setUnderlineColor(danger if open_ else quiet)
            if open_:
                ground = QColor(danger)
                ground.setAlphaF(0.12)
                form.setBackground(ground)
                form.setFontWeight(QFont.Weight.DemiBold)
            mark = QTextEdit.ExtraSelection()
            mark.format = form
            mark.cursor = self._cursor_over(finding)
            marks.append(mark)
        self.text.setExtraSelections(marks)

    # --- releasing -------------------------------------------------------------------------------

    @property
    def guardians(self) -> tuple[Guardian, ...]:
        """Who could get it."""
        return self.recipients.guardians

    @property
    def choices(self) -> dict[str, QRadioButton]:
        """The button of each of them, by id."""
        return self.recipients.choices

    def recipient(self) -> Guardian | None:
        """The guardian that is chosen."""
        return self.recipients.recipient()

    def _allow(self) -> None:
        waits = self._waits()
        self.wait_words.setText(waits)
        self.release_button.setEnabled(not waits)
        self.release_button.setAccessibleDescription(waits)
        needed = self.paper.text == "needed"
        self.preview_button.setEnabled(
            self._loaded_once and (bool(self.text.toPlainText().strip()) or not needed)
        )

    def _waits(self) -> str:
        if not self._loaded_once:
            return "Preparing the paper…"
        if self.paper.text == "needed" and not self.text.toPlainText().strip():
            return "Write what the parent reads."
        if self._checked_text is None:
            return "Looking for names…"
        count = len(self.open_findings())
        if count:
            return f"{count} name{'' if count == 1 else 's'} to settle"
        return self.recipients.waits()

    def settled(self) -> tuple[Settled, ...]:
        """The decisions made, with their places in the text."""
        by = self._workspace.actor.staff_id
        kept = [
            Settled(f.start, f.end, f.word, self._decided[f.key], by)
            for f in self._findings
            if f.key in self._decided
        ]
        plain = self.text.toPlainText()
        for word, cursor in self._replaced:
            if cursor.hasSelection():
                start = _python_place(plain, cursor.selectionStart())
                end = _python_place(plain, cursor.selectionEnd())
                kept.append(Settled(start, end, word, "replaced", by))
        return tuple(sorted(kept, key=lambda s: s.start))

    def preview(self) -> None:
        """Show how it would look: DRAFT across each page, not sealed."""
        copies, record_id, text = self._workspace.copies, self._record_id, self.text.toPlainText()
        settled, paper = self.settled(), self.paper.name
        self.preview_button.setEnabled(False)
        self._desk.tasks.run(
            self,
            lambda: copies.draft_parent_print(record_id, text, settled, paper=paper),
            self._previewed,
            self._failed,
        )

    def _previewed(self, copy: PrintedCopy) -> None:
        self._allow()
        self.previewed.emit(copy)

    def release(self) -> None:
        """Make the sealed copy for this guardian."""
        guardian = self.recipient()
        if guardian is None or self._waits() or not self.release_button.isEnabled():
            return
        copies, record_id = self._workspace.copies, self._record_id
        text, settled = self.text.toPlainText(), self.settled()
        paper, reason = self.paper.name, self.recipients.reason()
        self.release_button.setEnabled(False)
        self.release_button.setText("Sealing…")
        self._desk.tasks.run(
            self,
            lambda: copies.release_parent_copy(
                record_id, guardian.id, text, settled, paper=paper, reason=reason
            ),
            self._released,
            self._failed,
        )

    def _released(self, copy: PrintedCopy) -> None:
        self.release_button.setText("&Release this copy…")
        self._allow()
        self.released.emit(copy)

    def _failed(self, problem: BaseException) -> None:
        self.release_button.setText("&Release this copy…")
        self._allow()
        self._desk.feedback.report(self, problem)
        self.recheck()

    # --- lock and come back ----------------------------------------------------------------------

    def place(self) -> dict[str, Any]:
        """What was typed and chosen, kept in memory while the program is locked."""
        chosen = self.recipient()
        return {
            "text": self.text.toPlainText(),
            "guardian": chosen.id if chosen else "",
            "decided": dict(self._decided),
            "why": self.recipients.why.toPlainText(),
            "paper": self.paper.name,
        }

    def restore(self, place: Mapping[str, Any]) -> None:
        """Go on where it was left."""
        if not self._loaded_once:
            self._kept_place = place
            return
        self.text.setPlainText(str(place.get("text", "")))
        self._decided = dict(place.get("decided", {}))
        self.papers.choose(str(place.get("paper", "")))
        self.recipients.choose(str(place.get("guardian", "")))
        self.recipients.why.setPlainText(str(place.get("why", "")))
        self.recheck()


def _python_place(text: str, place: int) -> int:
    """A place as Qt counts it (UTF-16 units) as a place in a Python string."""
    return len(text.encode("utf-16-le")[: place * 2].decode("utf-16-le", errors="ignore"))
