"""The program itself: one per vault, and a fault that ends nothing."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.app import CrashHook, OneAtATime, start_log
from bt_desktop.views.feedback import CrashSheet
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.theme import Theme
from tests.factory import School

CALLER = (
    "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
    "from bt_desktop.app import OneAtATime; app = QCoreApplication([]);"
    "one = OneAtATime(Path(sys.argv[1]), Path(sys.argv[2]));"
    "print('took' if one.take() else 'called' if one.call_the_other() else 'silence')"
)


def start_again(folder: Path, spare: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CALLER, str(folder), str(spare)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


def test_a_second_start_raises_the_first(qtbot: QtBot, school: School, tmp_path: Path) -> None:
    first = OneAtATime(school.folder, tmp_path)
    assert first.take()
    with qtbot.waitSignal(first.called, timeout=20_000):
        second = start_again(school.folder, tmp_path)
    said, _ = second.communicate(timeout=20)
    assert said.strip() == "called"
    first.release()


def test_a_first_that_does_not_answer_is_told_apart(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    first = OneAtATime(school.folder, tmp_path)
    assert first.take()
    assert first._server is not None
    first._server.close()
    said, _ = start_again(school.folder, tmp_path).communicate(timeout=20)
    assert said.strip() == "silence"
    first.release()


def test_after_the_first_ended_the_vault_is_free(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    first = OneAtATime(school.folder, tmp_path)
    assert first.take()
    first.release()
    said, _ = start_again(school.folder, tmp_path).communicate(timeout=20)
    assert said.strip() == "took"


def test_two_vaults_do_not_disturb_each_other(qtbot: QtBot, school: School, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    first, second = OneAtATime(school.folder, tmp_path), OneAtATime(other, tmp_path)
    assert first.take()
    assert second.take()
    first.release()
    second.release()


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    start_log(tmp_path)
    return tmp_path / "bt_desktop.log"


def test_a_fault_opens_one_sheet_and_logs_no_words(qtbot: QtBot, log_file: Path) -> None:
    hook = CrashHook(Theme())
    for _ in range(3):
        try:
            raise RuntimeError("Łucja Kowalczyk")
        except RuntimeError as problem:
            hook(RuntimeError, problem, problem.__traceback__)
    sheets = [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashSheet)]
    assert [s.isVisible() for s in sheets].count(True) == 1
    text = log_file.read_text(encoding="utf-8")
    assert "RuntimeError at test_shell_app.py" in text
    assert "Kowalczyk" not in text
    for sheet in sheets:
        sheet.accept()
    for handler in list(logging.getLogger("bt_desktop").handlers):
        logging.getLogger("bt_desktop").removeHandler(handler)
        handler.close()


def test_settings_that_make_no_sense_are_the_usual_ones(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_text("[look]\nmode=plaid\nscale=huge\n", encoding="utf-8")
    prefs = Preferences(tmp_path)
    assert (prefs.mode, prefs.scale, prefs.geometry) == ("system", 100, None)
