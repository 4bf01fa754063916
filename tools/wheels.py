"""Show that every run-time dependency has a wheel for the computers schools have.

Asks the package index, platform by platform, for wheels only, and prints one table.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

TARGETS = {
    "Windows x64": ["win_amd64"],
    "macOS arm64": [f"macosx_{v}_0_arm64" for v in (15, 14, 13, 12, 11)],
    "Linux x64": [
        "manylinux_2_34_x86_64",
        "manylinux_2_28_x86_64",
        "manylinux_2_17_x86_64",
        "manylinux2014_x86_64",
    ],
}
PYTHON = "3.11"
# Markers are judged for *this* machine by pip; what other systems need in addition is asked for
# by name (read off keyring's own metadata).
EXTRA = {"Windows x64": ["pywin32-ctypes>=0.2.0", "colorama"], "macOS arm64": [], "Linux x64": []}
NOT_THERE = {
    "Windows x64": {"secretstorage", "jeepney"},
    "macOS arm64": {"secretstorage", "jeepney"},
}


def _resolved() -> list[str]:
    """Every run-time package of ours with its exact version, as pip resolves them here."""
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    report = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--dry-run",
            "--ignore-installed",
            "--quiet",
            "--only-binary=:all:",
            "--report",
            "-",
            *project["dependencies"],
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    installs = json.loads(report.stdout)["install"]
    return sorted(f"{i['metadata']['name']}=={i['metadata']['version']}" for i in installs)


def _wheel(package: str, platforms: list[str]) -> str:
    """The file name of the wheel that fits, or an empty string."""
    with tempfile.TemporaryDirectory() as folder:
        flags = [f for p in platforms for f in ("--platform", p)]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--only-binary=:all:",
                "--python-version",
                PYTHON,
                "--implementation",
                "cp",
                *flags,
                "--dest",
                folder,
                package,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        files = list(Path(folder).iterdir())
        return files[0].name if done.returncode == 0 and files else ""


def main() -> int:
    """0 when nothing is missing, 1 otherwise."""
    packages = _resolved()
    lacking = 0
    for target, platforms in TARGETS.items():
        print(f"\n{target} (CPython {PYTHON})")
        skip = NOT_THERE.get(target, set())
        for package in [p for p in packages if p.split("==")[0].lower() not in skip] + EXTRA[
            target
        ]:
            name = _wheel(package, platforms)
            lacking += not name
            print(f"  {'ok  ' if name else 'NONE'} {name or package}")
    print(f"\n{'Every run-time dependency has a wheel.' if not lacking else f'{lacking} lacking.'}")
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
