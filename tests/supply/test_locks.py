"""What is installed is what was locked; its licenses, the list of parts, the audit."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import audit  # noqa: E402
import licenses  # noqa: E402
import lock_file  # noqa: E402
import sbom  # noqa: E402

LOCKS = ("run", "build", "dev", "mutants", "supply")
PARTS = {name: [name] for name in LOCKS} | {"dev": ["run", "build", "dev"]}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_was_made_from_the_requirements_that_stand_now(name: str) -> None:
    text = (lock_file.LOCKS / f"{name}.txt").read_text("utf-8")
    assert lock_file.told_source(text) == lock_file.source_digest(), "run `make lock`"


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_locked_to_a_version_that_it_allows(name: str) -> None:
    there = {one.name: one for one in lock_file.read(name)}
    asked = lock_file.requirements()
    for line in (line for part in PARTS[name] for line in asked[part]):
        wanted = Requirement(line)
        locked = there[lock_file.normal(wanted.name)]
        assert wanted.specifier.contains(locked.version), f"{line} is locked to {locked.version}"


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_the_hashes_of_its_files_and_no_address(name: str) -> None:
    packages = lock_file.read(name)
    assert packages
    for one in packages:
        assert one.hashes, one.name
        assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in one.hashes), one.name
    text = (lock_file.LOCKS / f"{name}.txt").read_text("utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|/tmp|@ ", text)
    pinned = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    assert len(pinned) == len(packages), "a line was not read"


def test_all_locks_agree_on_versions() -> None:
    dev = {one.name: one.version for one in lock_file.read("dev")}
    for name in ("run", "build"):
        for one in lock_file.read(name):
            assert dev[one.name] == one.version


def test_the_floor_of_the_encrypted_store_is_kept() -> None:
    """security.md, finding 1: before 0.6.4 the bundled SQLite had a corruption and two CVEs."""
    [store] = [one for one in lock_file.read("run") if one.name == "sqlcipher3"]
    assert Version(store.version) >= Version("0.6.4")
    assert "sqlcipher3>=0.6.4" in lock_file.requirements()["run"]


def test_what_is_no_pinned_line_is_refused() -> None:
    for bad in ("reportlab>=5.1\n", "-e .\nreportlab==5.1\n", "x @ file:///tmp/x\n"):
        with pytest.raises(ValueError, match="not a pinned line"):
            lock_file.parse(bad)


def test_make_installs_from_the_lock_alone() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    installs = [line for line in text.splitlines() if "pip install" in line or "$(LOCKED)" in line]
    assert len(installs) == 5
    assert all(
        "--require-hashes" in line or "--no-deps" in line or "$(LOCKED)" in line
        for line in installs
    )
    assert "--only-binary :all:" in text


# licenses -----------------------------------------------------------------------------------------


def test_the_page_of_licenses_is_up_to_date() -> None:
    told = (ROOT / "docs/licenses.md").read_text("utf-8")
    assert told == licenses.page(lock_file.read("run")), "run `make licenses`"


def _package(name: str) -> lock_file.Locked:
    return lock_file.Locked(name, "1.0", "", ("0" * 64,), ())


def test_an_unknown_license_stops_the_page() -> None:
    with pytest.raises(ValueError, match="no license that is known"):
        licenses.page([_package("a-package-nobody-installed")])


@pytest.mark.parametrize(
    ("name", "expression", "fit"),
    [
        ("anything", "MIT", True),
        ("anything", "Apache-2.0 AND MIT", True),
        ("anything", "GPL-3.0-only", False),
        ("anything", "AGPL-3.0-only OR MIT", True),
        ("anything", "MIT AND GPL-2.0-only", False),
        ("anything", "LGPL-3.0-only", False),
        ("pyside6-pdf", "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("pyside6-charts", "GPL-3.0-only", False),
        ("anything", "", False),
    ],
)
def test_which_licenses_may_travel(name: str, expression: str, fit: bool) -> None:
    assert licenses.fits(name, expression) is fit


# the list of parts --------------------------------------------------------------------------------


def test_the_list_of_parts_tells_every_package_with_hashes_licenses_and_who_asked() -> None:
    packages = lock_file.read("run")
    told = sbom.bill(packages)
    assert [one["name"] for one in told["components"]] == [one.name for one in packages]
    assert all(one["licenses"][0]["expression"] for one in told["components"])
    references = {one["bom-ref"] for one in told["components"]}
    graph = {one["ref"]: one["dependsOn"] for one in told["dependencies"]}
    assert references < set(graph)
    asked_for = {one for needs in graph.values() for one in needs}
    assert asked_for == references, "somebody asks for each package"
    root = told["metadata"]["component"]["bom-ref"]
    direct = {re.split(r"[@/]", one)[-2] for one in graph[root]}
    asked = {Requirement(line).name for line in lock_file.requirements()["run"]}
    assert direct == {lock_file.normal(one) for one in asked}
    assert json.dumps(told) == json.dumps(sbom.bill(packages)), "the same lock, the same file"


# the audit ----------------------------------------------------------------------------------------


def _answer(*dependencies: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(dependencies), "fixes": []})


CLEAN = {"name": "One", "version": "1.0", "vulns": []}
WEAK = {"name": "One", "version": "1.0", "vulns": [{"id": "X-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "two", "skip_reason": "not found on the index"}


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("", 3),
        ("{}", 3),
        ("[]", 3),
        (_answer(), 3),
        (_answer(CLEAN, SKIPPED), 3),
        (_answer(CLEAN), 3),
        (_answer(CLEAN, {**CLEAN, "name": "two"}), 0),
        (_answer(WEAK, SKIPPED), 1),
        (_answer(WEAK, {**CLEAN, "name": "two"}), 1),
    ],
)
def test_an_audit_is_never_green_by_accident(told: str, status: int) -> None:
    got, lines = audit.judge(told, [_package("one"), _package("two")])
    assert got == status
    assert bool(lines) is (status != 0)
