"""Databases of both kinds. The migrations run once for each; every test gets a copy of what they built."""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.database_url import sqlite_file
from bot.store.database import Database
from bot.store.migrations import upgrade
from tests.bot.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

TEMPLATE = "migrated"
SHAPE = """
SELECT (SELECT version_num FROM alembic_version),
  md5(string_agg(concat(attrelid::regclass, attname, atttypid, attnotnull), ',' ORDER BY attrelid, attnum))
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE attnum > 0
AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)"""
"""The version of the schema, and the columns of all tables and indexes."""
SIZE = "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
MOST_BYTES = 4_000_000
"""Nothing is vacuumed: a database that was used so often, or for so much, is not used again."""
CUT_OFF = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE own record; BEGIN
  FOR own IN
    SELECT oid::regclass AS name FROM pg_class
    WHERE relkind = 'r' AND relname <> 'alembic_version' AND relnamespace = 'public'::regnamespace
  LOOP EXECUTE 'DELETE FROM ' || own.name; END LOOP;
END $$;
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
WHERE last_value IS NOT NULL"""
"""Keys between tables are not looked at meanwhile; numbers begin with 1 again."""
_numbers = count(1)
_schema: list[bytes] = []


async def migrated(url: str) -> Database:
    """A new SQLite database with the schema that the migrations build; the file must not be there yet."""
    if not _schema:
        with tempfile.TemporaryDirectory() as folder:
            built = Database(f"sqlite:///{folder}/schema.sqlite3")
            await upgrade(built.engine)
            await built.close()
            _schema.append((Path(folder) / "schema.sqlite3").read_bytes())
    file = sqlite_file(url)
    assert file is not None
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as new:
        new.write(_schema[0])
    return Database(url)


class Server:
    """A PostgreSQL server. To create a database takes it a sixth of a second: those that are still as the migrations
    built them are emptied and used again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._built: tuple[object, ...] = ()
        """The shape of what the migrations build; empty until a test wants it."""
        self._with_schema: set[str] = set()
        self._free: list[str] = []

    def url(self, name: str) -> str:
        return self._url.format(name)

    async def create(self, *, schema: bool = False) -> str:
        """An empty database, without any table or with the schema that the migrations build; its name."""
        if schema and self._free:
            return self._free.pop()
        if schema and not self._built:
            await self._build()
        name = f"test{next(_numbers)}"
        await self._administer(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if schema else 'template1'}")
        if schema:
            self._with_schema.add(name)
        return name

    async def release(self, name: str) -> None:
        """Whoever is still connected is cut off, what the database holds is gone."""
        if name in self._with_schema and await self._emptied(name):
            self._free.append(name)
        else:
            await self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    async def _build(self) -> None:
        await self._administer(f"CREATE DATABASE {TEMPLATE}")
        built = Database(self.url(TEMPLATE))
        await upgrade(built.engine)
        await built.close()
        async with self._connected(TEMPLATE) as connection:
            self._built = tuple(await connection.fetchrow(SHAPE))

    async def _emptied(self, name: str) -> bool:
        """Whether a database is empty again, and no larger than one that was used by a few tests."""
        async with self._connected(name) as connection:
            await connection.execute(CUT_OFF)
            if tuple(await connection.fetchrow(SHAPE)) != self._built or await connection.fetchval(SIZE) > MOST_BYTES:
                return False
            await connection.execute(EMPTY)
        return True

    async def _administer(self, statement: str) -> None:
        async with self._connected("postgres") as connection:
            await connection.execute(statement)

    @asynccontextmanager
    async def _connected(self, name: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.url(name).replace("+asyncpg", ""))
        try:
            yield connection
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with running_postgres() as url:
        yield Server(url)


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database of each kind with the schema that the migrations build."""
    async with _new(request, tmp_path, schema=True) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
async def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database of each kind without any table."""
    async with _new(request, tmp_path, schema=False) as address:
        yield address


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url)
    yield opened
    await opened.close()


@asynccontextmanager
async def _new(request: pytest.FixtureRequest, folder: Path, *, schema: bool) -> AsyncIterator[str]:
    if request.param == "sqlite":
        address = f"sqlite:///{folder}/bhyt.sqlite3"
        if schema:
            await (await migrated(address)).close()
        yield address
        return
    server: Server = request.getfixturevalue("postgres")
    name = await server.create(schema=schema)
    yield server.url(name)
    await server.release(name)
