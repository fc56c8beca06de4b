from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.conftest import clock, log_lines
from tests.delivery.scripted import Post

if TYPE_CHECKING:
    from bot.store.database import Database
    from tests.bot.conftest import FakeClock

__all__ = ["clock", "log_lines"]


@pytest.fixture
def post(database: Database, clock: FakeClock) -> Post:
    return Post(database, clock)
