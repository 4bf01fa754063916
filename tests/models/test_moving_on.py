"""Databases of every version brought to this one: whole, equal to the tables, or not at all."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2

from bt_desktop.clock import SetClock
from bt_desktop.errors import KnownError, StorageFull, StorageNotMoved
from bt_desktop.models import schema
from bt_desktop.models.base import Base
from bt_desktop.models.faults import known
from bt_desktop.models.store import connect, create_store, open_store
from bt_desktop.security import vault
from tests.conftest import AFTERNOON
from tests.factory import FAST, PASSWORD, School
from tests.models.test_store import not_of_the_index

ROOT = Path(__file__).resolve().parents[2]
ZOO = ROOT / "tests" / "zoo"
OLDER = schema.VERSIONS[:-1]
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Old:
    """A vault of a former version, put where a story may spoil it, and its database's key."""

    folder: Path
    key: bytearray
    about: dict[str, Any]

    @property
    def path(self) -> Path:
        return self.folder / "records.db"

    def connect(self, path: Path) -> dbapi2.Connection:
        return connect(path, self.key)


def taken(version: str, tmp_path: Path) -> Old:
    folder = tmp_path / "vault"
    shutil.copytree(ZOO / version, folder)
    folder.chmod(0o700)
    about = json.loads((folder / "about.json").read_text("utf-8"))
    keys = vault.unlock(folder, about["users"]["tom"], PASSWORD, SetClock(AFTERNOON), policy=FAST)
    key = bytearray(keys.database_key)
    keys.wipe()
    return Old(folder, key, about)


def rows_of(connection: dbapi2.Connection, shape: dict[str, list[str]]) -> Rows:
    """Every row of these tables, in these columns."""
    return {
        table: sorted(
            connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall(),  # noqa: S608
            key=repr,
        )
        for table, columns in shape.items()
    }


