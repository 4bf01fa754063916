"""The board's table: rows of two lines, with the student's small picture."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from bt_desktop.services.health.board_model import Child, Line
from bt_desktop.views.health.board_words import (
    TONES,
    below_name,
    below_state,
    heard,
    pill_of,
    when_of,
)
from bt_desktop.views.pictures import image_of
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.rows_model import RowsModel
from bt_desktop.views.widgets.table import (
    DETAIL_ROLE,
    ROW_ROLE,
    STRONG_ROLE,
    TONE_ROLE,
    CellDelegate,
    Table,
)

DUE, WHO, WHAT, STATE = range(4)
BELOW_ROLE = Qt.ItemDataRole.UserRole + 20
"""The second line of a cell."""
BELOW_TONE_ROLE = Qt.ItemDataRole.UserRole + 21
FACE_ROLE = Qt.ItemDataRole.UserRole + 22
"""Of the student's cell: the small picture (a null image where there is none) and initials."""
_TALL, _FACE = 56, 36
_LONGEST_STATE = "12:04 pm by MC"


class BoardModel(RowsModel[Line]):
    """The lines as they stand."""

    HEADS = ("Due", "Student", "Medicine", "State")

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._faces: dict[str, QImage] = {}

    def show_faces(self, thumbs: Mapping[str, bytes]) -> None:
        """The small pictures, by student."""
        self._faces = {student: image_of(data) for student, data in thumbs.items()}

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        line, column = self._rows[index.row()], index.column()
        if role == ROW_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return (when_of(line), line.child.name, line.medicine, pill_of(line))[column]
        if role in (BELOW_ROLE, BELOW_TONE_ROLE):
            return self._below(line, column)[role == BELOW_TONE_ROLE]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return heard(line) if column in (DUE, WHO) else self._spoken(line, column)
        if column == WHO:
            return self._of_child(line.child, role)
        if role == STRONG_ROLE:
            return column == DUE and line.open
        return TONES[line.state] if role == TONE_ROLE and column == STATE else None

    def _of_child(self, child: Child, role: int) -> object:
        if role == STRONG_ROLE:
            return True
        if role == DETAIL_ROLE and child.grade:
            return f"gr {child.grade}"
        if role == FACE_ROLE:
            initials = "".join(name[:1] for name in (child.called, child.family)).upper()
            return self._faces.get(child.id, QImage()), initials
        return None

    @staticmethod
    def _below(line: Line, column: int) -> tuple[str, str]:
        if column == WHO:
            return below_name(line)
        if column == WHAT:
            controlled = " · controlled" if line.controlled else ""
            return f"{line.dose}, {line.route[:1].lower()}{line.route[1:]}{controlled}", "muted"
        if column == STATE:
            return below_state(line), "muted"
        return "", "muted"

    @staticmethod
    def _spoken(line: Line, column: int) -> str:
        return f"{line.medicine}, {line.dose}" if column == WHAT else line.words


class TwoLines(CellDelegate):
    """A cell with quiet words below its own."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        below = str(index.data(BELOW_ROLE) or "")
        face = index.data(FACE_ROLE)
        rect: QRect = option.rect
        px = self._theme.px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_ground(painter, option, index)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        left = px(12)
        if face is not None:
            self._paint_face(painter, rect, face, chosen=chosen)
            left = px(12) + px(_FACE) + px(10)
        inner = rect.adjusted(left, 0, -px(4), 0)
        half = inner
        if below:
            half = QRect(inner.x(), inner.y() + px(5), inner.width(), px(26))
        if tone := index.data(TONE_ROLE):
            self.paint_pill(painter, half, str(index.data()), str(tone), chosen=chosen)
        else:
            self.paint_text(painter, half, index)
        if below:
            font = self._theme.font(13, weight=600 if self._loud(index) else 400)
            painter.setFont(font)
            painter.setPen(self._theme.color(str(index.data(BELOW_TONE_ROLE) or "muted")))
            under = QRect(inner.x(), half.bottom() - px(2), inner.width(), px(22))
            words = QFontMetrics(font).elidedText(below, Qt.TextElideMode.ElideRight, under.width())
            painter.drawText(under, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    @staticmethod
    def _loud(index: QModelIndex | QPersistentModelIndex) -> bool:
        return str(index.data(BELOW_TONE_ROLE)) in ("warn", "danger")

    def _paint_face(
        self, painter: QPainter, rect: QRect, face: tuple[QImage, str], *, chosen: bool
    ) -> None:
        image, initials = face
        theme, side = self._theme, self._theme.px(_FACE)
        box = QRectF(rect.x() + theme.px(12), rect.y() + (rect.height() - side) / 2, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(box, 6, 6)
        painter.setClipPath(path)
        painter.fillRect(box, theme.color("surface" if chosen else "accent_weak"))
        if image.isNull():
            painter.setPen(theme.color("accent"))
            painter.setFont(theme.font(13, weight=600))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, initials)
        else:
            size = image.size().scaled(
                box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
            )
            x = box.x() - (size.width() - side) / 2
            painter.drawImage(QRectF(x, box.y(), size.width(), size.height()), image)
        painter.restore()


class BoardTable(Table):
    """Rows as tall as two lines."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, fit=True, parent=parent)
        self.setItemDelegate(TwoLines(theme, self))
        self.setAccessibleName("Medicines of the day")

    def arrange(self) -> None:
        """The columns, once the model is set."""
        self.set_shares(12, 40, 27, 21)
        self.keep_whole(STATE, _LONGEST_STATE)
        self.keep_whole(DUE, "As needed")
        self.drop_below(WHAT, 420)

    def _row_height(self) -> int:
        return self._theme.px(_TALL)
