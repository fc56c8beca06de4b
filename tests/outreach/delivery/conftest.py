from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.conftest import clock, log_lines
from tests.fakes.conftest import _waits_as_timedelta
from tests.outreach.delivery.world import World
from tests.platforms.conftest import telegram, zalo

if TYPE_CHECKING:
    from bot.store.database import Database
    from tests.bot.conftest import FakeClock

__all__ = ["_waits_as_timedelta", "clock", "log_lines", "telegram", "zalo"]


@pytest.fixture
def world(database: Database, clock: FakeClock) -> World:
    return World(database, clock)
