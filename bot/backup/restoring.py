"""From a backup into an empty database, in one transaction: either all of it is there, or nothing was changed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import and_, bindparam, column, func, insert, inspect, select, table, text, update
from sqlalchemy.exc import SQLAlchemyError

from bot.backup.archive import reading
from bot.backup.counting import Counting
from bot.backup.errors import BackupError
from bot.backup.kinds import read
from bot.backup.resting import come_to_rest
from bot.store.migrations import is_known, upgrade_on
from bot.store.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from bot.backup.archive import Archive, Report
    from bot.backup.manifest import Manifest, Part
    from bot.store.database import Database

    Row = dict[str, Any]

AT_ONCE = 1_000
VERSIONS = "alembic_version"


async def restore(database: Database, file: Path, now: datetime, report: Report, *, resume: bool = False) -> Manifest:
    """Fill an empty database and bring it to this program's version. Raises BackupError or DatabaseError.

    What waited to be sent when the backup was made is put at rest, unless it is to `resume`.
    """
    with reading(file, report) as archive:
        if not is_known(archive.manifest.revision):
            raise BackupError("the backup is of a newer version of the program")
        await database.ping()
        try:
            async with database.engine.begin() as connection:
                await connection.run_sync(_fill, archive, report)
                if not resume:
                    await come_to_rest(await connection.run_sync(Session), now)
        except SQLAlchemyError as error:
            raise BackupError("the database does not take the backup; nothing was changed") from error
        return archive.manifest


def _fill(connection: Connection, archive: Archive, report: Report) -> None:
    manifest = archive.manifest
    _prepare(connection, manifest)
    counting = Counting(manifest.rows, report)
    for part in manifest.parts:
        _insert(connection, part, archive, counting)
        _count_on(connection, part)
    upgrade_on(connection)


def _prepare(connection: Connection, manifest: Manifest) -> None:
    """The tables as they were when the backup was made, all of them empty."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        if inspect(connection).get_table_names():
            raise BackupError("the database holds tables of something else; give it one of its own")
        upgrade_on(connection, manifest.revision)
    elif revision != manifest.revision:
        raise BackupError("the database is of another version than the backup; give it a new one")
    names = set(inspect(connection).get_table_names()) - {VERSIONS}
    if names != {part.table for part in manifest.parts}:
        raise BackupError("the backup does not hold the tables of its version")
    for name in names:
        if connection.execute(select(text("1")).select_from(table(name)).limit(1)).first() is not None:
            raise BackupError("the database is not empty; give it a new one")


def _insert(connection: Connection, part: Part, archive: Archive, counting: Counting) -> None:
    """Fill a table. References within it are left out until all its rows are there."""
    target, rows = part.target, _rows(part, archive)
    referring: list[Row] = []
    while batch := list(islice(rows, AT_ONCE)):
        referring += [_reference(part, row) for row in batch if any(row[name] is not None for name in part.later)]
        connection.execute(insert(target), [row | dict.fromkeys(part.later) for row in batch])
        counting.add(part.table, len(batch))
    if referring:
        these = and_(*(target.c[key] == bindparam(f"its_{key}") for key in part.keys))
        values: Row = {name: bindparam(f"new_{name}") for name in part.later}
        connection.execute(update(target).where(these).values(values), referring)


def _rows(part: Part, archive: Archive) -> Iterator[Row]:
    kinds = part.columns.items()
    for values in archive.rows(part):
        yield {name: read(kind, value) for (name, kind), value in zip(kinds, values, strict=True)}


def _reference(part: Part, row: Row) -> Row:
    return {f"its_{key}": row[key] for key in part.keys} | {f"new_{name}": row[name] for name in part.later}


def _count_on(connection: Connection, part: Part) -> None:
    """No number is given a second time, not even that of a row which was gone before the backup."""
    if part.numbered is None:
        return
    highest = connection.scalar(select(func.max(column(part.numbered))).select_from(table(part.table))) or 0
    values = {"table": part.table, "column": part.numbered, "given": max(part.counter, highest)}
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), values)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :given)"), values)
    elif values["given"]:
        connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :given)"), values)
