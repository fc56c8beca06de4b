"""Databases of both kinds, as many as a test wants."""

from __future__ import annotations

from contextlib import AsyncExitStack
from itertools import count
from typing import TYPE_CHECKING, Protocol

import pytest

from bot.store.database import Database
from tests.backup.content import fill
from tests.bot.conftest import log_lines
from tests.databases import migrated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.databases import Server

__all__ = ["log_lines"]

_numbers = count(1)


class Make(Protocol):
    """Opens a new database of a kind, without any table or with the schema that the migrations build."""

    async def __call__(self, kind: str, *, schema: bool = False) -> Database: ...


@pytest.fixture
async def make(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Make]:
    async with AsyncExitStack() as opened:

        async def new(kind: str, *, schema: bool = False) -> Database:
            if kind == "sqlite":
                url = f"sqlite:///{tmp_path}/backup{next(_numbers)}/bhyt.sqlite3"
                database = await migrated(url) if schema else Database(url)
            else:
                server: Server = request.getfixturevalue("postgres")
                name = await server.create(schema=schema)
                opened.push_async_callback(server.release, name)
                database = Database(server.url(name))
            opened.push_async_callback(database.close)
            return database

        yield new


@pytest.fixture(params=["sqlite", "postgresql"])
async def full(request: pytest.FixtureRequest, make: Make) -> Database:
    """A database of each kind with rows in every table."""
    database = await make(request.param, schema=True)
    await fill(database)
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty(request: pytest.FixtureRequest, make: Make) -> Database:
    """A database of each kind without any table."""
    return await make(request.param)
