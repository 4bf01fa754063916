"""How SQLAlchemy speaks to SQLCipher: the driver, and statements compiled once for many stores."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from sqlcipher3 import dbapi2

URL = "sqlite+bt_desktop://"
_MANY = 2_000


class Dialect(SQLiteDialect_pysqlite):
    """SQLite's dialect over SQLCipher's driver. Each is like every other, whatever file it serves,
    so a statement compiled with one may be run with another."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """SQLCipher's driver (SQLAlchemy asks for it)."""
        return dbapi2

    def __eq__(self, other: object) -> bool:
        return type(other) is Dialect

    def __hash__(self) -> int:
        return hash(Dialect)


registry.register("sqlite.bt_desktop", __name__, "Dialect")

_options: dict[str, Any] = {}


def share_compiled_statements() -> None:
    """From now on all stores of this process use what one of them compiled.

    For programs that open many one after another (stories, faults, measurements): compiling was
    an eighth of their time. Never for the window: a compiled statement keeps the words it was
    first asked with, and of a store that was closed nothing may stay.
    """
    _options.setdefault("compiled_cache", LRUCache(_MANY))


def engine_options() -> dict[str, Any]:
    """What every engine is made with beside its own."""
    return dict(_options)
