"""The room a record's page is laid out in: head, sections, one column, what matters now."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner
from bt_desktop.views.form_aside import Aside
from bt_desktop.views.form_event import EventStrip
from bt_desktop.views.form_find import FindPanel
from bt_desktop.views.form_head import FormHead
from bt_desktop.views.form_sidebar import Sidebar
from bt_desktop.views.form_why import WhyPanel
from bt_desktop.views.head_chips import HeadChips
from bt_desktop.views.tokens import QUESTION_WIDTH, RIGHT_COLUMN_FOLDS_BELOW
from bt_desktop.views.widgets.text import plain_label

_ROOM_FOR_CHIPS = 560
"""Under this height the head checks would leave too little of the questions in sight."""
SIDE_UPDATE_MS = 40
"""Sidebar and right column follow the typing after this pause, all changes in one go."""


class FormFrame(QWidget):
    """The parts of the page and their places; what they do is told in `FormPage`.

    Under 1100 px (more where the text is larger) the right column folds under its button. Other
    pages of the record (check, preview, release) are shown over the form in `stack`.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formPage")
        self.setProperty("ownRing", True)  # takes the focus when opened, without a ring
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.desk = desk
        self._aside_wanted = False
        self._chips_fixed: bool | None = None
        self._make_parts()
        self._lay_out()

    def _make_parts(self) -> None:
        theme = self.desk.theme
        self.banner = Banner(theme, self)
        self.head = FormHead(theme, self)
        self.sidebar = Sidebar(theme, self)
        self.aside = Aside(theme, self)
        self.head_chips = HeadChips(self)
        self.finder = FindPanel(self)
        self.why = WhyPanel(theme, self)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side_timer = QTimer(self)
        self._side_timer.setSingleShot(True)
        self._side_timer.setInterval(SIDE_UPDATE_MS)
        self.head.aside_asked.connect(self._toggle_aside)
        theme.changed.connect(self._fit_columns)

    def _lay_out(self) -> None:
        self._center = QWidget(self)
        self._center.setObjectName("formCenter")
        line = QHBoxLayout(self._center)
        line.setContentsMargins(36, 18, 36, 28)
        self._column = QWidget(self._center)
        self._slot = QVBoxLayout(self._column)
        self._slot.setContentsMargins(0, 0, 0, 0)
        self.event_strip = EventStrip(self.desk.theme, self._column)
        self._slot.addWidget(self.event_strip)
        line.addWidget(self._column, 1)
        line.addStretch(0)
        self.area.setWidget(self._center)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        self._banner_box = QWidget(self)
        banner_line = QVBoxLayout(self._banner_box)
        banner_line.setContentsMargins(16, 10, 16, 0)
        banner_line.addWidget(self.banner)
        middle.addWidget(self._banner_box)
        self._middle = middle
        middle.addWidget(self.area, 1)
        columns = QHBoxLayout()
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.sidebar)
        columns.addLayout(middle, 1)
        columns.addWidget(self.aside)
        self._form = QFrame(self)
        self._form.setObjectName("clear")
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(0)
        form.addWidget(self.head)
        form.addLayout(columns, 1)
        self._opening = plain_label("Opening the record…", "mutedBody", self)
        self._opening.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._opening.setWordWrap(True)
        self.stack = QStackedLayout(self)
        self.stack.addWidget(self._opening)
        self.stack.addWidget(self._form)

    def _place_chips(self) -> None:
        """The head checks stay in sight above the column; in a low window they scroll with it."""
        roomy = self.height() >= self.desk.theme.px(_ROOM_FOR_CHIPS)
        if roomy is self._chips_fixed:
            return
        self._chips_fixed = roomy
        for box in (self._middle, self._slot):
            box.removeWidget(self.head_chips)
        if roomy:
            self._middle.insertWidget(1, self.head_chips)
        else:
            self._slot.insertWidget(0, self.head_chips)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the right column where there is no room for three."""
        super().resizeEvent(event)
        self._fit_columns()

    @Slot()
    def _fit_columns(self) -> None:
        theme = self.desk.theme
        self._place_chips()
        self._column.setMaximumWidth(theme.px(QUESTION_WIDTH - 60))
        window = self.window().width() if self.window() is not None else self.width()
        folded = window < RIGHT_COLUMN_FOLDS_BELOW * max(1.0, theme.factor * 0.9)
        self.head.show_fold(folded)
        self.aside.setVisible(not folded or self._aside_wanted)
        if self.finder.isVisible():
            self.finder.move(QPoint((self.width() - self.finder.width()) // 2, 16))

    @Slot()
    def _toggle_aside(self) -> None:
        self._aside_wanted = not self._aside_wanted
        self._fit_columns()
