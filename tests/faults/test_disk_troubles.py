"""What a failing or a full disk is called: never a crash, never the wrong word."""

from __future__ import annotations

import errno
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy import text

from bt_desktop.errors import StorageDamaged, StorageFull, StorageReadOnly, StorageTrouble
from bt_desktop.models.faults import known
from bt_desktop.models.school import Setting
from bt_desktop.models.store import Store, create_store
from bt_desktop.security.keyfile import KeyFileStore
from tests.factory import School

Usage = namedtuple("Usage", "total used free")


class DriverError(Exception):
    """As the driver raises it when SQLite finds no room for what lies beside the database."""

    sqlite_errorname = "SQLITE_IOERR"


@pytest.mark.parametrize(("free", "said"), [(4096, StorageFull), (1 << 20, StorageTrouble)])
def test_a_disk_without_room_for_the_log_is_full_and_not_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: type
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 30, 0, free))
    assert isinstance(known(DriverError(), tmp_path / "records.db"), said)
    assert isinstance(known(DriverError()), StorageTrouble)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EIO, StorageTrouble), (errno.EBUSY, StorageTrouble), (errno.ENODEV, StorageTrouble),
        (errno.ENOENT, StorageTrouble), (errno.ENOTDIR, StorageTrouble),
        (errno.ENOSPC, StorageFull), (errno.EFBIG, StorageFull), (errno.EROFS, StorageReadOnly),
    ],
)  # fmt: skip
def test_signing_in_on_a_failing_disk_says_so_and_hurts_no_key_file(
    school: School, monkeypatch: pytest.MonkeyPatch, number: int, said: type
) -> None:
    import os

    before = KeyFileStore(school.folder).peek()

    def fails(_: int) -> None:
        raise OSError(number, "no")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fails)
        with pytest.raises(said):
            school.sign_in("tom")
    left = KeyFileStore(school.folder).peek()
    assert (left.mac, left.users) == (before.mac, before.users)
    assert school.sign_in("tom").log.verify().holds


def test_a_damaged_page_of_a_long_value_is_told_and_never_taken_for_a_fault(
    tmp_path: Path,
) -> None:
    """SQLCipher hands out zeros for it, without an error."""
    key, path = bytearray(range(32)), tmp_path / "records.db"
    made = create_store(path, key)
    told = {"text": "x" * 9000}
    with made.write() as session:
        session.add(Setting(name="long", value=told))
    made.close()
    good = path.read_bytes()
    said = []
    for page in range(len(good) // 4096):
        hurt = bytearray(good)
        hurt[page * 4096 + 77] ^= 1
        path.write_bytes(hurt)
        store = Store(path, key)
        try:
            with store.read() as session:
                assert session.get_one(Setting, "long").value == told
        except StorageDamaged:
            said.append(page)
        finally:
            store.close()
    assert len(said) >= 3, "the pages of the value, at least"


def test_a_value_that_makes_no_sense_in_a_whole_store_is_a_fault(tmp_path: Path) -> None:
    store = create_store(tmp_path / "records.db", bytearray(range(32)))
    with pytest.raises(ValueError, match="ours"), store.read():
        raise ValueError("ours")
    store.close()


def test_a_damaged_last_page_is_never_backed_up_as_zeros(tmp_path: Path) -> None:
    key, path = bytearray(range(32)), tmp_path / "records.db"
    made = create_store(path, key)
    with made.write() as session:
        session.execute(text("CREATE TABLE long (body TEXT)"))
        session.execute(text("INSERT INTO long VALUES (:body)"), {"body": "x" * 9000})
    made.close()
    hurt = bytearray(path.read_bytes())
    hurt[-4096 + 77] ^= 1  # the end of the long value, and of the file
    path.write_bytes(hurt)
    store = Store(path, key)
    with store.read() as session:
        assert "\0" in session.execute(text("SELECT body FROM long")).scalar_one(), "no error"
    with pytest.raises(StorageDamaged):
        store.backup_to(tmp_path / "backup.db", bytearray(range(1, 33)))
    assert not (tmp_path / "backup.db").exists()
    store.close()
