"""Notes what was sent. While one note is being committed the next ones gather and share a transaction.

A note that is lost means that the person gets the reply a second time, so a database that is away is waited for as
long as it takes; the lane of the conversation waits with it.
"""

from __future__ import annotations

import asyncio
from itertools import chain, repeat
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.actions import Action
from bot.errors import DatabaseError
from bot.store.delivering import Note, note

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.clock import Clock
    from bot.store.database import Database

PAUSES = (0.2, 1.0, 5.0)
"""Seconds between the tries of one note; the last for all that follow."""


log = structlog.get_logger()


class Ledger:
    """`part` and `sent` return when the note is committed."""

    def __init__(self, database: Database, clock: Clock, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._database = database
        self._clock = clock
        self._sleep = sleep
        self._waiting: list[tuple[Note, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def part(self, row: int, parts: int) -> None:
        """Note that so many messages of a reply were taken by the platform; the rest follows."""
        await self._noted(Note(row, parts, whole=False))

    async def sent(self, row: int, parts: int) -> None:
        """Note that a reply was taken by the platform as so many messages."""
        await self._noted(Note(row, parts, whole=True))

    async def _noted(self, what: Note) -> None:
        committed = asyncio.get_running_loop().create_future()
        self._waiting.append((what, committed))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await committed

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._commit(batch)
        finally:
            self._writer = None

    async def _commit(self, batch: list[tuple[Note, asyncio.Future[None]]]) -> None:
        try:
            await self._keep([what for what, _ in batch])
        except Exception as error:  # noqa: BLE001 - told to everybody who waits for this note
            for _, committed in batch:
                if not committed.done():
                    committed.set_exception(error)
            return
        for _, committed in batch:
            if not committed.done():
                committed.set_result(None)

    async def _keep(self, notes: Sequence[Note]) -> None:
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                async with self._database.transaction() as session:
                    await note(session, notes, self._clock())
            except (SQLAlchemyError, OSError, DatabaseError):
                log.warning(Action.NOTE_WAITS, exc_info=True)
                await self._sleep(pause)
            else:
                return