def shape_of(connection: dbapi2.Connection) -> dict[str, list[str]]:
    """The tables and their columns, but those that the full-text index keeps for itself."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: [f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({name})")]
        for (name,) in tables
        if name != "alembic_version" and not name.startswith(("record_text", "sqlite_"))
    }


def objects_of(connection: dbapi2.Connection) -> list[tuple[str, ...]]:
    """Every table, index, trigger and full-text index as it was made."""
    return connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    ).fetchall()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ...]]:
    """What an empty database of this version is made of."""
    path, key = tmp_path_factory.mktemp("fresh") / "records.db", bytearray(range(32))
    create_store(path, key).close()
    connection = connect(path, key)
    made = objects_of(connection)
    connection.close()
    return made


@pytest.mark.parametrize("version", schema.VERSIONS)
def test_a_former_vault_becomes_equal_to_a_new_one_and_keeps_every_row(
    version: str, tmp_path: Path, fresh: list[tuple[str, ...]]
) -> None:
    old = taken(version, tmp_path)
    connection = old.connect(old.path)
    shape = shape_of(connection)
    before = rows_of(connection, shape)
    connection.close()
    assert sum(map(len, before.values())) > 70, "a vault with data"

    open_store(old.path, old.key).close()

    connection = old.connect(old.path)
    assert schema.version_of(connection) == schema.VERSIONS[-1]
    assert objects_of(connection) == fresh
    assert {"trigger", "index", "table"} == {kind for kind, *_ in fresh}
    assert rows_of(connection, shape) == before
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
    connection.close()
    engine = create_engine(
        "sqlite://", module=dbapi2, creator=lambda: old.connect(old.path), poolclass=NullPool
    )
    with engine.connect() as plain:
        context = MigrationContext.configure(
            plain, opts={"compare_type": True, "include_name": not_of_the_index}
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_vault_of_this_version_opens_with_its_health_data(
    tmp_path: Path, clock: SetClock
) -> None:
    """Made before the release, so that the next version has it; read by every role."""
    old = taken("0003", tmp_path)
    school = School(old.folder, clock, old.about["ids"], old.about["users"])
    maria = school.sign_in("maria")
    order = maria.health.orders.get(old.about["order"])
    assert order.terms.medicine.name == "Methylphenidate"
    assert [maria.health.doses.one(dose).outcome for dose in old.about["doses"]] == [
        "given",
        "given",
        "given",
        "R",
    ]
    tom = school.sign_in("tom")
    assert tom.log.verify().holds
    [copy] = tom.copies.log(old.about["record"])
    assert copy.sha256 == old.about["copy_sha256"]
    assert tom.copies.pdf(copy.copy_id).sha256 == copy.sha256
    school.close()


# what stops it ---------------------------------------------------------------------------------


class Stop:
    """Lets the first `after` makings of tables, indexes and triggers pass, then refuses."""

    def __init__(self, old: Old, after: int) -> None:
        self.old, self.left = old, after

    def connect(self, path: Path) -> dbapi2.Connection:
        connection = self.old.connect(path)
        if path == self.old.path:
            connection.set_authorizer(self._allow)
        return connection

    def _allow(self, action: int, *_about: object) -> int:
        if action in MAKING:
            self.left -= 1
            if self.left < 0:
                return int(dbapi2.SQLITE_DENY)
        return int(dbapi2.SQLITE_OK)


MAKING = (dbapi2.SQLITE_CREATE_TABLE, dbapi2.SQLITE_CREATE_INDEX, dbapi2.SQLITE_CREATE_TRIGGER)


def makings(version: str, tmp_path: Path) -> int:
    """How many tables, indexes and triggers are made on the way from this version."""
    old = taken(version, tmp_path)
    stop = Stop(old, 10_000)
    schema.bring_up_to_date(old.path, stop.connect)
    return 10_000 - stop.left


def assert_as_it_was(old: Old, before: bytes, rows: Rows, shape: dict[str, list[str]]) -> None:
    assert old.path.read_bytes() == before, "the file itself was not written to"
    connection = old.connect(old.path)
    assert rows_of(connection, shape) == rows
    connection.close()
    left = [file.name for file in old.folder.iterdir() if file.name.startswith("records")]
    assert set(left) <= {"records.db", "records.db-wal", "records.db-shm"}


@pytest.fixture(params=OLDER)
def before(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Old, bytes, Rows]:
    old = taken(request.param, tmp_path)
    connection = old.connect(old.path)
    rows = rows_of(connection, shape_of(connection))
    connection.close()
    return old, old.path.read_bytes(), rows


def test_a_step_that_fails_anywhere_leaves_the_file_as_it_was(
    before: tuple[Old, bytes, Rows], tmp_path: Path
) -> None:
    old, held, rows = before
    version = old.about.get("version") or ("0001" if "recovery_key" not in old.about else "0002")
    count = makings(version, tmp_path / "other")
    assert count > 10
    connection = old.connect(old.path)
    shape = shape_of(connection)
    connection.close()
    for after in sorted({0, 1, count // 3, count // 2, count - 2, count - 1}):
        with pytest.raises(StorageNotMoved) as told:
            schema.bring_up_to_date(old.path, Stop(old, after).connect)
        assert "Nothing in them was changed" in str(told.value)
        assert_as_it_was(old, held, rows, shape)
    schema.bring_up_to_date(old.path, Stop(old, count).connect)
    connection = old.connect(old.path)
    assert schema.version_of(connection) == schema.VERSIONS[-1]
    connection.close()


def test_a_full_disk_leaves_the_file_as_it_was_and_says_what_to_do(
    before: tuple[Old, bytes, Rows],
) -> None:
    old, held, rows = before
    pages = len(held) // 4096

    def on_a_full_disk(path: Path) -> dbapi2.Connection:
        connection = old.connect(path)
        if path == old.path:
            connection.execute(f"PRAGMA max_page_count = {pages + 5}")
        return connection

    with pytest.raises(StorageNotMoved) as told:
        schema.bring_up_to_date(old.path, on_a_full_disk)
    assert told.value.remedy == StorageFull().remedy
    connection = old.connect(old.path)
    shape = shape_of(connection)
    connection.close()
    assert_as_it_was(old, held, rows, shape)


def test_no_room_for_the_copy_is_told_and_nothing_is_begun(tmp_path: Path) -> None:
    old = taken("0001", tmp_path)
    held = old.path.read_bytes()

    def on_a_full_disk(path: Path) -> dbapi2.Connection:
        connection = old.connect(path)
        if path != old.path:
            connection.execute("PRAGMA max_page_count = 20")
        return connection

    with pytest.raises(StorageNotMoved) as told:
        schema.bring_up_to_date(old.path, on_a_full_disk)
    assert told.value.remedy == StorageFull().remedy
    assert old.path.read_bytes() == held
    assert not list(old.folder.glob("records-*")) + list(old.folder.glob("*.part*"))


def test_a_damaged_database_is_told_as_damaged_and_its_copy_never_trusted(tmp_path: Path) -> None:
    old = taken("0002", tmp_path)
    with old.path.open("r+b") as file:
        file.seek(4096 * 40 + 99)
        file.write(b"\x00" * 500)
    with pytest.raises(KnownError) as told:
        open_store(old.path, old.key)
    assert told.value.code == "storage-damaged"
    assert not list(old.folder.glob("records-version*"))


KILLED = """
import os, signal, sys
from pathlib import Path
from bt_desktop.models import schema
from bt_desktop.models.store import connect
key, path, left = bytearray.fromhex(sys.stdin.readline()), Path(sys.argv[1]), [int(sys.argv[2])]
making = [int(code) for code in sys.argv[3:]]
def watch(action, *about):
    left[0] -= action in making
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return 0
def mortal(where):
    connection = connect(where, key)
    if where == path:
        connection.set_authorizer(watch)
    return connection
schema.bring_up_to_date(path, mortal)
"""


@pytest.mark.parametrize("after", [40, 95])
def test_a_kill_in_the_middle_leaves_it_as_it_was_and_the_next_start_goes_through(
    after: int, tmp_path: Path
) -> None:
    old = taken("0001", tmp_path)
    connection = old.connect(old.path)
    shape = shape_of(connection)
    rows = rows_of(connection, shape)
    connection.close()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, old.path, str(after), *map(str, MAKING)],
        input=bytes(old.key).hex(), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    connection = old.connect(old.path)
    assert schema.version_of(connection) == "0001"
    assert shape_of(connection) == shape
    assert rows_of(connection, shape) == rows
    connection.close()
    open_store(old.path, old.key).close()
    connection = old.connect(old.path)
    assert schema.version_of(connection) == schema.VERSIONS[-1]
    assert rows_of(connection, shape) == rows
    connection.close()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("database or disk is full", "storage-full"),
        ("disk I/O error", "storage-trouble"),
        ("unable to open database file", "storage-trouble"),
        ("attempt to write a readonly database", "storage-read-only"),
        ("database disk image is malformed", "storage-damaged"),
        ("database is locked", "storage-busy"),
    ],
)
def test_what_the_online_backup_says_without_a_name_is_known(words: str, code: str) -> None:
    problem = known(dbapi2.OperationalError(words))
    assert problem is not None
    assert problem.code == code
    assert known(dbapi2.OperationalError("no such table: record")) is None
