"""The key that signs the web chat's session cookies."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

from bot.config import variable
from bot.database_url import sqlite_file
from bot.errors import ConfigError, WrongSetting

if TYPE_CHECKING:
    from pathlib import Path

    from bot.config import Settings

FILE = "session.key"
NAME = ("web", "session_key")


def session_key(settings: Settings) -> bytes:
    """The key from the environment, or, with SQLite, one that is made once and kept beside the database (mode 0600).

    Raises ConfigError with PostgreSQL and no key: several processes have to share one.
    """
    if settings.web.session_key is not None:
        return settings.web.session_key.get_secret_value().encode()
    folder = key_folder(settings)
    if folder is None:
        raise ConfigError([WrongSetting(".".join(NAME), "is needed with PostgreSQL", variable(*NAME))])
    return _kept(folder / FILE)


def key_folder(settings: Settings) -> Path | None:
    """Where a key made by us is kept; None when one must be given."""
    file = sqlite_file(settings.database.url.get_secret_value())
    return file.parent if file else None


def _kept(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        if not file.exists():
            # Written aside and linked: two processes that start together end up with the same, complete key.
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as handle:
                handle.write(secrets.token_hex(32))
            with contextlib.suppress(FileExistsError):
                os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    return file.read_bytes()
