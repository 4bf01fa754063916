"""The frame around the drawn body: zoom up to twice the size, and the name of what one is at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.editors.body_figure import BodyFigure
from bt_desktop.views.editors.protocol import mark
from bt_desktop.views.widgets.text import plain_label

_RING = 2
"""Pixels of the frame that shows the focus (the drawing may be larger than what is seen of it)."""
ZOOMS = (100, 150, 200)
"""Percent of the size at which the whole sheet is seen."""


class FigureArea(QWidget):
    """The drawing with its zoom. `+` and `-` zoom while the drawing has the focus, and so does the
    wheel with Ctrl; the wheel alone scrolls the page as everywhere. `beside` (the chips of the
    figures) stands in the line of the zoom."""

    def __init__(
        self, figure: BodyFigure, beside: Sequence[QWidget] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._figure = figure
        self._zoom = 0
        self.pane = _Scroll(self)
        self.pane.setWidget(figure)
        self.said = plain_label("", "strong", self)
        self.said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.said.setMinimumHeight(self.said.fontMetrics().lineSpacing())
        self.said.setWordWrap(True)
        self.smaller = self._button("−", "Show the drawing smaller", -1)
        self.larger = self._button("+", "Show the drawing larger", 1)
        self.percent = plain_label("100 %", "muted", self)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for chip in beside:
            foot.addWidget(chip)
        foot.addStretch(1)
        for part in (self.smaller, self.percent, self.larger):
            foot.addWidget(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.pane)
        box.addWidget(self.said)
        box.addLayout(foot)
        figure.setProperty("ownRing", True)
        figure.installEventFilter(self)
        self._show_zoom()

    def buttons(self) -> tuple[QWidget, ...]:
        """What takes the focus besides the drawing."""
        return (self.smaller, self.larger)

    def say(self, words: str) -> None:
        """Name the region one is at."""
        self.said.setText(words)

    def announce(self, words: str) -> None:
        """Have a screen reader say this now."""
        event = QAccessibleAnnouncementEvent(self._figure, words)
        QAccessible.updateAccessibility(event)

    def zoom(self) -> int:
        """The percent in force."""
        return ZOOMS[self._zoom]

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller, keeping what is in the middle there."""
        to = min(max(self._zoom + steps, 0), len(ZOOMS) - 1)
        if to != self._zoom:
            bars = (self.pane.horizontalScrollBar(), self.pane.verticalScrollBar())
            middles = [(b.value() + b.pageStep() / 2) / (b.maximum() + b.pageStep()) for b in bars]
            self._zoom = to
            self.fit()
            for bar, middle in zip(bars, middles, strict=True):
                bar.setValue(round(middle * (bar.maximum() + bar.pageStep()) - bar.pageStep() / 2))
            self._show_zoom()

    def fit(self) -> None:
        """Give the drawing its size: the area's width, and as high as the sheet is there."""
        width = max(self.pane.width() - 2 * _RING, 120)
        high = self._figure.height_for(width)
        if self.pane.height() != high + 2 * _RING:
            self.pane.setFixedHeight(high + 2 * _RING)
        factor = ZOOMS[self._zoom] / 100
        self._figure.resize(round(width * factor), round(high * factor))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The drawing follows."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size: the drawing grows with it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Plus and minus on the drawing; Ctrl with the wheel over it; a ring while it is in use."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            mark(self.pane, "focused", event.type() == QEvent.Type.FocusIn)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
            if event.key() in steps and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.zoom_by(steps[Qt.Key(event.key())])
                return True
        if event.type() == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
                return True
            if self._zoom == 0:
                event.ignore()  # the page scrolls
        return super().eventFilter(watched, event)

    def _button(self, sign: str, name: str, by: int) -> QPushButton:
        button = QPushButton(sign, self)
        button.setProperty("kind", "zoom")
        button.setAutoDefault(False)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.zoom_by(by))
        return button

    def _show_zoom(self) -> None:
        self.percent.setText(f"{self.zoom()} %")
        self.smaller.setEnabled(self._zoom > 0)
        self.larger.setEnabled(self._zoom < len(ZOOMS) - 1)


class _Scroll(QScrollArea):
    """Scrolls only what is zoomed, and never takes the focus itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("bodyScroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(False)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As the drawing asks."""
        return QSize(480, self.height())

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(160, 0)
