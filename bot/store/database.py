"""The database: an engine, and the two ways to use it.

SQLite runs with a write-ahead log, so that readers never wait for the writer. `synchronous = NORMAL` means that a
commit survives the crash of the process, and that a power cut may lose the last moments but never damages the file;
offices that cannot accept that use PostgreSQL.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import DatabaseError
from bot.store import sqlite
from bot.store.session import Session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy import Connection

    Sleep = Callable[[float], Awaitable[None]]

BUSY_TIMEOUT = 10
"""Seconds that a transaction waits for another process that writes to the same SQLite file."""
PAUSE = 0.01
"""Seconds between two looks at whether it has finished."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA secure_delete = ON",
)


CONNECTING = 10
"""Seconds that a new connection to PostgreSQL may take."""


class Database:
    """One engine. Open it once, close it at the end. `sleep` is what waiting for another process is done with.

    `patience`: seconds that one statement may take on PostgreSQL, so that a server that fell silent holds nobody up for
    longer; for ever without it, as a migration may need.
    """

    def __init__(self, url: str, *, pool: int = 5, patience: float | None = None, sleep: Sleep = asyncio.sleep) -> None:
        self.engine = create_engine(url, pool=pool, patience=patience)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._reader = self.engine.sync_engine.execution_options(sqlite_begin="BEGIN")
        self._writer = self.engine.sync_engine.execution_options(sqlite_wait=0)
        # SQLite has one writer at a time. Within this process writers queue here, which is fair and wakes at once.
        self._turnstile = asyncio.Lock() if self.is_sqlite else None
        self._sleep = sleep

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """A session that writes: committed at the end of the block, rolled back when it raises."""
        async with self._turnstile or nullcontext():
            session = await self._begun()
            try:
                yield session
                await session.commit()
            except BaseException as error:
                await session.abandon(error)
                raise
        if self.is_sqlite:
            # Nothing above has waited. Whoever writes a long list, one transaction after another, lets others in here.
            await asyncio.sleep(0)

    async def _begun(self) -> Session:
        """A session in a transaction. Waits for another process without holding up this one's other work."""
        for _ in range(int(BUSY_TIMEOUT / PAUSE)):
            try:
                return await Session.begun(self._writer)
            except OperationalError as error:
                if not self.is_sqlite or not sqlite.is_locked(error):
                    raise
            await self._sleep(PAUSE)
        raise DatabaseError("another process keeps the database locked")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """A session that only reads, beside any writer."""
        session = await Session.begun(self._reader)
        try:
            yield session
        except BaseException as error:
            await session.abandon(error)
            raise
        else:
            await session.abandon()

    async def ping(self) -> None:
        """Raises DatabaseError when the database does not answer."""
        try:
            async with self.reading() as session:
                await session.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseError("the database does not answer") from error

    async def close(self) -> None:
        await self.engine.dispose()


def create_engine(url: str, *, pool: int = 5, patience: float | None = None) -> AsyncEngine:
    """An engine for SQLite or postgresql+asyncpg; makes the folder of an SQLite file."""
    options: dict[str, Any] = {"hide_parameters": True, "json_serializer": _json}
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        parsed = parsed.set(drivername=sqlite.DRIVER)
    if parsed.get_backend_name() != "sqlite":
        waits = {"timeout": CONNECTING, "command_timeout": patience}
        return create_async_engine(parsed, pool_size=pool, pool_pre_ping=True, connect_args=waits, **options)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parsed, pool_size=pool, **options)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare(connection: Any, _record: object) -> None:
    # The driver would begin transactions by itself and too late; `_begin` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    wait = options.get("sqlite_wait", BUSY_TIMEOUT * 1000)
    cursor = connection.connection.cursor()
    # A transaction that reads first and writes later could fail half-way when another process wrote in between.
    begin = options.get("sqlite_begin", "BEGIN IMMEDIATE")
    try:
        cursor.execute(f"PRAGMA busy_timeout = {wait}")
        cursor.execute(begin)
    except sqlite3.Error as error:
        raise OperationalError(begin, None, error, hide_parameters=True) from error
