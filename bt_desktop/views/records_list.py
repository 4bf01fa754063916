"""The records: narrowed by filters, views and words, in any order, opened by Enter or a click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone
from bt_desktop.views.found_list import FoundList, FoundRow, row_of_text
from bt_desktop.views.record_filters import FilterBar
from bt_desktop.views.records_model import AUTHOR, RECORD, STATE, STUDENT, WHEN, RecordsModel
from bt_desktop.views.saved_views_row import ViewsRow
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.inputs import SearchLine, found_words
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.table import LONGEST_MOMENT, LONGEST_STATE, Table, TableCard
from bt_desktop.views.widgets.text import Muted, PageTitle, SectionTitle

if TYPE_CHECKING:
    from bt_desktop.services.results.export import ExportPlan
    from bt_desktop.services.results.records import (
        Count,
        Facets,
        Order,
        RecordFilter,
        RecordSummary,
    )
    from bt_desktop.services.workspace import Workspace

__all__ = ["RecordsModel", "RecordsPage"]

_ROW_KEYS = "Enter opens a record; the menu key or Shift+F10 shows what else can be done with it."
_PAGE = 50
_FOUND = 30
_TYPING_PAUSE_MS = 120
_SETTLED_MS = 1500
"""So long what was found has to stand before it counts as read."""
_BY_COLUMN: dict[int, Order] = {
    RECORD: "number",
    STUDENT: "student",
    WHEN: "newest",
    AUTHOR: "author",
    STATE: "state",
}
_SORTED: dict[str, tuple[int, bool]] = {
    "number": (RECORD, True),
    "student": (STUDENT, True),
    "newest": (WHEN, False),
    "oldest": (WHEN, True),
    "author": (AUTHOR, True),
    "state": (STATE, True),
}


@dataclass(frozen=True, slots=True)
class _Read:
    """What one reading of the list brought: rows of the table, or what a search found."""

    rows: tuple[RecordSummary, ...] = ()
    count: Count | None = None
    found: tuple[FoundRow, ...] | None = None
    more: bool = False
    behind: int = 0


class RecordsPage(Page):
    """All records that the person may see. `opened(record_id)`, `new_asked`;
    `compare_asked(record_id)` for the versions of an amended one."""

    title = "Records"
    opened = Signal(str)
    compare_asked = Signal(str)
    new_asked = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        from bt_desktop.services.results.records import RecordFilter  # deferred: form engine

        super().__init__(desk.theme, parent)
        self._desk, self._workspace = desk, workspace
        self._remembered = False
        self._least = _PAGE
        self.model = RecordsModel(desk.clock.now, self)
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.read)
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self._looked)
        self._make_head()
        self.filter = SearchLine(desk.theme, "Number, student, or words of a report", parent=self)
        self.filter.textChanged.connect(self._pause.start)
        self.views = ViewsRow(desk, workspace, self)
        self.views.chosen.connect(self.show_filters)
        self.bar = FilterBar(desk, workspace, RecordFilter(), self)
        self.bar.changed.connect(self._filters_changed)
        self._lay_out()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is read for a page that nobody sees (its lanes may be gone by then)."""
        super().hideEvent(event)
        self._pause.stop()
        self._settled.stop()

    # --- building ------------------------------------------------------------------------------

    def _make_head(self) -> None:
        self.count = Muted("", self, wrap=False)
        self.count.setContentsMargins(0, 0, 0, 5)
        self.export = ActionButton(self._desk.theme, "Export", icon_name="upload", parent=self)
        self.export.setAccessibleDescription("This list as a table for a spreadsheet")
        self.export.clicked.connect(self.export_list)
        self.export.setVisible(self._workspace.export.may)
        self._head = QHBoxLayout()
        self._head.setSpacing(12)
        self._head.addWidget(PageTitle("Records", self))
        self._head.addWidget(self.count, 0, Qt.AlignmentFlag.AlignBottom)
        self._head.addStretch(1)
        self._head.addWidget(self.export)

    def _lay_out(self) -> None:
        self.more = SecondaryButton("Show more", self)
        self.more.clicked.connect(self._load_more)
        self.more.hide()
        self.column.addLayout(self._head)
        self.column.addWidget(self.filter)
        self.column.addWidget(self.views)
        self.column.addWidget(self.bar)
        self.column.addWidget(self._table_card())
        self.empty = self._empty()
        self.column.addWidget(self.empty)
        self.column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self.views.hide()

    def _table_card(self) -> QFrame:
        self.card = TableCard(self)
        inside = self.card.inside
        self.table = Table(self._desk.theme, fit=True, parent=self.card)
        self.table.setAccessibleName("Records")
        self.table.setModel(self.model)
        self.table.set_shares(32, 24, 20, 17, 16)
        self.table.drop_below(AUTHOR, 720)
        self.table.keep_whole(STATE, LONGEST_STATE)
        self.table.keep_whole(WHEN, LONGEST_MOMENT)
        self.table.opened.connect(lambda index: self.opened.emit(self.model.record(index).id))
        self.table.sort_asked.connect(self._sort_by)
        self.table.setAccessibleDescription(_ROW_KEYS)
        self.table.menu_asked.connect(
            lambda index, where: self._show_menu(self.model.record(index), where)
        )
        self.found = FoundList(self._desk.theme, self._desk.clock.now, self.card)
        self.found.opened.connect(self._open_found)
        self.found.setAccessibleDescription(_ROW_KEYS)
        self.found.menu_asked.connect(self._show_menu)
        self.found.hide()
        inside.addWidget(self.table)
        inside.addWidget(self.found)
        return self.card

    def _empty(self) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 24, 0, 24)
        column.setSpacing(8)
        self._empty_title = SectionTitle("", box)
        self._empty_words = Muted("", box)
        self._empty_start = PrimaryButton("Start a report", box)
        self._empty_start.clicked.connect(self.new_asked)
        self._empty_clear = SecondaryButton("Clear all filters", box)
        self._empty_clear.clicked.connect(self.clear)
        row = QHBoxLayout()
        row.addWidget(self._empty_start)
        row.addWidget(self._empty_clear)
        row.addStretch(1)
        column.addWidget(self._empty_title)
        column.addWidget(self._empty_words)
        column.addLayout(row)
        box.hide()
        return box

    # --- reading -------------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Read the list, what it can be narrowed to, and the first time what it was last."""
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
        self._load()

    def come_back(self, record_id: str) -> None:
        """Back from a record: on its row, as many rows being read as stood there."""
        shown: Table | FoundList = self.found if self.table.isHidden() else self.table
        self._least = max(_PAGE, self.model.rowCount())
        target = shown if shown.go_to(record_id) else self.filter
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self._load()

    def _load(self) -> None:
        self.views.load()
        workspace, first = self._workspace, not self._remembered

        def work() -> tuple[Facets, RecordFilter | None, dict[str, str]]:
            last = workspace.views.last() if first else None
            names = _student_name(workspace, last) if last is not None else {}
            return workspace.records.facets(), last, names

        self._desk.tasks.latest(self, "facets", work, self._know)

    def _know(self, known: tuple[Facets, RecordFilter | None, dict[str, str]]) -> None:
        facets, last, names = known
        self.bar.set_facets(facets)
        if last is not None and not self._remembered:
            self._remembered = True
            self.bar.set_filters(last, names)
        self.read()

    @Slot()
    def read(self) -> None:
        """Read the first page of what is asked for."""
        self._settled.stop()
        self.views.show_for(self.bar.filters, self.bar.narrowed())
        self._desk.tasks.latest(self, "list", self._reading(None), self._show)

    def _reading(self, after: str | None) -> Callable[[], _Read]:
        text, asked, workspace = self.filter.text(), self.bar.filters, self._workspace
        if text.strip():
            return lambda: _searched(workspace, text, asked)
        most, self._least = self._least, _PAGE

        def page() -> _Read:
            rows = workspace.records.list(asked, most, after)
            count = workspace.records.count(asked) if after is None else None
            return _Read(rows, count, more=len(rows) == most)

        return page

    def _show(self, read: _Read) -> None:
        if read.found is not None:
            self._show_found(read, read.found)
            return
        self.show_records(read.rows)
        self.count.setText(count_words(read.count) if read.count and read.rows else "")
        self.more.setVisible(read.more)

    def show_records(self, rows: tuple[RecordSummary, ...]) -> None:
        """Show these, or say why there is nothing."""
        self.found.hide()
        self.table.show()
        self.model.set_rows(rows)
        self.table.show_sorted(*_SORTED.get(self.bar.filters.order, (-1, True)))
        self.table.rows_changed()
        self._say_empty(not rows, self.bar.narrowed())

    def _show_found(self, read: _Read, found: tuple[FoundRow, ...]) -> None:
        self.table.hide()
        self.found.show()
        self.found.show_rows(found)
        more = "+" if read.more else ""
        behind = f" · {read.behind:,} records are still being read in" if read.behind else ""
        self.count.setText(f"{len(found)}{more} found{behind}" if found or behind else "")
        self.more.hide()
        self.filter.tell(self.count.text() or found_words(0))
        self._say_empty(not found, True)
        if found:
            self._settled.start()

    def _say_empty(self, nothing: bool, narrowed: bool) -> None:
        self.card.setVisible(not nothing)
        self.empty.setVisible(nothing)
        self._empty_title.setText("Nothing found" if narrowed else "No records yet")
        self._empty_words.setText(
            "Try fewer filters, a part of the number, any part of the student's name, or another "
            "word. Only what you may read is looked through."
            if narrowed
            else "Every report that is started or signed stands here, newest first."
        )
        self._empty_start.setVisible(not narrowed)
        self._empty_clear.setVisible(narrowed)

    @Slot()
    def _load_more(self) -> None:
        def grow(read: _Read) -> None:
            self.model.add_rows(read.rows)
            self.table.rows_changed()
            self.more.setVisible(read.more)
            if self.more.isHidden():
                self.table.setFocus()

        self._desk.tasks.latest(self, "list", self._reading(self.model.last_id()), grow)

    # --- asking --------------------------------------------------------------------------------

    @Slot(object)
    def show_filters(self, asked: RecordFilter) -> None:
        """Narrow the list to these (a view that was kept)."""
        workspace = self._workspace
        self.bar.set_filters(asked)
        self._filters_changed(asked)
        if asked.subject_id:
            self._desk.tasks.latest(
                self,
                "named",
                lambda: _student_name(workspace, asked),
                lambda names: self.bar.set_filters(self.bar.filters, names),
            )

    @Slot(object)
    def _filters_changed(self, asked: RecordFilter) -> None:
        views = self._workspace.views
        self._remembered = True
        self._desk.tasks.run(self, lambda: views.keep_last(asked))
        self.read()

    @Slot(int)
    def _sort_by(self, column: int) -> None:
        """A click on a head: by that column; on the one of the time the other way round."""
        order = _BY_COLUMN[column]
        if column == WHEN and self.bar.filters.order == "newest":
            order = "oldest"
        asked = replace(self.bar.filters, order=order)
        self.bar.set_filters(asked)
        self._filters_changed(asked)

    @Slot()
    def clear(self) -> None:
        """Ask for everything."""
        self.filter.clear()
        self.bar.clear()
        self.filter.setFocus()

    @Slot()
    def _looked(self) -> None:
        """What a search showed long enough to be read is noted, without its words."""
        search = self._workspace.search
        about = [r.record.subject_id for r in self.found.found.rows if r.record.subject_id]
        if about and not self.found.isHidden():
            self._desk.tasks.run(self, lambda: search.looked(about), failed=lambda _: None)

    @Slot(object, QPoint)
    def _show_menu(self, record: RecordSummary, where: QPoint) -> None:
        """What can be done with a row of the list."""
        self.menu = menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("&Open", lambda: self.opened.emit(record.id))
        compare = menu.addAction("&Compare versions…", lambda: self.compare_asked.emit(record.id))
        compare.setEnabled(record.amended_at is not None)
        if record.amended_at is None:
            compare.setText("&Compare versions (there is one)")
        menu.popup(where)

    def _open_found(self, record_id: str) -> None:
        self._looked()
        self.opened.emit(record_id)

    @Slot()
    def export_list(self) -> None:
        """Take what is shown out as a table."""
        from bt_desktop.views.export_sheet import ExportSheet  # deferred: seldom needed

        asked, export = self.bar.filters, self._workspace.export

        def show(plan: ExportPlan) -> None:
            if not plan.records:
                self.banner.tell("Your role takes nothing of this list out.", Tone.WARN)
                return
            sheet = ExportSheet(self._desk, self._workspace, asked, plan, self)
            sheet.written.connect(self._exported)
            sheet.open_sheet()

        self._desk.tasks.run(self, lambda: export.plan(asked), show, lane=Lane.READ)

    def _exported(self, records: int) -> None:
        what = "1 record" if records == 1 else f"{records:,} records"
        self.banner.tell(
            f"Exported {what}. Outside the vault the file is not encrypted: keep it where only "
            "those may read it who should.",
            Tone.OK,
        )


