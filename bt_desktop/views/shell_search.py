"""The search of the top bar: students by any part of any name, records by their number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
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
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.desk import Desk
from bt_desktop.views.icons import draw_icon
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.inputs import SearchLine
from bt_desktop.views.widgets.text import Muted
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.people import PersonHit
    from bt_desktop.services.results.records import RecordSummary
    from bt_desktop.services.workspace import Workspace

_HIT = Qt.ItemDataRole.UserRole
_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Finding:
    """One line under the search box. `kind` student or record, `id` what to open."""

    kind: str
    id: str
    title: str
    detail: str
    spans: tuple[tuple[int, int], ...] = ()
    warning: str = ""


def finding_of_person(hit: PersonHit) -> Finding:
    """A student as a line: grade, teacher, birth date; a warning when the name is not unique."""
    grade = f"grade {hit.grade}" if hit.grade else ""
    born = f"born {full_date(hit.birth_date)}" if hit.birth_date else ""
    detail = " · ".join(part for part in (grade, hit.teacher, born) if part)
    warning = "same name as another student: check the birth date" if hit.same_name else ""
    return Finding("student", hit.id, hit.name, detail, hit.spans, warning)


def finding_of_record(record: RecordSummary) -> Finding:
    """A record as a line: number, student, state."""
    detail = " · ".join(part for part in (record.subject_name, record.state) if part)
    return Finding("record", record.id, record.number or record.title, detail)


class FindingsModel(QAbstractListModel):
    """The findings, in order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Finding, ...] = ()

    def set_rows(self, rows: tuple[Finding, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, index: QModelIndex | QPersistentModelIndex) -> Finding:
        """The finding at `index`."""
        return self._rows[index.row()]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        finding = self._rows[index.row()]
        if role == _HIT:
            return finding
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(p for p in (finding.title, finding.detail, finding.warning) if p)
        return None


class _FindingDelegate(QStyledItemDelegate):
    """Name with the matched letters bold, details after it in quiet words."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        finding = index.data(_HIT)
        return QSize(self._theme.px(200), self._theme.px(58 if finding.warning else 42))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        finding, theme, px = index.data(_HIT), self._theme, self._theme.px
        rect: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_weak"))
            painter.drawRoundedRect(rect, 4, 4)
        side, line = px(18), px(42)
        icon_box = QRect(rect.x() + px(8), rect.y() + (line - side) // 2, side, side)
        name = "student" if finding.kind == "student" else "record"
        draw_icon(painter, icon_box.toRectF(), name, theme.tokens.muted)
        x = rect.x() + px(8) + side + px(10)
        text_box = QRect(x, rect.y(), rect.right() - x - px(8), line)
        used = self._paint_title(painter, text_box, finding)
        detail_box = text_box.adjusted(used + px(8), 0, 0, 0)
        painter.setFont(theme.font(13))
        painter.setPen(theme.color("muted"))
        words = painter.fontMetrics().elidedText(
            finding.detail, Qt.TextElideMode.ElideRight, detail_box.width()
        )
        painter.drawText(detail_box, Qt.AlignmentFlag.AlignVCenter, words)
        if finding.warning:
            painter.setPen(theme.color("warn"))
            painter.drawText(x, rect.y() + px(50), finding.warning)
        painter.restore()

    def _paint_title(self, painter: QPainter, box: QRect, finding: Finding) -> int:
        """Draw the title with its matched letters bold; returns how wide it came out."""
        painter.setPen(self._theme.color("ink"))
        plain, bold = self._theme.font(15), self._theme.font(15, weight=700)
        at, x = 0, box.x()
        pieces: list[tuple[str, bool]] = []
        for start, end in sorted(finding.spans):
            pieces += [(finding.title[at:start], False), (finding.title[start:end], True)]
            at = end
        pieces.append((finding.title[at:], False))
        for piece, strong in pieces:
            painter.setFont(bold if strong else plain)
            room = max(0, box.right() - x)
            words = painter.fontMetrics().elidedText(piece, Qt.TextElideMode.ElideRight, room)
            wide = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(QRect(x, box.y(), wide + 2, box.height()), _VCENTER, words)
            x += wide
        return x - box.x()


_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class Findings(QFrame):
    """The list under the search box. Typing stays in the box; arrows move, Enter opens, Esc closes.

    `chosen(kind, id)`.
    """

    chosen = Signal(str, str)

    def __init__(self, desk: Desk, workspace: Workspace, line: SearchLine, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._workspace, self._line = desk, workspace, line
        self._host = parent
        self.setObjectName("findings")
        self.setAccessibleName("What was found")
        self.model = FindingsModel(self)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_FindingDelegate(desk.theme, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(self._take)
        self.nothing = Muted("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        line.textEdited.connect(self._search)
        line.installEventFilter(self)
        self.hide()

    @Slot(str)
    def _search(self, text: str) -> None:
        words = text.strip()
        if not words:
            self.hide()
            return
        workspace = self._workspace

        def look() -> tuple[Finding, ...]:
            from bt_desktop.services.results.records import RecordFilter  # deferred: form engine

            people = workspace.people.search(words, ("student",), _SHOWN)
            records: tuple[RecordSummary, ...] = ()
            if any(c.isdigit() for c in words) or "-" in words:
                records = workspace.records.list(RecordFilter(text=words), limit=5)
            return (
                *(finding_of_record(r) for r in records),
                *(finding_of_person(p) for p in people),
            )

        self._desk.tasks.latest(self, "search", look, self.show_findings)

    def show_findings(self, rows: tuple[Finding, ...]) -> None:
        """Show what was found, or that nothing was."""
        if not self._line.text().strip():
            return
        self.model.set_rows(rows)
        self.list.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.nothing.setText("" if rows else "Nothing found. Any part of any name will do.")
        if rows:
            self.list.setCurrentIndex(self.model.index(0))
        self._place(rows)
        self.show()
        self.raise_()

    def _place(self, rows: tuple[Finding, ...]) -> None:
        px = self._desk.theme.px
        host = self._host
        corner = self._line.mapTo(host, QPoint(0, self._line.height() + 4))
        wide = min(max(self._line.width(), px(460)), host.width() - corner.x() - 12)
        tall = sum(px(58 if r.warning else 42) for r in rows) + 12 if rows else px(44)
        tall = min(tall, host.height() - corner.y() - 12)
        self.setGeometry(QRect(corner, QSize(wide, tall)))

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        finding = self.model.row(index)
        self._line.clear()
        self.hide()
        self.chosen.emit(finding.kind, finding.id)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if self.isHidden():
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex())
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            return True
        return False

    def _move(self, by: int) -> None:
        count = self.model.rowCount()
        if count:
            row = (self.list.currentIndex().row() + by) % count
            self.list.setCurrentIndex(self.model.index(row))
