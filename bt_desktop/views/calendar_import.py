"""A calendar file before it is taken: each entry with what it would change, to be chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from bt_desktop.views.calendar_month import kind_word
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.deadlines import CalendarImport, ImportedEntry
    from bt_desktop.services.workspace import Workspace

_ENTRY = Qt.ItemDataRole.UserRole
_LOWEST_LIST = 340
"""Pixels: with large text the list scrolls, so that the sum below it stays in view."""


class ImportSheet(Sheet):
    """Space (or a click) takes an entry or leaves it; nothing changes before “Take these days”."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        found: CalendarImport,
        source: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "What this file would change", "Take these days", parent, wide=620)
        self._workspace, self._source = workspace, source
        new = [entry for entry in found.entries if entry.changes]
        same = len(found.entries) - len(new)
        words = []
        if not new:
            words.append("Nothing in this file would change the calendar.")
        if same:
            stand = "entry stands" if same == 1 else "entries stand"
            words.append(f"{same} {stand} in the calendar already.")
        if found.broken:
            words.append(f"{_some(found.broken, 'entry', 'entries')} could not be read.")
        if new:
            words.append("Look at what is not ticked: it does not sound like a day off.")
        self.column.addWidget(Muted(" ".join(words), self))
        self.list = QListWidget(self)
        self.list.setObjectName("checkList")
        self.list.setAccessibleName("Entries of the file")
        self.list.setMinimumHeight(min(desk.theme.px(260), _LOWEST_LIST))
        self.list.setWordWrap(True)
        for entry in new:
            self._put(entry)
        self.list.itemChanged.connect(self._count)
        self.list.setVisible(bool(new))
        self.column.addWidget(self.list, 1)
        self.sum = Muted("", self)
        self.column.addWidget(self.sum)
        self.on_save(self._work)
        self._count()

    def _put(self, entry: ImportedEntry) -> None:
        item = QListWidgetItem(entry_words(entry), self.list)
        item.setData(_ENTRY, entry)
        item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
                      | Qt.ItemFlag.ItemIsSelectable)  # fmt: skip
        bad = any(change.day.kind == "early" and change.day.bell is None for change in entry.days)
        item.setCheckState(Qt.CheckState.Checked if entry.take else Qt.CheckState.Unchecked)
        if bad:
            item.setFlags(Qt.ItemFlag.ItemIsSelectable)  # an early day needs its bell, by hand

    def chosen(self) -> list[ImportedEntry]:
        """The entries that are ticked."""
        items = [self.list.item(i) for i in range(self.list.count())]
        return [one.data(_ENTRY) for one in items if one.checkState() == Qt.CheckState.Checked]

    @Slot()
    def _count(self) -> None:
        count = sum(entry.changes for entry in self.chosen())
        self.sum.setText(f"{_some(count, 'day', 'days')} will change.")
        self.deed.setEnabled(count > 0)

    def _work(self) -> Callable[[], Any] | None:
        calendar, entries, source = self._workspace.calendar, self.chosen(), self._source
        return lambda: calendar.take(entries, source)


def entry_words(entry: ImportedEntry) -> str:
    """“Thanksgiving break · Nov 25, 2026 to Nov 27, 2026 · No school”, and what is doubtful."""
    first, last = entry.days[0].day, entry.days[-1].day
    span = full_date(first.on) if first.on == last.on else (
        f"{full_date(first.on)} to {full_date(last.on)}"
    )  # fmt: skip
    replaced = sum(change.changes and change.before is not None for change in entry.days)
    words = [entry.title or "Without a name", span, kind_word(first)]
    if replaced:
        words.append(f"replaces {_some(replaced, 'mark', 'marks')}")
    if entry.doubt:
        words.append(entry.doubt)
    return " · ".join(words)


def _some(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
