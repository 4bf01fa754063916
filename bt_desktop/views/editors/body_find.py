"""The list of regions that is typed into: adds a mark as a click on the drawing does."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from bt_desktop.form_engine.body import atlas
from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors.choices import ListLine, folded
from bt_desktop.views.editors.suggest import Suggestion


class RegionLine(ListLine):
    """Every region with every side it is seen from, in the order of the list.

    `chosen(view, region)` on Enter, Tab or a click in the list; the line is then blank again.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Type a region, or press Down")
        self._rows = [*_rows()]
        self.textEdited.connect(self._typed)
        self.asked.connect(lambda: self.box.show_rows(self.matching("")))
        self.box.chosen.connect(self._take)

    def matching(self, text: str) -> list[Suggestion]:
        """The rows that hold every word, in their name or among their other words."""
        wanted = folded(text).split()
        found: list[tuple[bool, Suggestion]] = []
        for row, flat, also in self._rows:
            if not all(word in flat or any(a.startswith(word) for a in also) for word in wanted):
                continue
            spans = tuple((flat.index(w), flat.index(w) + len(w)) for w in wanted if w in flat)
            by_name = all(word in flat for word in wanted)
            found.append((not by_name, Suggestion(row.key, row.title, row.details, spans)))
        return [row for _, row in sorted(found, key=lambda each: each[0])]

    def _typed(self, text: str) -> None:
        self.box.show_rows(self.matching(text) if text.strip() else [])

    def _take(self, row: Suggestion) -> None:
        self.clear()
        view, _, region = row.key.partition("/")
        self.chosen.emit(view, region)


def _rows() -> list[tuple[Suggestion, str, tuple[str, ...]]]:
    """(row, its folded name, its further words): a row for every place that has its own name."""
    made = []
    for region in atlas().regions.values():
        seen: set[str] = set()
        for view in region.views:
            name = atlas().place(region.id, view)
            if name in seen:
                continue
            seen.add(name)
            also = tuple(folded(region.also).split())
            sheet = say(atlas().sheet_of(view).label)
            row = Suggestion(f"{view}/{region.id}", name, sheet)
            made.append((row, folded(name), also))
    return made
