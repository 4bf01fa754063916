"""The ring around whatever has the focus: 2 px accent, 1 px away, on every kind of widget."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from bt_desktop.views.theme import Theme

_AWAY, _THICK = 1, 2
_LETTERS = 3
"""A link has no frame: its letters stand at its very edge."""
_MOVES = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
    QEvent.Type.ZOrderChange,
    QEvent.Type.LayoutRequest,
}


class FocusRing(QWidget):
    """Lies over the focused widget, lets the mouse through, and follows it as it moves.

    It is a child of the nearest scrolled content (so that scrolling clips it) or of the window.
    One for the application.
    """

    def __init__(self, theme: Theme, app: QApplication) -> None:
        super().__init__()
        self._theme = theme
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app.focusChanged.connect(self._follow)
        app.aboutToQuit.connect(self._let_go)

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        self.follow(now)

    def follow(self, now: QWidget | None) -> None:
        """Lie around `now`."""
        if now is not None and now.window().windowType() == Qt.WindowType.Popup:
            return
        self._let_go()
        if now is None or now.isWindow() or now.property("ownRing"):
            return
        around = now.property("ringAround")  # a frame that looks like the control
        now = around if isinstance(around, QWidget) else now
        host = _host_of(now)
        self._target = now
        self.setParent(host)
        node: QWidget | None = now
        while node is not None:
            node.installEventFilter(self)
            self._watched.append(node)
            if node is host:
                break
            node = node.parentWidget()
        now.destroyed.connect(self._let_go)
        self._place()

    @Slot()
    def _let_go(self) -> None:
        for widget in self._watched:
            if _alive(widget):
                widget.removeEventFilter(self)
        self._watched.clear()
        if self._target is not None:
            self._target = None
            if _alive(self):
                self.hide()
                self.setParent(None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    def _place(self) -> None:
        target, host = self._target, self.parentWidget()
        if target is None or host is None or not _alive(target) or not target.isVisible():
            self.hide()
            return
        grow = _AWAY + _THICK
        aside = grow + (_LETTERS if target.property("kind") == "link" else 0)
        corner = target.mapTo(host, QPoint(0, 0))
        rect = QRect(corner, target.size()).adjusted(-aside, -grow, aside, grow)
        if rect != self.geometry():
            self.setGeometry(rect)
        if not self.isVisible():
            self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color(self._token()), _THICK))
        radius = 8.0
        target = self._target
        if target is not None and target.property("kind") == "chip":
            radius = self.height() / 2 - 1
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)

    def _token(self) -> str:
        on_rail = self._target is not None and self._target.property("onRail")
        return "rail_ink" if on_rail else "accent"


def _host_of(widget: QWidget) -> QWidget:
    node = widget
    while (parent := node.parentWidget()) is not None and not node.isWindow():
        above = parent.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is parent:
            return node if node is not widget else above.parentWidget() or above
        node = parent
    return node


def _alive(widget: QObject) -> bool:
    return shiboken6.isValid(widget)
