"""Check, sign, print, and the parent's copy, through the pages and over a real vault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bt_desktop import demo
from bt_desktop.services.results.people import NewGuardian
from bt_desktop.views.check_answers import CheckAnswers, SignedPage
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.preview import PdfPreview, print_document, write_whole
from bt_desktop.views.release import ReleasePage
from tests.factory import PASSWORD, School
from tests.views.form_kit import Sitting, sit_down


def people_of(school: School) -> dict[str, str]:
    """The ids of the people as the event's data call them."""
    told = demo.story()
    keys = {*told["staff"], *told["students"], *told["guardians"]}
    return {key: school.ids[key] for key in keys if key in school.ids}


@pytest.fixture
def written(qtbot: QtBot, school: School) -> Iterator[Sitting]:
    """Dana has written the report of the event; it waits for her signature."""
    sitting = sit_down(qtbot, school)
    demo.type_answers(
        sitting.draft.session,
        demo.story()["record"]["report"],
        people_of(school),
        lambda path: sitting.draft.touched(frozenset({path})),
    )
    sitting.wait_saved()
    sitting.page.reload()
    with qtbot.waitSignal(sitting.page.ready):
        pass
    yield sitting
    sitting.leave()


def on_top(sitting: Sitting, kind: type[QWidget]) -> Any:
    """Wait until a page of this kind is on show, and hand it over."""
    sitting.bot.waitUntil(lambda: isinstance(sitting.page.stack.currentWidget(), kind))
    return sitting.page.stack.currentWidget()


def sign(sitting: Sitting, password: str = PASSWORD) -> None:
    """Check, type name and password, sign."""
    sitting.page.deeds.do("check")
    sheet = on_top(sitting, CheckAnswers)
    assert [
        issue.where + issue.sentence for issue in sheet.issues() if issue.severity == "error"
    ] == []
    for path, line in sheet.reasons.items():
        assert path
        QTest.keyClicks(line, "As it was")
    sheet.sign_button.click()
    dialog = sitting.page.deeds.sign_dialog
    assert dialog is not None
    QTest.keyClicks(dialog.signature.name, "Dana Whitcomb")
    QTest.keyClicks(dialog.password, password)
    dialog.sign_button.click()


def test_an_unfinished_report_says_what_is_missing_and_cannot_be_signed(
    qtbot: QtBot, school: School
) -> None:
    sitting = sit_down(qtbot, school)
    sitting.page.deeds.do("check")
    sheet = on_top(sitting, CheckAnswers)
    assert not sheet.sign_button.isEnabled()
    line = next(one for one in sheet.lines if one.path == "/student")
    line.click()
    assert sitting.page.section == "student_section"
    qtbot.waitUntil(sitting.block("/student").editor.has_focus)
    sitting.leave()


def test_signing_freezes_numbers_and_shows_what_comes_next(written: Sitting) -> None:
    sign(written)
    done = on_top(written, SignedPage)
    assert done.title.text() == "BER-2026-0001"
    done.back.emit()
    assert not written.draft.may_edit("when_where")
    assert "signed" in written.page.sidebar.buttons["when_where"].accessibleName().lower()
    assert not written.page.blocks() or not any(
        block.editor.isEnabled() and not block.editor.has_focus() and block.not_known.isVisible()
        for block in written.page.blocks().values()
    )


def test_a_wrong_password_signs_nothing_and_keeps_the_signature(written: Sitting) -> None:
    sign(written, "not the password at all")
    dialog = written.page.deeds.sign_dialog
    assert dialog is not None
    written.bot.waitUntil(lambda: bool(dialog.banner.text()))
    assert dialog.signature.typed() == {"kind": "typed", "text": "Dana Whitcomb"}
    assert dialog.password.text() == ""
    assert written.workspace.records.open(written.record_id).number is None
    dialog.reject()


def test_an_unsigned_print_is_a_draft(written: Sitting, tmp_path: Path) -> None:
    written.page.deeds.do("print")
    preview = on_top(written, PdfPreview)
    assert not preview.copy.sealed
    assert preview.document.pageCount() >= 1
    target = tmp_path / preview.copy.file_name
    answer_next(target)
    preview.save()
    assert target.read_bytes() == preview.copy.pdf
    assert "encrypted" in preview.banner.text()
    written.settle()
    marks = [what for what, _ in written.workspace.copies.log(written.record_id)[0].marks]
    assert "saved" in marks


