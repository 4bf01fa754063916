"""Make the lock files anew (`make lock`), or show that they hold on every computer (`make wheels`).

A lock names every package with its version and the SHA-256 of each of its files, for Windows, macOS
and Linux on Python 3.11 to 3.14 at once. No host of a package index stands in it: which index is
asked is the matter of the computer that installs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from lock_file import LOCKS, ROOT, header, requirements

UV = Path(sys.executable).with_name("uv")
# What each lock holds, as extras of pyproject.toml. `dev` comes first: others take its versions.
PARTS = {
    "dev": ["run", "build", "dev"],
    "run": ["run"],
    "build": ["build"],
    "mutants": ["mutants"],
    "supply": ["supply"],
}
# The oldest systems that Qt's own wheels run on: macOS 14, glibc 2.34 (Debian 12, Ubuntu 22.04).
TARGETS = ("windows", "aarch64-apple-darwin", "x86_64-manylinux_2_34")
OLDEST = {"MACOSX_DEPLOYMENT_TARGET": "14.0"}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def _uv(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [UV, "--no-config", "--system-certs", *words],
        cwd=ROOT,
        env={**os.environ, **OLDEST},
        capture_output=True,
        text=True,
        check=False,
    )


def make(newer: bool) -> int:
    """Write every lock; with `newer`, take the newest releases instead of keeping what is there."""
    asked = requirements()
    for name, parts in PARTS.items():
        wanted = sorted({one for part in parts for one in asked[part]})
        target = LOCKS / f"{name}.txt"
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "asked.in"
            source.write_text("\n".join(wanted) + "\n", "utf-8")
            kept = Path(folder) / "lock.txt"
            if target.exists() and not newer:
                kept.write_text(target.read_text("utf-8"), "utf-8")
            same = [] if name == "dev" else ["--constraint", "locks/dev.txt"]
            done = _uv(
                *("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header"),
                *("--no-emit-index-url", "--no-emit-find-links", "--python-version", PYTHONS[0]),
                *(*same, str(source), "--output-file", str(kept)),
            )
            if done.returncode:
                print(done.stderr)
                return 1
            text = kept.read_text("utf-8")
            text = text.replace(f"-r {source}", "-r pyproject.toml")
        lines = [line for line in text.splitlines() if "-c locks/dev.txt" not in line]
        target.write_text(header() + "\n".join(lines) + "\n", "utf-8")
        print(f"locks/{name}.txt: {sum('==' in line for line in lines)} packages")
    return 0


def holds() -> int:
    """Ask for a wheel of every run-time package, for each system and Python. 0: all are there."""
    lacking = 0
    for system in TARGETS:
        for python in PYTHONS:
            with tempfile.TemporaryDirectory() as folder:
                done = _uv(
                    *("pip", "install", "--dry-run", "--require-hashes", "--only-binary", ":all:"),
                    *("--python-platform", system, "--python-version", python),
                    *("--target", folder, "--requirements", str(LOCKS / "run.txt")),
                )
            lacking += done.returncode != 0
            count = sum(line.startswith(" + ") for line in done.stderr.splitlines())
            print(
                f"  {'ok  ' if not done.returncode else 'NONE'} {system}, Python {python}: {count}"
            )
            if done.returncode:
                print(done.stderr)
    return 1 if lacking else 0


def main() -> int:
    """`lock.py [--newer | --holds]`."""
    words = sys.argv[1:]
    return holds() if words == ["--holds"] else make(newer=words == ["--newer"])


if __name__ == "__main__":
    raise SystemExit(main())
