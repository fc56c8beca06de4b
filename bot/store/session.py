"""One transaction, as everything that reads or writes the database gets it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import greenlet_spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

    from sqlalchemy import Connection, Engine, Executable, Result

    from bot.store.statements import Compiled, Statement

    Row = Sequence[Any]

T = TypeVar("T")


class Session:
    """A connection of the pool in a transaction that has begun. End it, or the connection is lost.

    `run` is for what happens at every turn, `execute` for everything else; both may be mixed. Both raise
    sqlalchemy.exc.SQLAlchemyError.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    async def begun(cls, engine: Engine) -> Self:
        """Raises SQLAlchemyError or OSError when there is no connection or it cannot begin."""
        return cls(await greenlet_spawn(_begun, engine))

    async def execute(self, statement: Executable, values: Any = None) -> Result[Any]:
        """Any statement, with all that SQLAlchemy does for one."""
        result: Result[Any] = await greenlet_spawn(self._connection.execute, statement, values)
        return result

    async def run(self, statement: Statement, **values: Any) -> list[Row]:
        """A statement of every turn; its rows, none for one that gives none."""
        compiled = statement.compiled(self._connection.dialect)
        return await self._driven(self._run, compiled, compiled.parameters(values))

    async def run_many(self, statement: Statement, values: Sequence[Mapping[str, Any]]) -> None:
        """A statement that gives no rows, once for each set of values."""
        compiled = statement.compiled(self._connection.dialect)
        await self._driven(self._run, compiled, [compiled.parameters(each) for each in values], True)

    async def commit(self) -> None:
        """Keep everything and give the connection back."""
        await self._driven(self._commit)

    async def abandon(self, error: BaseException | None = None) -> None:
        """Keep nothing and give the connection back; shielded, so that a cancelled turn leaves no transaction open."""
        await asyncio.shield(asyncio.ensure_future(greenlet_spawn(self._abandon, error)))

    async def _driven(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do what uses the driver. That of SQLite never waits (see `bot.store.sqlite`) and needs nothing around it."""
        if self._connection.dialect.name == "sqlite":
            return work(*arguments)
        done: T = await greenlet_spawn(work, *arguments)
        return done

    def _commit(self) -> None:
        self._connection.commit()
        self._connection.close()

    def _abandon(self, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, Exception):
            # Cancelled: nobody knows how far the driver got.
            self._connection.invalidate(error)
        self._connection.close()

    def _run(self, compiled: Compiled, parameters: Any, many: bool = False) -> list[Row]:
        cursor = self._connection.connection.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(compiled.sql, parameters)
            return [compiled.row(found) for found in cursor.fetchall()] if cursor.description else []
        except self._connection.dialect.loaded_dbapi.Error as error:
            raise self._told(error, compiled.sql) from error
        finally:
            cursor.close()

    def _told(self, error: Any, sql: str) -> BaseException:
        """The driver's error as SQLAlchemy tells it: without the values."""
        connection, dialect = self._connection, self._connection.dialect
        lost = dialect.is_disconnect(error, connection.connection, None)
        if lost:
            connection.invalidate(error)
        told: BaseException = DBAPIError.instance(
            sql,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        )
        return told


def _begun(engine: Engine) -> Connection:
    connection = engine.connect()
    try:
        connection.begin()
    except BaseException:
        connection.close()
        raise
    return connection
