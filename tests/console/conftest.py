"""Fixtures of the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.console.support import Office, office
from tests.web.conftest import browser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

__all__ = ["browser"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    """A running program with one administrator."""
    async with office(tmp_path) as running:
        yield running
