"""Is this PDF a genuine copy? Drop it here; with or without an open vault."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone, choose_open
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.manual_pages import open_manual
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label
from bt_desktop.views.widgets.when import clock_words, day_words

if TYPE_CHECKING:
    from bt_desktop.services.on_paper import OnPaper
    from bt_desktop.services.verification import Verification
    from bt_desktop.services.workspace import Workspace

HEADLINES = {
    "genuine": ("Genuine and unchanged", "shield-check", "ok"),
    "amended": ("Genuine, but amended since", "shield-check", "warn"),
    "records_older": ("Genuine, but these records do not fit it", "shield-ask", "danger"),
    "changed": ("Changed", "shield-cross", "danger"),
    "not_ours": ("Not ours", "shield-cross", "danger"),
    "cannot_tell": ("Cannot tell", "shield-ask", "warn"),
}
"""What each verdict is called, its icon and its tone; the words carry the meaning."""


CODE_HEADLINES = {
    "fits": ("These records fit the print", "shield-check", "ok"),
    "known": ("Made from entries that are gone", "shield-ask", "warn"),
    "older": ("These records are older than the print", "shield-cross", "danger"),
    "other": ("These records are not what the print saw", "shield-cross", "danger"),
    "not_ours": ("Not ours", "shield-cross", "danger"),
}
"""The same for a square code held against the trail."""


class DropGround(QFrame):
    """A place to drop one PDF; calls `dropped(path)`."""

    def __init__(self, desk: Desk, window: VerifyWindow) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("dropGround")
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconLabel(desk.theme, "drop", "muted", 36, self), 0, middle)
        column.addWidget(plain_label("Drop a PDF here", "strong", self), 0, middle)
        self.choose = PrimaryButton("Choose a file…", self)
        column.addWidget(self.choose, 0, middle)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._mark(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if urls:
            self._window.check(Path(urls[0].toLocalFile()))

    def _mark(self, over: bool) -> None:
        self.setProperty("over", over)
        self.style().unpolish(self)
        self.style().polish(self)


class VerifyWindow(QWidget):
    """A window of its own. Uses the certificates remembered on this computer; with `workspace`
    open it also knows whether the record was amended since."""

    def __init__(
        self,
        desk: Desk,
        settings: Path,
        workspace: Workspace | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("page")
        self.setWindowTitle("Check a printed copy")
        self._desk, self._settings, self._workspace = desk, settings, workspace
        self._ca: bytes | None = None
        self._last: Path | None = None
        self.banner = Banner(desk.theme, self)
        self.ground = DropGround(desk, self)
        self.ground.choose.clicked.connect(self._choose)
        self.verdict = self._verdict_card()
        self.certificate = LinkButton("Use another school's certificate…", self)
        self.certificate.setProperty("small", True)
        self.certificate.clicked.connect(self._choose_certificate)
        inner = QWidget()
        inner.setObjectName("ground")
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(PageTitle("Check a printed copy", inner))
        column.addWidget(
            Muted(
                "Every copy that this program prints or saves is sealed by the school. Here you "
                "see whether a PDF is such a copy and whether anything in it was changed. A paper "
                "copy is checked by its number and its PDF in the office.",
                inner,
            )
        )
        column.addWidget(self.banner)
        column.addWidget(self.ground)
        column.addWidget(self._code_row())
        column.addWidget(self.verdict)
        column.addWidget(self.certificate, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        scroll = Scroll(self)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        QShortcut(QKeySequence("Esc"), self, self.close)
        QShortcut(QKeySequence("F1"), self, lambda: open_manual(self))
        room = self.screen().availableSize()
        self.resize(*(min(desk.theme.px(560), side) for side in (room.width(), room.height())))

    def _code_row(self) -> QWidget:
        """For a paper print: the text of its square code, held against the open records."""
        holder = QWidget(self)
        self.code = TextLine(hint="BTD1|BER-2026-0001|SEQ=…")
        self.code.returnPressed.connect(self._check_code)
        self.code_frame = FieldFrame(
            self._desk.theme, "Or the text of a print's square code", self.code,
            hint="Scan it with a phone. It tells whether these records are older than the print.",
        )  # fmt: skip
        self.code_go = SecondaryButton("Compare", holder)
        self.code_go.setAccessibleName("Compare the square code with these records")
        self.code_go.clicked.connect(self._check_code)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.code_frame)
        column.addWidget(self.code_go, 0, Qt.AlignmentFlag.AlignLeft)
        holder.setVisible(self._workspace is not None)
        return holder

    @Slot()
    def _check_code(self) -> None:
        workspace, text = self._workspace, self.code.text()
        if workspace is None or workspace.locked:
            self.code_frame.say("Unlock the records first.")
            return
        self.code_frame.say("")
        self._desk.tasks.run(
            self, lambda: workspace.log.square_code(text), self.show_code, self._no_code,
            lane=Lane.READ,
        )  # fmt: skip

    def show_code(self, seen: OnPaper) -> None:
        """Say how the records stand to a print."""
        headline, name, tint = CODE_HEADLINES[seen.kind]
        self._show(headline, name, tint, seen.sentence, seen.remedy, ())

    def _no_code(self, problem: BaseException) -> None:
        if isinstance(problem, KnownError):
            self.code_frame.say(str(problem))
        else:
            self._desk.feedback.report(self, problem)

    def _verdict_card(self) -> Card:
        card = Card(self, margin=20, spacing=8)
        self._sign = IconLabel(self._desk.theme, "shield", "accent", 36, card)
        self.headline = SectionTitle("", card)
        self.says = plain_label("", "", card)
        self.helps = Muted("", card)
        for label in (self.headline, self.says):
            label.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self.headline, self.says, self.helps):
            words.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.facts = QFormLayout()
        self.facts.setHorizontalSpacing(20)
        self.facts.setVerticalSpacing(4)
        card.column.addLayout(row)
        card.column.addLayout(self.facts)
        card.hide()
        return card

    @Slot()
    def _choose(self) -> None:
        path = choose_open(self, "Choose the copy", "PDF (*.pdf)")
        if path is not None:
            self.check(path)

    @Slot()
    def _choose_certificate(self) -> None:
        path = choose_open(self, "Choose the school's certificate", "Certificate (*.pem)")
        if path is None:
            return
        try:
            self._ca = path.read_bytes()
        except OSError:
            self.banner.tell("That file cannot be read. Choose another.", Tone.DANGER)
            return
        self.certificate.setText("Checked against the certificate you chose")
        if self._last is not None:
            self.check(self._last)

    def check(self, path: Path) -> None:
        """Judge a file (on the worker)."""
        self._last = path
        settings, workspace, chosen = self._settings, self._workspace, self._ca

        def work() -> Verification:
            from bt_desktop.services import verification  # deferred: loads pyHanko

            cas = (chosen,) if chosen else verification.pinned_cas(settings)
            pdf = verification.read_pdf(path)
            if workspace is None or workspace.locked:
                return verification.check(pdf, cas)
            return verification.check(
                pdf, cas, workspace.copies.amended_since, workspace.log.on_paper
            )

        self.banner.clear()
        self.ground.setEnabled(False)
        self._desk.tasks.run(self, work, self.show_verdict, self._failed, lane=Lane.READ)

    def show_verdict(self, found: Verification) -> None:
        """Say it."""
        self.ground.setEnabled(True)
        headline, name, tint = HEADLINES[found.kind]
        facts = _facts(found, self._desk.clock.now().tzinfo)
        self._show(headline, name, tint, found.sentence, found.remedy, facts)

    def _show(
        self,
        headline: str,
        name: str,
        tint: str,
        sentence: str,
        remedy: str,
        facts: Sequence[tuple[str, str]],
    ) -> None:
        self._sign.show_icon(name, tint)
        self.headline.setText(headline)
        self.says.setText(sentence)
        self.helps.setText(remedy)
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for word, value in facts:
            self.facts.addRow(
                Muted(word, self.verdict, wrap=False), plain_label(value, "", self.verdict)
            )
        self.verdict.setAccessibleName(f"{headline}. {sentence} {remedy}".rstrip())
        self.verdict.setProperty("edge", {"ok": "ok", "warn": "warn"}.get(tint, "danger"))
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)
        self.verdict.show()

    def _failed(self, problem: BaseException) -> None:
        self.ground.setEnabled(True)
        self.verdict.hide()
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)


def _facts(found: Verification, zone: tzinfo | None) -> list[tuple[str, str]]:
    verdict = found.verdict
    if verdict is None or found.kind not in {"genuine", "amended", "records_older"}:
        return []
    facts = []
    if verdict.record_number:
        facts.append(("Record", str(verdict.record_number)))
    if verdict.copy_number:
        facts.append(("Copy", str(verdict.copy_number)))
    if verdict.sealed_at is not None:
        at = verdict.sealed_at.astimezone(zone)
        facts.append(("Sealed", f"{day_words(at.date(), year=True)}, {clock_words(at)}"))
    return facts
