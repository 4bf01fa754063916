"""Pictures of the sheets and dialogs that open over a record, the calendar and a student."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from bt_desktop.services.school_days import Term
from tools.screens_review import written_like

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
    yield from _each(stage, made)
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
    yield from _of_a_draft(stage)


def _each(stage: Stage, made: dict[str, Callable[[], QDialog]]) -> Iterator[tuple[str, QWidget]]:
    """Each dialog open by itself."""
    for name, make in made.items():
        dialog = make()
        getattr(dialog, "open_sheet", dialog.open)()
        stage.settle()
        yield f"dialog-{name}!", dialog
        dialog.reject()


def _of_a_draft(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """What opens over a draft, and what is said once it is signed."""
    from bt_desktop.views.form_add_person import AddPerson
    from bt_desktop.views.form_dialogs import ChooseStaff, HandOver

    now = stage.told.clock.now()
    record = written_like(stage.told.demo, stage.told.record)
    stage.told.clock.set(now)
    window, shell = stage.signed_in("dana")
    w: Any = window.workspace
    shell.open_record(record)
    stage.settle()
    page: Any = shell.page
    made: dict[str, Callable[[], QDialog]] = {
        "add-person": lambda: AddPerson(stage.desk, w, "person", "Kim Oh", lambda _: None, page),
        "hand-over": lambda: HandOver(stage.desk, w, record, w.accounts.list(), page),
        "reported-by": lambda: ChooseStaff(stage.desk, w, record, page.context, page),
    }
    yield from _each(stage, made)
    page.open_section("holds")
    stage.settle()
    page.open_find()
    QTest.keyClicks(page.finder.line, "hold")
    stage.settle()
    yield "form-find", window
    page.finder.hide()
    page.open_section("when_where")
    stage.settle()
    page.blocks()["/event_began"].editor.focus_target().setFocus()
    page.open_why()
    stage.settle()
    yield "form-why", window
    page.why.close_panel()
    page.deeds.do("check")
    stage.settle()
    _sign(stage, page)
    yield "form-signed-now", window
    page.deeds.do("amend")
    stage.settle()
    yield "dialog-amend!", page.deeds.versions.sheet
    page.deeds.versions.sheet.reject()
    stage.close(window)


def _sign(stage: Stage, page: Any) -> None:
    """Sign the part that is checked, as Dana does."""
    from bt_desktop.views.check_answers import CheckAnswers

    page.findChildren(CheckAnswers)[-1].sign_asked.emit()
    dialog, dana = page.deeds.sign_dialog, stage.told.demo.told["staff"]["dana"]
    QTest.keyClicks(dialog.signature.name, f"{dana['given']} {dana['family']}")
    dialog.password.setText(dana["password"])
    dialog.sign()
    stage.settle()
