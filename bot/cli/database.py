"""`bhyt-bot db`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from bot.cli.console import output
from bot.cli.context import settings

if TYPE_CHECKING:
    from bot.settings import DatabaseSettings

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def about() -> None:
    """The database."""


@app.command("upgrade")
def upgrade() -> None:
    """Bring the database to the version that this program needs. Does nothing when it is there already."""
    revision = asyncio.run(_upgrade(settings().database))
    output().print(f"database at {revision}")


async def _upgrade(configured: DatabaseSettings) -> str | None:
    from bot.store.database import Database
    from bot.store.migrations import current, upgrade

    database = Database(configured.url.get_secret_value())
    try:
        await upgrade(database.engine)
        return await current(database.engine)
    finally:
        await database.close()
