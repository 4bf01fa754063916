"""What the program is made of, as a CycloneDX 1.6 file (`make sbom`): build/bt-desktop.cdx.json.

Made from the lock, so it names what each system gets, with the hashes of the genuine files. Nothing
in it depends on the moment or the computer: the same lock gives the same file.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from typing import Any

from licenses import said
from lock_file import ROOT, Locked, read

OUT = ROOT / "build" / "bt-desktop.cdx.json"


def _reference(package: Locked) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"


def _component(package: Locked) -> dict[str, Any]:
    reference = _reference(package)
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": reference,
        "name": package.name,
        "version": package.version,
        "purl": reference,
        "licenses": [{"expression": said(package)}],
        # a release is several files (one for each system); any of these hashes is genuine
        "externalReferences": [
            {
                "type": "distribution",
                "url": reference,
                "hashes": [{"alg": "SHA-256", "content": one} for one in package.hashes],
            }
        ],
    }
    if package.where:
        told["properties"] = [{"name": "python:marker", "value": package.where}]
    return told


def _dependencies(packages: list[Locked], root: str) -> list[dict[str, Any]]:
    """Who asks for whom, read off the lock's notes."""
    by_name = {one.name: one for one in packages}
    needs: dict[str, set[str]] = {root: set(), **{_reference(one): set() for one in packages}}
    for one in packages:
        for asker in one.via:
            by = by_name.get(asker)
            needs[_reference(by) if by else root].add(_reference(one))
    return [{"ref": ref, "dependsOn": sorted(needs[ref])} for ref in sorted(needs)]


def bill(packages: list[Locked]) -> dict[str, Any]:
    """The whole file as data."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    root = f"pkg:generic/{project['name']}@{project['version']}"
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
            }
        },
        "components": [_component(one) for one in packages],
        "dependencies": _dependencies(packages, root),
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(told, sort_keys=True))
    return {**told, "serialNumber": f"urn:uuid:{serial}"}


def write() -> int:
    """Make the file; needs the run-time packages beside it, whose licenses it tells."""
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(bill(read("run")), indent=2) + "\n", "utf-8")
    return 0


def check() -> int:
    """Hold the file against the published schema; 1 when it does not fit. Of `.venv-supply`."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = OUT.read_text("utf-8")
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        print(re.sub(r"\s+", " ", str(wrong))[:2000])
        return 1
    count = len(json.loads(text)["components"])
    print(f"{OUT.relative_to(ROOT)}: {count} packages, valid CycloneDX 1.6")
    return 0


if __name__ == "__main__":
    raise SystemExit(check() if sys.argv[1:] == ["--check"] else write())
