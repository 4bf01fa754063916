"""`audit export`: the whole trail without a name, checked again by nothing but this file."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.cli.conftest import Run
from tests.factory import PASSWORD, School, signed_report

CONTEXT = b"bt-audit-v1\0"


def test_an_auditor_takes_the_trail_out_and_another_program_checks_it(
    run: Run, school: School, tmp_path: Path
) -> None:
    signed_report(school)
    school.close()
    out = tmp_path / "trail.jsonl"
    who = ("--vault", school.folder, "--user", "Amir Haddad", "--password-stdin")
    said = run("audit", "export", "--out", out, *who, stdin=f"{PASSWORD}\n")
    assert said.status == 0, said.err
    head, *lines = [json.loads(line) for line in out.read_text("ascii").splitlines()]
    keys = {one["key"]: one for one in lines if "key" in one}
    entries = [one for one in lines if "seq" in one]
    assert (head["seq"], head["hash"]) == (entries[-1]["seq"], entries[-1]["hash"])
    before = None
    for number, one in enumerate(entries, 1):
        body, signature = one["body"].encode("utf-8"), base64.b64decode(one["sig"])
        told = json.loads(body)
        assert told["seq"] == one["seq"] == number
        assert before is None or told["prev"] == before
        public = base64.b64decode(keys[told["key"]]["public"])
        Ed25519PublicKey.from_public_bytes(public).verify(signature, CONTEXT + body)
        assert hashlib.sha256(CONTEXT + body + signature).hexdigest() == one["hash"]
        before = one["hash"]
    text = out.read_text("ascii")
    for name in ("Becker", "Whitcomb", "Chen", "Mateo", "Okafor", "Maple"):
        assert name not in text
    assert json.loads(entries[-1]["body"])["action"] == "log.export"


def test_who_is_no_auditor_is_refused(run: Run, school: School, tmp_path: Path) -> None:
    out = tmp_path / "trail.jsonl"
    who = ("--vault", school.folder, "--user", "Dana Whitcomb", "--password-stdin")
    said = run("audit", "export", "--out", out, *who, stdin=f"{PASSWORD}\n")
    assert said.status == 3
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_named(run: Run, school: School, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "trail.jsonl"
    who = ("--vault", school.folder, "--user", "Amir Haddad", "--password-stdin")
    said = run("audit", "export", "--out", out, *who, stdin=f"{PASSWORD}\n")
    assert said.status == 2
    assert f"{out} cannot be written." in said.err
    folder = tmp_path / "folder"
    folder.mkdir()
    said = run("school-ca", "--out", folder, *who, stdin=f"{PASSWORD}\n")
    assert said.status == 2
    assert sorted(one.name for one in tmp_path.iterdir() if ".part" in one.name) == []
