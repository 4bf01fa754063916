"""Known weaknesses of what is locked (`make audit`): asks the public database by pip-audit.

Exit status 0: every package was looked up and nothing is known against it. 1: something is known.
3: cannot tell. pip-audit itself ends with 0 when the database did not know a single package, which
is what happens behind a mirror of the package index; that counts as "cannot tell" here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from lock_file import Locked, normal, read

DATABASES = ("pypi", "osv")


def judge(told: str, locked: list[Locked]) -> tuple[int, list[str]]:
    """The exit status and the lines to show for pip-audit's JSON about these packages."""
    try:
        answered = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return 3, ["the database of weaknesses was not reached"]
    looked_up = {normal(one["name"]) for one in answered if "vulns" in one}
    lines = [
        f"{one['name']} {one['version']}: {weak['id']}, mended in "
        f"{', '.join(weak['fix_versions']) or 'no release yet'}"
        for one in answered
        for weak in one.get("vulns", [])
    ]
    missed = sorted({one.name for one in locked} - looked_up)
    if missed:
        lines.append(f"{len(missed)} of {len(locked)} packages were not looked up")
    known = any("vulns" in one and one["vulns"] for one in answered)
    return (1 if known else 3 if missed else 0), lines


def _ask(database: str, locked: list[Locked]) -> str:
    # without markers: what is installed on Windows alone is asked about, too
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.txt"
        asked.write_text("".join(f"{one.name}=={one.version}\n" for one in locked), "utf-8")
        return _pip_audit(database, asked)


def _pip_audit(database: str, asked: Path) -> str:
    done = subprocess.run(
        [
            Path(sys.executable).with_name("pip-audit"),
            *("--vulnerability-service", database, "--disable-pip", "--no-deps"),
            *("--progress-spinner", "off", "--format", "json"),
            *("--requirement", str(asked)),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return done.stdout


def main() -> int:
    """Ask one database after the other, until one knows the packages."""
    worst = 0
    for lock in ("run", "dev", "mutants", "supply"):
        locked = read(lock)
        for database in DATABASES:
            status, lines = judge(_ask(database, locked), locked)
            if status != 3:
                break
        word = {0: "nothing known", 1: "KNOWN WEAKNESSES", 3: "NOT CHECKED"}[status]
        print(f"locks/{lock}.txt: {word}")
        print("".join(f"  {line}\n" for line in lines), end="")
        worst = 1 if status == 1 else worst or status
    if worst == 3:
        print("Nothing is said about weaknesses: run `make audit` where the database is reached.")
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
