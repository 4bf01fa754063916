"""What stories share: a clock that stands at the day of the event, and a real encrypted vault.

The key derivation is cheap here (explicit policy); everything else is as on a school's computer.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.models import rekey
from bt_desktop.models.dialect import share_compiled_statements
from bt_desktop.models.store import Store, create_store, open_store
from bt_desktop.views.collector import collect_due
from tests.factory import School, found_school, keep_signed_report

if TYPE_CHECKING:
    from tests.health.month_kit import Month

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before the first Qt
share_compiled_statements()

PACIFIC = timezone(timedelta(hours=-8))
AFTERNOON = datetime(2026, 11, 12, 15, 30, tzinfo=PACIFIC)


@pytest.fixture(autouse=True)
def _no_real_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """No story writes into the keyring of whoever runs it; the real one has a script of its own."""
    if not os.environ.get("BT_REAL_KEYRING"):
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture(autouse=True)
def _widgets_end_on_their_own_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Garbage is collected between stories, on the window's thread, as the program does it.

    A window that a story leaves behind lies in cycles; collected while a lane works, it would be
    destroyed on the lane's thread, and Qt falls over at the next story's style sheet. The lane may
    be one that an earlier story left: so it is off for the others, too.
    """
    gc.disable()
    _set_aside_what_stays()
    yield
    if "qtbot" in request.fixturenames:
        gc.collect()
    else:
        collect_due()
    gc.disable()  # also where the story took it over and gave it back


_modules = 0


def _set_aside_what_stays() -> None:
    """What the modules made lives as long as the run: looked through after each story, it would
    cost most of the time of a story. Between stories there is no window to be set aside with it."""
    global _modules  # noqa: PLW0603 - one number for the run
    if len(sys.modules) > _modules:
        _modules = len(sys.modules)
        gc.collect()
        gc.freeze()


@pytest.fixture
def clock() -> SetClock:
    """Thursday 12 November 2026, half past three in the afternoon, in California."""
    return SetClock(AFTERNOON)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> School:
    """The school as it was set up, once for all stories; nobody works in it.

    The forms are read on the way, and set aside with what the modules made: they stay, too.
    """
    made = found_school(tmp_path_factory.mktemp("founded") / "vault", SetClock(AFTERNOON))
    workspace = made.sign_in("tom")
    workspace.records.forms()
    made.close()
    made.open.clear()
    del workspace
    keep_signed_report(made)
    gc.collect()
    gc.freeze()
    return made


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytearray]:
    path, key = tmp_path_factory.mktemp("empty") / "records.db", bytearray(range(32))
    create_store(path, key).close()
    return path, key


@pytest.fixture
def new_store(_empty: tuple[Path, bytearray]) -> Callable[[Path, bytearray], Store]:
    """Makes an empty database under a key: a copy of one, since making one takes the migrations an
    eighth of a second."""

    def make(path: Path, key: bytearray) -> Store:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy(_empty[0], path)
        path.chmod(0o600)
        with rekey.alone(path, _empty[1]) as connection:
            rekey.change(connection, key)
        return open_store(path, key)

    return make


@pytest.fixture
def school(founded: School, tmp_path: Path, clock: SetClock) -> Iterator[School]:
    """Maple Creek Elementary, set up, with its people and accounts; nobody is signed in.

    `school.sign_in("dana")` opens a workspace; all of them are locked at the end.
    """
    made = founded.copied_to(tmp_path / "vault", clock)
    yield made
    made.close()


@pytest.fixture(scope="session")
def lived(founded: School, tmp_path_factory: pytest.TempPathFactory) -> Month:
    """January 2027 of a controlled medicine, lived through once for all stories; nobody works in
    it."""
    from tests.health.month_kit import Month  # deferred: it needs this module

    folder = tmp_path_factory.mktemp("lived") / "vault"
    school = founded.copied_to(folder, SetClock(founded.clock.now()))
    month = Month(school, school.sign_in("maria"))
    month.live()
    school.close()
    return month


@pytest.fixture
def pacific_computer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer that stands in California."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
