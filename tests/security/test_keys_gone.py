"""After a whole day's work and a lock, neither a key nor an open file is left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factory import PASSWORD
from tests.factory import School as Founded

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/mem")
def test_no_key_and_no_open_file_is_left_after_a_days_work(
    founded: Founded, tmp_path: Path
) -> None:
    """Signed in, searched, backed up, the key changed, opened again with a PIN, and locked."""
    folder = tmp_path / "day"
    founded.copied_to(folder, founded.clock)
    done = subprocess.run(
        [sys.executable, "-m", "tests.security.whole_day", str(folder), founded.users["tom"],
         PASSWORD],
        cwd=ROOT, env=os.environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert all(told["there"]), "the search finds what is there"
    assert told["left"] == [0, 0, 0]
    assert told["files"] == []
