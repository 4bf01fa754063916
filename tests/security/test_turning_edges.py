"""Where a change stops before it did anything: another vault's key file, a file somebody holds."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from bt_desktop.security import audit, replacing, rotation
from bt_desktop.security.keyfile import KeyFileStore
from bt_desktop.security.problems import KeyFileAltered
from bt_desktop.security.replacing import StillOpen
from bt_desktop.security.vault import create_vault
from tests.security.conftest import ADMIN_PASSWORD, QUICK, School, confirmed


def test_the_key_is_not_changed_in_the_key_file_of_another_vault(
    school: School, tmp_path: Path
) -> None:
    keys = school.admin()
    held = bytes(keys.database_key)
    made = create_vault(
        tmp_path / "other", school_name="Birch", admin_name="Rosa Vance",
        password=ADMIN_PASSWORD, clock=school.clock, policy=QUICK,
    )  # fmt: skip
    confirmed(made).wipe()
    for path in (tmp_path / "other").glob("vault.keys.json*"):
        shutil.copy(path, school.folder)
    before = KeyFileStore(school.folder).peek()
    with pytest.raises(KeyFileAltered):
        rotation.begin(school.folder, keys)
    assert KeyFileStore(school.folder).peek() == before, "the other vault's people keep their key"
    assert (bytes(keys.database_key), keys.previous_key) == (held, None)


def test_an_entry_is_told_only_where_its_own_signer_signed_it(trail: Any) -> None:
    entry = trail.write()
    with trail.read() as session:
        assert audit.entry_at(session, entry.seq) == entry
        assert audit.entry_at(session, entry.seq + 1) is None, "there is none yet"
    trail.sql("UPDATE audit_key SET user_id = 'somebody' WHERE user_id != 'system'")
    with trail.read() as session:
        assert audit.entry_at(session, entry.seq) is None
    trail.sql("DELETE FROM audit_key WHERE user_id = 'somebody'")
    with trail.read() as session:
        assert audit.entry_at(session, entry.seq) is None


def test_a_file_that_another_program_holds_is_told_and_its_turn_comes_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / replacing.WORK
    work.mkdir()
    (work / "records.db").write_bytes(b"new")
    (tmp_path / "records.db").write_bytes(b"old")
    plan = {"aside": [["records.db", "records.old"]], "new": ["records.db"]}
    (tmp_path / replacing.PLAN).write_text(json.dumps(plan))

    def refused(*_: object) -> None:
        raise PermissionError

    with monkeypatch.context() as windows:
        windows.setattr(os, "replace", refused)
        with pytest.raises(StillOpen):
            replacing.finish(tmp_path)
    assert (tmp_path / "records.db").read_bytes() == b"old"
    assert replacing.finish(tmp_path), "the plan is still there"
    assert (tmp_path / "records.db").read_bytes() == b"new"
    assert (tmp_path / "records.old").read_bytes() == b"old"
