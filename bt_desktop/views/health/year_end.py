"""The year's end: what goes home or is disposed of, what ends, what is not finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.sweep_model import Group, SweepLine, SweepView
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.row_card import Row, RowCard
from bt_desktop.views.widgets.buttons import ActionButton
from bt_desktop.views.widgets.tab_order import tab_as_laid_out
from bt_desktop.views.widgets.text import Muted, SectionTitle
from bt_desktop.views.widgets.when import full_date

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import PrintedCopy
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.health.page import HealthPage

_GROUPS: tuple[tuple[Group, str], ...] = (
    ("medicine", "Medicine to return or dispose of"),
    ("order", "Orders that end"),
    ("task", "Not finished"),
)
_NOTHING = "Nothing is left to do. No medicine is at school, no order ends, nothing is open."
_LAW = (
    "Unused, ended and outdated medicine goes back to the parent where that is possible, and is "
    "else disposed of by the end of the school year (5 CCR 609)."
)
_LEADS: dict[str, tuple[str, str]] = {
    "lot": ("Return or destroy…", "the container"),
    "order": ("Health file", "the health file"),
    "dose": ("Health file", "the health file"),
    "trip": ("Open the trip", "the trip"),
    "delegation": ("Delegation", "the delegation"),
    "months": ("Months", "the month"),
}


class YearEndSection(QWidget):
    """The three lists, and the printed one."""

    def __init__(self, desk: Desk, workspace: Workspace, page: HealthPage) -> None:
        super().__init__(page)
        self._desk, self._workspace, self._page = desk, workspace, page
        self._view: SweepView | None = None
        self._lines: dict[str, SweepLine] = {}
        self.print = ActionButton(
            desk.theme, "Print the list", icon_name="print", kind="primary", parent=self
        )
        self.print.clicked.connect(lambda _=False: self.print_list())
        self.lead = Muted("", self)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.lead, 1)
        head.addWidget(self.print)
        self.nothing = Muted("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(Muted(_LAW, self))
        column.addWidget(self.nothing)
        self.cards: dict[Group, RowCard] = {}
        self._titles: dict[Group, SectionTitle] = {}
        for key, words in _GROUPS:
            self._titles[key] = SectionTitle(words, self)
            card = self.cards[key] = RowCard(words, self)
            card.asked.connect(self.do)
            column.addWidget(self._titles[key])
            column.addWidget(card)
        column.addStretch(1)

    def begin(self) -> None:
        """Opened: begin at the list's print."""
        self.print.setFocus()

    @Slot()
    def load(self) -> None:
        """Read what is left to do."""
        sweep = self._workspace.health.sweep
        self._desk.tasks.latest(self, "year_end", sweep.view, self.show_view)

    def show_view(self, view: SweepView) -> None:
        """Show it."""
        self._view = view
        self._lines = {str(place): one for place, one in enumerate(view.lines)}
        self.lead.setText(
            f"School year {view.school_year}. The last day is {full_date(view.last_day)}. A line "
            "is gone once what it asks for is done."
        )
        for key, words in _GROUPS:
            rows = [_row(at, one) for at, one in self._lines.items() if one.group == key]
            self.cards[key].show_rows(rows)
            self._titles[key].setText(f"{words} ({len(rows)})")
            self._titles[key].setVisible(bool(rows))
        self.nothing.setText("" if view.lines else _NOTHING)
        self.nothing.setVisible(not view.lines)
        tab_as_laid_out(*self.cards.values(), after=self.print)

    @Slot(str, str)
    def do(self, deed: str, place: str) -> None:
        """A button of a line: where it is finished."""
        one = self._lines.get(place)
        if one is None:
            return
        if deed == "letter":
            today = self._workspace.health.orders.today()
            self._page.show_section("papers", f"pick_up:{one.about}:{today}")
        elif deed == "form":
            printing, student, order = self._workspace.health.printing, one.student_id, one.about
            self._desk.tasks.run(
                self,
                lambda: printing.authorization(student, order),
                lambda made: self._show(made, "Authorization for the next school year"),
            )
        elif one.leads == "lot":
            self._to_stock(one.about)
        elif one.leads in ("trip", "delegation", "months"):
            section = {"trip": "trips"}.get(one.leads, one.leads)
            self._page.show_section(section, one.about)
        elif one.student_id:
            self._page.student_asked.emit(one.student_id)

    def _to_stock(self, lot_id: str) -> None:
        self._page.show_section("stock")
        stock = self._page.section("stock")
        if stock is not None:
            stock.open_lot(lot_id)  # type: ignore[attr-defined]  # StockSection

    @Slot()
    def print_list(self) -> None:
        """What is shown, on paper."""
        view, printing = self._view, self._workspace.health.printing
        if view is None:
            return
        self.print.setEnabled(False)

        def show(made: PrintedCopy) -> None:
            self.print.setEnabled(True)
            self._show(made, "End of the school year")

        def refused(problem: BaseException) -> None:
            self.print.setEnabled(True)
            self._desk.feedback.report(self, problem)

        self._desk.tasks.run(self, lambda: printing.year_end(view), show, refused)

    def _show(self, made: PrintedCopy, title: str) -> None:
        self._page.paper_asked.emit(made, title)


def _title(one: SweepLine) -> str:
    """Whose, and what: “Mateo Núñez-Okafor, grade 4: Ibuprofen”; of a month its name."""
    if one.leads == "months":
        return one.what
    who = one.student or "The school’s own stock"
    if one.grade:
        who += f", grade {one.grade}"
    return f"{who}: {one.what}" if one.what else who


def _row(place: str, one: SweepLine) -> Row:
    title = _title(one)
    deeds: list[tuple[str, str, str]] = []
    if one.leads in _LEADS and (one.student_id or one.leads in ("lot", "months")):
        words, where = _LEADS[one.leads]
        if one.leads == "lot" and one.group == "task":
            words = "Count again…"
        deeds.append(("go", words, f"{words} {title}: {where}"))
    if one.group == "medicine" and one.student_id:
        deeds.append(("letter", "Letter to the parent…", f"Letter to the parent: {title}"))
    if one.group == "order" and one.student_id:
        deeds.append(("form", "Print the new form", f"Print the form for the next year: {title}"))
    if one.group == "medicine":
        asked = f"Parent asked: {one.asked}." if one.asked else "Parent not asked yet."
        by = f" Dispose of it by {full_date(one.by)}." if one.by else ""
        about = f"{one.left} left. {one.says}."
        return Row(
            place, title, about, f"{asked}{by}", "Two people" if one.controlled else "", "warn",
            deeds,
        )  # fmt: skip
    when = f"Ends {full_date(one.by)}" if one.by else ""
    since = f"Open since {full_date(one.since)}" if one.since else ""
    says = one.says[:1].upper() + one.says[1:]
    return Row(place, title, f"{says}.", when or since, deeds=deeds)
