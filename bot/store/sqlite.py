"""SQLite on the event loop's own thread.

The usual asyncio driver hands every call to a second thread, two dozen times a turn. That costs several times what
SQLite does in between: microseconds, because nothing waits for a disk (see `bot.store.database`). So the standard
library's driver is called directly. What can really take long, the lock of another process, is waited for
asynchronously in `Database.transaction`.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

if TYPE_CHECKING:
    from sqlalchemy.engine import URL
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import Pool

DRIVER = "sqlite+inline"


class _Cursor(sqlite3.Cursor):
    """Gives SQLAlchemy the one thing that it expects of an asyncio cursor."""

    async def _async_soft_close(self) -> None:
        """Nothing is kept open elsewhere."""


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


class InlineSQLite(SQLiteDialect_pysqlite):
    """The standard dialect, allowed under an AsyncEngine: none of its calls ever waits for the event loop."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:  # noqa: ARG003
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        arguments, options = super().create_connect_args(url)
        return arguments, {**options, "factory": _Connection}

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        super().do_execute(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]
        _await_nothing()

    def do_execute_no_params(self, cursor: Any, statement: Any, context: Any = None) -> None:
        super().do_execute_no_params(cursor, statement, context)  # type: ignore[no-untyped-call]
        _await_nothing()

    def do_executemany(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        super().do_executemany(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]
        _await_nothing()


def is_locked(error: DBAPIError) -> bool:
    """Whether another process holds the lock that this one wanted."""
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY


def _await_nothing() -> None:
    """SQLAlchemy takes an execution under asyncio in which nothing was awaited for a mistake in the set-up."""
    await_only(_nothing())


async def _nothing() -> None:
    pass


registry.register("sqlite.inline", __name__, InlineSQLite.__name__)
