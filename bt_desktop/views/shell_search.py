"""The search of the top bar: students by any part of any name, records by number or by a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter
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
from bt_desktop.views.marked_text import paint_marked
from bt_desktop.views.state_words import summary_state
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.inputs import SearchLine, found_words
from bt_desktop.views.widgets.text import Muted
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.people import PersonHit
    from bt_desktop.services.results.records import RecordSummary
    from bt_desktop.services.results.search import TextHit
    from bt_desktop.services.workspace import Workspace

Spans = tuple[tuple[int, int], ...]
_HIT = Qt.ItemDataRole.UserRole
_SHOWN, _TEXTS = 15, 6
_LEAD = 24
_SETTLED_MS = 1500
"""So long a list has to stand before it counts as read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line under the search box. `kind` student, record or text, `id` what to open.

    `below` are words of a text; `spans` and `marks` the places of what matched, in the title and
    in them. `about` is the student whom it is about.
    """

    kind: str
    id: str
    title: str
    detail: str
    spans: Spans = ()
    warning: str = ""
    below: str = ""
    marks: Spans = ()
    about: str | None = None


def finding_of_person(hit: PersonHit) -> Finding:
    """A student as a line: grade, teacher, birth date; a warning when the name is not unique."""
    grade = f"grade {hit.grade}" if hit.grade else ""
    born = f"born {full_date(hit.birth_date)}" if hit.birth_date else ""
    detail = " · ".join(part for part in (grade, hit.teacher, born) if part)
    warning = "same name as another student: check the birth date" if hit.same_name else ""
    return Finding("student", hit.id, hit.name, detail, hit.spans, warning, about=hit.id)


def finding_of_record(record: RecordSummary, now: datetime) -> Finding:
    """A record as a line: number, student, state in the words of the list."""
    detail = " · ".join(part for part in (record.subject_name, summary_state(record, now)) if part)
    title = record.number or record.title
    return Finding("record", record.id, title, detail, about=record.subject_id)


def finding_of_text(hit: TextHit) -> Finding:
    """A record in whose text the words stand: number, student, the words around the match."""
    record = hit.record
    words, marks = nearer(hit.snippet, hit.spans)
    title = record.number or record.title
    return Finding(
        "text", record.id, title, record.subject_name, below=words, marks=marks,
        about=record.subject_id,
    )  # fmt: skip


def nearer(words: str, spans: Spans) -> tuple[str, Spans]:
    """The words beginning shortly before the first match: the line is short."""
    first = spans[0][0] if spans else 0
    begin = words.rfind(" ", 0, max(0, first - _LEAD)) + 1
    if begin < 3:  # not for a word or two
        return words, spans
    moved = tuple((start - begin + 2, end - begin + 2) for start, end in spans)
    return f"… {words[begin:]}", moved


def _tall(finding: Finding) -> int:
    """The height of a line (px at 100 %)."""
    return 58 if finding.warning or finding.below else 42


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

    def about(self) -> tuple[str, ...]:
        """The students whom the findings are about, each once."""
        return tuple(dict.fromkeys(one.about for one in self._rows if one.about))

    def find(self, which: str) -> Finding | None:
        """The finding of this id; None where it is not here."""
        return next((one for one in self._rows if one.id == which), None)

    def title_of(self, which: str) -> str:
        """The title of what would be opened; blank where it is not here."""
        return next((one.title for one in self._rows if one.id == which), "")

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        finding = self._rows[index.row()]
        if role == _HIT:
            return finding
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(
                p for p in (finding.title, finding.detail, finding.below, finding.warning) if p
            )
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
        return QSize(self._theme.px(200), self._theme.px(_tall(finding)))

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
        name = {"student": "student", "text": "search"}.get(finding.kind, "record")
        draw_icon(painter, icon_box.toRectF(), name, theme.tokens.muted)
        x = rect.x() + px(8) + side + px(10)
        text_box = QRect(x, rect.y(), rect.right() - x - px(8), line)
        painter.setPen(theme.color("ink"))
        used = paint_marked(painter, text_box, finding.title, finding.spans, theme, 15)
        detail_box = text_box.adjusted(used + px(8), 0, 0, 0)
        painter.setPen(theme.color("muted"))
        paint_marked(painter, detail_box, finding.detail, (), theme, 13)
        if finding.below:
            below = QRect(x, rect.y() + px(34), rect.right() - x - px(8), px(20))
            paint_marked(painter, below, finding.below, finding.marks, theme, 13)
        painter.setFont(theme.font(13))
        if finding.warning:
            painter.setPen(theme.color("warn"))
            painter.drawText(x, rect.y() + px(50), finding.warning)
        painter.restore()


class Findings(QFrame):
    """The list under the search box. Typing stays in the box; arrows move, Enter opens, Esc closes.

    `chosen(kind, id)`. `look` says what is found; it runs on a worker.
    """

    nothing_words = "Nothing found. Try any part of a name, a number, or a word of a report."

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
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self._looked)
        line.textEdited.connect(self._search)
        line.installEventFilter(self)
        self.hide()

    @Slot(str)
    def _search(self, text: str) -> None:
        self._settled.stop()
        if not text.strip():
            self.hide()
            return
        self._desk.tasks.latest(self, "search", lambda: self.look(text), self.show_findings)

    def look(self, text: str) -> tuple[Finding, ...]:
        """What is found for what is typed: records by number, students, words of reports."""
        from bt_desktop.services.results.records import RecordFilter  # deferred: form engine

        workspace, words = self._workspace, text.strip()
        records: tuple[RecordSummary, ...] = ()
        if any(c.isdigit() for c in words):
            records = workspace.records.list(RecordFilter(text=words), limit=5)
        people = workspace.people
        hits = people.search(words, ("student",), _SHOWN) if people.may_search else ()
        texts = workspace.search.texts(text.lstrip(), limit=_TEXTS).hits
        known = {one.id for one in records}
        now = self._desk.clock.now()
        return (
            *(finding_of_record(r, now) for r in records),
            *(finding_of_person(p) for p in hits),
            *(finding_of_text(t) for t in texts if t.record.id not in known),
        )

    @Slot()
    def _looked(self) -> None:
        """What stood there long enough to be read is noted: how many, never which words."""
        search, about = self._workspace.search, self.model.about()
        if self.isVisible():
            self._desk.tasks.run(self, lambda: search.looked(about), failed=lambda _: None)

    def show_findings(self, rows: tuple[Finding, ...]) -> None:
        """Show what was found, or that nothing was."""
        if not self._line.text().strip():
            return
        self.model.set_rows(rows)
        self.list.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.nothing.setText("" if rows else self.nothing_words)
        if rows:
            self._settled.start()
            self.list.setCurrentIndex(self.model.index(0))
        self._place(rows)
        self.show()
        self.raise_()
        self._tell() if rows else self._line.tell(found_words(0))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settled.stop()

    def _place(self, rows: tuple[Finding, ...]) -> None:
        px = self._desk.theme.px
        host = self._host
        corner = self._line.mapTo(host, QPoint(0, self._line.height() + 4))
        wide = min(max(self._line.width(), px(460)), host.width() - corner.x() - 12)
        tall = sum(px(_tall(r)) for r in rows) + 12 if rows else px(44)
        tall = min(tall, host.height() - corner.y() - 12)
        self.setGeometry(QRect(corner, QSize(wide, tall)))

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        finding = self.model.row(index)
        self._looked()
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
            self._tell()

    def _tell(self) -> None:
        """Say the line that is marked: typing stays in the box, so nothing else would."""
        at = self.list.currentIndex()
        self._line.tell(f"{at.row() + 1} of {self.model.rowCount()}: {at.data()}")
