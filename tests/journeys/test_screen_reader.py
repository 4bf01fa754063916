"""The real program through the real AT-SPI bus, by roles and names alone, as a reader has it.

A process of its own on a virtual screen and a private bus; nothing of it is reached but what is
said aloud. Typed text goes in by the accessibility interface, too, as dictation does it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bt_desktop import demo, paths

jeepney = pytest.importorskip("jeepney", reason="no D-Bus here")
NEEDED = ("Xvfb", "xvfb-run", "dbus-run-session")
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
TOLD = demo.story()
ROOT = Path(__file__).resolve().parents[2]
MODULE = "bt_desktop.app"
_LIVES = 240
"""So many seconds, and the program is ended, whatever happens to the story."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not sys.platform.startswith("linux")
        or any(shutil.which(name) is None for name in NEEDED)
        or not LAUNCHER.exists(),
        reason="needs xvfb, dbus and at-spi2-core",
    ),
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The program on a screen and a bus of its own; the variables that lead to them."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    told = tmp_path / "session"
    own = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "BT_DESKTOP_HOME": str(home / "bt"),
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "QT_ACCESSIBILITY": "1",
    }
    begin = f'env > "{told}.new" && mv "{told}.new" "{told}"; exec "{sys.executable}" -m {MODULE}'
    command = ["timeout", str(_LIVES), "xvfb-run", "-a", "-s", "-screen 0 1280x900x24"]
    command += ["dbus-run-session", "--", "sh", "-c", begin]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | own, stdout=quiet, stderr=quiet, start_new_session=True
    ) as running:
        try:
            from tests.journeys.screen_reader import wait_for

            wait_for(told.exists, "the session")
            yield dict(line.partition("=")[::2] for line in told.read_text("utf-8").splitlines())
        finally:
            os.killpg(running.pid, 15)


def test_a_school_is_set_up_and_a_report_begun_by_ear(
    session: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.journeys.screen_reader import Bus, Reader

    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session["DBUS_SESSION_BUS_ADDRESS"])
    bus = Bus()
    reader = Reader(bus)
    try:
        set_up(reader)
        bring_the_roster(reader)
        add_the_technician(reader)
        sign_in_and_begin(reader)
        check_a_copy(reader)
    finally:
        bus.close()


def set_up(reader) -> None:  # type: ignore[no-untyped-def]  # a Reader, imported where D-Bus is
    """The first run, with the recovery key heard and said back."""
    admin = TOLD["staff"]["tom"]
    reader.press("Begin")
    reader.write("Name of the school", TOLD["school"]["name"])
    reader.press("Next")
    reader.hear("Rules, you are here")
    reader.box("Which program is your staff trained in?")
    reader.hear("California")
    reader.press("Next")
    reader.hear("Administrator, you are here")
    for field, text in (
        ("First name", admin["given"]),
        ("Last name", admin["family"]),
        ("Title", admin["title"]),
        ("Password", admin["password"]),
        ("The same again", admin["password"]),
    ):
        reader.write(field, text)
    reader.press("Make the vault")
    reader.find("I have it on paper")
    said = [re.fullmatch(r"Group (\d): (.+)", one.name) for one in reader.things()]
    key = {one[1]: one[2].replace(" ", "") for one in said if one}
    assert sum(map(len, key.values())) == 36
    reader.press("I have it on paper")
    reader.hear("Check the key, you are here")
    asked = [one for one in reader.things() if one.role == "text" and "Group" in one.name]
    assert len(asked) == 2
    for one in asked:
        number = re.findall(r"\d", one.name)[0]
        reader.write(f"Group {number}", key[number])
    reader.press("Confirm")


def bring_the_roster(reader) -> None:  # type: ignore[no-untyped-def]  # as above
    """The folder is typed into the dialog; the preview is heard before it is taken."""
    reader.press("Choose a folder…")
    reader.write("Directory:", str(paths.resources_dir() / "demo" / "roster"))
    reader.press("Choose", "push button")
    reader.hear("Every row was understood")
    reader.hear(f"{len(TOLD['students'])} students")
    reader.press("Import")
    reader.hear("Ready, you are here")
    reader.press("Open the records")
    reader.hear("Settings")


def add_the_technician(reader) -> None:  # type: ignore[no-untyped-def]  # as above
    """An account, by the list of sections that a reader selects in."""
    dana = TOLD["staff"]["dana"]
    reader.press("Settings")
    reader.press("Accounts", "list item")
    reader.press("Add an account")
    for field, text in (
        ("First name", dana["given"]),
        ("Last name", dana["family"]),
        ("Title", dana["title"]),
        ("Password", dana["password"]),
        ("The same again", dana["password"]),
    ):
        reader.write(field, text)
    reader.press("Add the account")
    reader.hear(f"{dana['title']} · Technician")
    reader.press("Lock")


def sign_in_and_begin(reader) -> None:  # type: ignore[no-untyped-def]  # as above
    """A wrong password is said of its field; then a report is begun, and what it lacks is heard."""
    dana = TOLD["staff"]["dana"]
    reader.find("Unlock")
    reader.choose("Your name", dana["sign_in"])
    reader.write("Password", "not the password at all")
    reader.press("Unlock")
    reader.hear("This is not the password of this account")
    assert "not the password" in reader.description(reader.find("Password", "text"))
    reader.write("Password", dana["password"])
    reader.press("Unlock")
    reader.press("Start Behavior Emergency Report")
    reader.hear("No student yet · draft")
    reader.hear("Still missing")
    reader.press("When and where: Not started")
    reader.hear("When did it begin?")
    reader.press("Lock")
    reader.find("Unlock")


def check_a_copy(reader) -> None:  # type: ignore[no-untyped-def]  # as above
    """The window that checks a copy is there without signing in."""
    reader.press("Check a printed copy")
    reader.find("Choose a file…")
