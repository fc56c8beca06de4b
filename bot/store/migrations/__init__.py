"""The schema and how it came about: `upgrade` brings any older database to this program's version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine


def head() -> str:
    """The revision that this program needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise RuntimeError("the program was packaged without migrations")
    return revision


def is_known(revision: str) -> bool:
    """Whether a revision is one of this program's."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


async def current(engine: AsyncEngine) -> str | None:
    """The revision of a database; None for an empty one."""
    async with engine.connect() as connection:
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    """Bring a database to a revision, in one transaction: either all of it happens, or nothing.

    Raises DatabaseError when the database does not answer.
    """
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade_on, revision)
    except (OSError, DBAPIError) as error:
        raise DatabaseError("the database does not answer or refuses the migration; look at database.url") from error


def upgrade_on(connection: Connection, revision: str = "head") -> None:
    """Bring a database to a revision within a transaction of the caller's."""
    if connection.dialect.name == "postgresql":
        # Two processes that start together must not migrate together; the number is arbitrary, but ours.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7263411508)")
    command.upgrade(_config(connection), revision)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
