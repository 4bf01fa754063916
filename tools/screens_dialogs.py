"""Pictures of the sheets and dialogs that open over a record, the calendar and a student."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from bt_desktop.services.school_days import Term

if TYPE_CHECKING:
    from tools.screens import Stage


def dialogs(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """Signing, copies and receipts, terms and the bell, a student who leaves."""
    from bt_desktop.views.calendar_terms import BellSheet, TermSheet
    from bt_desktop.views.deadline_sheets import DoneSheet
    from bt_desktop.views.form_dialogs import CopiesMade
    from bt_desktop.views.receipt_sheet import ReceiptSheet
    from bt_desktop.views.sign import SignDialog
    from bt_desktop.views.student_moves import MoveSheet
    from bt_desktop.views.student_team import AddStaff

    window, shell = stage.signed_in("tom")
    desk, told = stage.desk, stage.told
    w: Any = window.workspace
    mateo, record = told.demo.ids["mateo"], told.record
    copies = w.copies.log(record)
    given = next(one for one in copies if one.kind == "parent")
    line = w.deadlines.of_record(record)[0]
    term = Term(date(2026, 8, 17), date(2026, 12, 18), "Fall")
    made: dict[str, Callable[[], QDialog]] = {
        "sign": lambda: SignDialog(
            desk, w, record, "review", "I have reviewed this report.", shell
        ),
        "copies": lambda: CopiesMade(desk, copies, lambda at: at, shell),
        "receipt": lambda: ReceiptSheet(desk, w, record, given, shell),
        "deadline-done": lambda: DoneSheet(desk, w, line, shell),
        "term": lambda: TermSheet(desk, w, (term,), 0, term, shell),
        "bell": lambda: BellSheet(desk, w, time(15, 10), shell),
        "leaves": lambda: MoveSheet(desk, w, w.people.get(mateo), shell),
        "add-staff": lambda: AddStaff(desk, w, mateo, shell),
    }
    for name, make in made.items():
        dialog = make()
        getattr(dialog, "open_sheet", dialog.open)()
        stage.settle()
        yield f"dialog-{name}!", dialog
        dialog.reject()
    shell.open_record(told.unreleased)
    stage.settle()
    page: Any = shell.page
    page.open_section("parent_told")
    stage.settle()
    page.pane.begin()
    stage.settle()
    who = next(b for p, b in page.pane.blocks().items() if p.endswith("notice_person"))
    line_of = who.editor.focus_target()
    line_of.setFocus(Qt.FocusReason.OtherFocusReason)
    page.area.ensureWidgetVisible(who, 0, 200)
    yield "form-log-call", window
    stage.close(window)
