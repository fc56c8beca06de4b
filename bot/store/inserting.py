"""Insert unless it is there, or insert or change."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from bot.store.models import table_of
from bot.store.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.store.models import Base
    from bot.store.session import Session


async def insert_new(session: Session, row: type[Base], /, **values: object) -> Any:
    """Insert a row unless a unique constraint forbids it; gives its key, or None when it was there already."""
    found = await session.run(_statement(row, tuple(values)), **values)
    return found[0][0] if found else None


async def put(session: Session, row: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, or change those whose primary key is there already. All rows name the same columns."""
    if rows:
        await session.run_many(_putting(row, tuple(rows[0])), rows)


# Both databases spell it alike; SQLAlchemy has it in their own dialects only.
@cache
def _statement(row: type[Base], names: tuple[str, ...]) -> Statement:
    table = table_of(row)
    new = insert(table).values({name: bindparam(name) for name in names}).on_conflict_do_nothing()
    return Statement(new.returning(*table.primary_key))


@cache
def _putting(row: type[Base], names: tuple[str, ...]) -> Statement:
    table = table_of(row)
    keys = [column.name for column in table.primary_key]
    new = insert(table).values({name: bindparam(name) for name in names})
    changed = {name: new.excluded[name] for name in names if name not in keys}
    if not changed:
        return Statement(new.on_conflict_do_nothing())
    return Statement(new.on_conflict_do_update(index_elements=keys, set_=changed))
