"""What the database knows of the sizes of its tables, by which it decides how to look rows up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.store.models import (
    ConsentRow,
    ContactRow,
    ConversationRow,
    IdentityRow,
    InsuredRow,
    PersonRow,
    table_of,
)

if TYPE_CHECKING:
    from bot.store.database import Database

_OF_PEOPLE = (PersonRow, ContactRow, IdentityRow, ConversationRow, ConsentRow, InsuredRow)


async def count_people(database: Database) -> None:
    """Let PostgreSQL look at the tables of people, as it does by itself a minute or more after many were added.

    Until then it takes them for nearly empty, and going through them for a campaign takes hours instead of seconds.
    SQLite decides by its indexes alone.
    """
    if database.is_sqlite:
        return
    names = ", ".join(database.engine.dialect.identifier_preparer.format_table(table_of(row)) for row in _OF_PEOPLE)
    async with database.transaction() as session:
        await session.execute(text(f"ANALYZE {names}"))
