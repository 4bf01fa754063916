"""Make the project's own virtual environment, or say in one line what the machine lacks for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """`venv.py FOLDER`: an existing, working environment is kept."""
    folder = Path(sys.argv[1])
    python = folder / "bin" / "python"
    if (
        python.exists()
        and not subprocess.run(
            [python, "-m", "pip", "--version"], capture_output=True, check=False
        ).returncode
    ):
        return 0
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode == 0:
        return 0
    print("A virtual environment could not be made with this Python.")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    install = f"apt-get update && apt-get install -y python{version}-venv"
    if Path("/etc/debian_version").exists():
        import os  # only here: the ordinary path does not need it

        if os.geteuid() == 0:
            print(f"Installing what is missing: {install}")
            if subprocess.run(["/bin/sh", "-c", install], check=False).returncode == 0:
                return subprocess.run(
                    [sys.executable, "-m", "venv", "--clear", str(folder)], check=False
                ).returncode
        print(f"Install what is missing, then try again:\n    sudo sh -c '{install}'")
    else:
        print(made.stdout + made.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
