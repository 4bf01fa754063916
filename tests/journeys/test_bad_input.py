"""Bad input through the window: each gets a sentence that says what to do, and loses nothing."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QMimeData, QProcess, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from bt_desktop.app import OneAtATime
from bt_desktop.clock import SetClock
from bt_desktop.services.results.copies import Settled
from bt_desktop.services.workspace import Workspace
from bt_desktop.views.editors.narrative import NarrativeEditor
from bt_desktop.views.editors.text import LineEditor
from tests.factory import PASSWORD, School, fill, ink
from tests.paper import pdf as outside
from tests.views.form_kit import Sitting, focus, sit_down
from tests.views.shell_kit import Office

ROOT = Path(__file__).resolve().parents[2]
PACIFIC = ZoneInfo("America/Los_Angeles")
MARKUP = '<b>bold</b> <img src="http://example.org/x.png"> R&D &amp; “said” ‘so’ – <i'

# --- at the door ---------------------------------------------------------------------------------


def test_twenty_wrong_passwords_are_waited_out_and_delete_nothing(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.open_door()
    office.choose("dana")
    page = office.window.unlock_page
    before = (school.folder / "records.db").read_bytes()
    for number in range(20):
        office.type_password(f"wrong wrong wrong {number}")
        office.settle()
        said = page.field.says()
        assert "Caps Lock" in said or "Nothing is deleted" in said or "closed" in said, said
        school.clock.advance(timedelta(minutes=16))
        if page._wait_until:
            page.tick()
    office.type_password(PASSWORD)
    office.settle()
    assert office.window.shell is None
    assert "administrator" in page.field.says()
    assert (school.folder / "records.db").read_bytes() == before
    office.choose("tom")
    office.type_password(PASSWORD)
    office.until(lambda: office.window.shell is not None)
    office.settle()


def test_records_of_a_newer_program_are_told_and_left_alone(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    admin = school.sign_in("tom")
    with admin.people._context.store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    admin.lock()
    before = (school.folder / "records.db").read_bytes()
    office = Office(qtbot, school, tmp_path / "settings")
    office.open_door()
    office.choose("dana")
    office.type_password(PASSWORD)
    page = office.window.unlock_page
    office.until(page.trouble.isVisible)
    assert "newer" in page.trouble_says.text()
    assert "newest version" in page.trouble_helps.text()
    assert (school.folder / "records.db").read_bytes() == before


def test_a_second_program_raises_the_first_and_ends_well(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    first = OneAtATime(school.folder, home)
    assert first.take()
    second = QProcess()
    try:
        with qtbot.waitSignal(first.called, timeout=30_000):
            environment = second.processEnvironment().systemEnvironment()
            environment.insert("QT_QPA_PLATFORM", "offscreen")
            environment.insert("BT_DESKTOP_HOME", str(home))
            second.setProcessEnvironment(environment)
            second.setWorkingDirectory(str(ROOT))
            second.start(sys.executable, ["-m", "bt_desktop.app", "--vault", str(school.folder)])
        qtbot.waitUntil(lambda: second.state() is QProcess.ProcessState.NotRunning, timeout=20_000)
        assert second.exitCode() == 0
    finally:
        if second.state() is not QProcess.ProcessState.NotRunning:
            second.kill()
            second.waitForFinished()
        first.release()


# --- the disk ------------------------------------------------------------------------------------


class Disk:
    """A disk of its own, which can be filled up and made read-only (needs root, as CI has)."""

    def __init__(self, place: Path, megabytes: int) -> None:
        self.place = place
        place.mkdir()
        self._mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(place))

    @staticmethod
    def _mount(*words: str) -> None:
        subprocess.run(["mount", *words], check=True, capture_output=True, timeout=20)

    def fill_up(self) -> None:
        """Until not one more byte fits."""
        with (self.place / "ballast").open("wb", buffering=0) as ballast:
            size = 1 << 16
            while size:
                try:
                    ballast.write(b"x" * size)
                except OSError:
                    size //= 2

    def make_room(self) -> None:
        """Somebody empties the bin."""
        (self.place / "ballast").unlink()

    def freeze(self, on: bool) -> None:
        """Read-only, or writable again."""
        self._mount("-o", f"remount,{'ro' if on else 'rw'}", str(self.place))

    def remove(self) -> None:
        """Take the disk out."""
        subprocess.run(["umount", "-l", str(self.place)], check=True, capture_output=True)


def may_mount(place: Path) -> bool:
    """Whether this computer lets us have a disk of our own."""
    place.mkdir()
    tried = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True,
        check=False,
    )  # fmt: skip
    if tried.returncode == 0:
        subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)
    return tried.returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.name != "posix" or not may_mount(tmp_path / "probe"):
        pytest.skip("no right to mount a disk here; tests/views covers the same with a full store")
    made = Disk(tmp_path / "disk", 6)
    yield made
    made.remove()


@pytest.fixture
def on_disk(qtbot: QtBot, founded: School, disk: Disk, clock: SetClock) -> Iterator[Sitting]:
    """Dana before a new report; the vault lies on a disk that can be filled up."""
    sitting = sit_down(qtbot, founded.copied_to(disk.place / "vault", clock))
    yield sitting
    sitting.leave()
    sitting.school.close()


def test_a_disk_that_fills_up_while_typing_loses_nothing(on_disk: Sitting, disk: Disk) -> None:
    sitting = on_disk
    sitting.go("when_where")
    sitting.type("/activity", "Math")
    assert sitting.kept()["activity"] == "Math"
    disk.fill_up()
    long = "word " * 8_000  # more than any room left inside the files
    sitting.answer("/location_detail", long)
    sitting.bot.waitUntil(lambda: "full" in sitting.page.banner.text(), timeout=20_000)
    assert "lost" in sitting.page.banner.text()
    assert sitting.foot[-1][0] == "Not saved yet"
    assert sitting.page.unsaved()
    sitting.type("/activity", ", whole class")
    assert sitting.block("/activity").editor.typed() == "Math, whole class"
    disk.make_room()
    sitting.bot.waitUntil(sitting.draft.is_saved, timeout=20_000)
    assert sitting.page.banner.text() == ""
    kept = sitting.kept()
    assert kept["activity"] == "Math, whole class"
    assert kept["location_detail"].split() == long.split()


def test_a_folder_that_cannot_be_written_is_said_at_the_door(
    qtbot: QtBot, founded: School, disk: Disk, clock: SetClock, tmp_path: Path
) -> None:
    school = founded.copied_to(disk.place / "vault", clock)
    disk.freeze(True)
    office = Office(qtbot, school, tmp_path / "settings")
    office.open_door()
    office.choose("dana")
    office.type_password(PASSWORD)
    office.settle()
    page = office.window.unlock_page
    office.until(lambda: bool(page.field.says()) or page.trouble.isVisible())
    said = f"{page.field.says()} {page.trouble_says.text()} {page.trouble_helps.text()}".lower()
    assert office.window.shell is None
    assert "write" in said or "written" in said or "read-only" in said, said
    disk.freeze(False)
    page.load()
    office.settle()
    office.type_password(PASSWORD)
    office.until(lambda: office.window.shell is not None)
    office.settle()


class Quota:
    """The same where no disk can be mounted: no file of this program may grow any further."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill_up(self) -> None:
        """Files stay as large as they are."""
        most = max(p.stat().st_size for p in self._folder.iterdir() if p.is_file())
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def make_room(self) -> None:
        """Files may grow again."""
        infinite = resource.RLIM_INFINITY
        resource.setrlimit(resource.RLIMIT_FSIZE, (infinite, infinite))


