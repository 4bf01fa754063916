"""Papers and photos of a record: chosen, dropped, pasted, looked at, saved, printed along."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from bt_desktop.views.attachment_view import AttachmentView
from bt_desktop.views.attachments_page import AttachmentsPage, size_words
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.print_choice import PrintChoice
from tests.factory import School, fill
from tests.services.picture_maker import jpeg
from tests.services.test_attachments import paper
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.sign_in("dana")
    record = made.workspace.records.start()
    fill(school, made.workspace, record)
    made.shell.open_record(record)
    made.settle()
    return made


def form(office: Office) -> FormPage:
    page = office.shell.page
    assert isinstance(page, FormPage)
    return page


def papers(office: Office) -> AttachmentsPage:
    form(office).deeds.do("papers")
    office.settle()
    page = form(office).stack.currentWidget()
    assert isinstance(page, AttachmentsPage)
    return page


def kept(office: Office) -> list[tuple[str, str, str]]:
    found = office.workspace.records.attachments(form(office).record_id)
    return [(one.name, one.media_type, one.purpose) for one in found]


def test_sizes_are_said_as_people_say_them() -> None:
    assert [size_words(n) for n in (10, 340_000, 2_411_725)] == ["1 KB", "332 KB", "2.3 MB"]


def test_chosen_dropped_and_pasted(office: Office, tmp_path: Path) -> None:
    page = papers(office)
    assert "Nothing is kept" in shown_text(page.card)
    (tmp_path / "door.jpg").write_bytes(jpeg())
    (tmp_path / "slip.pdf").write_bytes(paper())
    answer_next(tmp_path / "door.jpg")
    page.choose.click()
    office.until(lambda: "door.jpg" in shown_text(page.card))
    page.purpose.setCurrentIndex(page.purpose.findData("signed_slip"))
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "slip.pdf"))])
    assert page.take(dropped)
    office.until(lambda: "slip.pdf" in shown_text(page.card))
    page.purpose.setCurrentIndex(page.purpose.findData("witness"))
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0xFF8800)
    QGuiApplication.clipboard().setImage(image)
    page.paste_button.click()
    office.until(lambda: "Pasted picture.png" in shown_text(page.card))
    QGuiApplication.clipboard().clear()
    assert sorted(kept(office)) == [
        ("Pasted picture.png", "image/png", "witness"),
        ("door.jpg", "image/jpeg", "photo"),
        ("slip.pdf", "application/pdf", "signed_slip"),
    ]
    assert "Witness paper · 1 KB" in shown_text(page.card)


def test_what_cannot_be_kept_is_said(office: Office, tmp_path: Path) -> None:
    page = papers(office)
    (tmp_path / "a.docx").write_bytes(b"x")
    page.add_files([tmp_path / "a.docx"])
    assert "Only PDF, PNG and JPEG" in page.banner.text()
    (tmp_path / "b.pdf").write_bytes(b"no pdf")
    page.add_files([tmp_path / "b.pdf"])
    office.until(lambda: "no PNG, JPEG or PDF" in page.banner.text())
    QGuiApplication.clipboard().clear()
    page.paste()
    assert "no picture in the clipboard" in page.banner.text()
    assert kept(office) == []


@pytest.mark.qt_log_ignore("JPEG", extend=True)  # Qt says of a damaged one that it is
@pytest.mark.parametrize(
    ("name", "data", "damaged"),
    [("a.pdf", paper(), False), ("a.jpg", jpeg(), False), ("b.jpg", jpeg()[:300], True),
     ("b.pdf", b"%PDF-1.7 nothing", True)],
)  # fmt: skip
def test_a_paper_is_shown_inside_the_window(
    office: Office, tmp_path: Path, name: str, data: bytes, damaged: bool
) -> None:
    (tmp_path / name).write_bytes(data)
    page = papers(office)
    page.add_files([tmp_path / name])
    office.until(lambda: name in shown_text(page.card))
    [one] = office.workspace.records.attachments(form(office).record_id)
    page.view(one)
    office.until(lambda: isinstance(form(office).stack.currentWidget(), AttachmentView))
    shown = form(office).stack.currentWidget()
    assert isinstance(shown, AttachmentView)
    assert (shown.shown is None) is damaged
    assert ("damaged" in shown_text(shown)) is damaged
    shown.leave.click()
    assert form(office).stack.currentWidget() is page
    page.leave.click()
    office.settle()


def test_a_copy_is_saved_as_it_was_handed_in(office: Office, tmp_path: Path) -> None:
    data = jpeg(gps=True)
    (tmp_path / "door.jpg").write_bytes(data)
    page = papers(office)
    page.add_files([tmp_path / "door.jpg"])
    office.until(lambda: "door.jpg" in shown_text(page.card))
    [one] = office.workspace.records.attachments(form(office).record_id)
    answer_next(tmp_path / "out.jpg")
    page.save(one)
    office.until(lambda: "Saved as it was handed in" in page.banner.text())
    assert (tmp_path / "out.jpg").read_bytes() == data


def test_printing_asks_which_papers_go_along(office: Office) -> None:
    page = form(office)
    records = office.workspace.records
    slip = records.attach(page.record_id, "slip.pdf", "application/pdf", paper(), "signed_slip")
    records.attach(page.record_id, "door.jpg", "image/jpeg", jpeg(), "photo")
    page.deeds.do("print")
    office.until(lambda: bool(page.findChildren(PrintChoice)))
    [choice] = page.findChildren(PrintChoice)
    assert not any(box.isChecked() for box in choice.boxes.values())  # only when asked
    choice.boxes[slip.id].setChecked(True)
    choice.deed.click()
    office.until(lambda: isinstance(page.stack.currentWidget(), PdfPreview))
    preview = page.stack.currentWidget()
    assert isinstance(preview, PdfPreview)
    texts = [p.extract_text() for p in PdfReader(io.BytesIO(preview.copy.pdf)).pages]
    assert "Slip signed by Rosa 1" in texts[-1]
    assert not any("Attachment 2" in text for text in texts)
    office.settle()
