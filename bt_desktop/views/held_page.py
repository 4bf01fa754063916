"""“Reading only”: what happened to these records, and the ways out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.announce import announce
from bt_desktop.views.desk import Desk
from bt_desktop.views.held_words import BANNER, backup_words, doubt_words, here_words
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.tasks import Lane
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.inputs import PasswordLine, TextBox
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.held import HeldReport
    from bt_desktop.services.workspace import Workspace

_MEANS = (
    "Somebody may have put an old copy of the records back, the disk may have lost what was "
    "written last, or something was changed past this program. Until it is known which, nothing "
    "can be written: to go on writing into an old copy makes the loss worse. Write on paper "
    "meanwhile, and do not delete anything."
)
_KNOWN = (
    "If you know what happened (a computer was replaced, a copy was put back by hand), say so with "
    "your password. The entry says who said it and how many entries are gone; they do not come "
    "back by it, and everybody who reads the trail sees it."
)
_NOT_YOURS = "An administrator decides this. Tell one now; the records can be read meanwhile."
LEAST_REASON = 15


class HeldBanner(QFrame):
    """Above every page while the records may only be read; it cannot be dismissed. `asked`."""

    asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("slot", "whole")
        self.setProperty("tone", "danger")
        self.words = plain_label(BANNER, "strong", self)
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = SecondaryButton("What happened?", self)
        self.button.setAccessibleDescription(BANNER)
        self.button.clicked.connect(self.asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, "warn", "danger", 20, self))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def show_held(self, held: bool) -> None:
        """Show it, or take it away."""
        if held and self.isHidden():
            self.setAccessibleName(f"Alert: {BANNER}")
            announce(self, BANNER)
        self.setVisible(held)


class KnownSheet(Sheet):
    """Says that the loss is known. `saved(None)` once the trail has it."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk, "This is known", "Write again from now on", parent, wide=540)
        self._held = workspace.held
        means = plain_label(_KNOWN, "", self)
        means.setWordWrap(True)
        self.column.addWidget(means)
        self.reason = TextBox(lines=2, most=5)
        hint = f"{LEAST_REASON} characters or more: what happened, when, who did it."
        self.add("reason", "What happened?", self.reason, required=True, hint=hint)
        self.password = PasswordLine()
        self.add("password", "Your password", self.password, required=True)
        self.on_save(self._collect_known)

    def _collect_known(self) -> Callable[[], None] | None:
        reason = self.reason.toPlainText()
        if len(" ".join(reason.split())) < LEAST_REASON:
            self.frames["reason"].say(f"Write at least {LEAST_REASON} characters.")
            return None
        if not self.password.text():
            self.frames["password"].say("Type your password.")
            return None
        held, password = self._held, self.password.take()
        return lambda: held.accept(password, reason)

    def _refused(self, problem: BaseException) -> None:
        super()._refused(problem)
        if isinstance(problem, KnownError) and problem.code == "wrong-password":
            self.banner.clear()
            self.frames["password"].say(str(problem))
            self.password.setFocus()


class HeldPage(Page):
    """`go(place, section)`, `restore_asked`; `known` when an administrator said that it is."""

    title = "Reading only"
    go = Signal(str, str)
    restore_asked = Signal()
    known = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(desk.theme, parent, wide=760)
        self._desk, self._workspace = desk, workspace
        self.column.addWidget(PageTitle("These records can only be read now", self))
        self.what = Card(self, margin=20, spacing=10, edge="danger")
        self.what.column.addWidget(SectionTitle("What happened", self.what))
        self.doubts = QVBoxLayout()
        self.doubts.setSpacing(8)
        self.what.column.addLayout(self.doubts)
        self.here = Muted("", self.what)
        self.what.column.addWidget(self.here)
        means = plain_label(_MEANS, "", self.what)
        means.setWordWrap(True)
        self.what.column.addWidget(means)
        self.column.addWidget(self.what)
        self.column.addWidget(self._ways())
        self.column.addStretch(1)

    def _ways(self) -> Card:
        card = Card(self, margin=20, spacing=14)
        card.column.addWidget(SectionTitle("What you can do", card))
        self.records = self._way(
            card, "Look at the records", "Read everything that is here. Who reads it is noted.",
            lambda: self.go.emit("records", ""),
        )  # fmt: skip
        self.log = self._way(
            card, "Look at the activity", "The newest entries that are here, and a full check.",
            lambda: self.go.emit("settings", "log"),
        )  # fmt: skip
        self.backups = self._way(
            card, "Check the backups", "", lambda: self.go.emit("settings", "backups")
        )
        self.back = self._way(
            card, "Put a backup back…",
            "Locks first. What lies here now is renamed and stays.", self.restore_asked.emit,
        )  # fmt: skip
        card.column.addWidget(Hairline(card))
        self.not_yours = Muted(_NOT_YOURS, card)
        self.accept = self._way(
            card, "This is known…",
            "Administrators: with password and reason. Writing goes on from what is here.",
            self._say_known,
        )  # fmt: skip
        card.column.addWidget(self.not_yours)
        return card

    def _way(
        self, card: Card, deed: str, says: str, do: Callable[[], object]
    ) -> tuple[SecondaryButton, Muted]:
        """A button and, beside it, what it is for."""
        button, words = SecondaryButton(deed, card), Muted(says, card)
        button.setAccessibleDescription(says)
        button.setMinimumWidth(self._desk.theme.px(190))
        button.clicked.connect(do)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        card.column.addLayout(row)
        return button, words

    @Slot()
    def load(self) -> None:
        """Look at what is known."""
        self._desk.tasks.run(self, self._workspace.held.report, self.show_report, lane=Lane.READ)

    def show_report(self, report: HeldReport) -> None:
        """Show it."""
        now = self._desk.clock.now()
        while (item := self.doubts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for doubt in report.doubts:
            line = plain_label(doubt_words(doubt, now), "strong", self.what)
            line.setWordWrap(True)
            self.doubts.addWidget(line)
        self.here.setText(here_words(report, now))
        button, words = self.backups
        words.setText(backup_words(report, now))
        button.setAccessibleDescription(words.text())
        for widget in self.accept:
            widget.setVisible(report.may_accept)
        self.not_yours.setVisible(not report.may_accept)

    @Slot()
    def _say_known(self) -> None:
        sheet = KnownSheet(self._desk, self._workspace, self)
        sheet.saved.connect(lambda _: self.known.emit())
        sheet.open_sheet()
