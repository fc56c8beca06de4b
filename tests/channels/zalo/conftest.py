"""A fake Zalo and our side of it, on each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.store.database import Database
from tests.bot.conftest import FakeClock, clock, log_lines  # noqa: F401 - fixtures
from tests.channels.zalo.support import Office
from tests.databases import migrated
from tests.fakes.zalo import FakeZalo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def fake(clock: FakeClock) -> AsyncIterator[FakeZalo]:  # noqa: F811
    async with FakeZalo(clock=clock) as started:
        yield started


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """An SQLite database, for what does not depend on the kind."""
    opened = await migrated(f"sqlite:///{tmp_path}/bhyt.sqlite3")
    yield opened
    await opened.close()


@pytest.fixture
def office(fake: FakeZalo, sqlite: Database, clock: FakeClock, http: aiohttp.ClientSession) -> Office:  # noqa: F811
    """Our side on SQLite, not connected yet."""
    return Office(fake, sqlite, clock, http)


@pytest.fixture
async def connected(office: Office) -> Office:
    """Our side on SQLite with a fresh pair."""
    await office.connect()
    return office
