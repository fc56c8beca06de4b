"""What the first start of a bot leaves for the later ones, so that not every process of a test builds it anew."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from knowledge.base import load
from knowledge.search.engine import build_search

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def warm_beside(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Call it with where a database stands or will stand: beside it is the cache that a second start finds."""
    kept = tmp_path_factory.mktemp("index")
    build_search(load(cache=kept), "off", cache=kept)

    def warm(database: Path) -> None:
        shutil.copytree(kept, database.parent / "cache")

    return warm
