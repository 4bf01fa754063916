"""A statement made once says the same as SQLAlchemy does each time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Table, bindparam, insert, select, update
from sqlcipher3 import dbapi2

from bt_desktop.errors import StorageDamaged
from bt_desktop.models.prepared import Prepared, driver_of
from bt_desktop.models.records import Event
from bt_desktop.models.store import Store, create_store

AT = datetime(2026, 11, 12, 10, 9, tzinfo=UTC)
EVENT = cast(Table, Event.__table__)
ADD = Prepared(insert(EVENT).values(id=bindparam("b_id"), made_at=bindparam("b_at")))
MOVE = Prepared(
    update(EVENT).where(EVENT.c.id == bindparam("b_id")).values(made_at=bindparam("b_at"))
)
WHEN = Prepared(select(EVENT.c.made_at).where(EVENT.c.id == bindparam("b_id")))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = create_store(tmp_path / "records.db", bytearray(range(32)))
    yield opened
    opened.close()


def test_values_go_in_as_the_columns_want_them_and_models_read_them(store: Store) -> None:
    with store.write() as session:
        ADD.run(driver_of(session), {"b_id": "e1", "b_at": AT})
        assert session.get_one(Event, "e1").made_at == AT
    with store.read() as session:
        assert WHEN.run(driver_of(session), {"b_id": "e1"}).fetchone() == (AT.isoformat(),)


def test_it_belongs_to_the_transaction_it_runs_in(store: Store) -> None:
    def half() -> None:
        with store.write() as session:
            ADD.run(driver_of(session), {"b_id": "e1", "b_at": AT})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with store.write() as session:
        assert MOVE.run(driver_of(session), {"b_id": "e1", "b_at": AT}).rowcount == 0


def test_a_moment_without_an_offset_is_a_bug_here_too(store: Store) -> None:
    with store.write() as session:
        with pytest.raises(ValueError, match="offset"):
            ADD.run(driver_of(session), {"b_id": "e1", "b_at": AT.replace(tzinfo=None)})
        with pytest.raises(KeyError):
            ADD.run(driver_of(session), {"b_id": "e1"})


def test_a_session_that_only_reads_drops_what_it_writes(store: Store) -> None:
    with store.read() as session:
        ADD.run(driver_of(session), {"b_id": "e1", "b_at": AT})
    with store.read() as session:
        assert WHEN.run(driver_of(session), {"b_id": "e1"}).fetchone() is None


def test_the_drivers_own_errors_are_known_errors_outside(store: Store) -> None:
    with pytest.raises(StorageDamaged), store.write():
        raise dbapi2.DatabaseError("database disk image is malformed")
