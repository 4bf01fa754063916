"""A real keyring (gnome-keyring under dbus-run-session: see run_real_keyring.sh), and none."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

import pytest

from bt_desktop.security.audit import Head
from bt_desktop.security.device import DeviceMemory, KeyringOutcome, OsKeyring

HEAD = Head(7, "0f" * 32)


@pytest.mark.keyring_real
@pytest.mark.skipif(os.environ.get("BT_REAL_KEYRING") != "1", reason="no real keyring was started")
def test_a_real_secret_service_keeps_and_forgets():
    mine = DeviceMemory(OsKeyring(), str(uuid.uuid4()), str(uuid.uuid4()))
    assert OsKeyring().name() == "Secret Service"
    assert mine.recall().outcome is KeyringOutcome.NOTHING_STORED
    assert mine.remember(HEAD, 2) is KeyringOutcome.FOUND
    kept = mine.recall()
    assert (kept.head, kept.edition, len(kept.secret)) == (HEAD, 2, 32)
    assert mine.forget() is KeyringOutcome.NOTHING_STORED


def test_a_computer_without_any_keyring():
    story = """
from bt_desktop.security.audit import Head
from bt_desktop.security.device import DeviceMemory, OsKeyring
mine = DeviceMemory(OsKeyring(), "v", "u")
print(mine.recall().outcome.name, mine.remember(Head(1, "00" * 32), 1).name, OsKeyring().name())
"""
    bare = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY")
    }
    done = subprocess.run(
        [sys.executable, "-c", story],
        env=bare,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["NO_KEYRING_HERE", "NO_KEYRING_HERE"], done.stderr
