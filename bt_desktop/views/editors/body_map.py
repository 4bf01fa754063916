"""A marked body: the drawing, a list of its regions, the table of marks, the details of one.

The drawing and the list are two ways to the same mark; the table is what is kept and heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.form_engine.body import FIGURES, atlas
from bt_desktop.form_engine.body_drawing import drawing, moved
from bt_desktop.form_engine.body_marks import MOST_MARKS, BodyMap, Mark, Unmarked, read_map
from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors.body_details import MarkDetails
from bt_desktop.views.editors.body_figure import BodyFigure, with_marks_numbered
from bt_desktop.views.editors.body_find import RegionLine
from bt_desktop.views.editors.body_table import MarksTable
from bt_desktop.views.editors.body_zoom import FigureArea
from bt_desktop.views.editors.choices import Chip
from bt_desktop.views.editors.protocol import Editor, Typed, as_data, mark
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Choice
    from bt_desktop.form_engine.views import FieldView

BESIDE = "That is beside the figure. Click on the body, or choose the region from the list."
_FIGURE_WORDS = {"child": "Child", "adult": "Adult"}
_NONE_YET = "No marks yet. Click on the drawing, or type a region above."


class BodyMapEditor(Editor):
    """Marks on the figure of a child or a grown person (`form_engine.body_marks`)."""

    def __init__(
        self, choices: Sequence[Choice] = (), figure: str = "child", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._map = BodyMap(figure)
        self._chosen = 0
        self._name = "Drawing"
        self._locked = self._figure_chosen = False
        types = {choice.name: say(choice.label) for choice in choices}
        self.sheets = [Chip(s.id, say(s.label), self) for s in atlas().sheets]
        self.regions_label = plain_label("Region", "muted", self)
        self.regions = RegionLine(self)
        self.figure = BodyFigure(self)
        self.figures = [Chip(name, _FIGURE_WORDS[name], self) for name in FIGURES]
        self.area = FigureArea(self.figure, self.figures, self)
        self.message = plain_label("", "warnText", self)
        self.none_yet = plain_label(_NONE_YET, "muted", self)
        self.earlier = plain_label("", "muted", self)
        self.table = MarksTable(types, self)
        self.details = MarkDetails(types, self)
        self._lay_out()
        self._connect()
        self.watch(
            *self.sheets, self.regions, self.figure, *self.figures, *self.area.buttons(),
            self.table, *self.details.parts(),
        )  # fmt: skip
        self._show()

    # --- building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        holder = QWidget(self)
        flow = FlowLayout(holder, gap=6)
        for chip in self.sheets:
            flow.addWidget(chip)
        self.regions_label.setBuddy(self.regions)
        region = QHBoxLayout()
        region.setSpacing(12)
        region.addWidget(self.regions_label)
        region.addWidget(self.regions, 1)
        for label in (self.message, self.none_yet, self.earlier):
            label.setWordWrap(True)
            label.hide()
        self.card = QFrame(self)
        self.card.setObjectName("bodyCard")
        inner = QVBoxLayout(self.card)
        inner.setContentsMargins(12, 12, 12, 12)
        inner.setSpacing(10)
        inner.addWidget(holder)
        inner.addLayout(region)
        inner.addWidget(self.area)
        inner.addWidget(self.message)
        inner.addWidget(self.none_yet)
        inner.addWidget(self.earlier)
        inner.addWidget(self.table)
        inner.addWidget(self.details)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.card)

    def _connect(self) -> None:
        for chips, chosen in ((self.sheets, self._turn_to), (self.figures, self._take_figure)):
            for chip in chips:
                chip.clicked.connect(lambda _on=False, c=chip, do=chosen: do(c.name))
                chip.stepped.connect(lambda by, row=chips: self._step(row, by))
        self.figure.marked.connect(self._add)
        self.figure.missed.connect(lambda: self._say(BESIDE))
        self.figure.picked.connect(self._pick)
        self.figure.walked.connect(self._walked)
        self.figure.turned.connect(lambda by: self._step(self.sheets, by, keep_focus=True))
        self.figure.removed.connect(self._remove_at)
        self.regions.chosen.connect(self._add_by_name)
        self.table.picked.connect(self._pick)
        self.table.opened.connect(lambda _n: self.details.first().setFocus())
        self.table.removed.connect(self._remove)
        self.details.edited.connect(self._edit)
        self.details.unit_chosen.connect(self._take_unit)
        self.details.removed.connect(self._remove)

    # --- the protocol of editors ------------------------------------------------------------------

    def typed(self) -> Typed:
        """The marks as they are kept; None where there are none."""
        return self._map.data() or None

    def set_typed(self, typed: Typed) -> None:
        """Show these marks."""
        if isinstance(typed, str) and typed and typed == self._map.text():
            return
        data = as_data(typed)
        try:
            found = read_map(data)
        except Unmarked:  # cannot be read: the session says so, and it is marked anew
            found = BodyMap(self._map.figure)
        if not found.marks and not data.get("figure"):
            found = replace(found, figure=self._map.figure, unit=self._map.unit)
        if found == self._map:
            return
        self._map = found
        self._chosen = min(self._chosen, len(found.marks))
        self._show()

    def set_view(self, view: FieldView) -> None:
        """Read-only as the session says."""
        self._lock(view.read_only)

    def setEnabled(self, enabled: bool) -> None:
        """A body that may not be changed can still be looked at, sheet by sheet, mark by mark."""
        self._lock(not enabled)

    def focus_target(self) -> QWidget:
        """The line with the list of regions: the way that needs no drawing."""
        return self.regions

    def describe(self, name: str, description: str) -> None:
        """Name every part after the question."""
        self._name = name
        for row, what in ((self.sheets, "view"), (self.figures, "figure")):
            for chip in row:
                chip.setAccessibleName(f"{name}: {what} {chip.text()}")
        self.regions.setAccessibleName(f"{name}: region to mark")
        self.regions.setAccessibleDescription(description)
        self.table.setAccessibleName(f"{name}: marks")
        self.table.setAccessibleDescription(
            f"{len(self._map.marks)} marks. Enter opens one, Delete takes it away."
        )
        self._walked(*(self.figure.spot() or ("", "")))

    def begin_with(self, figure: str) -> None:
        """Whose body it is, as far as other answers tell: the figure as long as nothing is marked
        and nobody chose one here."""
        if self._figure_chosen or self._map.marks or figure not in FIGURES:
            return
        if figure != self._map.figure:
            self._map = replace(self._map, figure=figure)
            self._show()

    def set_wrong(self, wrong: bool) -> None:
        """Frame the whole."""
        mark(self.card, "wrong", wrong)

    def settle(self) -> None:
        """Close the lists."""
        self.regions.box.close_list()
        self.details.settle()

    # --- deeds ------------------------------------------------------------------------------------

    def _add(self, view: str, region: str, x: float, y: float) -> None:
        if self._locked:
            return
        if len(self._map.marks) >= MOST_MARKS:
            self._say(f"One drawing holds {MOST_MARKS} marks. Tell the rest in words.")
            return
        marks = (*self._map.marks, Mark(len(self._map.marks) + 1, view, region, x, y))
        self._put(marks, len(marks))

    def _add_by_name(self, view: str, region: str) -> None:
        """From the list: at the region's anchor, in the picture that shows it best."""
        self._turn_to(atlas().sheet_of(view).id)
        self.figure.go_to(view, region)
        self._add(view, region, *drawing(self._map.figure, view).anchor(region))

    def _edit(self, changed: Mark, typing: bool) -> None:
        marks = tuple(changed if m.n == changed.n else m for m in self._map.marks)
        self._put(marks, changed.n, typing=typing)

    def _remove(self, n: int) -> None:
        if self._locked or not 1 <= n <= len(self._map.marks):
            return
        held = self.details.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        place = self._map.marks[n - 1].place()
        marks = tuple(m for m in self._map.marks if m.n != n)
        self._put(marks, min(n, len(marks)))
        self._say(f"Mark {n}, {place}, was taken away. Ctrl+Z brings it back.", tone="muted")
        if held or (not marks and self.table.hasFocus()):
            (self.table if marks else self.regions).setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove_at(self, view: str, region: str) -> None:
        there = [m.n for m in self._map.marks if (m.view, m.region) == (view, region)]
        if there:
            self._remove(self._chosen if self._chosen in there else there[-1])

    def _take_unit(self, unit: str) -> None:
        self._map = replace(self._map, unit=unit)
        self._tell(typing=False)

    def _take_figure(self, figure: str) -> None:
        """The other figure: each mark keeps its region, as far across and down in it as before."""
        self._figure_chosen = self._figure_chosen or not self._locked
        if figure != self._map.figure and not self._locked:
            marks = []
            for one in self._map.marks:
                pictures = [drawing(f, one.view) for f in (self._map.figure, figure)]
                x, y = moved((one.x, one.y), one.region, *pictures)
                marks.append(replace(one, x=x, y=y))
            self._map = replace(self._map, figure=figure, marks=tuple(marks))
            self._tell(typing=False)
        self._show()

    def _put(self, marks: tuple[Mark, ...], chosen: int, *, typing: bool = False) -> None:
        self._say("")
        self._map = with_marks_numbered(replace(self._map, marks=marks))
        self._chosen = chosen
        self._tell(typing=typing)

    def _tell(self, *, typing: bool) -> None:
        self._show()
        self.holds_text = typing  # keystrokes that follow each other are undone as one
        self.changed.emit()
        self.holds_text = False

    # --- showing ----------------------------------------------------------------------------------

    def _turn_to(self, sheet: str) -> None:
        self._say("")
        self.figure.show_sheet(next(s for s in atlas().sheets if s.id == sheet))
        self.area.fit()
        self._show_chips()

    def _step(self, row: list[Chip], by: int, *, keep_focus: bool = False) -> None:
        at = next((i for i, chip in enumerate(row) if chip.isChecked()), 0)
        chip = row[(at + by) % len(row)]
        (self._turn_to if row is self.sheets else self._take_figure)(chip.name)
        if not keep_focus:
            chip.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.figure.hasFocus():
            self.figure.go_home()

    def _pick(self, n: int) -> None:
        """Show a mark: its row, its details, its picture."""
        if not 1 <= n <= len(self._map.marks):
            return
        self._chosen = n
        sheet = atlas().sheet_of(self._map.marks[n - 1].view)
        if sheet is not self.figure.sheet:
            self._turn_to(sheet.id)
        self._show()

    def _walked(self, view: str, region: str) -> None:
        """The region under the pointer or the arrows: seen below the drawing, and heard."""
        said = self.figure.say_spot(view, region) if region else ""
        self.area.say(said)
        self.figure.setAccessibleName(f"{self._name}: {said or 'drawing of the body'}")
        deed = "" if self._locked else " Enter marks the region, Delete takes a mark away."
        self.figure.setAccessibleDescription(
            f"Arrows go from region to region, Page Down to the next view.{deed}"
        )

    def _show(self) -> None:
        shown = self._map
        self.figure.show_map(shown, self._chosen)
        self.table.show_map(shown, self._chosen)
        one = shown.marks[self._chosen - 1] if 1 <= self._chosen <= len(shown.marks) else None
        self.details.show_mark(one, shown.unit)
        self.table.setVisible(bool(shown.marks))
        self.none_yet.setVisible(not shown.marks and not self._locked)
        words = ", ".join(region.replace("_", " ") for region in shown.regions)
        self.earlier.setText(f"Named before there was a drawing: {words}." if words else "")
        self.earlier.setVisible(bool(words))
        self._show_chips()

    def _show_chips(self) -> None:
        counts: dict[str, int] = {}
        for each in self._map.marks:
            sheet = atlas().sheet_of(each.view).id
            counts[sheet] = counts.get(sheet, 0) + 1
        for chip, one in zip(self.sheets, atlas().sheets, strict=True):
            count = counts.get(one.id)
            chip.setText(f"{say(one.label)} ({count})" if count else say(one.label))
        for row, now in ((self.sheets, self.figure.sheet.id), (self.figures, self._map.figure)):
            for chip in row:
                on = chip.name == now
                chip.setChecked(on)
                policy = Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus
                chip.setFocusPolicy(policy)

    def _say(self, words: str, *, tone: str = "warn") -> None:
        self.message.setObjectName("warnText" if tone == "warn" else "muted")
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
        self.message.setText(f"▲ {words}" if words and tone == "warn" else words)
        self.message.setVisible(bool(words))
        if words:
            self.area.announce(words)

    def _lock(self, locked: bool) -> None:
        self._locked = locked
        self.figure.locked = self.table.locked = locked
        self.details.lock(locked)
        self.regions.setVisible(not locked)
        self.regions_label.setVisible(not locked)
        for chip in self.figures:
            chip.setEnabled(not locked or chip.name == self._map.figure)
        self.none_yet.setVisible(not self._map.marks and not locked)
