"""The line above the columns: back, what this is, its state, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from bt_desktop.views.state_words import opened_state
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton, PrimaryButton
from bt_desktop.views.widgets.table import state_tone
from bt_desktop.views.widgets.text import StatePill, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.records import OpenRecord
    from bt_desktop.views.form_draft import Draft

DEEDS = (
    ("school_copy", "&School copy…", "school_copy"),
    ("osha_301", "Equivalent to Cal/OSHA 301…", "osha_301"),
    ("parent_copy", "&Parent copy…", "parent_copy"),
    ("copy_requested", "Parent asked for a copy", "add_notice"),
    ("copies", "Copies made…", "school_copy"),
    ("hand_over", "Hand over…", "hand_over"),
    ("reported_by", "Reported by…", "hand_over"),
    ("statement", "Add my statement", "add_statement"),
    ("papers", "Papers and photos…", "papers"),
    ("review", "Re&view…", "review"),
    ("correct", "Correct what was &returned…", "correct"),
    ("amend", "&Amend…", "amend"),
    ("compare", "&Compare versions…", "compare"),
    ("both", "Print &both versions…", "school_copy compare"),
    ("join_event", "Same event as…", "event_join"),
    ("take_out", "Take out of this event…", "event_join"),
)
"""What the menu offers: (deed, words, what `OpenRecord.may` must hold, all of it)."""
_WHY_NOT = {"review": "Review", "amend": "Amend"}
"""Deeds that the menu names also where they are not offered, with the reason."""
SIGN, SIGN_SHORT = "Check and &sign…", "&Sign…"
_FIRST = {"check": (SIGN, SIGN_SHORT), "review": ("Re&view…",) * 2, "correct": ("&Correct…",) * 2}
"""What the one button of the head can be for, in long and in short."""
_WAIT = ("review", "follow_up", "debrief")
"""Parts that may be filled some time; what is begun comes before them."""


class FormHead(QFrame):
    """Signals: `asked(deed)`, `back_asked`, `aside_asked` (show or fold the right column)."""

    asked = Signal(str)
    back_asked = Signal()
    aside_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formHead")
        self._state = "draft"
        self._missing = 0
        self._first = "check"
        self.back = LinkButton("‹ &Records", self)
        self.back.setAccessibleName("Back to the records")
        self.number = plain_label("", "strong", self)
        self.pill = StatePill("draft", self)
        self.who = plain_label("", "muted", self)
        self.fold = QPushButton("&Missing", self)
        self.fold.setAutoDefault(False)
        self.print_draft = ActionButton(theme, "&Print draft", icon_name="print", parent=self)
        self.more = ActionButton(theme, "M&ore", icon_name="more", parent=self)
        self.menu = QMenu(self)
        self.sign = PrimaryButton(SIGN, self)
        self.sign.setAccessibleName("Check and sign")
        self._parts: list[QPushButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 7, 20, 7)
        row.setSpacing(10)
        for widget in (self.back, self.number, self.pill, self.who):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        for button in (self.fold, self.print_draft, self.more, self.sign):
            row.addWidget(button)
        self.back.clicked.connect(self.back_asked)
        self.fold.clicked.connect(self.aside_asked)
        self.print_draft.clicked.connect(lambda: self.asked.emit("print"))
        self.sign.clicked.connect(lambda: self.asked.emit(self._first))
        self.more.clicked.connect(self._open_menu)
        self.fold.hide()

    def show_record(self, record: OpenRecord, draft: Draft) -> None:
        """Show number, state and what may be done."""
        self._state = record.state
        self.number.setText(record.number or "")
        self.number.setVisible(bool(record.number))
        self.pill.show_word(opened_state(record, draft.now()), state_tone(record.state))
        reported = record.reported_by_name
        self.who.setText(f"by {reported}" if reported else "")
        self.menu.clear()
        printing = QAction("Print…" if record.number else "Print draft…", self.menu)
        printing.triggered.connect(lambda: self.asked.emit("print"))
        self.menu.addAction(printing)
        for deed, words, need in DEEDS:
            if not set(need.split()) <= record.may or (deed == "reported_by" and record.number):
                continue
            action = QAction(words, self.menu)
            action.triggered.connect(lambda _=False, d=deed: self.asked.emit(d))
            self.menu.addAction(action)
        self._say_why_not(record)
        self.more.setVisible(not self.menu.isEmpty())
        self.print_draft.setText("&Print draft" if not record.number else "&Print")
        what = f"the school's copy of {record.number}" if record.number else "draft of this report"
        self.print_draft.setAccessibleName(f"Print {what}")
        self.print_draft.updateGeometry()
        signable = any(p.state == "open" and p.may_edit for p in record.parts)
        self._first = first_deed(record)
        self.sign.setVisible(signable or self._first != "check")
        self.sign.setAccessibleName(_FIRST[self._first][0].replace("&", "").rstrip("…"))
        self._make_room()

    def _say_why_not(self, record: OpenRecord) -> None:
        """Of a signed record: why it is not reviewed or amended from here."""
        if not record.number:
            return
        for deed, words in _WHY_NOT.items():
            why = record.why_not.get(deed, "")
            if why and deed not in record.may and (deed == "amend" or record.state == "signed"):
                action = QAction(f"{words}: {why}".replace("&", "&&"), self.menu)
                action.setEnabled(False)
                self.menu.addAction(action)

    def first_action(self) -> QWidget:
        """What one who may only read begins with: to print, what else can be done, to go back."""
        shown = (one for one in (self.print_draft, self.more) if not one.isHidden())
        return next(shown, self.back)

    def state_words(self) -> str:
        """The state as it is written on screen and paper."""
        return self._state.replace("_", " ")

    def show_missing(self, count: int) -> None:
        """Say on the fold button how much is missing."""
        self._missing = count
        self.fold.setText(f"&Missing: {count}")
        self.fold.setAccessibleName(f"What is missing: {count}. Show or hide the list")
        self._make_room()

    def show_fold(self, folded: bool) -> None:
        """Whether the right column is folded under its button."""
        self.fold.setVisible(folded)
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        """Never what makes a window too wide: what has no room goes into the menu."""
        return QSize(240, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what is elsewhere, too, where there is no room."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        spare: tuple[QWidget, ...] = (self.who, self.print_draft, self.pill)
        for widget in spare:
            widget.setVisible(widget is not self.who or bool(self.who.text()))
        self.sign.setText(_FIRST[self._first][0])
        self.number.setVisible(bool(self.number.text()))
        for widget in spare:
            if self._fits():
                return
            widget.hide()
        if not self._fits():
            self.sign.setText(_FIRST[self._first][1])
        if not self._fits():
            self.number.hide()  # it stands above the sections, too

    def _fits(self) -> bool:
        layout = self.layout()
        if layout is None:
            return True
        layout.invalidate()
        return layout.sizeHint().width() <= self.width()

    def _open_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


def first_deed(record: OpenRecord) -> str:
    """What the head's one button is for: to correct what came back, to review, else to sign."""
    amending = any(part.amending and part.may_edit for part in record.parts)
    begun = any(p.state == "open" and p.may_edit and p.key not in _WAIT for p in record.parts)
    if amending or begun:
        return "check"
    if "correct" in record.may:
        return "correct"
    return "review" if "review" in record.may else "check"
