"""No file that the program writes holds a child's name or a word of the report (promise 2).

Everything is read back raw: the vault with its journal while the program runs and after it was
killed, key file, anchors, lock, settings, log of a crash, temporary files.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop import app as program
from bt_desktop import demo
from bt_desktop.views.check_answers import CheckAnswers
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.preview import PdfPreview
from tests.factory import FAST, PASSWORD, STAFF, School, fill
from tests.journeys.plain_text import every_file, found_in, names_of, words_of
from tests.views.shell_kit import Office

ROOT = Path(__file__).resolve().parents[2]
TOLD = demo.story()
NARRATIVE = next(typed for path, typed in TOLD["record"]["report"] if path == "/narrative")


def secret_words() -> set[str]:
    """Children, parents, and what the report tells."""
    words = words_of(NARRATIVE) | {"Inhaler", "asthma", "could not get out of his way"}
    for group in ("students", "guardians"):
        for person in TOLD[group].values():
            words |= names_of(person["given"], person["family"])
    staff = {w.lower() for p in TOLD["staff"].values() for w in names_of(p["given"], p["family"])}
    staff |= {w.lower() for p in STAFF.values() for w in names_of(p.given, p.family)}
    return {w for w in words if w.lower() not in staff}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Folders of our own for temporary files and settings."""
    made = {name: tmp_path / name for name in ("tmp", "home", "run")}
    for folder in made.values():
        folder.mkdir(mode=0o700)
    monkeypatch.setenv("TMPDIR", str(made["tmp"]))
    monkeypatch.setenv("BT_DESKTOP_HOME", str(made["home"]))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(made["run"]))
    monkeypatch.setattr("tempfile.tempdir", None)
    return made


def test_the_words_would_be_found_if_they_were_there(tmp_path: Path) -> None:
    for number, text in enumerate(("Kowalczyk", "ŁUCJA KOWALCZYK", "lucja kowalczyk")):
        (tmp_path / f"{number}.a").write_text(text, "utf-8")
        (tmp_path / f"{number}.b").write_text(text, "utf-16-le")
    (tmp_path / "escaped").write_text('{"who": "N\\u00fa\\u00f1ez-Okafor"}')
    (tmp_path / "percent").write_text("Nguy%E1%BB%85n")
    (tmp_path / "Okafor.pdf").write_bytes(b"")
    hits = found_in(every_file(tmp_path), secret_words())
    assert {hit.split(":")[0] for hit in hits} == {p.name for p in tmp_path.iterdir()}


@pytest.mark.slow
def test_the_demo_leaves_nothing_readable(places: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    demo.clear(out)
    demo.Demo(out, say=lambda _: None, policy=FAST).tell()
    files = every_file(out / "vault", *places.values())
    assert {"records.db", "vault.keys.json", "anchors.log"} <= {p.name for p in files}
    assert found_in(files, secret_words()) == []


@pytest.mark.slow
def test_a_running_and_a_killed_program_leave_nothing_readable(
    school: School, places: dict[str, Path]
) -> None:
    log = places["home"] / "typist.err"
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with log.open("wb") as errors:
        running = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.typist", str(school.folder),
             school.users["tom"], PASSWORD, "7"],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    assert running.stdout is not None
    try:
        heard, end = b"", time.monotonic() + 90
        while b'"sealed"' not in heard:  # a whole report was typed, signed and sealed
            assert time.monotonic() < end, log.read_text()
            select.select([running.stdout], [], [], 0.5)
            heard += os.read(running.stdout.fileno(), 1 << 20)
        assert b"Kowalczyk" in heard or b"tablet" in heard, "the program has typed it"
        alive = every_file(school.folder, *places.values())
    finally:
        running.kill()
        running.wait()
        running.stdout.close()
    assert {"records.db-wal", "records.db-shm"} <= {p.name for p in alive}
    words = secret_words()
    assert found_in(alive, words) == []
    assert found_in(every_file(school.folder, *places.values()), words) == []


def test_a_crash_is_logged_without_a_name(
    qtbot: QtBot, school: School, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(qtbot, school, places["home"])
    office.sign_in("dana")
    program.start_log(places["home"])
    hook = program.CrashHook(office.theme)
    hook.window = office.window
    try:
        raise ValueError(NARRATIVE)
    except ValueError as problem:
        hook(type(problem), problem, problem.__traceback__)
    text = (places["home"] / "bt_desktop.log").read_text("utf-8")
    assert "ValueError" in text
    assert "test_no_plain_text.py" in text
    assert "Kowalczyk" not in office.all_text()
    assert found_in(every_file(school.folder, *places.values()), secret_words()) == []
    for sheet in QApplication.topLevelWidgets():
        if type(sheet).__name__ == "CrashSheet":
            sheet.close()


def titles() -> str:
    """What the system shows of us in task bars, window lists and print queues."""
    windows = [w.title() for w in QGuiApplication.allWindows()]
    widgets = [w.windowTitle() for w in QApplication.topLevelWidgets()]
    names = (QGuiApplication.applicationDisplayName(), QGuiApplication.applicationName())
    return "\n".join([*windows, *widgets, *names]).lower()


def test_no_title_of_any_window_holds_a_name(
    qtbot: QtBot, school: School, places: dict[str, Path]
) -> None:
    draft = school.sign_in("dana")
    unsigned = draft.records.start()
    fill(school, draft, unsigned)
    draft.lock()
    seen: list[str] = []
    office = Office(qtbot, school, places["home"])
    office.sign_in("dana")

    def look() -> None:
        office.settle()
        seen.append(titles())

    for place in ("home", "records", "students", "settings"):
        office.shell.go(place)
        look()
    office.shell.open_student(school.ids["mateo"])
    look()
    office.shell.open_record(unsigned)
    page = office.shell.page
    assert isinstance(page, FormPage)
    office.until(lambda: page.draft is not None)
    look()
    page.deeds.do("check")
    sheet = page.stack.currentWidget()
    assert isinstance(sheet, CheckAnswers)
    page.deeds._sign(sheet)
    look()
    assert page.deeds.sign_dialog is not None
    page.deeds.sign_dialog.reject()
    page.deeds.do("hand_over")
    look()
    for dialog in [w for w in QApplication.topLevelWidgets() if w.isModal()]:
        dialog.close()
    office.window.verify()
    look()
    page.deeds.do("print")
    office.until(lambda: isinstance(page.stack.currentWidget(), PdfPreview))
    look()
    shown = "\n".join(seen)
    for word in ("mateo", "núñez", "okafor", "łucja", "kowalczyk", "huy", "nguyễn", "rosa",
                 "dana", "whitcomb", "maple", "ber-2026"):  # fmt: skip
        assert word not in shown
    for window in QApplication.topLevelWidgets():
        if window is not office.window and window.isVisible():
            window.close()
