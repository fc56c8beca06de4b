"""What the first start of a bot leaves for the later ones, made once in a run: not every process builds it anew."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge.base import load
from knowledge.search.engine import Search, build_search

if TYPE_CHECKING:
    from collections.abc import Callable

_FOLDER = "FOLDER_OF_THIS_TEST_RUN"
"""An environment variable: the processes of a run inherit it from the first."""


def pytest_configure(config: pytest.Config) -> None:
    if _FOLDER not in os.environ:
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="bhyt-tests-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(_FOLDER)))


@cache
def indexed() -> tuple[Search, Path]:
    """The search over the knowledge base of the repository, without sentence embeddings, and the cache that it left."""
    folder = Path(os.environ[_FOLDER])
    kept = folder / "cache"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return build_search(load(cache=kept), "off", cache=kept), kept


@pytest.fixture(scope="session")
def warm_beside() -> Callable[[Path], None]:
    """Call it with where a database stands or will stand: beside it is the cache that a second start finds."""

    def warm(database: Path) -> None:
        shutil.copytree(indexed()[1], database.parent / "cache")

    return warm
