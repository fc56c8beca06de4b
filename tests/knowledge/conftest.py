"""The real knowledge base, and a tiny one that a test may break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.knowledge.real import real_base, real_search
from tests.knowledge.tiny import Tiny

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.base import KnowledgeBase
    from knowledge.search.engine import Search


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    return real_base()


@pytest.fixture(scope="session")
def search() -> Search:
    return real_search()


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A knowledge base of three entries without any problem."""
    return Tiny.write(tmp_path)
