"""Fixtures of the console."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from bot.console import passwords
from tests.console.season import place
from tests.console.support import Office, office
from tests.web.conftest import browser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

__all__ = ["browser", "place"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    """A running program with one administrator."""
    async with office(tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes a digest costly is argon2's own; tests/console/test_parts.py looks at the real one."""
    monkeypatch.setattr(passwords, "_default", cache(lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)))
