"""Databases of both kinds, as many as a test wants."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from bot.store.database import Database
from bot.store.migrations import upgrade
from tests.backup.content import fill
from tests.bot.conftest import _administer, log_lines, postgres

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    Make = Callable[[str], Awaitable[Database]]

__all__ = ["log_lines", "postgres"]

_numbers = count(1)


@pytest.fixture
async def make(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Make]:
    """Opens a new, empty database of a kind, without any table."""
    opened: list[tuple[Database, str]] = []

    async def new(kind: str) -> Database:
        name = f"backup{next(_numbers)}"
        if kind == "sqlite":
            url, server = f"sqlite:///{tmp_path}/{name}/bhyt.sqlite3", ""
        else:
            server = request.getfixturevalue("postgres")
            await _administer(server, f"CREATE DATABASE {name}")
            url = server.format(name)
        opened.append((Database(url), server and f"DROP DATABASE {name} WITH (FORCE)"))
        return opened[-1][0]

    yield new
    for database, drop in opened:
        await database.close()
        if drop:
            await _administer(request.getfixturevalue("postgres"), drop)


@pytest.fixture(params=["sqlite", "postgresql"])
async def full(request: pytest.FixtureRequest, make: Make) -> Database:
    """A database of each kind with rows in every table."""
    database = await make(request.param)
    await upgrade(database.engine)
    await fill(database)
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty(request: pytest.FixtureRequest, make: Make) -> Database:
    """A database of each kind without any table."""
    return await make(request.param)
