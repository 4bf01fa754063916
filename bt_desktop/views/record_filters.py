"""The bar of filters over the list of records: folds when narrow, says in chips what is on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bt_desktop.views import record_words as say
from bt_desktop.views.desk import Desk
from bt_desktop.views.state_chips import StateChips
from bt_desktop.views.student_pick import StudentPick
from bt_desktop.views.widgets.buttons import ActionButton, FilterChip, LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import Choice

if TYPE_CHECKING:
    from bt_desktop.services.results.records import Facets, RecordFilter
    from bt_desktop.services.workspace import Workspace

FOLDS_BELOW = 860
_FIELD, _WIDER = 176, 236
_OWN_DAYS = "own"


class FilterBar(QWidget):
    """`changed(filters)` whenever the person asks for something else.

    `set_filters` and `set_facets` show what is asked for and what can be asked for; they emit
    nothing.
    """

    changed = Signal(object)

    def __init__(
        self, desk: Desk, workspace: Workspace, asked: RecordFilter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        from bt_desktop.services.results.records import Facets  # deferred: form engine

        self._desk, self._workspace = desk, workspace
        self._asked, self._plain = asked, asked
        self._facets: Facets = Facets()
        self._names: dict[str, str] = {}
        self._open = False
        self._folded: bool | None = None
        self._build_panel()
        self.fold = ActionButton(desk.theme, "Filters", icon_name="chevron-down", parent=self)
        self.fold.clicked.connect(self._toggle)
        self.chips = FlowLayout(gap=6)
        self._chip_box = QWidget(self)
        self._chip_box.setLayout(self.chips)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.panel)
        column.addWidget(self._chip_box)
        self._show()

    # --- building ------------------------------------------------------------------------------

    def _build_panel(self) -> None:
        self.panel = Card(self, margin=14, spacing=10)
        self.form, self.when = Choice(self), Choice(self)
        self.state = StateChips(say.STATES)
        self.author, self.place = Choice(self), Choice(self)
        self.deadlines, self.kind, self.order = Choice(self), Choice(self), Choice(self)
        today = self._today()
        self.since, self.until = DayLine(today), DayLine(today)
        self.student = StudentPick(self._desk, self._workspace)
        self.student.chosen.connect(self._choose_student)
        self.frames: dict[str, FieldFrame] = {}
        self._fields = FlowLayout(gap=12)
        for key, label, editor in (
            ("form", "Form", self.form),
            ("days", "When", self.when),
            ("since", "From", self.since),
            ("until", "To", self.until),
            ("student", "Student", self.student),
            ("author", "Written by", self.author),
            ("place", "Place", self.place),
            ("deadlines", "Deadlines", self.deadlines),
            ("class", "Class of record", self.kind),
            ("order", "Order", self.order),
        ):
            frame = FieldFrame(self._desk.theme, label, editor, parent=self.panel)
            self.frames[key] = frame
            self._fields.addWidget(frame)
        self.panel.column.addLayout(self._fields)
        stops: list[QWidget] = []
        for frame in self.frames.values():  # a compound stands in the chain before what is in it
            stops += filter(None, (frame.editor, frame.editor.focusProxy()))
        status = FieldFrame(self._desk.theme, "Status", self.state, parent=self.panel)
        self.panel.column.addWidget(status)
        stops += (self.state, *self.state.chips.values())
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
        self._wire()
        self._desk.theme.changed.connect(self._size_up)
        self._size_up()

    def _wire(self) -> None:
        def asks(box: Choice, give: Callable[[Any], dict[str, Any]]) -> None:
            box.activated.connect(lambda _: self._ask(**give(box.currentData())))

        asks(self.form, lambda value: {"form": value})
        asks(self.author, lambda value: {"author": value})
        asks(self.place, lambda value: {"place": value or ""})
        asks(self.deadlines, lambda value: {"deadlines": value})
        asks(self.kind, lambda value: {"record_class": value})
        asks(self.order, lambda value: {"order": value})
        self.state.changed.connect(lambda states: self._ask(states=states))
        self.when.activated.connect(self._choose_days)
        for line in (self.since, self.until):
            line.editingFinished.connect(self._typed_days)

    @Slot()
    def _size_up(self) -> None:
        for key, frame in self.frames.items():
            frame.setFixedWidth(self._desk.theme.px(_WIDER if key == "form" else _FIELD))

    def _today(self) -> date:
        return self._desk.clock.now().date()

    # --- from outside --------------------------------------------------------------------------

    @property
    def filters(self) -> RecordFilter:
        """What is asked for."""
        return self._asked

    def set_filters(self, asked: RecordFilter, names: dict[str, str] | None = None) -> None:
        """Show other filters; `names` gives the name of the student they ask for."""
        self._asked = asked
        self._names |= names or {}
        self._show()

    def set_facets(self, facets: Facets) -> None:
        """What there is to choose from."""
        self._facets = facets
        self._show()

    def narrowed(self) -> bool:
        """Whether anything is asked for but the order."""
        return replace(self._asked, order="newest") != replace(self._plain, order="newest")

    # --- from the person -----------------------------------------------------------------------

    def _ask(self, **more: Any) -> None:
        self._asked = replace(self._asked, **more)
        self._show()
        self.changed.emit(self._asked)

    @Slot(str, str)
    def _choose_student(self, student_id: str, name: str) -> None:
        self._names[student_id] = name
        self._ask(subject_id=student_id)

    @Slot()
    def _choose_days(self) -> None:
        word = self.when.currentData()
        if word == _OWN_DAYS:
            self._own_days(True)
            self.since.setFocus()
            return
        self._own_days(False)
        since, until = say.quick_days(self._today())[word]
        self._ask(since=since, until=until)

    @Slot()
    def _typed_days(self) -> None:
        days: dict[str, date | None] = {}
        for key, line in (("since", self.since), ("until", self.until)):
            try:
                days[key] = line.day()
                self.frames[key].say("")
            except ValueError as problem:
                self.frames[key].say(str(problem))
                return
        first, last = days["since"], days["until"]
        if first and last and last < first:
            self.frames["until"].say("This is before the first day.")
            return
        if (first, last) != (self._asked.since, self._asked.until):
            self._ask(**days)

    @Slot()
    def _toggle(self) -> None:
        self._open = not self._open
        self._fold()

    @Slot()
    def clear(self) -> None:
        """Ask for everything again, in the same order."""
        self._asked = replace(self._plain, order=self._asked.order)
        self._show()
        self.changed.emit(self._asked)

    # --- showing -------------------------------------------------------------------------------

    def _show(self) -> None:
        asked, facets, today = self._asked, self._facets, self._today()
        self.form.fill([("All forms", None), *((t, f) for f, t in facets.forms)], asked.form)
        self.state.show_states(asked.states)
        self._show_days(asked, today)
        self.author.fill(
            [("Anybody", None), *((name, key) for key, name in facets.authors)], asked.author
        )
        self.place.fill([("Anywhere", ""), *((one, one) for one in facets.places)], asked.place)
        self.deadlines.fill(list(say.DEADLINES), asked.deadlines)
        self.kind.fill(list(say.CLASSES), asked.record_class)
        self.order.fill(list(say.ORDERS), asked.order)
        self.frames["deadlines"].setVisible(facets.deadlines or bool(asked.deadlines))
        self.frames["class"].setVisible(facets.confidential or bool(asked.record_class))
        self.frames["student"].setVisible(self.student.offered)
        self.student.clear()
        self._show_chips(today)
        self._fold()

    def _show_days(self, asked: RecordFilter, today: date) -> None:
        spans = say.quick_days(today)
        span = (asked.since, asked.until)
        known = next((word for word, days in spans.items() if days == span), None)
        rows: list[tuple[str, object]] = [(word, word) for word in spans]
        self.when.fill([*rows, ("From … to …", _OWN_DAYS)], known or _OWN_DAYS)
        self._own_days(known is None)
        for line, day in ((self.since, asked.since), (self.until, asked.until)):
            line.setText(
                "" if known is not None or day is None else f"{day.month}/{day.day}/{day.year}"
            )

    def _own_days(self, on: bool) -> None:
        for key in ("since", "until"):
            self.frames[key].setVisible(on)
            self.frames[key].say("")

    def _show_chips(self, today: date) -> None:
        while (item := self.chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        found = say.words_of(self._asked, self._facets, self._names, today)
        for key, words in found:
            chip = FilterChip(self._desk.theme, words, self._chip_box)
            chip.clicked.connect(lambda _=False, k=key: self._drop(k))
            self.chips.addWidget(chip)
        if len(found) > 1:
            every = LinkButton("Clear all", self._chip_box)
            every.clicked.connect(self.clear)
            self.chips.addWidget(every)
        self._chip_box.setVisible(bool(found))
        number = f" ({len(found)})" if found else ""
        self.fold.setText(f"Filters{number}")
        self.fold.setAccessibleName(f"Filters, {len(found)} on" if found else "Filters, none on")

    def _drop(self, key: str) -> None:
        self._asked = say.without(self._asked, key)
        self._show()
        self.changed.emit(self._asked)
        first = self.chips.itemAt(0)
        target = first.widget() if first is not None else None
        (target or (self.fold if self.fold.isVisible() else self.form)).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Narrow: the filters stand under a button that says how many are on."""
        narrow = self.width() < self._desk.theme.px(FOLDS_BELOW)
        self.fold.setVisible(narrow)
        self.fold.set_icon_name("chevron-up" if self._open else "chevron-down")
        self.panel.setVisible(not narrow or self._open)
