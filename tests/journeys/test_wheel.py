"""What a school installs is the wheel: built, put into a clean environment, and used there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _run(*words: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(w) for w in words], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_built_wheel_carries_the_event_in_a_clean_environment(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", dist, cwd=ROOT)
    [wheel] = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for shipped in ("forms/restraint.yaml", "forms/packs/us-ca.yaml", "resources/demo/event.yaml"):
        assert f"bt_desktop/_data/{shipped}" in names

    clean = tmp_path / "clean"
    _run(sys.executable, "-m", "venv", clean, cwd=tmp_path)
    _run(clean / "bin" / "pip", "install", "--quiet", wheel, cwd=tmp_path)
    bare = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    bare |= {"QT_QPA_PLATFORM": "offscreen", "BT_DESKTOP_HOME": str(tmp_path / "home")}
    program = clean / "bin" / "bt-desktop"
    _run(program, "demo", "--event-only", "--out", tmp_path / "demo", cwd=tmp_path, env=bare)

    summary = json.loads((tmp_path / "demo" / "summary.json").read_text("utf-8"))
    assert summary["record"] == "BER-2026-0001"
    for name in ("school-copy.pdf", "parent-copy.pdf"):
        told = _run(
            program, "verify", tmp_path / "demo" / name,
            "--ca", tmp_path / "demo" / "school-ca.pem", cwd=tmp_path, env=bare,
        )  # fmt: skip
        assert "genuine" in told.lower()
    assert "no fault" in _run(program, "forms", "check", cwd=tmp_path, env=bare)