def test_files_that_may_not_grow_lose_nothing(dana: Sitting) -> None:
    quota = Quota(dana.school.folder)
    dana.go("when_where")
    dana.type("/activity", "Math")
    dana.wait_saved()
    quota.fill_up()
    try:
        dana.answer("/location_detail", "word " * 200_000)
        dana.bot.waitUntil(lambda: bool(dana.page.banner.text()), timeout=20_000)
        said = dana.page.banner.text()
        assert "lost" in said
        assert dana.page.unsaved()
    finally:
        quota.make_room()
    dana.bot.waitUntil(dana.draft.is_saved, timeout=20_000)
    # More than a line takes, so it is kept as it was typed, with that said beside it.
    assert str(dana.kept()["location_detail"]).count("word ") == 200_000


# --- what is typed -------------------------------------------------------------------------------


@pytest.fixture
def dana(qtbot: QtBot, school: School) -> Iterator[Sitting]:
    sitting = sit_down(qtbot, school)
    yield sitting
    sitting.leave()


def written(sitting: Sitting) -> None:
    """The event, typed; ready to be signed."""
    sitting.wait_saved()
    fill(sitting.school, sitting.workspace, sitting.record_id)
    sitting.page.reload()
    with sitting.bot.waitSignal(sitting.page.ready):
        pass


