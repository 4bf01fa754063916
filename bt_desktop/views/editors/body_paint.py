"""Puts the body's vectors and numbers on a QPainter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPalette, QPen

from bt_desktop.form_engine.body_badges import Badge, Placed
from bt_desktop.form_engine.body_drawing import Drawing, Step


def outline(steps: Iterable[Step], placed: Placed) -> QPainterPath:
    """A path of a picture where it lies on the page."""
    made = QPainterPath()

    def at(numbers: tuple[float, ...], pair: int) -> QPointF:
        x, y = numbers[2 * pair], numbers[2 * pair + 1]
        return QPointF(placed.left + x * placed.scale, placed.top + y * placed.scale)

    for command, numbers in steps:
        if command == "M":
            made.moveTo(at(numbers, 0))
        elif command == "L":
            made.lineTo(at(numbers, 0))
        elif command == "C":
            made.cubicTo(at(numbers, 0), at(numbers, 1), at(numbers, 2))
        else:
            made.closeSubpath()
    return made


def draw_drawing(
    painter: QPainter, picture: Drawing, placed: Placed, palette: QPalette, font: QFont
) -> None:
    """A picture: region borders quiet, hints thin, the outline strong, and its letter."""
    ink = palette.color(QPalette.ColorRole.Text)
    quiet = palette.color(QPalette.ColorRole.Mid)
    base = palette.color(QPalette.ColorRole.Base)
    for shape in picture.shapes.values():
        path = outline(shape.path, placed)
        painter.fillPath(path, base)
        painter.strokePath(path, QPen(quiet, 1.0))
    thin = QColor(ink)
    thin.setAlphaF(0.6)
    for steps in picture.hints:
        painter.strokePath(outline(steps, placed), _pen(thin, 1.0))
    for steps in picture.lines:
        painter.strokePath(outline(steps, placed), _pen(ink, 1.6))
    letter = QFont(font)
    letter.setWeight(QFont.Weight.Bold)
    letter.setPixelSize(max(12, round(letter.pixelSize() * 1.1)))
    painter.setFont(letter)
    painter.setPen(ink)
    x, y = picture.letter_at
    middle = QPointF(placed.left + x * placed.scale, placed.top + y * placed.scale)
    side = letter.pixelSize() * 2.0
    box = QRectF(middle.x() - side / 2, middle.y() - side * 0.75, side, side)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, picture.letter)


def draw_badges(painter: QPainter, shown: Sequence[Badge], chosen: int, palette: QPalette) -> None:
    """The numbers of all marks, with lines to places they stand beside; the chosen one reversed."""
    ink, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    accent = palette.color(QPalette.ColorRole.Highlight)
    for badge in shown:
        line = accent if chosen in badge.numbers else ink
        painter.setPen(QPen(line, 1.0))
        painter.setBrush(line)
        for x, y in badge.strays():
            painter.drawLine(QPointF(badge.x, badge.y), QPointF(x, y))
            painter.drawEllipse(QPointF(x, y), 2.0, 2.0)
    for badge in shown:
        _draw_badge(painter, badge, ink, base, accent if chosen in badge.numbers else None)


def _draw_badge(
    painter: QPainter, badge: Badge, ink: QColor, base: QColor, chosen: QColor | None
) -> None:
    box = QRectF(badge.x - badge.wide / 2, badge.y - badge.high / 2, badge.wide, badge.high)
    painter.setPen(QPen(chosen or ink, 1.4))
    painter.setBrush(chosen or base)
    corner = min(badge.wide, badge.high / len(badge.lines)) / 2
    painter.drawRoundedRect(box.adjusted(0.7, 0.7, -0.7, -0.7), corner, corner)
    painter.setPen(base if chosen else ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\n".join(badge.lines))


def _pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
