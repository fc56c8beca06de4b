"""Short ways to back up, restore and look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect

from bot.backup.dumping import back_up
from bot.backup.restoring import restore
from tests.backup.content import MOMENT
from tests.bot.reading import everything

if TYPE_CHECKING:
    from pathlib import Path

    from bot.backup.manifest import Manifest
    from bot.store.database import Database


def silent(_what: str, _share: float) -> None:
    """Nobody watches."""


async def save(database: Database, file: Path) -> Manifest:
    return await back_up(database, file, MOMENT, silent)


async def load(database: Database, file: Path, *, resume: bool = True) -> Manifest:
    return await restore(database, file, MOMENT, silent, resume=resume)


async def tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def content(database: Database) -> list[str]:
    """Every row of every table, comparable between databases."""
    return (await everything(database)).splitlines()
