"""The encrypted store: opened, refused, locked out, never plain."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2

from bt_desktop.errors import KnownError, StorageDamaged, StorageNewer
from bt_desktop.models import (
    access,
    audit,
    calendar,
    copies,
    deadlines,
    finding,
    health,
    people,
    records,
    schema,
    school,
    store,
    violence,
)
from bt_desktop.models.base import Base
from bt_desktop.models.migrations.run import scripts
from bt_desktop.models.school import Setting
from bt_desktop.models.store import Store, connect, create_store, open_store

TABLES = (
    access,
    audit,
    calendar,
    copies,
    deadlines,
    finding,
    health,
    people,
    records,
    school,
    violence,
)


@pytest.fixture
def key() -> bytearray:
    return bytearray(secrets.token_bytes(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault" / "records.db"


@pytest.fixture
def opened(
    path: Path, key: bytearray, new_store: Callable[[Path, bytearray], Store]
) -> Iterator[Store]:
    made = new_store(path, key)
    yield made
    made.close()


def plain_engine(path: Path, key: bytearray) -> Engine:
    return create_engine(
        "sqlite://", module=dbapi2, creator=lambda: connect(path, key), poolclass=NullPool
    )


def test_what_was_written_is_there_again(opened: Store, path: Path, key: bytearray) -> None:
    with opened.write() as session:
        session.add(Setting(name="color", value={"is": "teal"}))
    opened.close()
    again = open_store(path, key)
    with again.read() as session:
        assert session.get_one(Setting, "color").value == {"is": "teal"}
    again.close()


def test_nothing_of_it_is_plain_on_the_disk(opened: Store, path: Path) -> None:
    with opened.write() as session:
        session.add(Setting(name="marker", value="Peregrine falcons at dusk"))
    for file in path.parent.iterdir():
        held = file.read_bytes()
        assert b"Peregrine" not in held
        assert not held.startswith(b"SQLite format 3")


def test_only_the_owner_can_read_the_file_and_its_log(opened: Store, path: Path) -> None:
    with opened.write() as session:
        session.add(Setting(name="a", value=1))
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name
    assert path.parent.stat().st_mode & 0o077 == 0


def test_an_error_in_the_middle_keeps_nothing_of_the_transaction(opened: Store) -> None:
    with pytest.raises(ZeroDivisionError), opened.write() as session:  # noqa: PT012 - the story is the failing block
        session.add(Setting(name="half", value=1))
        session.flush()
        _ = 1 // 0
    with opened.read() as session:
        assert session.get(Setting, "half") is None


def test_a_reader_who_is_forgotten_does_not_lock_out_a_writer(opened: Store) -> None:
    with opened.read() as reading:
        reading.execute(select(Setting)).all()
        with opened.write() as writing:
            writing.add(Setting(name="b", value=2))
    with opened.read() as session:
        assert session.get_one(Setting, "b").value == 2


def test_six_threads_write_at_once_and_nothing_is_lost(opened: Store) -> None:
    def write(thread: int) -> None:
        for turn in range(20):
            with opened.write() as session:
                session.add(Setting(name=f"{thread}-{turn}", value=turn))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened.read() as session:
        assert session.scalar(select(func.count()).select_from(Setting)) == 120


def test_after_closing_no_file_is_open_and_the_key_is_gone(opened: Store, path: Path) -> None:
    with opened.read() as one, opened.read() as two:
        one.execute(select(Setting)).all()
        two.execute(select(Setting)).all()
    opened.close()
    handles = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
    assert not [handle for handle in handles if str(path) in handle]
    assert not any(opened._key)


def test_closing_waits_for_what_is_being_written(opened: Store, path: Path, key: bytearray) -> None:
    inside, closing = threading.Event(), threading.Event()

    def write() -> None:
        with opened.write() as session:
            inside.set()
            closing.wait(10)
            session.add(Setting(name="last", value="in time"))

    def close() -> None:
        closing.set()
        opened.close()

    writer, closer = threading.Thread(target=write), threading.Thread(target=close)
    writer.start()
    inside.wait(10)
    closer.start()
    writer.join()
    closer.join()
    again = open_store(path, key)
    with again.read() as session:
        assert session.get_one(Setting, "last").value == "in time"
    again.close()


def test_after_closing_work_is_told_that_the_records_are_locked(opened: Store) -> None:
    opened.close()
    with pytest.raises(KnownError) as refused, opened.read():
        pass
    assert refused.value.code == "vault-locked"


def test_another_key_does_not_open_it(opened: Store, path: Path) -> None:
    opened.close()
    with pytest.raises(StorageDamaged):
        open_store(path, bytearray(secrets.token_bytes(32)))


def test_a_missing_an_empty_and_a_plain_file_are_refused(path: Path, key: bytearray) -> None:
    with pytest.raises(StorageDamaged):
        open_store(path, key)
    path.parent.mkdir()
    path.touch()
    with pytest.raises(StorageDamaged):
        open_store(path, key)
    path.unlink()
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE t (a)")
    plain.commit()
    plain.close()
    with pytest.raises(StorageDamaged):
        open_store(path, key)


def test_a_damaged_page_is_told_apart_from_a_bug(opened: Store, path: Path, key: bytearray) -> None:
    with opened.write() as session:
        session.add(Setting(name="long", value="x" * 20_000))
    opened.close()
    held = bytearray(path.read_bytes())
    for page in range(1, len(held) // 4096):
        held[page * 4096 + 100] ^= 0x40
    path.write_bytes(held)

    def read_it() -> None:
        store = open_store(path, key)
        try:
            with store.read() as session:
                session.scalars(select(Setting)).all()
        finally:
            store.close()

    with pytest.raises(StorageDamaged):
        read_it()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(
    opened: Store, path: Path, key: bytearray
) -> None:
    with opened.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    before = path.read_bytes()
    with pytest.raises(StorageNewer):
        open_store(path, key)
    assert path.read_bytes() == before


def test_an_older_database_is_copied_aside_before_it_is_moved_on(
    opened: Store, path: Path, key: bytearray, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened.write() as session:
        session.add(Setting(name="kept", value="yes"))
    opened.close()
    version = schema.VERSIONS[-1]
    monkeypatch.setattr(schema, "VERSIONS", (*schema.VERSIONS, "9000"))
    monkeypatch.setattr(schema, "_migrate", lambda where, how: None)
    open_store(path, key).close()
    copy = path.with_name(f"records-version-{version}-copy-1.db")
    assert copy.stat().st_mode & 0o077 == 0
    monkeypatch.undo()
    aside = open_store(copy, key)
    with aside.read() as session:
        assert session.get_one(Setting, "kept").value == "yes"
    aside.close()
    assert not list(path.parent.glob("*.part*"))


def not_of_the_index(name: str | None, kind: str, _parents: object) -> bool:
    """The tables of the full-text index are SQLite's own; no model describes them."""
    return kind != "table" or not (name or "").startswith("record_text")


