"""Reading the lock files: which package and version, where it applies, which files are genuine."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "locks"
_SOURCE = "# Made from pyproject.toml with these requirements (SHA-256): "
_PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<where>.+?))?$"
)


@dataclass(frozen=True)
class Locked:
    """One line of a lock: `name` normalized (PEP 503), `where` an environment marker or empty,
    `hashes` the SHA-256 (hex) of every file of that release, `via` who asks for it."""

    name: str
    version: str
    where: str
    hashes: tuple[str, ...]
    via: tuple[str, ...]


def normal(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements() -> dict[str, list[str]]:
    """What pyproject.toml asks for: `run`, `build`, and each extra by its name."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = told["project"]
    return {
        "python": [project["requires-python"]],
        "run": project["dependencies"],
        "build": told["build-system"]["requires"],
        **project["optional-dependencies"],
    }


def source_digest() -> str:
    """A digest that changes with any requirement of pyproject.toml, and with nothing else."""
    told = json.dumps(requirements(), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def header() -> str:
    """The first lines of every lock file."""
    return f"# Made by `make lock`; never edited by hand.\n{_SOURCE}{source_digest()}\n"


def told_source(text: str) -> str:
    """The digest of the requirements that this lock was made from, or an empty string."""
    found = re.search(re.escape(_SOURCE) + r"([0-9a-f]{64})", text)
    return found[1] if found else ""


def read(name: str) -> list[Locked]:
    """The packages of `locks/NAME.txt` in its order. Raises ValueError at a line without a pin."""
    return parse((LOCKS / f"{name}.txt").read_text("utf-8"))


def parse(text: str) -> list[Locked]:
    """The packages of a lock's text. Raises ValueError at a line that it does not know."""
    found: list[Locked] = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", "\n" + text):
        lines = [line.strip().removesuffix("\\").strip() for line in block.strip().splitlines()]
        pins = [line for line in lines if line and not line.startswith(("#", "--hash="))]
        if not pins:
            continue
        pinned = _PINNED.match(pins[0])
        if not pinned or len(pins) > 1:
            raise ValueError(f"not a pinned line: {pins[-1]}")
        about = [line.lstrip("# ").removeprefix("via").strip() for line in lines if line[0] == "#"]
        found.append(
            Locked(
                normal(pinned["name"]),
                pinned["version"],
                pinned["where"] or "",
                tuple(line[14:] for line in lines if line.startswith("--hash=sha256:")),
                tuple(one for one in about if one),
            )
        )
    return found
