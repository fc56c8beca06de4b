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
    """A PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._has_template = False

    def url(self, name: str) -> str:
        return self._url.format(name)

    async def create(self, *, schema: bool = False) -> str:
        """A new database, empty or with the schema that the migrations build; its name."""
        name = f"test{next(_numbers)}"
        if schema and not self._has_template:
            await self._administer(f"CREATE DATABASE {TEMPLATE}")
            built = Database(self.url(TEMPLATE))
            await upgrade(built.engine)
            await built.close()
            self._has_template = True
        await self._administer(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if schema else 'template1'}")
        return name

    async def drop(self, name: str) -> None:
        await self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    async def _administer(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres").replace("+asyncpg", ""))
        try:
            await connection.execute(statement)
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
    await server.drop(name)
