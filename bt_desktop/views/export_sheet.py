"""Takes the list that is shown out of the program: which columns, why, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from bt_desktop.services.results.export import COLUMNS, USUAL, Second
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone, choose_save
from bt_desktop.views.preview import write_whole
from bt_desktop.views.widgets.inputs import Choice, PasswordLine, TextBox
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.results.export import ExportPlan, ListFile
    from bt_desktop.services.results.records import RecordFilter
    from bt_desktop.services.workspace import Workspace

_ACROSS = 2


class ExportSheet(Sheet):
    """`written(count)` once the file is where the person said."""

    written = Signal(int)

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        filters: RecordFilter,
        plan: ExportPlan,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Export this list", "Choose where to…", parent, wide=520)
        self._workspace, self._filters, self._plan = workspace, filters, plan
        records = "1 record" if plan.records == 1 else f"{plan.records:,} records"
        left = f" {plan.kept:,} more stay: your role does not take them out." if plan.kept else ""
        self.column.addWidget(
            Muted(
                f"{records} as a table for a spreadsheet (CSV).{left} Outside the vault the file "
                "is not encrypted. Who exported what is written down.",
                self,
            )
        )
        self.boxes = self._column_boxes()
        self.reason = TextBox(lines=2, most=5)
        self.add(
            "reason",
            "What is it for?",
            self.reason,
            required=plan.needs_reason,
            hint="More than 25 records: say it so that somebody else understands it later."
            if plan.needs_reason
            else "",
        )
        self.frames["reason"].setVisible(plan.needs_reason)
        self._ask_second()
        self.on_save(self._collect_it)  # type: ignore[arg-type]  # work, or None for what is missing
        self.saved.connect(lambda made: self.written.emit(made.records))

    def _ask_second(self) -> None:
        """More than 25 records: somebody else agrees with their own password."""
        self.second, self.password = Choice(), PasswordLine()
        self.second.fill([("Choose who agrees", ""), *((n, u) for u, n in self._plan.seconds)], "")
        self.add(
            "second",
            "Who agrees to it?",
            self.second,
            required=True,
            hint="More than 25 records leave only when a second person agrees, here and now.",
        )
        self.add("password", "Their password", self.password, required=True)
        for key in ("second", "password"):
            self.frames[key].setVisible(self._plan.needs_reason)

    def _somebody_agrees(self) -> bool:
        """Whether a second person is chosen and typed something; else what is missing is said."""
        who = str(self.second.currentData() or "")
        if not self._plan.seconds:
            self.frames["second"].say(
                "Nobody else here may export lists. Add a second administrator in the settings, or "
                "export 25 records or fewer."
            )
        elif not who:
            self.frames["second"].say("Choose who agrees.")
        elif not self.password.text():
            self.frames["password"].say("Let them type their own password.")
        else:
            return True
        return False

    def _column_boxes(self) -> dict[str, QCheckBox]:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        boxes: dict[str, QCheckBox] = {}
        for number, (key, head) in enumerate(COLUMNS.items()):
            box = QCheckBox(head, holder)
            box.setAccessibleName(f"Column {head}")
            box.setChecked(key in USUAL)
            grid.addWidget(box, *divmod(number, _ACROSS))
            boxes[key] = box
        self.column.addWidget(holder)
        return boxes

    def _collect_it(self) -> object:
        columns = [key for key, box in self.boxes.items() if box.isChecked()]
        if not columns:
            self.banner.tell("Choose at least one column.", Tone.DANGER)
            return None
        reason = self.reason.toPlainText()
        if self._plan.needs_reason and len(reason.strip()) < 10:
            self.frames["reason"].say("Write at least 10 characters.")
            return None
        if self._plan.needs_reason and not self._somebody_agrees():
            return None
        today = self._desk.clock.now().date()
        path = choose_save(self, "Export this list", f"records-{today}.csv", "CSV (*.csv)")
        if path is None:
            return None
        target = path if path.suffix else path.with_suffix(".csv")
        export, filters = self._workspace.export, self._filters
        many = self._plan.needs_reason
        second = Second(self.second.currentData(), self.password.take()) if many else None

        def work() -> ListFile:
            made = export.table(filters, columns, reason, second)
            write_whole(target, made.data)
            return made

        return work
