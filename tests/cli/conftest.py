"""What stories about the commands share: a demo told once, and how to run one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bt_desktop import demo
from bt_desktop.cli import main
from bt_desktop.services import access, restore
from tests.factory import FAST

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command in this process: `run("verify", file, stdin="...")`; never a traceback.

    Keys are derived cheaply; the real program's derivation has a story of its own.
    """
    monkeypatch.setenv("BT_DESKTOP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("BT_DESKTOP_DEBUG", raising=False)
    for door in (access, restore):
        monkeypatch.setattr(door, "PRODUCTION", FAST)  # as at every other door of a story

    def go(*words: object, stdin: str = "") -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        try:
            status = main([str(w) for w in words])
        except SystemExit as left:  # argparse
            status = int(left.code or 0)
        heard = capsys.readouterr()
        assert "Traceback" not in heard.err
        return Said(status, heard.out, heard.err)

    return go


def program(*words: object, **env: str) -> Said:
    """Run the real program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bt_desktop", *(str(w) for w in words)],
        cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | env,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo with a cheap key derivation; all else as it is."""
    out = tmp_path_factory.mktemp("told") / "demo"
    demo.clear(out)
    assert demo.Demo(out, say=lambda _: None, policy=FAST).tell()["record"] == "BER-2026-0001"
    return out


@pytest.fixture
def read_json() -> Callable[[str], Any]:
    """What a command printed, as JSON."""
    import json

    return json.loads