def copies(sitting: Sitting, parent_text: str) -> tuple[str, str]:
    """Sign; what both papers say, on one line each."""
    sitting.wait_saved()
    sitting.workspace.records.sign_part(sitting.record_id, "report", PASSWORD, ink())
    tom: Workspace = sitting.school.sign_in("tom")
    school = tom.copies.school_copy(sitting.record_id)
    found = tom.copies.findings(sitting.record_id, parent_text)
    parent = tom.copies.release_parent_copy(
        sitting.record_id, sitting.school.ids["rosa"], parent_text,
        [Settled(f.start, f.end, f.word, "own_child" if f.own_child else "not_a_name",
                 tom.actor.staff_id) for f in found],
    )  # fmt: skip
    for copy in (school, parent):
        assert b"/URI" not in copy.pdf
        assert b"http://example.org" not in copy.pdf
    return outside.words(school.pdf), outside.words(parent.pdf)


def bare(words: str) -> str:
    """Without any space: lines break where they must."""
    return "".join(words.split())


@pytest.mark.slow
def test_forty_thousand_letters_of_all_kinds_reach_the_paper(dana: Sitting) -> None:
    written(dana)
    sentences = [f"[{n}] Er warf 漢字 und 🙂 nach Łódź, “so” it was." for n in range(1200)]
    long = " ".join(sentences)
    assert len(long) >= 40_000
    dana.page.jump("/narrative")
    editor = dana.block("/narrative").editor
    assert isinstance(editor, NarrativeEditor)
    focus(dana.bot, editor.box)
    editor.box.selectAll()
    pasted = QMimeData()
    pasted.setText(long)
    editor.box.insertFromMimeData(pasted)
    assert editor.typed() == long
    assert dana.kept()["narrative"] == long
    school, parent = copies(dana, f"He threw something. {sentences[0]}")
    flat = bare(school)
    for n in range(1200):
        assert f"[{n}]Erwarf" in flat, n
    assert flat.count("Łódź,“so”itwas.") == len(sentences)
    # What the paper's fonts cannot draw stands there by its name, in brackets: nothing vanishes.
    assert flat.count("[SLIGHTLYSMILINGFACE]") == len(sentences)
    assert flat.count("漢字") + flat.count("[CJKUNIFIEDIDEOGRAPH-6F22]") == len(sentences)
    assert "[SLIGHTLYSMILINGFACE]" in bare(parent)


def text_fields(sitting: Sitting) -> list[str]:
    """The questions of the report that take any text and are asked now."""
    session = sitting.draft.session
    return [
        path
        for section in session.sections("report")
        if section.relevant
        for path in session.paths(section.name)
        if (view := session.view(path)).field.type == "text"
        and view.relevant
        and not view.read_only
    ]


