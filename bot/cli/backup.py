"""`bhyt-bot backup` and `bhyt-bot restore`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import notices, output, progress
from bot.cli.context import settings

if TYPE_CHECKING:
    from bot.backup.archive import Report
    from bot.backup.manifest import Manifest
    from bot.config import Settings


def backup(file: Annotated[Path, typer.Argument(help="New file; only its owner may read it.")]) -> None:
    """Write the whole database into one file. The bot may run meanwhile."""
    loaded = settings(quiet=True)
    with progress("backup") as report:
        manifest = asyncio.run(_back_up(loaded, file, report))
    output().print(f"{manifest.rows} rows of {len(manifest.parts)} tables, database at {manifest.revision}")


def restore(
    file: Annotated[Path, typer.Argument(help="What `bhyt-bot backup` wrote, on SQLite or PostgreSQL.")],
    resume: Annotated[
        bool, typer.Option("--resume", help="Nothing was sent since the backup: waiting replies and campaigns go on.")
    ] = False,
) -> None:
    """Fill the database of the settings, which must be empty. Without --resume what waited is put at rest."""
    loaded = settings(quiet=True)
    with progress("restore") as report:
        manifest = asyncio.run(_restore(loaded, file, report, resume))
    output().print(f"{manifest.rows} rows of {len(manifest.parts)} tables, as of {manifest.made:%Y-%m-%d %H:%M}")
    if not resume:
        notices().print("waiting replies were given up and campaigns paused; look at them before you start the bot")


async def _back_up(loaded: Settings, file: Path, report: Report) -> Manifest:
    from bot.backup.dumping import back_up
    from bot.clock import now
    from bot.store.database import Database

    database = Database(loaded.database.url.get_secret_value())
    try:
        return await back_up(database, file, now(), report)
    finally:
        await database.close()


async def _restore(loaded: Settings, file: Path, report: Report, resume: bool) -> Manifest:
    from bot.backup.restoring import restore as fill
    from bot.clock import now
    from bot.store.database import Database

    database = Database(loaded.database.url.get_secret_value())
    try:
        return await fill(database, file, now(), report, resume=resume)
    finally:
        await database.close()
