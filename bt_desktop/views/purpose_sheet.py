"""Asks what a record or a student's page is opened for; Enter takes the usual answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.services.results.access import LEAST_WORDS, OTHER, PURPOSES, Purpose
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import Muted, SectionTitle

if TYPE_CHECKING:
    from bt_desktop.services.problems import PurposeNeeded
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

_WIDE = 500
_TALLEST = 700
_AROUND = 136
"""What title, buttons and margins take."""


class PurposeSheet(QDialog):
    """A short list of purposes. Accepted once one is chosen and stated; see `purpose`."""

    def __init__(self, desk: Desk, usual: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("What is it for?")
        self.setModal(True)
        self.group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        self._desk = desk
        self._inner = QWidget()
        self._inner.setObjectName("ground")
        box = QVBoxLayout(self._inner)
        box.setContentsMargins(4, 0, 12, 4)
        box.setSpacing(8)
        box.addWidget(
            Muted(
                "This student is not one of yours. Who opens a record, and what for, is kept "
                "beside it (34 CFR 99.32).",
                self,
            )
        )
        box.addSpacing(4)
        for code, words in PURPOSES:
            choice = QRadioButton(words.replace("&", "&&"), self)
            choice.setAccessibleName(words)
            self.group.addButton(choice)
            self.choices[code] = choice
            box.addWidget(choice)
        self.words = TextLine(self)
        self._more = FieldFrame(desk.theme, "What is it?", self.words, required=True, parent=self)
        self._more.hide()
        box.addWidget(self._more)
        box.addSpacing(4)
        self.everywhere = QCheckBox("The same for everything I open in the next half hour", self)
        self.everywhere.setAccessibleName(self.everywhere.text())
        box.addWidget(self.everywhere)
        box.addStretch(1)
        scroll = Scroll(self)
        scroll.setWidget(self._inner)
        ground = QVBoxLayout(self)
        ground.setContentsMargins(20, 20, 12, 20)
        ground.setSpacing(10)
        ground.addWidget(SectionTitle("What do you open this for?", self))
        ground.addWidget(scroll, 1)
        ground.addLayout(self._buttons())
        self.group.buttonToggled.connect(self._chosen)
        usual_one = self.choices.get(usual, self.choices[PURPOSES[0][0]])
        usual_one.setChecked(True)
        usual_one.setFocus()

    def _buttons(self) -> QHBoxLayout:
        cancel = SecondaryButton("Cancel", self)
        cancel.clicked.connect(self.reject)
        self.deed = PrimaryButton("Open", self)
        self.deed.clicked.connect(self.take)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.deed)
        return row

    @property
    def code(self) -> str:
        """The purpose that is chosen."""
        return next(code for code, choice in self.choices.items() if choice.isChecked())

    @property
    def purpose(self) -> Purpose:
        """What was chosen and written."""
        words = self.words.text().strip() if self.code == OTHER else ""
        return Purpose(self.code, words)

    @Slot()
    def take(self) -> None:
        """Take what is chosen, unless something else was chosen and not said."""
        if self.code == OTHER and len(" ".join(self.words.text().split())) < LEAST_WORDS:
            self._more.say("Write in a few words what it is for.")
            self.words.setFocus()
            QTimer.singleShot(0, self, self._fit)  # the sentence has to be laid out first
            return
        self.accept()

    @Slot()
    def _chosen(self) -> None:
        other = self.choices[OTHER].isChecked()
        self._more.setVisible(other)
        if other:
            self.words.setFocus()
        QTimer.singleShot(0, self, self._fit)

    @Slot()
    def _fit(self) -> None:
        """As wide and tall as it needs; where the window is smaller, the choices scroll."""
        px, over = self._desk.theme.px, self.parentWidget()
        wide, room = px(_WIDE), px(_TALLEST)
        if over is not None:
            wide = min(wide, max(400, over.window().width() - 40))
            room = max(360, over.window().height() - 60)
        needed = self._inner.heightForWidth(wide - 50) + px(_AROUND)
        self.resize(wide, min(needed, room))

    def showEvent(self, event: QShowEvent) -> None:
        """Fit it once its parts know how large they are."""
        super().showEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
            return
        super().keyPressEvent(event)


def ask_purpose(
    desk: Desk,
    workspace: Workspace,
    asked: PurposeNeeded,
    parent: QWidget,
    *,
    then: Callable[[], object],
    otherwise: Callable[[], object],
) -> PurposeSheet:
    """Ask, state what was said, and go on with `then`; `otherwise` where the person cancels."""
    sheet = PurposeSheet(desk, asked.usual, parent)

    def accepted() -> None:
        everywhere = sheet.everywhere.isChecked()
        workspace.openings.state(sheet.purpose, None if everywhere else asked.about)
        then()

    sheet.accepted.connect(accepted)
    sheet.rejected.connect(otherwise)
    sheet.open()
    return sheet