def test_the_file_name_holds_no_name(written: Sitting) -> None:
    written.page.deeds.do("print")
    preview = on_top(written, PdfPreview)
    for word in ("Mateo", "Okafor", "Dana", "Whitcomb"):
        assert word not in preview.copy.file_name


def test_a_copy_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "copy.pdf"
    write_whole(target, b"%PDF")
    assert target.read_bytes() == b"%PDF"
    assert target.stat().st_mode & 0o077 == 0
    missing = tmp_path / "nowhere" / "copy.pdf"
    with pytest.raises(Exception, match="could not be written"):
        write_whole(missing, b"%PDF")
    assert list(tmp_path.iterdir()) == [target]


def test_pages_go_to_the_printer(written: Sitting, tmp_path: Path) -> None:
    written.page.deeds.do("print")
    preview = on_top(written, PdfPreview)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    assert print_document(preview.document, printer)
    assert (tmp_path / "printed.pdf").stat().st_size > 1000


@pytest.fixture
def releasing(written: Sitting) -> ReleasePage:
    """The report is signed, and its parent copy is being prepared (by the principal's rights)."""
    sign(written)
    on_top(written, SignedPage)
    written.page.show_form(written.page.stack.currentWidget())
    record_id, school = written.record_id, written.school
    written.leave()
    again = sit_down(written.bot, school, "tom", record_id)
    written.page, written.workspace = again.page, again.workspace
    written.desk, written.record_id = again.desk, record_id
    release = written.page.deeds.parent_copy()
    written.bot.waitUntil(lambda: bool(release.choices) and bool(release.text.toPlainText()))
    written.settle()
    return release


def test_a_parent_copy_waits_until_every_name_is_settled(
    written: Sitting, releasing: ReleasePage
) -> None:
    page = releasing
    written.bot.waitUntil(lambda: bool(page.open_findings()))
    assert not page.release_button.isEnabled()
    assert "to settle" in page.wait_words.text()
    while page.open_findings():
        finding = page.open_findings()[0]
        ways = {"own_child": "own_child", "staff": "not_a_name", "ordinary_word": "not_a_name"}
        page.findings.buttons[finding.key, ways.get(finding.suggestion, "replaced")].click()
        written.settle()
    page.choices[written.school.ids["rosa"]].setChecked(True)
    written.bot.waitUntil(page.release_button.isEnabled)
    text = page.text.toPlainText()
    for word in ("Lucja", "Łucja", "Huy", "huy"):
        assert word not in text
    page.release_button.click()
    preview = on_top(written, PdfPreview)
    assert preview.copy.sealed
    assert written.workspace.copies.log(written.record_id)[0].kind == "parent"


def test_typing_a_childs_name_brings_the_wait_back(
    written: Sitting, releasing: ReleasePage
) -> None:
    page = releasing
    page.text.setPlainText("Your child was upset.")
    written.bot.waitUntil(lambda: page.wait_words.text() in {"", "Choose who gets it."})
    page.text.moveCursor(page.text.textCursor().MoveOperation.End)
    page.text.insertPlainText(" He hit Łucja.")
    assert not page.release_button.isEnabled()
    written.bot.waitUntil(lambda: len(page.open_findings()) == 1)


def test_who_may_not_get_a_copy_is_said_with_the_reason(
    written: Sitting, qtbot: QtBot, school: School
) -> None:
    tom = school.sign_in("tom")
    barred = tom.people.add_guardian(
        school.ids["mateo"], NewGuardian("Ade", "Okafor", "father", no_contact=True)
    )
    sign(written)
    on_top(written, SignedPage)
    record_id = written.record_id
    again = sit_down(qtbot, school, "olga", record_id)
    release = again.page.deeds.parent_copy()
    qtbot.waitUntil(lambda: barred in release.choices)
    assert not release.choices[barred].isEnabled()
    about = release.choices[barred].accessibleDescription()
    assert "no-contact" in about
    assert "administrator" in about
    again.leave()
