"""Pictures of finding records, of a student's page, and of who saw what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.export import ExportPlan
from bt_desktop.services.results.records import RecordFilter

if TYPE_CHECKING:
    from tools.screens import Stage


def finding(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The list: narrowed, narrow, found by words, nothing found; the search of the bar."""
    window, shell = stage.signed_in("tom")
    w = window.workspace
    assert w is not None  # noqa: S101 - a picture of nothing is a bug
    mateo = stage.told.demo.ids["mateo"]
    if not w.views.list():
        w.views.save("Waiting for review", RecordFilter(states=("signed",)), shared=True)
        w.views.save("Restraints this year", RecordFilter(form="restraint"))
    shell.go("records")
    yield "finding-list", window
    page = shell.page
    asked = RecordFilter(form="restraint", subject_id=mateo, order="student")
    page.show_filters(asked)  # type: ignore[union-attr]  # RecordsPage
    yield "finding-filters", window
    window.resize(800, 760)
    stage.settle()
    yield "finding-narrow!", window
    page.bar.fold.click()  # type: ignore[union-attr]  # RecordsPage
    yield "finding-narrow-open!", window
    page.bar.fold.click()  # type: ignore[union-attr]  # RecordsPage
    page.show_filters(RecordFilter())  # type: ignore[union-attr]  # as above
    page.show_filters(RecordFilter(states=("amended", "entered in error")))  # type: ignore[union-attr]  # as above
    yield "finding-states", window
    page.show_filters(RecordFilter())  # type: ignore[union-attr]  # as above
    page.filter.setText("hold calm")  # type: ignore[union-attr]  # as above
    QTest.qWait(200)
    yield "finding-words", window
    page.filter.setText("zeppelin")  # type: ignore[union-attr]  # as above
    QTest.qWait(200)
    yield "finding-nothing", window
    page.filter.clear()  # type: ignore[union-attr]  # as above
    shell.bar.search.setFocus()
    QTest.keyClicks(shell.bar.search, "calm")
    yield "finding-search", window
    shell.bar.search.clear()
    shell.findings.hide()
    stage.close(window)


def seen(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The sheets of a list, what is asked before, a student's page, who saw what."""
    from bt_desktop.views.export_sheet import ExportSheet
    from bt_desktop.views.purpose_sheet import PurposeSheet
    from bt_desktop.views.saved_views_row import ViewSheet

    window, shell = stage.signed_in("tom")
    w = window.workspace
    assert w is not None  # noqa: S101 - as above
    mateo = stage.told.demo.ids["mateo"]
    export = ExportSheet(stage.desk, w, RecordFilter(), w.export.plan(RecordFilter()), shell)
    export.open_sheet()
    yield "finding-export!", export
    export.close()
    many = ExportPlan(148, 3, (("maria", "Maria Chen"), ("rita", "Rita Gold")))
    export = ExportSheet(stage.desk, w, RecordFilter(), many, shell)
    export.open_sheet()
    yield "finding-export-many!", export
    export.close()
    view = ViewSheet(stage.desk, w, RecordFilter(form="restraint"), None, shell)
    view.open_sheet()
    yield "finding-view!", view
    view.close()
    asks = PurposeSheet(stage.desk, w.openings.usual, shell)
    asks.open()
    yield "purpose!", asks
    asks.choices["other"].setChecked(True)
    asks.take()
    yield "purpose-other!", asks
    asks.close()
    w.openings.state(Purpose("review"))
    shell.open_student(mateo)
    yield "finding-student", window
    shell.page.year.switch.click()  # type: ignore[union-attr]  # StudentPage
    bar = shell.page.scroll_area.verticalScrollBar()  # type: ignore[union-attr]  # as above
    stage.settle()
    bar.setValue(bar.maximum())
    yield "finding-student-records", window
    shell.open_access_log(mateo)
    yield "access-log", window
    shell.open_access_log(stage.told.demo.ids["lucja"])
    yield "access-log-part", window
    shell.page.print_log()  # type: ignore[union-attr]  # AccessPage
    stage.settle()
    yield "access-paper", window
    shell.go("settings", "access")
    yield "access-logs", window
    stage.close(window)
