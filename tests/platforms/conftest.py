from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.conftest import clock, log_lines
from tests.fakes.conftest import _waits_as_timedelta
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import FakeZalo
from tests.platforms.office import Place

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

__all__ = ["_waits_as_timedelta", "clock", "log_lines"]


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as started:
        yield started


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZalo]:
    # An event that a busy machine takes late is not sent again; how quickly the bot answers is not asked here.
    async with FakeZalo(pause=0.2, timeout=60) as started:
        yield started


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(f"sqlite:///{tmp_path}/bhyt.sqlite3", tmp_path / "inbox")
