"""Tables: whole rows, hairlines between them, opened by Enter or a click."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.text import STATE_TONES

TONE_ROLE = Qt.ItemDataRole.UserRole + 1
"""What a model gives for a cell that is to be shown as a pill: its tone."""
ROW_ROLE = Qt.ItemDataRole.UserRole
"""What a model gives for the whole row behind a cell."""
SORT_ROLE = Qt.ItemDataRole.UserRole + 2
"""The raw value by which a column sorts."""
STRONG_ROLE = Qt.ItemDataRole.UserRole + 3
"""True for a cell in bold."""
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 4
"""Quiet words after the text of a cell."""
DETAIL_TONE_ROLE = Qt.ItemDataRole.UserRole + 5
"""The tone in which those words stand; quiet where a model gives none."""


WRAPPED = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
LONGEST_STATE = "Waiting for review"
LONGEST_MOMENT = "yesterday 10:09 am"
_TWO_LINES_FROM = 1.5
"""From so large a text on there is room for two lines in a row: a name is wrapped, not cut."""
_LETTERS_THAT_TELL = 4
"""Of quiet words that are cut shorter than this, nothing is shown at all."""


def dress_rows(table: QTableView) -> None:
    """How every table of the program behaves: whole rows, one at a time, no grid, Tab leaves it, a
    head that only tells."""
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.verticalHeader().hide()
    head = table.horizontalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setHighlightSections(False)
    head.setSectionsClickable(False)
    head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    head.setMinimumSectionSize(1)


STRUCK_ROLE = Qt.ItemDataRole.UserRole + 6
"""True for a cell whose words hold no more: quiet and struck through; a pill says why."""


class TableCard(QFrame):
    """The framed ground on which a table lies; the table goes into `inside`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tableCard")
        self.inside = QVBoxLayout(self)
        self.inside.setContentsMargins(1, 1, 1, 4)


def menu_place(
    view: QAbstractItemView, event: QContextMenuEvent
) -> tuple[QModelIndex, QPoint] | None:
    """The row that a menu is asked for, made the current one, and where on the screen it opens:
    below the row for the keyboard, else at the pointer. None beside all rows."""
    keys = event.reason() == QContextMenuEvent.Reason.Keyboard
    index = view.currentIndex() if keys else view.indexAt(event.pos())
    if not index.isValid():
        return None
    view.setCurrentIndex(index)
    below = view.viewport().mapToGlobal(view.visualRect(index).bottomLeft())
    return index, below if keys else event.globalPos()


