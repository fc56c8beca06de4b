"""One transaction, as everything that reads or writes the database gets it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, overload

from sqlalchemy import orm
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import greenlet_spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

    from sqlalchemy import Connection, Engine, Executable, Result, ScalarResult
    from sqlalchemy.sql.selectable import TypedReturnsRows

    from bot.store.statements import Compiled, Statement

    Row = Sequence[Any]

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Session:
    """A connection of the pool in a transaction that has begun. End it, or the connection is lost.

    `run` is for what happens at every turn, everything else for what does not; all may be mixed. All raise
    sqlalchemy.exc.SQLAlchemyError.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._mapped: orm.Session | None = None

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._connection.dialect.name

    @classmethod
    async def begun(cls, engine: Engine) -> Self:
        """Raises SQLAlchemyError or OSError when there is no connection or it cannot begin."""
        return cls(await greenlet_spawn(_begun, engine))

    @overload
    async def execute(self, statement: TypedReturnsRows[*Ts], values: Any = None, **options: Any) -> Result[*Ts]: ...
    @overload
    async def execute(self, statement: Executable, values: Any = None, **options: Any) -> Result[*tuple[Any, ...]]: ...
    async def execute(self, statement: Executable, values: Any = None, **options: Any) -> Result[Any]:
        """Any statement, with all that SQLAlchemy does for one; rows of models are read as objects."""
        if self._mapped is None and not _names_models(statement):
            plain: Result[Any] = await greenlet_spawn(self._connection.execute, statement, values, **options)
            return plain
        result: Result[Any] = await greenlet_spawn(self._objects.execute, statement, values, **options)
        return result

    @overload
    async def scalars(
        self, statement: TypedReturnsRows[T, *tuple[Any, ...]], values: Any = None, **options: Any
    ) -> ScalarResult[T]: ...
    @overload
    async def scalars(self, statement: Executable, values: Any = None, **options: Any) -> ScalarResult[Any]: ...
    async def scalars(self, statement: Executable, values: Any = None, **options: Any) -> ScalarResult[Any]:
        """The first column of every row."""
        return (await self.execute(statement, values, **options)).scalars()

    @overload
    async def scalar(self, statement: TypedReturnsRows[T, *tuple[Any, ...]], values: Any = None) -> T | None: ...
    @overload
    async def scalar(self, statement: Executable, values: Any = None) -> Any: ...
    async def scalar(self, statement: Executable, values: Any = None) -> Any:
        """The first column of the first row; None without one."""
        return (await self.execute(statement, values)).scalar()

    async def get(self, row: type[T], key: Any) -> T | None:
        """The object with a primary key."""
        found: T | None = await greenlet_spawn(self._objects.get, row, key)
        return found

    async def get_one(self, row: type[T], key: Any) -> T:
        """The object with a primary key; raises NoResultFound."""
        found: T = await greenlet_spawn(self._objects.get_one, row, key)
        return found

    def add(self, row: object) -> None:
        """Insert an object with the next statement."""
        self._objects.add(row)

    async def flush(self) -> None:
        """Write what was added and changed on objects."""
        await greenlet_spawn(self._objects.flush)

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
        if self._mapped is not None:
            await self.flush()
        await self._driven(self._commit)

    async def abandon(self, error: BaseException | None = None) -> None:
        """Keep nothing and give the connection back; shielded, so that a cancelled turn leaves no transaction open."""
        await asyncio.shield(asyncio.ensure_future(greenlet_spawn(self._abandon, error)))

    @property
    def _objects(self) -> orm.Session:
        """SQLAlchemy's session for objects on the same transaction, made when it is first needed."""
        if self._mapped is None:
            self._mapped = orm.Session(self._connection, expire_on_commit=False)
        return self._mapped

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
        if self._connection.closed:
            return  # cancelled while it was given back
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


def _names_models(statement: Executable) -> bool:
    """Whether SQLAlchemy would answer with objects, or has to keep objects in step."""
    attributes: Mapping[str, Any] = getattr(statement, "_propagate_attrs", {})
    return attributes.get("compile_state_plugin") == "orm"


def _begun(engine: Engine) -> Connection:
    connection = engine.connect()
    try:
        connection.begin()
    except BaseException:
        connection.close()
        raise
    return connection
