"""Real vaults of each released version, opened by this one: nothing is lost on the way up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.models import schema
from bt_desktop.models.store import connect
from bt_desktop.security import backup, vault
from bt_desktop.security.audit import Head
from bt_desktop.security.keyfile import DATABASE_NAME, FILE_NAME
from tests.factory import FAST, PASSWORD, School, ink

ZOO = Path(__file__).parents[1] / "zoo"


@pytest.fixture
def old(tmp_path: Path, clock: SetClock) -> School:
    """The vault of version 0001 (one signed report with its copy and calls, one draft)."""
    folder = tmp_path / "vault"
    shutil.copytree(ZOO / "0001", folder)
    folder.chmod(0o700)
    about = json.loads((folder / "about.json").read_text("utf-8"))
    return School(folder, clock, about["ids"], about["users"])


def test_a_vault_of_the_first_version_is_moved_on_with_all_it_holds(old: School) -> None:
    about = json.loads((ZOO / "0001" / "about.json").read_text("utf-8"))
    tom = old.sign_in("tom")
    opened = tom.records.open(about["record"])
    assert (opened.number, opened.state) == ("BER-2026-0001", "signed")
    assert len(tom.records.notices(about["record"])) == 2
    [copy] = tom.copies.log(about["record"])
    assert tom.copies.pdf(copy.copy_id).sealed
    assert tom.log.verify().holds
    assert opened.form.record_class == "education"
    tom.lock()
    aside = list(old.folder.glob("records-version-0001-copy-*.db"))
    assert len(aside) == 1, "a verified copy of the former version lies beside it"


def test_a_draft_of_the_first_version_is_gone_on_with(old: School) -> None:
    about = json.loads((ZOO / "0001" / "about.json").read_text("utf-8"))
    dana = old.sign_in("dana")
    draft = dana.records.open(about["draft"])
    assert draft.answers["event_date"] == "2026-11-12"
    dana.records.save_draft(draft.id, "report", {**draft.answers, "location_detail": "Room 14"})
    assert dana.records.open(draft.id).answers["location_detail"] == "Room 14"
    dana.records.amend(about["record"], "report", "addendum", "The second call was left out.")
    dana.records.sign_part(about["record"], "report", PASSWORD, ink())
    assert dana.records.open(about["record"]).state == "signed"  # it waits for its review
    dana.lock()


def test_a_vault_of_the_second_version_gets_its_health_office(
    tmp_path: Path, clock: SetClock
) -> None:
    folder = tmp_path / "vault"
    shutil.copytree(ZOO / "0002", folder)
    folder.chmod(0o700)
    about = json.loads((folder / "about.json").read_text("utf-8"))
    school = School(folder, clock, about["ids"], about["users"], about["recovery_key"])
    maria = school.sign_in("maria")
    with maria._context.store.write() as session:
        maria.health_keys.public(session, school.ids["mateo"])
    maria.lock()
    tom = school.sign_in("tom")
    assert tom.records.open(about["record"]).number == "BER-2026-0001"
    assert len(tom.records.notices(about["record"])) == 2
    assert tom.records.open(about["draft"]).answers["event_date"] == "2026-11-12"
    assert tom.copies.pdf(tom.copies.log(about["record"])[0].copy_id).sealed
    assert tom.log.verify().holds
    with tom._context.store.read() as session:
        assert tom.health_keys.holds_escrow(session)
    tom.lock()
    assert len(list(folder.glob("records-version-0002-copy-*.db"))) == 1


def test_a_backup_of_the_first_version_is_checked_whole(old: School) -> None:
    """It is moved on in a copy, and looked at to its last entry; it stays what it was."""
    folder = backup_of_then(old)
    tom = old.sign_in("tom")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert tom.backups.verify(folder.name).schema == "0001"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    tom.lock()


def backup_of_then(old: School) -> Path:
    """As the first version made it: under the key of backups, signed by Tom."""
    keys = vault.unlock(old.folder, old.users["tom"], PASSWORD, old.clock, policy=FAST)
    folder = old.folder / "backups" / "20261113T120000Z-daily"
    folder.mkdir(parents=True)
    key = backup.backup_key(keys.database_key, keys.vault_id)
    schema.verified_copy(
        old.folder / DATABASE_NAME,
        folder / DATABASE_NAME,
        lambda path: connect(path, keys.database_key),
        connect_target=lambda path: connect(path, key),
    )
    shutil.copy(old.folder / FILE_NAME, folder / FILE_NAME)
    connection = connect(folder / DATABASE_NAME, key)
    seq, head = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC").fetchone()
    [records] = connection.execute("SELECT count(*) FROM record").fetchone()
    connection.close()
    signing = keys.signing
    manifest = backup.Manifest(
        keys.vault_id, old.clock.now(), "daily", "0.0.1", "0001", Head(seq, head.hex()),
        {"records": records}, {name: backup.digest(folder / name) for name in backup.FILES},
        keys.user_id, signing.public_key().public_bytes_raw(),
    )  # fmt: skip
    (folder / backup.MANIFEST).write_bytes(backup.written(manifest, signing))
    keys.wipe()
    return folder


def test_every_version_has_its_vault() -> None:
    assert {folder.name for folder in ZOO.iterdir() if folder.is_dir()} == set(schema.VERSIONS)
