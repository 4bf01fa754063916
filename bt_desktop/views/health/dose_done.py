"""A dose that stands on record: what it says, how it worked, and how a wrong entry is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.health.model import DoseRecord
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.health.dose_fields import FieldColumn
from bt_desktop.views.health.dose_head import DoseHead
from bt_desktop.views.health.dose_words import done_words
from bt_desktop.views.health.order_words import medicine_title
from bt_desktop.views.widgets.buttons import DangerButton, LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.dose_read import PanelView

_STRIKE = (
    "The entry stays in the store and on paper, struck through, with your reason. What it took "
    "from the container is given back."
)


class DoseDone(QWidget):
    """`struck` once the entry was taken out."""

    struck = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._id = ""
        self.head = DoseHead(desk, self)
        card = Card(self, margin=14, spacing=4)
        self.medicine = plain_label("", "strong", card)
        self.medicine.setWordWrap(True)
        self.told = plain_label("", "", card)
        self.told.setWordWrap(True)
        card.column.addWidget(self.medicine)
        card.column.addWidget(self.told)
        self.wrong = LinkButton("This entry is wrong…", self)
        self.wrong.clicked.connect(self.ask_why)
        self.banner = Banner(desk.theme, self)
        self.fields = FieldColumn(desk.theme, self)
        self.reason = TextLine()
        self.reason.returnPressed.connect(self.strike)
        self.fields.add("reason", "What was wrong with it?", self.reason, required=True)
        self.fields.column.addWidget(Muted(_STRIKE, self.fields))
        self.deed = DangerButton("Take the entry out", self.fields)
        self.deed.clicked.connect(self.strike)
        self.fields.column.addWidget(self.deed)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)  # room for the ring of the focus
        column.setSpacing(12)
        for widget in (self.head, card):
            column.addWidget(widget)
        column.addWidget(self.wrong, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.banner)
        column.addWidget(self.fields)
        column.addStretch(1)

    def show_view(self, view: PanelView, record: DoseRecord) -> None:
        """Show what is on record."""
        self._id = record.id
        self.head.show_view(view)
        self.medicine.setText(medicine_title(view.panel.order.terms))
        self.told.setText("\n".join(done_words(record, dict(view.names), view.now)))
        self.banner.clear()
        self.reason.clear()
        self.fields.clear_says()
        self.fields.hide()
        self.wrong.show()

    def first(self) -> QWidget:
        """Where one begins."""
        return self.wrong if self.fields.isHidden() else self.reason

    @Slot()
    def ask_why(self) -> None:
        """Ask what was wrong."""
        self.wrong.hide()
        self.fields.show()
        self.reason.setFocus()

    @Slot()
    def strike(self) -> None:
        """Take it out."""
        doses, which, why = self._workspace.health.doses, self._id, self.reason.text()
        self.setEnabled(False)

        def done(_: object) -> None:
            self.setEnabled(True)
            self.struck.emit()

        self._desk.tasks.run(self, lambda: doses.strike(which, why), done, self._refused)

    def _refused(self, problem: BaseException) -> None:
        self.setEnabled(True)
        if isinstance(problem, KnownError):
            self.fields.frames["reason"].say(problem.remedy)
            self.reason.setFocus()
            if problem.code != "dose-refused":
                self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)
