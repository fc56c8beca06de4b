"""The schema, the migrations, and what both databases promise alike."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, StatementError

from bot.clock import VIETNAM
from bot.errors import DatabaseError
from bot.store import database as databases
from bot.store.database import Database
from bot.store.migrations import _config, current, head, upgrade
from bot.store.models import Base, PersonRow
from tests.bot.line import line_to
from tests.bot.reading import rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.bot.conftest import Chat
    from tests.databases import Server


async def test_the_migrations_build_what_the_models_say(database: Database) -> None:
    def differences(connection: Connection) -> Any:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    await upgrade(database.engine)
    assert await current(database.engine) == head()


async def test_two_processes_may_upgrade_at_once(bare_url: str) -> None:
    both = [Database(bare_url), Database(bare_url)]
    await asyncio.gather(*(upgrade(database.engine) for database in both))
    assert await current(both[0].engine) == head()
    for database in both:
        await database.close()


async def test_the_schema_can_be_taken_back(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "base"))
    assert await current(database.engine) is None


async def test_moments_come_back_aware_and_equal(database: Database) -> None:
    moment = datetime(2026, 9, 5, 1, 2, 3, 456789, tzinfo=VIETNAM)
    async with database.transaction() as session:
        await session.execute(insert(PersonRow).values(created=moment))
        await session.execute(insert(PersonRow).values(created=moment.astimezone(UTC) + timedelta(seconds=1)))
    first, second = await rows(database, "person")
    assert first["created"] == moment
    assert first["created"].utcoffset() == timedelta(hours=7)
    assert second["created"] - first["created"] == timedelta(seconds=1)
    async with database.reading() as session:
        later = select(PersonRow.id).where(PersonRow.created > moment)
        assert list((await session.execute(later)).scalars()) == [second["id"]]


async def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        async with database.transaction() as session:
            await session.execute(insert(PersonRow).values(created=datetime(2026, 1, 1)))  # noqa: DTZ001


async def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    async def broken() -> None:
        async with database.transaction() as session:
            await session.execute(insert(PersonRow).values(created=datetime.now(UTC)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken()
    assert await rows(database, "person") == []


async def test_foreign_keys_and_checks_hold(chat: Chat) -> None:
    await chat.say("case")
    for broken in (
        "UPDATE conversation SET identity_id = 999",
        "UPDATE outbox SET state = 'somewhere'",
        "UPDATE support_case SET state = 'lost'",
    ):
        with pytest.raises(IntegrityError):
            async with chat.database.transaction() as session:
                await session.execute(text(broken))


async def test_errors_do_not_quote_what_was_written(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught:
        async with database.transaction() as session:
            await session.execute(text("INSERT INTO inbound (text) VALUES (:text)"), {"text": "bí mật"})
    assert "bí mật" not in str(caught.value).split("DETAIL")[0]


async def test_sqlite_is_set_up_as_documented(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/bhyt.sqlite3")
    async with database.reading() as session:
        settings = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout", "secure_delete")
        }
    await database.close()
    assert settings == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "busy_timeout": 10_000,
        "secure_delete": 1,
    }


async def test_a_writer_waits_for_another_process_without_blocking_this_one(tmp_path: Path) -> None:
    file = tmp_path / "bhyt.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        pauses: list[float] = []

        async def sleep(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                other.execute("COMMIT")

        database = Database(f"sqlite:///{file}", sleep=sleep)
        await upgrade(database.engine)
        other.execute("BEGIN IMMEDIATE")
        async with database.transaction() as session:
            await session.execute(insert(PersonRow).values(created=datetime.now(UTC)))
        assert len(pauses) == 3
        await database.close()


async def test_whoever_writes_again_and_again_lets_others_in(database: Database) -> None:
    """A long list is taken in many transactions; people who write meanwhile are answered between them."""
    written, seen = 0, set[int]()

    async def look() -> None:
        while True:
            seen.add(written)
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    for _ in range(20):
        async with database.transaction() as session:
            await session.execute(text("SELECT 1"))
        written += 1
    looking.cancel()
    assert len(seen) >= 20


async def test_a_writer_gives_up_in_the_end(tmp_path: Path) -> None:
    file = tmp_path / "bhyt.sqlite3"

    async def sleep(_seconds: float) -> None:
        """No time passes."""

    database = Database(f"sqlite:///{file}", sleep=sleep)
    await upgrade(database.engine)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked"):
            async with database.transaction():
                pass
    await database.close()


async def test_a_database_that_is_not_there_is_told_without_its_address() -> None:
    database = Database("postgresql+asyncpg://somebody:hunter2@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseError) as caught:
        await database.ping()
    assert "hunter2" not in str(caught.value)
    await database.close()


async def test_a_statement_that_is_not_answered_is_given_up(postgres: Server) -> None:
    name = await postgres.create()
    database = Database(postgres.url(name), patience=0.1)
    with pytest.raises(TimeoutError):
        async with database.reading() as session:
            await session.execute(text("SELECT pg_sleep(60)"))
    await database.ping()
    await database.close()
    await postgres.release(name)


async def test_a_server_that_falls_silent_holds_nobody_up_and_may_come_back(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a statement, at the commit, and while a new connection is made."""
    monkeypatch.setattr(databases, "CONNECTING", 0.1)
    name = await postgres.create()
    socket = Path(str(make_url(postgres.url(name)).query["host"])) / ".s.PGSQL.5432"
    async with line_to(socket) as line:
        database = Database(f"postgresql+asyncpg://postgres@127.0.0.1:{line.port}/{name}", patience=0.1)

        async def cut_off(*after: str) -> None:
            async with database.transaction() as session:
                await session.execute(text("SELECT 1"))
                line.fall_silent()
                for statement in after:
                    await session.execute(text(statement))

        for after in (["SELECT 2"], []):
            with pytest.raises(TimeoutError):
                await cut_off(*after)
            with pytest.raises(DatabaseError):
                await database.ping()
            line.come_back()
            await database.ping()
        await database.close()
    await postgres.release(name)
