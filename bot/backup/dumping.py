"""From the database into a backup, as it is at one moment, while others go on writing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.backup.archive import writing
from bot.backup.counting import Counting
from bot.backup.errors import BackupError
from bot.backup.kinds import kind_of, written
from bot.backup.manifest import Manifest, Part
from bot.database_url import sqlite_file
from bot.errors import DatabaseError
from bot.store.migrations import head
from bot.store.models import Base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Table

    from bot.backup.archive import Report, Writer
    from bot.store.database import Database

AT_ONCE = 1_000
# SQLite's readers see the moment at which they began, beside any writer; PostgreSQL's when they are told to.
_ONE_MOMENT: dict[str, dict[str, Any]] = {
    "sqlite": {"sqlite_begin": "BEGIN"},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


async def back_up(database: Database, file: Path, now: datetime, report: Report) -> Manifest:
    """Write all tables into a new file. Raises BackupError or DatabaseError; then there is no file."""
    where = sqlite_file(database.engine.url.render_as_string())
    if where is not None and not where.exists():
        raise BackupError("there is no database yet")
    await database.ping()
    engine = database.engine.execution_options(**_ONE_MOMENT[database.engine.dialect.name])
    try:
        with writing(file) as writer:
            async with engine.connect() as connection:
                manifest = await connection.run_sync(_dump, writer, now, report)
            writer.finish(manifest)
    except SQLAlchemyError as error:
        raise DatabaseError("the database stopped answering") from error
    return manifest


def _dump(connection: Connection, writer: Writer, now: datetime, report: Report) -> Manifest:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision != head():
        raise BackupError(f"the database is at {revision or 'nothing'}, this program at {head()}: use its own version")
    tables = Base.metadata.sorted_tables
    counts = {table: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    counting = Counting(sum(counts.values()), report)
    parts = [_part(connection, writer, table, counting) for table in tables]
    return Manifest(revision=revision, made=now, parts=tuple(parts))


def _part(connection: Connection, writer: Writer, table: Table, counting: Counting) -> Part:
    numbered = table.autoincrement_column
    part = Part(
        table=table.name,
        columns={column.name: kind_of(column) for column in table.columns},
        keys=tuple(column.name for column in table.primary_key.columns),
        later=tuple(
            column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)
        ),
        numbered=numbered.name if numbered is not None else None,
        rows=0,
        sha256="",
    )
    rows = _Rows(connection, table, part, counting)
    digest = writer.write(part.file, rows)
    counter = _counter(connection, part)
    return part.model_copy(update={"rows": rows.count, "sha256": digest, "counter": counter})


class _Rows:
    """The lines of a part, and after that their number."""

    def __init__(self, connection: Connection, table: Table, part: Part, counting: Counting) -> None:
        self.count = 0
        self._connection = connection
        self._table = table
        self._part = part
        self._counting = counting

    def __iter__(self) -> Iterator[bytes]:
        kinds = list(self._part.columns.values())
        found = self._connection.execute(select(self._table).execution_options(yield_per=AT_ONCE))
        for rows in found.partitions():
            for row in rows:
                yield _line([written(kind, value) for kind, value in zip(kinds, row, strict=True)])
            self.count += len(rows)
            self._counting.add(self._part.table, len(rows))


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _counter(connection: Connection, part: Part) -> int:
    """The highest number that the database has given in a table, as far as it remembers."""
    if part.numbered is None:
        return 0
    if connection.dialect.name == "sqlite":
        seen = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return connection.scalar(seen, {"table": part.table}) or 0
    given = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column)::regclass)")
    return connection.scalar(given, {"table": part.table, "column": part.numbered}) or 0
