"""Runs migrations in this process, over a keyed connection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2

from bt_desktop.errors import StorageNotMoved

HERE = Path(__file__).parent


def scripts() -> ScriptDirectory:
    """The migration steps that travel with the program."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def upgrade(connect: Callable[[], Any], to: str = "head") -> None:
    """Bring the database up to version `to`; all steps happen, or none of them.

    Whatever stops it (an error, a full disk, a kill) leaves the database as it was. Raises the
    driver's errors, and StorageNotMoved where a row would refer to nothing.
    """
    engine = create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    directory = scripts()
    try:
        with engine.connect() as connection:
            _run(connection, directory, to)
    finally:
        engine.dispose()


def _run(connection: Connection, directory: ScriptDirectory, to: str) -> None:
    def missing(current: Any, _context: MigrationContext) -> list[Any]:
        return directory._upgrade_revs(to, current)  # as alembic.command.upgrade does

    context = MigrationContext.configure(
        connection,
        opts={"fn": missing, "transactional_ddl": True, "transaction_per_migration": False},
    )
    with Operations.context(context), context.begin_transaction():
        context.run_migrations()
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StorageNotMoved


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
