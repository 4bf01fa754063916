"""What a school installs is the wheel: built, put into a clean environment, and used there.

The libraries are lent by the environment that runs the tests; that each is named in what the
wheel asks for is a story of its own. (Fetching them all again would take most of two minutes.)
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMES_WITH = {
    "shiboken6": "PySide6-Essentials",
    "asn1crypto": "pyHanko",
    "pyhanko_certvalidator": "pyHanko",
}
"""Whose objects these are: a library we ask for hands them out and takes them."""


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
    _run(clean / "bin" / "pip", "install", "--quiet", "--no-deps", wheel, cwd=tmp_path)
    [site] = clean.glob("lib/python*/site-packages")
    lent = Path(sysconfig.get_path("purelib"))
    (site / "lent.pth").write_text(f"{lent}\n", "utf-8")  # stands behind what is installed here
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
    where = "import bt_desktop; print(bt_desktop.__file__)"
    assert str(site) in _run(clean / "bin" / "python", "-c", where, cwd=tmp_path, env=bare)


@pytest.mark.slow
def test_every_library_that_the_program_imports_is_asked_for() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {re.split(r"[^\w.-]", line)[0].lower() for line in told["dependencies"]}
    owners = metadata.packages_distributions()
    unasked = {}
    for file in sorted((ROOT / "bt_desktop").rglob("*.py")):
        for name in _imported(ast.parse(file.read_text("utf-8"))):
            if name in sys.stdlib_module_names or name == "bt_desktop":
                continue
            owner = COMES_WITH.get(name) or owners.get(name, [name])[0]
            if owner.lower().replace("_", "-") not in asked:
                unasked[name] = file.name
    assert not unasked


def _imported(tree: ast.Module) -> set[str]:
    """The packages that a module imports, anywhere in it; what only the types need is left out."""
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found
