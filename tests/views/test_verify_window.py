"""A PDF is dropped on the window, with and without an open vault."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from bt_desktop.services.verification import pin_ca
from bt_desktop.views.desk import make_desk
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.theme import Theme
from bt_desktop.views.verify_window import HEADLINES, VerifyWindow
from tests.factory import PASSWORD, School, ink, signed_report
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def window(qtbot: QtBot, school: School, tmp_path: Path) -> VerifyWindow:
    desk = make_desk(Theme(mode="light"), school.clock)
    made = VerifyWindow(desk, tmp_path / "settings")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made, before_close_func=lambda _: desk.tasks.close())
    made.show()
    return made


def drop(window: VerifyWindow, *files: Path) -> None:
    """Let go of files over the window, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    window.ground.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def said_of(window: VerifyWindow, file: Path, bot: QtBot) -> tuple[str, str, str]:
    """What the window says of a file that is dropped on it: headline, sentence, advice."""
    window.verdict.hide()
    drop(window, file)
    bot.waitUntil(window.verdict.isVisible, timeout=20_000)
    return window.headline.text(), window.says.text(), window.helps.text()


def written(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


def test_copies_that_are_dropped_are_told_apart_and_an_old_one_is_called_amended(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    record = signed_report(school)
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("tom")
    copy = office.workspace.copies.school_copy(record)
    window = VerifyWindow(office.desk, office.prefs.folder, office.workspace, office.window)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    window.show()
    genuine = written(tmp_path / "in", "copy.pdf", copy.pdf)
    headline, says, advice = said_of(window, genuine, qtbot)
    assert headline == "Genuine and unchanged"
    assert "Nothing in it was changed" in advice
    facts = shown_text(window.verdict)
    assert "BER-2026-0001" in facts
    assert "Sealed" in facts

    middle = len(copy.pdf) // 2
    bent = copy.pdf[:middle] + bytes([copy.pdf[middle] ^ 1]) + copy.pdf[middle + 1 :]
    headline, says, advice = said_of(window, written(tmp_path / "in", "bent.pdf", bent), qtbot)
    assert (headline, says) == ("Changed", "This file was changed after the school sealed it.")
    assert "fresh copy" in advice
    assert "BER-2026-0001" not in shown_text(window.verdict)  # nothing in it can be relied on

    blank = reportlab_page(tmp_path / "in" / "foreign.pdf")
    headline, says, advice = said_of(window, blank, qtbot)
    assert headline == "Not ours"
    assert "where it came from" in advice

    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "The room was another one")
    dana.records.sign_part(record, "report", PASSWORD, ink())
    headline, says, advice = said_of(window, genuine, qtbot)
    assert headline == "Genuine, but amended since"
    assert "the record was amended since this copy was made" in says
    window.close()


def test_without_the_vault_the_remembered_certificate_still_tells(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    record = signed_report(school)
    tom = school.sign_in("tom")
    copy = tom.copies.school_copy(record)
    pin_ca(tom.copies.school_ca_pem(), tmp_path / "settings")
    desk = make_desk(Theme(mode="light"), school.clock)
    window = VerifyWindow(desk, tmp_path / "settings")
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(window, before_close_func=lambda _: desk.tasks.close())
    window.show()
    file = written(tmp_path / "in", "copy.pdf", copy.pdf)
    assert said_of(window, file, qtbot)[0] == "Genuine and unchanged"


def reportlab_page(path: Path) -> Path:
    """A PDF of somebody else, without any seal."""
    from reportlab.pdfgen.canvas import Canvas

    page = Canvas(str(path))
    page.drawString(72, 720, "Behavior Emergency Report BER-2026-0001")
    page.save()
    return path


def test_without_a_certificate_it_cannot_tell_and_says_what_to_do(
    window: VerifyWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    window.check(file)
    qtbot.waitUntil(window.verdict.isVisible)
    assert window.headline.text() == "Cannot tell"
    assert "school-ca.pem" in window.helps.text()


def test_a_file_that_is_dropped_is_judged_against_a_pinned_certificate(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("tom")
    office.settle()
    window = VerifyWindow(office.desk, office.prefs.folder, office.workspace, office.window)
    window.show()
    file = tmp_path / "b.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    drop(window, file)
    qtbot.waitUntil(window.verdict.isVisible)
    assert window.headline.text() in {"Not ours", "Changed"}
    window.close()


def test_a_file_that_cannot_be_read_gets_a_sentence(
    window: VerifyWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    answer_next(tmp_path / "nowhere.pdf")
    window.ground.choose.click()
    qtbot.waitUntil(lambda: bool(window.banner.text()))
    assert "cannot be read" in window.banner.text()


def test_every_verdict_has_words_of_its_own() -> None:
    assert set(HEADLINES) == {
        "genuine",
        "amended",
        "records_older",
        "changed",
        "not_ours",
        "cannot_tell",
    }
    assert len({words for words, _, _ in HEADLINES.values()}) == len(HEADLINES)
