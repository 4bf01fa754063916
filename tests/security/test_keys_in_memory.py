"""After locking, the keys are nowhere in this program's memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STORY = r"""
import gc, sys
from datetime import UTC, datetime
from pathlib import Path
from bt_desktop.clock import SetClock
from bt_desktop.models.store import create_store
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.security.vault import create_vault, unlock

from tests.security.memory_search import copies, masked

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
database = masked(keys.database_key)
signing = masked(keys.signing.private_bytes_raw())
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
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.split() == ["0", "0"], done.stderr