def test_markup_stays_what_it_is_in_every_text(dana: Sitting) -> None:
    written(dana)
    typed: dict[str, str] = {}
    for number, path in enumerate(text_fields(dana)):
        before = dana.draft.view(path).typed
        dana.answer(path, f"{MARKUP} n{number}n")
        issue = dana.draft.view(path).issue
        if issue is not None and issue.severity == "error":
            dana.answer(path, before)  # a question that takes only certain letters
        else:
            typed[path] = f"{MARKUP} n{number}n"
    assert len(typed) >= 8
    shown = dana.page.section
    for path, text_typed in typed.items():
        section = dana.draft.section_of(path)
        if section != shown:
            dana.go(section)
            shown = section
        if path in dana.page.blocks():
            assert dana.block(path).editor.typed() == text_typed
    for issue in dana.draft.session.issues("report"):
        view = dana.draft.view(issue.path)
        if issue.severity == "error" and view.choices:  # asked now that a text was written
            name = view.choices[0].name
            dana.answer(issue.path, [name] if view.field.type == "select_multiple" else name)
        else:
            dana.draft.put_reason(issue.path, "As it was")
    school, parent = copies(dana, f"He was upset. {MARKUP}")
    for number, path in enumerate(typed):
        assert f"n{number}n" in school or f"n{number}n" not in typed[path], path
    assert bare(school).count(bare("<b>bold</b>")) >= len(typed)
    assert bare('<img src="http://example.org/x.png"> R&D &amp;') in bare(school)
    assert bare(MARKUP) in bare(parent)


def test_quotes_pasted_from_a_windows_program_stay(dana: Sitting) -> None:
    dana.go("when_where")
    editor = dana.block("/activity").editor
    assert isinstance(editor, LineEditor)
    pasted = b"\x93Stop\x94, she said \x96 it\x92s \x85 \x80 5".decode("cp1252")
    QGuiApplication.clipboard().setText(pasted)
    focus(dana.bot, editor.line)
    QTest.keyClick(editor.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert editor.typed() == "“Stop”, she said – it’s … € 5"
    assert dana.kept()["activity"] == "“Stop”, she said – it’s … € 5"


# --- holds and the clock -------------------------------------------------------------------------


def hold(sitting: Sitting, day: str, began: str, start: str, end: str) -> dict[str, Any]:
    """Type a hold on its card; what the store then has of it."""
    sitting.answer("/what_happened", ["physical_restraint"])
    sitting.answer("/event_date", day)
    sitting.answer("/event_began", began)
    sitting.go("holds")
    sitting.type("/holds[1]/start", start)
    sitting.type("/holds[1]/end", end)
    focus(sitting.bot, sitting.block("/holds[1]/start").editor.focus_target())
    kept: dict[str, Any] = sitting.kept()["holds"][0]
    return kept


def at(qtbot: QtBot, school: School, *now: int) -> Sitting:
    school.clock.set(datetime(*now, tzinfo=PACIFIC))  # type: ignore[arg-type,misc]  # y, m, d, h, min
    return sit_down(qtbot, school)


def test_a_hold_may_cross_midnight(qtbot: QtBot, school: School) -> None:
    sitting = at(qtbot, school, 2026, 11, 13, 2, 0)
    kept = hold(sitting, "11/12", "1150p", "1155p", "1205a")
    assert kept["start"].startswith("2026-11-12T23:55")
    assert kept["end"].startswith("2026-11-13T00:05")
    assert not sitting.block("/holds[1]/end").error.isVisible()
    assert minutes(sitting) == 10
    sitting.leave()


def test_a_hold_may_cross_the_change_of_the_clocks(qtbot: QtBot, school: School) -> None:
    sitting = at(qtbot, school, 2026, 11, 1, 4, 0)
    kept = hold(sitting, "11/1", "0140a", "0150a", "0110a")  # the hour from one to two came twice
    assert kept["start"].endswith("-07:00")
    assert kept["end"].endswith("-08:00")
    assert "came twice" in sitting.block("/holds[1]/end").error.text()
    assert minutes(sitting) == 20
    sitting.leave()


def test_a_hold_that_ends_before_it_begins_is_told_beside_it(dana: Sitting) -> None:
    hold(dana, "11/12", "1009", "1016", "1006")
    block = dana.block("/holds[1]/end")
    dana.bot.waitUntil(block.error.isVisible)
    assert block.error.text()
    assert dana.kept()["holds"][0]["end"], "what was typed is kept all the same"


def minutes(sitting: Sitting) -> int:
    """How long the first hold was, as the form reckons it."""
    [path] = [p for p in sitting.draft.session.paths("holds")
              if p.startswith("/holds[1]/") and "minutes" in p]  # fmt: skip
    return int(float(str(sitting.draft.view(path).value)))
