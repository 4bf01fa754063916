"""A signature: drawn with mouse, pen or finger and kept as strokes in time, or typed as a name."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.editors.protocol import Editor, Typed, as_data
from bt_desktop.views.editors.text import Line

Point = tuple[float, float, float]


class InkPad(QWidget):
    """Takes strokes and keeps them as points (x, y, milliseconds since the first).

    The strokes live in the coordinates of `size_drawn`; painting scales them to the widget, so
    nothing is lost or cropped when the window changes its size.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inkPad")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Signature, drawn")
        self.setAccessibleDescription(
            "Draw with mouse, pen or finger. Delete clears it. Without one, type your name instead."
        )
        self.strokes: list[list[Point]] = []
        self.size_drawn = (0.0, 0.0)
        self._began = 0.0
        self._pen_down = False

    def sizeHint(self) -> QSize:
        """Wide and some lines tall."""
        return QSize(420, max(120, self.fontMetrics().lineSpacing() * 7))

    def minimumSizeHint(self) -> QSize:
        """Never too small to sign in."""
        return QSize(220, self.sizeHint().height())

    def is_blank(self) -> bool:
        """Whether nothing was drawn."""
        return not any(self.strokes)

    def clear(self) -> None:
        """Take everything away."""
        self.strokes = []
        self.update()
        self.changed.emit()

    def undo_stroke(self) -> None:
        """Take the last stroke away."""
        if self.strokes:
            self.strokes.pop()
            self.update()
            self.changed.emit()

    def show_strokes(self, strokes: list[list[Point]], width: float, height: float) -> None:
        """Show strokes kept earlier."""
        self.strokes = [[(float(x), float(y), float(t)) for x, y, t in s] for s in strokes]
        self.size_drawn = (width, height)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete clears, Backspace takes the last stroke away."""
        if event.key() == Qt.Key.Key_Delete:
            self.clear()
        elif event.key() == Qt.Key.Key_Backspace:
            self.undo_stroke()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton and not self._pen_down:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        if event.buttons() & Qt.MouseButton.LeftButton and not self._pen_down:
            self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() == Qt.MouseButton.LeftButton and not self._pen_down:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen draws as the mouse does, only finer."""
        kinds = {QEvent.Type.TabletPress: self._pen_begins, QEvent.Type.TabletMove: self._pen_moves}
        if event.type() == QEvent.Type.TabletRelease:
            self._pen_down = False
            self._end()
        elif event.type() in kinds:
            kinds[event.type()](event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """A finger draws, too."""
        touches = (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd)
        if event.type() in touches:
            points = event.points()  # type: ignore[attr-defined]  # Qt hands a QTouchEvent here
            if event.type() == QEvent.Type.TouchEnd:
                self._end()
            elif points:
                begin = event.type() == QEvent.Type.TouchBegin
                (self._begin if begin else self._go_on)(points[0].position())
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, line and strokes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        frame = palette.color(
            QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.Dark
        )
        painter.setPen(QPen(frame, 2 if self.hasFocus() else 1))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        line = palette.color(QPalette.ColorRole.Mid)
        painter.setPen(QPen(line, 1, Qt.PenStyle.DashLine))
        base = self.height() * 0.75
        painter.drawLine(QPointF(16, base), QPointF(self.width() - 16, base))
        if self.is_blank():
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(
                self.rect().adjusted(16, 10, -16, -10), Qt.AlignmentFlag.AlignTop, "Sign here"
            )
        self._paint_strokes(painter, palette.color(QPalette.ColorRole.Text))

    def _paint_strokes(self, painter: QPainter, ink: QColor) -> None:
        drawn_w, drawn_h = self.size_drawn
        if not drawn_w or not drawn_h:
            return
        scale = min(self.width() / drawn_w, self.height() / drawn_h)
        pen = QPen(ink, max(1.6, 2.2 * scale))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self.strokes:
            if len(stroke) == 1:
                painter.drawPoint(QPointF(stroke[0][0] * scale, stroke[0][1] * scale))
                continue
            path = QPainterPath(QPointF(stroke[0][0] * scale, stroke[0][1] * scale))
            for x, y, _t in stroke[1:]:
                path.lineTo(x * scale, y * scale)
            painter.drawPath(path)

    def _pen_begins(self, at: QPointF) -> None:
        self._pen_down = True
        self._begin(at)

    def _pen_moves(self, at: QPointF) -> None:
        if self._pen_down:
            self._go_on(at)

    def _begin(self, at: QPointF) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if not self.strokes:
            self._began = time.monotonic()
            self.size_drawn = (float(self.width()), float(self.height()))
        self.strokes.append([])
        self._go_on(at)

    def _go_on(self, at: QPointF) -> None:
        if not self.strokes:
            return
        scale = min(self.width() / self.size_drawn[0], self.height() / self.size_drawn[1])
        elapsed = (time.monotonic() - self._began) * 1000
        self.strokes[-1].append(
            (round(at.x() / scale, 2), round(at.y() / scale, 2), round(elapsed, 1))
        )
        self.update()

    def _end(self) -> None:
        self.changed.emit()


class SignatureEditor(Editor):
    """A name typed, or strokes drawn; typed is the way that needs no mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by_name = QRadioButton("Type my name", self)
        self.by_hand = QRadioButton("Draw", self)
        self.by_name.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.by_name)
        group.addButton(self.by_hand)
        self.name = Line(self)
        self.name.setObjectName("signatureLine")
        self.name.setPlaceholderText("Your full name")
        self.pad = InkPad(self)
        self.clear = QPushButton("Clear", self)
        self.clear.setProperty("kind", "link")
        self.clear.setAutoDefault(False)
        self._lay_out()
        self.watch(self.name, self.pad, self.by_name, self.by_hand, self.clear)
        self.name.textEdited.connect(self.changed)
        self.pad.changed.connect(self.changed)
        self.clear.clicked.connect(self.pad.clear)
        self.by_hand.toggled.connect(self._switch)
        self._switch(False)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.by_name)
        top.addWidget(self.by_hand)
        top.addStretch(1)
        top.addWidget(self.clear)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.name)
        box.addWidget(self.pad)

    def typed(self) -> Typed:
        """`{"kind": "typed", "text": …}` or `{"kind": "drawn", "strokes": …}`; None where blank."""
        if self.by_hand.isChecked():
            if self.pad.is_blank():
                return None
            width, height = self.pad.size_drawn
            strokes = [[list(point) for point in stroke] for stroke in self.pad.strokes]
            return {"kind": "drawn", "strokes": strokes, "width": width, "height": height}
        text = self.name.text().strip()
        return {"kind": "typed", "text": text} if text else None

    def set_typed(self, typed: Typed) -> None:
        """Show a signature kept earlier."""
        value = as_data(typed)
        if value == (self.typed() or {}):
            return
        drawn = value.get("kind") == "drawn"
        (self.by_hand if drawn else self.by_name).setChecked(True)
        if drawn:
            self.pad.show_strokes(value["strokes"], value["width"], value["height"])
        else:
            self.name.setText(str(value.get("text", "")))
            self.pad.strokes = []
            self.pad.update()

    def _switch(self, by_hand: bool) -> None:
        self.name.setVisible(not by_hand)
        self.pad.setVisible(by_hand)
        self.clear.setVisible(by_hand)
        self.changed.emit()
