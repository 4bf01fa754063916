"""The panel of one dose, beside the board: looked at, confirmed, recorded; never a window.

Nothing here knows a rule: what the rules say is asked while it is typed and shown in their words,
and what has happened can always be recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.board_model import Line
from bt_desktop.services.health.dose_request import DoseRequest, Recorded
from bt_desktop.services.health.error_report import FORM, answers_of
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import DoseRecord
from bt_desktop.services.health.problems import DoseStopped
from bt_desktop.services.health.rules import Finding
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.health.dose_body import DoseBody
from bt_desktop.views.health.dose_done import DoseDone
from bt_desktop.views.health.dose_read import PanelView, read_panel
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import SectionTitle

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_STOPPED = "Do not give it yet. Look at what stops it, and who can allow it."
_HAPPENED = "It has already happened"
_ABOUT_HAPPENED = (
    "Records what was done, whatever stands above. What nobody may allow becomes a medication "
    "error report, which opens at once."
)


@dataclass(frozen=True, slots=True)
class DoseKept:
    """What came of it. `report` is the medication error report that was begun, if one was; `news`
    what could not be done besides."""

    recorded: Recorded
    line: Line
    report: str = ""
    news: str = ""


class DosePanel(Card):
    """`kept(DoseKept)` once it is on record; `struck` when an entry was taken out; `closed` when
    the person leaves; `busy(bool)` while it is being recorded; `letters(text)` when somebody goes
    on typing a name."""

    kept = Signal(object)
    struck = Signal()
    closed = Signal()
    busy = Signal(bool)
    letters = Signal(str)

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent, margin=16, spacing=12, accent=True)
        self._desk, self._workspace = desk, workspace
        self.line: Line | None = None
        self.view: PanelView | None = None
        self._busy = False
        self.title = SectionTitle("", self)
        self.title.setWordWrap(True)
        self.close_link = LinkButton("Close", self)
        self.close_link.setAccessibleDescription("Key: Esc")
        self.close_link.clicked.connect(self.leave)
        self.banner = Banner(desk.theme, self)
        self.body = DoseBody(desk)
        self.body.changed.connect(self._ask_rules)
        self.body.go.connect(self.record)
        self.body.order.last_asked.connect(self._show_last)
        self.body.letters.connect(self.letters)
        self.area = Scroll(self)
        self.area.setWidget(self.body)
        self.done = DoseDone(desk, workspace, self)
        self.done.struck.connect(self._was_struck)
        self.done_area = Scroll(self)
        self.done_area.setWidget(self.done)
        for area, held in ((self.area, self.body), (self.done_area, self.done)):
            area.setObjectName("panelScroll")
            held.setAutoFillBackground(False)  # it lies on the panel, not on the page
        self.deed = PrimaryButton("", self)
        self.deed.clicked.connect(self.record)
        self.happened = SecondaryButton(_HAPPENED, self)
        self.happened.setAccessibleDescription(_ABOUT_HAPPENED)
        self.happened.setToolTip(_ABOUT_HAPPENED)
        self.happened.clicked.connect(self.record_happened)
        self._lay_out()
        for keys, deed in (("Esc", self.leave), ("Ctrl+Return", self.record)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_link, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.happened)
        foot.addWidget(self.deed, 1)
        self.setTabOrder(self.happened, self.deed)
        self.column.addLayout(head)
        self.column.addWidget(self.banner)
        self.column.addWidget(self.area, 1)
        self.column.addWidget(self.done_area, 1)
        self.column.addLayout(foot)

    # --- showing ---------------------------------------------------------------------------------

    def open_line(self, line: Line, shown: Callable[[], None] | None = None) -> None:
        """Read everything around a line and show it; `shown` is called when it stands there."""
        self.line = line
        workspace, zone = self._workspace, line.due_at.tzinfo if line.due_at else None
        now = self._desk.clock.now().astimezone(zone) if zone else self._desk.clock.now()

        def show(view: PanelView) -> None:
            self.show_view(view)
            if shown is not None:
                shown()

        self._desk.tasks.latest(
            self, "panel", lambda: read_panel(workspace, line, now), show, self._not_read
        )

    def show_view(self, view: PanelView) -> None:
        """Show it: the questions, or what stands on record already."""
        self.view = view
        self.banner.clear()
        self._show_record(view.record if view.line.due_at is not None else None)
        if view.record is None or view.line.due_at is None:
            self.body.show_view(view)
            self._offer(view.findings)
        self.show()
        self.area.verticalScrollBar().setValue(0)

    @Slot()
    def _show_last(self) -> None:
        """The last entry of an as-needed order."""
        if self.view is not None and self.view.panel.doses:
            self._show_record(self.view.panel.doses[0])
            self.done.first().setFocus()

    def _show_record(self, record: DoseRecord | None) -> None:
        """What stands on record, or the questions."""
        view = self.view
        if view is None:
            return
        self.area.setVisible(record is None)
        self.deed.setVisible(record is None)
        self.happened.hide()
        self.done_area.setVisible(record is not None)
        name = view.line.child.name
        self.title.setText(name if record is None else f"{name}: on record")
        if record is not None:
            self.done.show_view(view, record)

    def begin(self) -> None:
        """The focus goes where one begins."""
        if self.done_area.isVisible():
            self.done.first().setFocus()
            return
        self.body.first().setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._show_first)  # once it is laid out

    def _show_first(self) -> None:
        """Whoever has little room sees where one begins."""
        if self.view is not None and not self.area.isHidden():
            self.area.ensureWidgetVisible(self.body.first(), 0, 8)

    @Slot()
    def leave(self) -> None:
        """Close it; what was typed is not kept."""
        if self._busy:
            return
        self.forget()
        self.hide()
        self.closed.emit()

    def forget(self) -> None:
        """Nothing of it stays."""
        self.body.forget()
        self.line = self.view = None

    # --- the rules -------------------------------------------------------------------------------

    @Slot()
    def _ask_rules(self) -> None:
        request = self.body.draft()
        if request is None or self.view is None:
            return
        doses = self._workspace.health.doses
        self._desk.tasks.latest(
            self, "rules", lambda: doses.check(request), self._told, lambda _: None
        )
        self._name_deed()

    def _told(self, findings: tuple[Finding, ...]) -> None:
        if self.view is not None and not self._busy:
            self.body.show_findings(findings)
            self._offer(findings)

    def _offer(self, findings: tuple[Finding, ...]) -> None:
        self.happened.setVisible(bool(self.body.stops.cards))
        self._name_deed()

    def _name_deed(self) -> None:
        code = self.body.outcome.told
        self.deed.setText("Record: given" if code.code == "given" else f"Record: {code.said}")
        who = self.view.line.child.name if self.view is not None else ""
        self.deed.setAccessibleName(f"{self.deed.text()}, {who}")

    # --- recording -------------------------------------------------------------------------------

    @Slot()
    def record(self) -> None:
        """Record it, once nothing is missing and nothing stops it."""
        if self._busy or self.view is None or self.deed.isHidden():
            return
        self.banner.clear()
        request = self.body.complete(happened=False)
        if not isinstance(request, DoseRequest):
            self._go_to(request)
            return
        unexplained = self.body.unexplained()
        if unexplained:
            self.body.frames["reason"].say(unexplained[0].next)
            self._go_to(self.body.amount.reason)
            return
        stopped, where = self.body.stops.ask()
        if stopped:
            self.banner.tell(_STOPPED, Tone.DANGER)
            self._go_to(where or next(iter(self.body.stops.cards.values())))
            return
        self._record(request)

    @Slot()
    def record_happened(self) -> None:
        """It is done: it is recorded as it was, and a deviation where nobody may allow it."""
        if self._busy or self.view is None:
            return
        request = self.body.complete(happened=True)
        if isinstance(request, DoseRequest):
            self._record(request)
        else:
            self._go_to(request)

    def _record(self, request: DoseRequest) -> None:
        view = self.view
        if view is None:
            return
        wasted = self.body.amount.read_wasted() if self.body.outcome.told.is_given else None
        workspace, line = self._workspace, view.line
        terms = view.panel.order.terms

        def work() -> DoseKept:
            recorded = workspace.health.doses.record(request)
            dose = recorded.dose
            if not recorded.again:
                workspace.health.visits.link_dose(dose.student_id, dose.id, dose.at)
            report = news = ""
            if wasted and request.lot_id and not recorded.again:
                news = waste(workspace, request, wasted)
            if recorded.needs_error_report and not recorded.again:
                staff = workspace.actor.staff_id
                answers = answers_of(recorded.dose, terms, staff)
                report = workspace.records.start(FORM, answers=answers)
            return DoseKept(recorded, line, report, news)

        self._set_busy(True)
        self._desk.tasks.run(self, work, self._kept, self._refused, lane=Lane.WRITE)

    def _kept(self, kept: DoseKept) -> None:
        self._set_busy(False)
        self.forget()
        self.hide()
        self.kept.emit(kept)

    def _refused(self, problem: BaseException) -> None:
        self._set_busy(False)
        if isinstance(problem, DoseStopped):
            self.body.show_findings(problem.findings)
            self._offer(problem.findings)
            self.banner.tell(_STOPPED, Tone.DANGER)
            _, where = self.body.stops.ask()
            self._go_to(where or self.deed)
        elif self.body.refused(problem):
            self._go_to(self.focusWidget())
        elif isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
            self.begin()
        else:
            self._desk.feedback.report(self, problem)

    def _set_busy(self, on: bool) -> None:
        self._busy = on
        for widget in (self.body, self.deed, self.happened):
            widget.setEnabled(not on)
        self.busy.emit(on)

    def _was_struck(self) -> None:
        self.forget()
        self.hide()
        self.struck.emit()

    def _not_read(self, problem: BaseException) -> None:
        self.line = None
        self._desk.feedback.report(self.parentWidget() or self, problem)
        self.closed.emit()

    def _go_to(self, widget: QWidget | None) -> None:
        if widget is not None:
            (widget.focusProxy() or widget).setFocus()
            self.area.ensureWidgetVisible(widget)


def waste(workspace: Workspace, request: DoseRequest, amount: Decimal) -> str:
    """What was wasted besides goes out of the ledger by a line of its own, signed by the same two.

    The dose stands already; a sentence where this line could not be written.
    """
    why = f"Left over of a dose. {request.reason.strip()}".strip()
    move = NewMove(
        request.lot_id or "", "wasted", amount, at=request.at, reason=why, method="other"
    )
    try:
        workspace.health.stock.move(move, password=request.password, second=request.second)
    except KnownError as problem:
        return f"The dose is on record; what was wasted is not. {problem.remedy}"
    return ""
