"""Insert unless it is there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from bot.store.models import table_of
from bot.store.statements import Statement

if TYPE_CHECKING:
    from bot.store.models import Base
    from bot.store.session import Session


async def insert_new(session: Session, row: type[Base], /, **values: object) -> Any:
    """Insert a row unless a unique constraint forbids it; gives its key, or None when it was there already."""
    found = await session.run(_statement(row, tuple(values)), **values)
    return found[0][0] if found else None


@cache
def _statement(row: type[Base], names: tuple[str, ...]) -> Statement:
    table = table_of(row)
    # Both databases spell it alike; SQLAlchemy has it in their own dialects only.
    new = insert(table).values({name: bindparam(name) for name in names}).on_conflict_do_nothing()
    return Statement(new.returning(*table.primary_key))
