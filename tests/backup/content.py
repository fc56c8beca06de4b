"""A database with rows in every table there is, made from the models, so that a new table is covered by itself."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Column, Table, insert, update

from bot.backup.kinds import Kind, kind_of
from bot.clock import VIETNAM
from bot.store.models import Base

if TYPE_CHECKING:
    from bot.store.database import Database
    from bot.store.session import Session

ROWS = (1, 2, 3)
HOSTILE = "“Đặng”'; DROP TABLE person; --\r\n\u2028\t\\u0000 <b>🙂"
MOMENT = datetime(2026, 9, 5, 1, 2, 3, 456789, tzinfo=VIETNAM)

_CHOICE = re.compile(r"^(\w+) IN \((.+)\)$")


async def fill(database: Database) -> None:
    """Three rows in every table; the third has nothing in columns that may be empty."""
    async with database.transaction() as session:
        for table in Base.metadata.sorted_tables:
            for number in ROWS:
                await session.execute(insert(table).values(row(table, number)))
            await _refer_to_later(session, table)


def row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: value(table, column, number) for column in table.columns}


def value(table: Table, column: Column[Any], number: int) -> Any:
    own, others = refers(column)
    if own or (number == ROWS[-1] and column.nullable):
        return None
    if others is not None:
        return value(others.table, others, number)
    if choices := allowed(table).get(column.name):
        return choices[number % len(choices)]
    return plain(table, column, number)


def plain(table: Table, column: Column[Any], number: int) -> Any:
    key = column.primary_key or any(column.name in index.columns for index in table.indexes)
    return {
        Kind.TEXT: f"{column.name}-{number}" if key else f"{number} {HOSTILE}",
        Kind.NUMBER: number * 7 if column is table.autoincrement_column else number,
        Kind.MEASURE: 0.1 + number / 3,
        Kind.BOOLEAN: number % 2 == 0,
        Kind.DAY: date(2026, 9, number),
        Kind.MOMENT: MOMENT + timedelta(days=number),
        Kind.BYTES: bytes(range(256)) * number,
        Kind.DOCUMENT: {"text": HOSTILE, "list": [number, None, 0.5], "deep": {"": True}},
    }[kind_of(column)]


def refers(column: Column[Any]) -> tuple[bool, Column[Any] | None]:
    """Whether a column refers to rows of its own table, and the column elsewhere that it refers to."""
    targets = [key.column for key in column.foreign_keys]
    own = any(target.table is column.table for target in targets)
    return own, None if own or not targets else targets[0]


def allowed(table: Table) -> dict[str, list[str]]:
    """The values that check constraints leave to columns."""
    conditions = [str(check.sqltext) for check in table.constraints if isinstance(check, CheckConstraint)]
    found = [match for condition in conditions if (match := _CHOICE.match(condition))]
    return {match[1]: re.findall(r"'([^']*)'", match[2]) for match in found}


async def _refer_to_later(session: Session, table: Table) -> None:
    """A row can refer to one of its own table that comes after it."""
    for column in table.columns:
        if refers(column)[0]:
            (key,) = table.primary_key.columns
            first, last = (value(table, key, number) for number in (ROWS[0], ROWS[-1]))
            await session.execute(update(table).where(key == first).values({column.name: last}))
