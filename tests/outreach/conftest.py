from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.conftest import clock, log_lines
from tests.knowledge.real import real_base
from tests.outreach.office import Office

if TYPE_CHECKING:
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase

__all__ = ["clock", "log_lines"]


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    return real_base()


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)
