"""Statements that run at every pause in typing: made of the tables once, then given to the driver.

SQLAlchemy looks a statement up, makes a context and a result for it each time: some fifty
microseconds, where SQLCipher itself needs six (docs/decisions/0039-quick-saves.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlcipher3 import dbapi2

from bt_desktop.models.dialect import Dialect

_DRIVER = "driver"


def driver_of(session: Session) -> dbapi2.Connection:
    """The driver's connection of an open session, in the same transaction.

    Its errors are the driver's own; `Store.read` and `Store.write` know them. What the session
    holds and has not written yet, it does not see.
    """
    driver: dbapi2.Connection | None = session.info.get(_DRIVER)
    if driver is None:
        driver = cast(dbapi2.Connection, session.connection().connection.driver_connection)
        session.info[_DRIVER] = driver  # a session of the store has one transaction in its life
    return driver


class Prepared:
    """A statement of the tables whose every value is a `bindparam` with a name.

    Its SQL and the ways from Python's values to the driver's are worked out once. What a `Select`
    gives comes as the driver has it, without the columns' types: for text and numbers.
    """

    __slots__ = ("_names", "_sql")

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        dialect = Dialect()
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - for the reader of types
        self._sql = str(compiled)
        self._names = tuple(
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or ()
        )

    def run(self, driver: dbapi2.Connection, values: Mapping[str, Any]) -> dbapi2.Cursor:
        """Run it with these values (more than it has are no harm). Raises KeyError for one that
        lacks, and the driver's errors."""
        return driver.execute(
            self._sql,
            [values[name] if ready is None else ready(values[name]) for name, ready in self._names],
        )
