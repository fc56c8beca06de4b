"""Statements of every turn mean the same as any other, on both databases, and leave nothing behind when they fail."""

from __future__ import annotations

import asyncio
import types
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.clock import VIETNAM
from bot.store.models import AccountRow, ConversationRow, OutboxRow, table_of
from bot.store.statements import Statement, row_of
from tests.bot.reading import rows

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

    from bot.store.database import Database

POOL = 5
"""Connections that a pool keeps."""
MOMENT = datetime(2026, 9, 5, 1, 2, 3, 456789, tzinfo=VIETNAM)
CONVERSATION = table_of(ConversationRow)
FIELDS = ("identity_id", "memory", "memory_version", "updated", "last_interaction")
NEW = Statement(row_of(CONVERSATION, *FIELDS).returning(CONVERSATION.c.id))
FOUND = Statement(select(*(CONVERSATION.c[name] for name in FIELDS)).where(CONVERSATION.c.id == bindparam("row")))
TOUCH = Statement(
    update(CONVERSATION)
    .where(CONVERSATION.c.id == bindparam("row"), CONVERSATION.c.memory_version == 1)
    .values(updated=bindparam("moment"), memory_version=2, last_interaction=None)
)
ACCOUNT = Statement(row_of(table_of(AccountRow), "id", "channel", "created"))
VALUES: dict[str, Any] = {
    "identity_id": None,
    "memory": {"tỉnh": "Điện Biên", "con": [{"tuổi": 7}]},
    "memory_version": 1,
    "updated": MOMENT,
    "last_interaction": MOMENT,
}


async def test_values_go_in_and_come_out_as_anywhere_else(database: Database) -> None:
    async with database.transaction() as session:
        [(row,)] = await session.run(NEW, **VALUES)
        [found] = await session.run(FOUND, row=row)
        same = (await session.execute(select(*(CONVERSATION.c[name] for name in FIELDS)))).one()
    assert dict(zip(FIELDS, found, strict=True)) == VALUES
    assert tuple(found) == tuple(same)
    assert found[3].utcoffset() == MOMENT.utcoffset()


async def test_constants_of_a_statement_are_converted_once(database: Database) -> None:
    async with database.transaction() as session:
        [(row,)] = await session.run(NEW, **VALUES)
        assert await session.run(TOUCH, row=row, moment=MOMENT) == []
        assert await session.run(FOUND, row=row + 1) == []
    [kept] = await rows(database, "conversation")
    assert (kept["memory_version"], kept["last_interaction"]) == (2, None)


async def test_one_statement_for_many_values(database: Database) -> None:
    async with database.transaction() as session:
        await session.run_many(ACCOUNT, [{"id": name, "channel": "web", "created": MOMENT} for name in "ab"])
    assert [row["id"] for row in await rows(database, "account")] == ["a", "b"]


async def test_what_the_database_refuses_is_told_without_values_and_undone(database: Database) -> None:
    values = {"id": "bí mật", "channel": "web", "created": MOMENT}

    async def twice() -> None:
        async with database.transaction() as session:
            await session.run(ACCOUNT, **values)
            await session.run(ACCOUNT, **values)

    with pytest.raises(IntegrityError) as caught:
        await twice()
    assert "bí mật" not in str(caught.value).split("DETAIL")[0]
    assert await rows(database, "account") == []
    async with database.transaction() as session:
        await session.run(ACCOUNT, **values)


async def test_a_default_that_only_python_knows_is_not_forgotten(database: Database) -> None:
    outbox = table_of(OutboxRow)
    async with database.transaction() as session:
        with pytest.raises(TypeError, match="default"):
            await session.run(Statement(insert(outbox).values(reply=bindparam("reply"))), reply={})


async def test_who_is_cancelled_leaves_no_transaction_and_no_connection_behind(database: Database) -> None:
    started = asyncio.Event()

    async def stuck() -> None:
        async with database.transaction() as session:
            await session.run(ACCOUNT, id="a", channel="web", created=MOMENT)
            started.set()
            await asyncio.Event().wait()

    for _ in range(20):  # more than the pool has connections
        started.clear()
        task = asyncio.create_task(stuck())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await rows(database, "account") == []


@types.coroutine
def cancelled(work: Coroutine[Any, Any, None], step: int) -> Generator[Any, None, bool]:
    """Run it in this task, and cancel the task when it waits for the so-manieth time; False when it ended before."""
    task = asyncio.current_task()
    assert task is not None
    proceed = partial(work.send, None)
    for number in count():
        try:
            waiting = proceed()
        except StopIteration:
            return False
        if number == step:
            task.cancel()
        try:
            yield waiting
            proceed = partial(work.send, None)
        except BaseException as error:  # noqa: BLE001 - handed on
            proceed = partial(work.throw, error)
    raise AssertionError


async def test_who_is_cancelled_at_any_step_ends_cancelled(database: Database) -> None:
    """Any other error would be taken for a failure by loops that go on after one: they would never end."""

    async def write(number: int) -> None:
        async with AsyncExitStack() as others:
            for _ in range(POOL):
                await others.enter_async_context(database.reading())
            async with database.transaction() as session:
                await session.run(ACCOUNT, id=str(number), channel="web", created=MOMENT)
                await others.aclose()
            # Here the pool is full, and the connection is not kept but closed, which takes steps of its own.

    for step in count():
        task = asyncio.create_task(cancelled(write(step), step))
        try:
            if not await task:
                break
        except asyncio.CancelledError:
            continue
    assert step > POOL or database.is_sqlite


async def test_a_connection_that_broke_is_not_used_again(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("there is no server that could close it")

    async def cut_off() -> None:
        async with database.transaction() as session:
            [(own,)] = await session.execute(text("SELECT pg_backend_pid()"))
            async with database.reading() as other:
                await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
            await session.run(ACCOUNT, id="a", channel="web", created=MOMENT)

    with pytest.raises(DBAPIError):
        await cut_off()
    async with database.transaction() as session:
        await session.run(ACCOUNT, id="a", channel="web", created=MOMENT)
    assert len(await rows(database, "account")) == 1