def _student_name(workspace: Workspace, asked: RecordFilter) -> dict[str, str]:
    """The name of the student that filters ask for, where the role reads names."""
    if not asked.subject_id or not workspace.people.may_search:
        return {}
    return dict(workspace.people.labels([asked.subject_id]))


def _searched(workspace: Workspace, text: str, asked: RecordFilter) -> _Read:
    """By number, by the student's name, then by words; each record once (on a worker)."""
    records, people, words = workspace.records, workspace.people, text.strip()
    found: dict[str, FoundRow] = {}

    def add(rows: tuple[RecordSummary, ...], why: str) -> None:
        for row in rows:
            found.setdefault(row.id, FoundRow(row, why))

    if any(c.isdigit() for c in words):
        add(records.list(replace(asked, text=words), 10), "The number")
    if people.may_search and asked.subject_id is None:
        for person in people.search(words, ("student",), 5):
            about = replace(asked, subject_id=person.id, order="newest")
            add(records.list(about, 5), "The student's name")
    hits = workspace.search.texts(text.lstrip(), asked, limit=_FOUND)
    for hit in hits.hits:
        row = row_of_text(hit)
        known = found.get(hit.record.id)
        why = f"{known.why}; {row.why[:1].lower()}{row.why[1:]}" if known else row.why
        found[hit.record.id] = replace(row, why=why)
    return _Read(found=tuple(found.values()), more=hits.more, behind=hits.behind)


def count_words(count: Count) -> str:
    """How many there are: "1 record", "247 records", "more than 1,000 records"."""
    if count.more:
        return f"more than {count.number:,} records"
    return "1 record" if count.number == 1 else f"{count.number:,} records"