class Table(QTableView):
    """Rows that can be opened. `opened(index)` on Enter and on a click; `sort_asked(column)` on a
    click on a head, once `show_sorted` was called; `menu_asked(index, where)` for what else can be
    done with a row (the right button, or the menu key and Shift+F10).

    The up and down keys move, Tab leaves. `fit` makes it as tall as its rows (no scrolling).
    Rows that are read again leave one on the row where one was, as long as it is there.
    """

    opened = Signal(QModelIndex)
    sort_asked = Signal(int)
    menu_asked = Signal(QModelIndex, QPoint)

    def __init__(self, theme: Theme, *, fit: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._fit = theme, fit
        self._shares: list[float] = []
        self._drops: dict[int, int] = {}
        dress_rows(self)
        self._whole: dict[int, str] = {}
        self._was: object = None
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.opened)
        if fit:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self._size_up)
        self._size_up()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """As Qt's, and stay on a row when the rows are read again."""
        super().setModel(model)
        if model is not None:
            model.modelAboutToBeReset.connect(self._note_row)
            model.modelReset.connect(self._find_row)  # after Qt's own, which forgets the row

    @Slot()
    def _note_row(self) -> None:
        at = self.currentIndex()
        self._was = _key_of(at.data(ROW_ROLE)) if at.isValid() else None

    @Slot()
    def _find_row(self) -> None:
        was, self._was = self._was, None
        self.go_to(was)

    def go_to(self, key: object) -> bool:
        """Make the row of `key` (the id of what it stands for) the current one; False where there
        is none, or the rows are not known by ids."""
        model = self.model()
        for place in range(model.rowCount() if key is not None else 0):
            if _key_of(model.index(place, 0).data(ROW_ROLE)) == key:
                self.selectRow(place)
                return True
        return False

    def set_shares(self, *shares: float) -> None:
        """How the width is shared among the columns."""
        self._shares = list(shares)
        self._share_out()

    def drop_below(self, column: int, width: int) -> None:
        """Leave `column` out while the table is narrower than `width` (at 100 %)."""
        self._drops[column] = width
        self._share_out()

    def keep_whole(self, column: int, longest: str) -> None:
        """Give `column` at least the room for `longest` (a pill, a time); the others share less."""
        self._whole[column] = longest
        self._share_out()

    def _least(self, column: int) -> int:
        if column not in self._whole:
            return 0
        metrics = QFontMetrics(self._theme.font(15))
        return metrics.horizontalAdvance(self._whole[column]) + self._theme.px(28)

    def show_sorted(self, column: int, ascending: bool) -> None:
        """Let the heads be clicked, and show by which column the rows stand (-1: by none).

        The store sorts, not the model; whoever cannot click has a box for it beside the table.
        """
        head = self.horizontalHeader()
        if not head.sectionsClickable():
            head.setSectionsClickable(True)
            head.sectionClicked.connect(self.sort_asked)
        # Qt's style points down for "ascending"; people read a sign that points up as "rising".
        order = Qt.SortOrder.DescendingOrder if ascending else Qt.SortOrder.AscendingOrder
        head.setSortIndicatorShown(column >= 0)
        if column >= 0:
            head.setSortIndicator(column, order)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if (found := menu_place(self, event)) is not None:
            self.menu_asked.emit(*found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and not self.currentIndex().isValid():
            model = self.model()
            if model is not None and model.rowCount() > 0:
                self.setCurrentIndex(model.index(0, 0))
        return super().event(event)

    def sizeHint(self) -> QSize:
        if not self._fit or self.model() is None:
            return super().sizeHint()
        rows = self.model().rowCount()
        tall = self.horizontalHeader().sizeHint().height() + rows * self._row_height() + 2
        return QSize(super().sizeHint().width(), tall)

    def minimumSizeHint(self) -> QSize:
        if self._fit:
            return QSize(self._theme.px(200), self.sizeHint().height())
        return QSize(self._theme.px(200), self._row_height() * 4)

    @Slot()
    def rows_changed(self) -> None:
        """To be called after the model was filled: a `fit` table grows or shrinks."""
        self.updateGeometry()

    def _row_height(self) -> int:
        more = self._theme.factor >= _TWO_LINES_FROM
        second = QFontMetrics(self._theme.font(15)).lineSpacing() if more else 0
        return self._theme.px(39) + second

    def _size_up(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._row_height())
        self._share_out()
        self.updateGeometry()

    def _share_out(self) -> None:
        model = self.model()
        if not self._shares or model is None:
            return
        whole = self.viewport().width()
        for column, width in self._drops.items():
            self.setColumnHidden(column, whole < self._theme.px(width))
        shown = [c for c in range(len(self._shares)) if not self.isColumnHidden(c)]
        total = sum(self._shares[c] for c in shown)
        wide = {c: int(whole * self._shares[c] / total) for c in shown}
        least = {c: w for c in shown if (w := self._least(c)) > wide[c]}
        rest = whole - sum(least.values())
        if least and rest > whole // 3:
            left = sum(self._shares[c] for c in shown if c not in least)
            wide = {c: least.get(c) or int(rest * self._shares[c] / left) for c in shown}
        if shown:
            wide[shown[-1]] += whole - sum(wide.values())
        for column in shown:
            self.setColumnWidth(column, wide[column])


def has_two_lines(metrics: QFontMetrics, high: int) -> bool:
    """Whether a row so high has room for two lines, and air around them."""
    return high >= 2.3 * metrics.height()


def _key_of(row: object) -> object:
    """What a row is known by: its id, where it has one."""
    return getattr(row, "id", row)


class CellDelegate(QStyledItemDelegate):
    """A cell: text, bold where the model says so, a pill where it gives a tone."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_ground(painter, option, index)
        inner = rect.adjusted(theme.px(12), 0, -theme.px(4), 0)
        tone = index.data(TONE_ROLE)
        if tone:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self.paint_pill(painter, inner, str(index.data()), str(tone), chosen=chosen)
        else:
            self.paint_text(painter, inner, index)
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """The tip of a cell whose words do not fit: all of them."""
        words = str(index.data() or "") if index.isValid() else ""
        own = index.data(Qt.ItemDataRole.ToolTipRole)
        room = option.rect.width() - self._theme.px(16)
        wide = QFontMetrics(self._theme.font(15)).horizontalAdvance(words)
        if event.type() == QEvent.Type.ToolTip and not own and wide > room:
            QToolTip.showText(event.globalPos(), words, view)
            return True
        return super().helpEvent(event, view, option, index)

    def paint_ground(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """What lies under a cell: chosen, under the pointer, the line to the next row."""
        rect: QRect = option.rect
        state, theme = option.state, self._theme
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("accent_weak"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("raised"))
        if index.row() < index.model().rowCount() - 1:
            painter.setPen(theme.color("line"))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def paint_text(
        self, painter: QPainter, box: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The words of a cell, with its quiet words after them."""
        weight = 600 if index.data(STRONG_ROLE) else 400
        font = self._theme.font(15, weight=weight)
        struck = bool(index.data(STRUCK_ROLE))
        font.setStrikeOut(struck)
        painter.setFont(font)
        painter.setPen(self._theme.color("muted" if struck else "ink"))
        text = str(index.data() or "")
        metrics = QFontMetrics(font)
        if metrics.horizontalAdvance(text) > box.width() and has_two_lines(metrics, box.height()):
            painter.drawText(box, WRAPPED, text)
            return
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        detail = index.data(DETAIL_ROLE)
        if detail:
            used = metrics.horizontalAdvance(shown) + self._theme.px(8)
            painter.setFont(self._theme.font(13))
            painter.setPen(self._theme.color(str(index.data(DETAIL_TONE_ROLE) or "muted")))
            rest = box.adjusted(used, 0, 0, 0)
            words = painter.fontMetrics().elidedText(
                str(detail), Qt.TextElideMode.ElideRight, rest.width()
            )
            if len(words) > _LETTERS_THAT_TELL:
                painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, words)

    def paint_pill(
        self, painter: QPainter, box: QRect, word: str, tone: str, *, chosen: bool = False
    ) -> None:
        """A word on a round ground, at the left of `box`; a chosen row has the accent's ground."""
        theme = self._theme
        ground, ink = ("line", "ink") if tone == "plain" else (f"{tone}_weak", tone)
        if chosen and tone == "accent":
            ground = "surface"
        font = theme.font(13, weight=600)
        wide = QFontMetrics(font).horizontalAdvance(word) + theme.px(18)
        tall = theme.px(20)
        pill = QRect(box.x(), box.y() + (box.height() - tall) // 2, min(wide, box.width()), tall)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(pill, tall / 2, tall / 2)
        painter.setPen(theme.color(ink))
        painter.setFont(font)
        room = pill.width() - theme.px(10)
        shown = QFontMetrics(font).elidedText(word, Qt.TextElideMode.ElideRight, room)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)


def state_word(state: str) -> str:
    """A state as it is shown: `entered_in_error` is "Entered in error"."""
    return state.replace("_", " ").capitalize()


def state_tone(state: str) -> str:
    """The tone of a state's pill."""
    return STATE_TONES.get(state.replace("_", " "), "plain")
