"""The drawn body: shows the marks of one sheet, names what is under the pointer, takes new marks.

Keyboard and mouse do the same: arrows walk the regions, Enter marks the one walked to, a click
marks the one under the pointer. A point beside the figure is never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QToolTip, QWidget

from bt_desktop.form_engine.body import Sheet, atlas
from bt_desktop.form_engine.body_badges import Badge, Placed, arrange, badges
from bt_desktop.form_engine.body_drawing import Drawing, drawing
from bt_desktop.form_engine.body_marks import BodyMap
from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors.body_paint import draw_badges, draw_drawing, outline

Spot = tuple[str, str]
"""A region in a picture: (view, region)."""
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ASIDE = 2.0
"""How much a step to the side counts against one ahead when the next region is looked for."""


class BodyFigure(QAbstractButton):
    """The pictures of one sheet of one figure, with its marks.

    Signals: `marked(view, region, x, y)` for a click or Enter on the body; `missed` for a click
    beside it; `picked(n)` for a click on a mark's number; `walked(view, region)` when pointer or
    arrows come to another region (blank beside the figure); `turned(by)` for Page Up and Down;
    `removed(view, region)` for Delete.
    """

    marked = Signal(str, str, float, float)
    missed = Signal()
    picked = Signal(int)
    walked = Signal(str, str)
    turned = Signal(int)
    removed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.sheet = atlas().sheets[0]
        self.map = BodyMap()
        self.locked = False
        self.chosen = 0
        self._spot: Spot | None = None
        self._under: Spot | None = None
        self._placed: tuple[Placed, ...] = ()
        self._badges: tuple[Badge, ...] | None = None
        self._ground: QPixmap | None = None
        self._numbers: QPixmap | None = None
        self.clicked.connect(self._mark_spot)
        self._lay_out()

    # --- what is shown ----------------------------------------------------------------------------

    def show_map(self, shown: BodyMap, chosen: int = 0) -> None:
        """Show these marks, the one numbered `chosen` apart from the others."""
        if shown.figure != self.map.figure:
            self.map = shown
            self._lay_out()
        if (shown, chosen) == (self.map, self.chosen):
            return
        moved = _places(shown) != _places(self.map)
        if moved:
            self._badges = None
        if moved or chosen != self.chosen:
            self._numbers = None
            self.update()
        self.map, self.chosen = shown, chosen

    def show_sheet(self, sheet: Sheet) -> None:
        """Show other pictures."""
        if sheet is not self.sheet:
            self.sheet = sheet
            self._spot = self._under = None
            self._lay_out()
            self.walked.emit("", "")

    def go_to(self, view: str, region: str) -> None:
        """Walk to a region."""
        self._spot, self._under = (view, region), None
        self.walked.emit(view, region)
        self.update()

    def go_home(self) -> None:
        """Walk to the first region of the sheet."""
        self.go_to(*self._spots()[0][0])

    def spot(self) -> Spot | None:
        """The region that the keyboard is at."""
        return self._spot

    def height_for(self, width: int) -> int:
        """How high the sheet is at this width, at most as high as it is good to look at."""
        high = self.fontMetrics().lineSpacing() * 21
        used = self._arranged(width, high)
        return round(max(p.top + p.height for p in used) + self._caption() + self._gap() / 2)

    def badges(self) -> tuple[Badge, ...]:
        """The numbers as they stand on the sheet now."""
        if self._badges is None:
            places = {placed.view: placed for placed in self._placed}
            shown = [
                (mark.n, *places[mark.view].at(mark.x, mark.y))
                for mark in self.map.marks
                if mark.view in places
            ]
            size, char = self._badge_size()
            self._badges = badges(shown, size, char, float(self.width()), float(self.height()))
        return self._badges

    def point_of(self, view: str, x: float, y: float) -> QPointF:
        """Where a point of a picture lies in this widget. Raises KeyError for another sheet's."""
        for placed in self._placed:
            if placed.view == view:
                return QPointF(*placed.at(x, y))
        raise KeyError(view)

    # --- geometry ---------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As wide as a column of questions."""
        return QSize(480, self.height_for(480))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the pictures out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size or other colors."""
        super().changeEvent(event)
        kinds = (QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange)
        if event.type() in kinds:
            self._lay_out()

    def _drawings(self) -> tuple[Drawing, ...]:
        return tuple(drawing(self.map.figure, view) for view in self.sheet.views)

    def _gap(self) -> float:
        return self.fontMetrics().lineSpacing() * 0.8

    def _caption(self) -> float:
        return self.fontMetrics().lineSpacing() * 1.2

    def _badge_size(self) -> tuple[float, float]:
        metrics = QFontMetricsF(self._badge_font())
        return (metrics.height() * 1.12, metrics.horizontalAdvance("0"))

    def _badge_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(10, round(self.fontInfo().pixelSize() * 0.84)))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _arranged(self, width: float, height: float) -> tuple[Placed, ...]:
        sizes = [(each.view, each.width, each.height) for each in self._drawings()]
        return arrange(sizes, width, height, gap=self._gap(), caption=self._caption())

    def _lay_out(self) -> None:
        self._placed = self._arranged(max(self.width(), 120), max(self.height(), 120))
        self._badges = self._ground = self._numbers = None
        self.update()

    # --- pointer ----------------------------------------------------------------------------------

    def spot_at(self, at: QPointF) -> tuple[Spot, float, float] | None:
        """The region under a point, and the point in fractions; None beside the figure."""
        for placed, picture in zip(self._placed, self._drawings(), strict=True):
            inside = placed.fraction(at.x(), at.y())
            region = picture.region_at(*inside) if inside is not None else None
            if inside is not None and region is not None:
                return ((placed.view, region), round(inside[0], 4), round(inside[1], 4))
        return None

    def badge_at(self, at: QPointF) -> Badge | None:
        """The number under a point."""
        return next((b for b in reversed(self.badges()) if b.holds(at.x(), at.y())), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark the place, or choose the mark whose number is there."""
        event.accept()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        badge = self.badge_at(event.position())
        if badge is not None:
            after = [n for n in badge.numbers if n > self.chosen] or list(badge.numbers)
            self.picked.emit(after[0] if self.chosen in badge.numbers else badge.numbers[0])
            return
        found = self.spot_at(event.position())
        if self.locked:
            return
        if found is None:
            self.missed.emit()
            return
        (view, region), x, y = found
        self._spot = (view, region)
        self.marked.emit(view, region, x, y)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing more: the press has marked."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name the region under the pointer."""
        found = self.spot_at(event.position())
        spot = found[0] if found is not None else None
        over = self.badge_at(event.position()) is not None
        aim = Qt.CursorShape.CrossCursor if spot and not self.locked else Qt.CursorShape.ArrowCursor
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else aim)
        if spot != self._under:
            self._under = spot
            self.walked.emit(*(spot or ("", "")))
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Back to where the keyboard is."""
        super().leaveEvent(event)
        if self._under is not None:
            self._under = None
            at_keyboard = self._spot if self.hasFocus() else None
            self.walked.emit(*(at_keyboard or ("", "")))
            self.update()

    def event(self, event: QEvent) -> bool:
        """The name of the region, and which marks are there, as a tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            badge = self.badge_at(QPointF(event.pos()))
            found = self.spot_at(QPointF(event.pos()))
            words = self._told(badge.numbers) if badge else ""
            if not words and found:
                words = self.say_spot(*found[0])
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _told(self, numbers: Sequence[int]) -> str:
        marks = [mark for mark in self.map.marks if mark.n in numbers][:8]
        rest = len(numbers) - len(marks)
        lines = [f"{mark.n}  {mark.place()}" for mark in marks]
        return "\n".join([*lines, f"and {rest} more"] if rest else lines)

    # --- keyboard ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter and Space mark, Delete takes away, Page Up and Down turn."""
        key = event.key()
        if key in _STEPS:
            self._walk(*_STEPS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            spots = self._spots()
            self.go_to(*spots[0 if key == Qt.Key.Key_Home else -1][0])
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.turned.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if not event.isAutoRepeat():
                self.click()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._spot and not self.locked:
            self.removed.emit(*self._spot)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The press has done it all."""
        event.ignore()

    def focusInEvent(self, event: object) -> None:
        """Say where one is; at first, at the first region of the list."""
        super().focusInEvent(event)  # type: ignore[arg-type]  # a QFocusEvent
        if self._spot is None and self._under is None:
            self.go_home()
        elif self._spot is not None:
            self.walked.emit(*self._spot)

    def _spots(self) -> list[tuple[Spot, QPointF]]:
        """Every region on the sheet with its anchor, in the order of the list."""
        made = []
        for placed, picture in zip(self._placed, self._drawings(), strict=True):
            for region in atlas().regions:
                if region in picture.shapes:
                    at = QPointF(*placed.at(*picture.anchor(region)))
                    made.append(((placed.view, region), at))
        return made

    def _walk(self, right: int, down: int) -> None:
        """To the nearest region in a direction; where there is none, one stays."""
        spots = self._spots()
        if self._spot is None:
            self.go_to(*spots[0][0])
            return
        here = dict(spots)[self._spot]
        best, reach = None, 1e9
        for spot, at in spots:
            dx, dy = at.x() - here.x(), at.y() - here.y()
            ahead = dx * right + dy * down
            aside = abs(dx * down) + abs(dy * right)
            if ahead > 1.0 and ahead + _ASIDE * aside < reach:
                best, reach = spot, ahead + _ASIDE * aside
        if best is not None:
            self.go_to(*best)

    def _mark_spot(self) -> None:
        if self._spot is not None and not self.locked:
            view, region = self._spot
            self.marked.emit(view, region, *drawing(self.map.figure, view).anchor(region))

    def say_spot(self, view: str, region: str) -> str:
        """“Left forearm, front · marks 2, 5”."""
        if not region:
            return ""
        there = [m.n for m in self.map.marks if (m.view, m.region) == (view, region)]
        name = atlas().place(region, view)
        if not there:
            return name
        word = "mark" if len(there) == 1 else "marks"
        some = ", ".join(map(str, there[:6])) + (" …" if len(there) > 6 else "")
        return f"{name} · {word} {some}"

    # --- painting ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The pictures and the numbers (both kept as pixmaps), and the region one is at."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._ground is None:
            self._ground = self._painted_ground()
        painter.drawPixmap(0, 0, self._ground)
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Highlight)
        if self._under is not None:
            self._paint_spot(painter, self._under, accent, 0.16, 1.0)
        if self._spot is not None and self.hasFocus():
            self._paint_spot(painter, self._spot, accent, 0.22, 2.0)
        if self._numbers is None:
            self._numbers = self._painted_numbers()
        painter.drawPixmap(0, 0, self._numbers)

    def _sheet_of_glass(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        return made

    def _painted_numbers(self) -> QPixmap:
        made = self._sheet_of_glass()
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._badge_font())
        draw_badges(painter, self.badges(), self.chosen, self.palette())
        painter.end()
        return made

    def _painted_ground(self) -> QPixmap:
        ground = self._sheet_of_glass()
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = QFont(self.font())
        small.setPixelSize(max(10, round(self.fontInfo().pixelSize() * 13 / 15)))
        ink = self.palette().color(QPalette.ColorRole.Text)
        for placed, picture in zip(self._placed, self._drawings(), strict=True):
            draw_drawing(painter, picture, placed, self.palette(), self.font())
            painter.setFont(small)
            painter.setPen(ink)
            room = QRectF(
                placed.left - self._gap() / 2,
                placed.top + placed.height,
                placed.width + self._gap(),
                self._caption(),
            )
            label = say(atlas().views[placed.view].label)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, label)
        painter.end()
        return ground

    def _paint_spot(
        self, painter: QPainter, spot: Spot, accent: QColor, strength: float, line: float
    ) -> None:
        view, region = spot
        for placed, picture in zip(self._placed, self._drawings(), strict=True):
            if placed.view != view:
                continue
            shape = outline(picture.shapes[region].path, placed)
            above = list(picture.shapes)[list(picture.shapes).index(region) + 1 :]
            for other in above:  # what covers it is not part of it
                shape -= outline(picture.shapes[other].path, placed)
            fill = QColor(accent)
            fill.setAlphaF(strength)
            painter.fillPath(shape, fill)
            painter.strokePath(shape, QPen(accent, line))


def _places(shown: BodyMap) -> list[tuple[str, float, float]]:
    return [(mark.view, mark.x, mark.y) for mark in shown.marks]


def with_marks_numbered(shown: BodyMap) -> BodyMap:
    """The same marks, numbered from 1 in their order."""
    return replace(shown, marks=tuple(replace(m, n=n) for n, m in enumerate(shown.marks, 1)))
