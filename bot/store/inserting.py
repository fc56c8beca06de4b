"""Insert unless it is there: the one statement that the two databases spell differently."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

from bot.store.models import table_of

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.store.models import Base


async def insert_new(session: AsyncSession, row: type[Base], /, **values: object) -> Any:
    """Insert a row unless a unique constraint forbids it; gives its key, or None when it was there already."""
    statement = _statement(row, session.get_bind().dialect.name)
    return (await session.execute(statement, values)).scalar_one_or_none()


@cache
def _statement(row: type[Base], dialect: str) -> Any:
    table = table_of(row)
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return sqlite.insert(table).on_conflict_do_nothing().returning(*table.primary_key)
