"""Reads whole databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.store.models import Base

if TYPE_CHECKING:
    from bot.store.database import Database


async def rows(database: Database, table: str) -> list[dict[str, Any]]:
    """All rows of a table in the order of their keys."""
    found = Base.metadata.tables[table]
    async with database.reading() as session:
        result = await session.execute(select(found).order_by(*found.primary_key.columns))
        return [dict(row) for row in result.mappings()]


async def everything(database: Database) -> str:
    """The whole content of the database as one text."""
    return "\n".join([f"{table}: {row}" for table in Base.metadata.tables for row in await rows(database, table)])
