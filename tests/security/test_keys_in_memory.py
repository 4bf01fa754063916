"""After locking, the keys are nowhere in this program's memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

STORY = r"""
import gc, re, sys
from datetime import UTC, datetime
from pathlib import Path
from bt_desktop.clock import SetClock
from bt_desktop.models.store import create_store
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.security.vault import create_vault, unlock

HIDDEN = 0x5A  # what is looked for must not lie in memory for that alone


BUFFER = bytearray(1 << 20)  # emptied after each look, or the search finds its own copies


def copies(masked):
    count = 0
    for line in open("/proc/self/maps"):
        place = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
        if not place or "[v" in line:
            continue
        start, end = int(place[1], 16), int(place[2], 16)
        with open("/proc/self/mem", "rb", 0) as memory:
            for at in range(start, end, len(BUFFER) - 64):
                memory.seek(at)
                try:
                    count += look(memory.readinto(memoryview(BUFFER)[: end - at]), masked)
                except OSError:  # a guard page
                    continue
                BUFFER[:] = bytes(len(BUFFER))
    return count


def look(size, masked):
    found, at = 0, -1
    while (at := BUFFER.find(masked[0] ^ HIDDEN, at + 1, size)) >= 0:
        found += all(
            at + i < size and BUFFER[at + i] ^ HIDDEN == masked[i] for i in range(1, 12)
        )
    return found


quick = KdfPolicy(KdfParams(64, 1, 1), KdfParams(64, 1, 1))
clock = SetClock(datetime(2026, 11, 12, tzinfo=UTC))
folder, password = Path(sys.argv[1]), "violet-harbor-tractor-91"
created = create_vault(
    folder, school_name="Alder Creek", admin_name="Rosa Vance",
    password=password, clock=clock, policy=quick,
)
groups = created.recovery_key.split("-")
created.confirm({n: groups[n - 1] for n in created.challenge.groups}).wipe()
keys = unlock(folder, created.keys.user_id, password, clock, policy=quick)
store = create_store(folder / "records.db", keys.database_key)
database = bytes(byte ^ HIDDEN for byte in keys.database_key)
signing = bytes(byte ^ HIDDEN for byte in keys.signing.private_bytes_raw())
assert copies(database) and copies(signing), "the search finds what is there"
store.close()
keys.wipe()
gc.collect()
print(copies(database), copies(signing))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/mem")
def test_no_key_is_found_in_memory_after_locking(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", STORY, str(tmp_path / "vault")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.split() == ["0", "0"], done.stderr
