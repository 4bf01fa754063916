"""Pictures of bringing people in, of photos and papers, caseloads and the end of the year."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from tools.screens import Stage

TABLE = (
    "Perm ID,Last Name,First Name,Grade,Birthdate,Teacher,HmLang,IEP,Allergies,Medical Alert,"
    "Telephone,Parent/Guardian,Web Password,Bus\r\n"
    '2001,Brooks,Aaliyah,04,3/2/2017,"Raman, Priya",Spanish,Y,"Peanuts, bees",'
    'No prone hold: asthma,(555) 010-0001,"Brooks, Maya",hunter2,14\r\n'
    '2002,Petrov,Jonah,KG,10/3/2020,"Raman, Priya",Russian,N,None,,,"Petrov, Ana",x,\r\n'
    "2003,Lee,Sam,7th,5/4/2014,,,maybe,,,12,,y,3\r\n"
    "2004,Roe\r\n"
)


def picture(words: str, ground: str, wide: int = 600, high: int = 800) -> bytes:
    """A drawn photo: made up, of nobody."""
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#F2D5B8"))
    painter.drawEllipse(QRect(wide // 4, high // 6, wide // 2, high * 3 // 8))
    painter.setBrush(QColor("#3B5B7A"))
    painter.drawEllipse(QRect(wide // 8, high * 5 // 8, wide * 3 // 4, high))
    painter.setPen(QColor("white"))
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignBottom, words)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")  # type: ignore[call-overload]  # the stub wants bytes, Qt a name
    return bytes(buffer.data().data())


def slip() -> bytes:
    """A signed slip as a PDF."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(420, 300))
    canvas.drawString(40, 240, "I received the copy of the report about my child.")
    canvas.drawString(40, 120, "Signed: Rosa N.   Thursday, November 12")
    canvas.save()
    return out.getvalue()


def people(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """Import, photos, student page with alerts, caseload, papers of a record, the year."""
    from dataclasses import fields, replace

    from bt_desktop.services.results.people import NewStudent
    from bt_desktop.views.student_team import CaseloadSheet
    from bt_desktop.views.year_page import ExceptionSheet

    window, shell = stage.signed_in("tom")
    w, ids = window.workspace, stage.told.demo.ids
    assert w is not None  # noqa: S101 - a picture of nothing is a bug
    mateo, dana = ids["mateo"], ids["dana"]
    person = w.people.get(mateo)
    known = {f.name: getattr(person, f.name) for f in fields(NewStudent)}
    alerts = replace(
        NewStudent(**known),
        medical_alert="Asthma: never face down, stop at the first cough",
        allergies="Peanuts, bee stings (EpiPen in the office)",
        custody_alert="Father may not pick up: court order of March 2026, copy in the office",
        case_manager=dana,
    )
    w.people.update_student(mateo, alerts)
    w.photos.set(mateo, picture("", "#7FA8C9"))
    w.caseloads.add(dana, [mateo])
    shell.open_student(mateo)
    yield "people-student", window
    staff = next(p for p in w.people.staff() if p.id == dana)
    sheet = CaseloadSheet(stage.desk, w, staff, shell)
    sheet.open_sheet()
    yield "people-caseload!", sheet
    sheet.reject()
    yield from _imports(stage, window, shell)
    shell.open_year()
    stage.settle()
    yield "people-year", window
    shell.page.except_(shell.page.plan.lines[0])  # type: ignore[union-attr]  # YearPage
    sheet = shell.page.findChildren(ExceptionSheet)[-1]  # type: ignore[union-attr]  # as above
    stage.settle()
    yield "people-year-exception!", sheet
    sheet.reject()
    stage.close(window)
    yield from _papers(stage)


def _imports(stage: Stage, window: QWidget, shell: object) -> Iterator[tuple[str, QWidget]]:
    folder = Path(tempfile.mkdtemp(dir=stage.told.demo.vault.parent))
    table = folder / "students.csv"
    table.write_text(TABLE, encoding="utf-8")
    shell.open_roster()  # type: ignore[attr-defined]  # Shell
    page = shell.page  # type: ignore[attr-defined]  # RosterPage
    page.show_way("tables")
    yield "people-tables", window
    page.tables.open_tables((table,))
    stage.settle()
    yield "people-tables-mapping", window
    mapping = page.tables.mappings[0]
    mapping.order.setCurrentIndex(1)
    page.tables.preview_tables()
    stage.settle()
    bar = page.scroll_area.verticalScrollBar()
    bar.setValue(bar.maximum())
    yield "people-tables-preview", window
    photos = folder / "photos"
    photos.mkdir()
    for name in ("Okafor_Mateo.jpg", "Kowalczyk_Lucja.jpg", "Nobody_Known.jpg"):
        (photos / name).write_bytes(picture(name, "#9AB87A"))
    (photos / "class.heic").write_bytes(b"x")
    page.show_way("photos")
    page.photos.look(photos)
    yield "people-photos", window


def _papers(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    window, shell = stage.signed_in("dana")
    shell.open_record(stage.told.draft)
    stage.settle()
    form = shell.page
    form.open_section("student_section")  # type: ignore[union-attr]  # FormPage
    yield "people-form-alerts", window
    form.open_section("holds")  # type: ignore[union-attr]  # FormPage
    yield "people-form-holds", window
    assert window.workspace is not None  # noqa: S101 - as above
    records = window.workspace.records
    if not records.attachments(stage.told.draft):
        photo = picture("door", "#A88", 1600, 1000)
        records.attach(stage.told.draft, "door after.jpg", "image/jpeg", photo, "photo")
        records.attach(stage.told.draft, "slip.pdf", "application/pdf", slip(), "signed_slip")
    form.deeds.do("papers")  # type: ignore[union-attr]  # FormPage
    yield "people-papers", window
    page = form.stack.currentWidget()  # type: ignore[union-attr]  # FormPage
    for place, name in enumerate(("photo", "slip")):
        page.view(records.attachments(stage.told.draft)[place])  # type: ignore[union-attr]
        stage.settle()
        yield f"people-papers-{name}", window
        form.stack.currentWidget().back.emit()  # type: ignore[union-attr]
    form.show_form(page)  # type: ignore[union-attr]
    form.deeds.do("print")  # type: ignore[union-attr]
    stage.settle()
    for dialog in window.findChildren(QWidget):
        if dialog.isWindow() and dialog.isVisible():
            yield "people-print!", dialog
            dialog.close()
    stage.close(window)