def test_the_tables_are_what_the_migrations_make(opened: Store, path: Path, key: bytearray) -> None:
    engine = plain_engine(path, key)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": not_of_the_index}
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_program_knows_every_migration(opened: Store) -> None:
    known = [step.revision for step in scripts().walk_revisions()]
    assert tuple(reversed(known)) == schema.VERSIONS


APPEND_ONLY = (
    "audit",
    "revision",
    "notice",
    "attachment",
    "handover",
    "copy",
    "copy_mark",
    "event_link",
    "student_move",
    "opening",
    "violent_incident",
    "health_entry",
    "health_file",
    "health_glass",
    "student_away",
)


def test_logs_are_guarded_against_change(opened: Store) -> None:
    with opened.read() as session:
        triggers = session.execute(
            text("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
    for table, deed in product(APPEND_ONLY, ("UPDATE", "DELETE")):
        assert any(f"BEFORE {deed}" in sql for name, sql in triggers if name == table), table


def test_rows_of_a_log_are_neither_changed_nor_removed_nor_replaced(opened: Store) -> None:
    with opened.write() as session:
        session.execute(text("INSERT INTO event VALUES ('e', 'now')"))
        session.execute(text("INSERT INTO form_text VALUES ('d', 'f', '1', '', '{}')"))
        session.execute(
            text(
                "INSERT INTO record (id, event_id, form, form_digest, state, event_us, place,"
                " owner_user, reported_by, entered_by, made_at, updated_at, updated_us)"
                " VALUES ('r', 'e', 'f', 'd', 'draft', 0, '', 'a', 's', 'a', 'n', 'n', 0)"
            )
        )
        session.execute(
            text("INSERT INTO handover VALUES ('1', 'r', 'a', 'b', 'a', 'ill today', 'now')")
        )
    for deed in (
        "UPDATE handover SET reason = 'other'",
        "DELETE FROM handover",
        "INSERT OR REPLACE INTO handover VALUES ('1', 'r', 'a', 'b', 'a', 'other', 'now')",
    ):
        with pytest.raises(Exception, match="only ever added"), opened.write() as session:
            session.execute(text(deed))
    with opened.read() as session:
        assert session.execute(text("SELECT reason FROM handover")).scalars().all() == ["ill today"]


def test_a_verified_copy_holds_everything_under_the_same_key(
    opened: Store, tmp_path: Path, key: bytearray
) -> None:
    with opened.write() as session:
        session.add(Setting(name="c", value=3))
    opened.backup_to(tmp_path / "copy.db")
    copy = open_store(tmp_path / "copy.db", key)
    with copy.read() as session:
        assert session.get_one(Setting, "c").value == 3
    copy.close()


def test_a_library_too_old_is_refused(
    path: Path, key: bytearray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.dbapi2, "sqlite_version_info", (3, 51, 1))
    with pytest.raises(KnownError) as refused:
        create_store(path, key)
    assert refused.value.code == "storage-outdated"
