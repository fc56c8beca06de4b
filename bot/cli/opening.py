"""The database of the settings, for commands that only need that."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config import Settings
    from bot.store.database import Database

StaffLogin = Annotated[
    str, typer.Option("--staff", envvar="BHYT_STAFF", help="Login of the member of staff who does this.")
]


@asynccontextmanager
async def opened(loaded: Settings) -> AsyncIterator[Database]:
    """The database, brought up to date."""
    from bot.store.database import Database
    from bot.store.migrations import upgrade

    database = Database(loaded.database.url.get_secret_value())
    try:
        await upgrade(database.engine)
        yield database
    finally:
        await database.close()
