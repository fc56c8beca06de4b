"""Notes what was sent. While one note is being committed the next ones gather and share a transaction.

A note that is lost means that the person gets the reply a second time, so a database that is away is waited for.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import DatabaseError
from bot.store.delivering import note_sent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.clock import Clock
    from bot.store.database import Database

PAUSES = (0.2, 1.0, 5.0)
"""Seconds between the tries of one note."""


class Ledger:
    """`sent` returns when the note is committed."""

    def __init__(self, database: Database, clock: Clock, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._database = database
        self._clock = clock
        self._sleep = sleep
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def sent(self, row: int, parts: int) -> None:
        """Note that a reply was taken by the platform as so many messages."""
        noted = asyncio.get_running_loop().create_future()
        self._waiting.append((row, parts, noted))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await noted

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._commit(batch)
        finally:
            self._writer = None

    async def _commit(self, batch: list[tuple[int, int, asyncio.Future[None]]]) -> None:
        sent = [(row, parts) for row, parts, _ in batch]
        try:
            await self._note(sent)
        except Exception as error:  # noqa: BLE001 - told to everybody who waits for this note
            for *_, noted in batch:
                if not noted.done():
                    noted.set_exception(error)
            return
        for *_, noted in batch:
            if not noted.done():
                noted.set_result(None)

    async def _note(self, sent: Sequence[tuple[int, int]]) -> None:
        for pause in (*PAUSES, None):
            try:
                async with self._database.transaction() as session:
                    await note_sent(session, sent, self._clock())
            except (SQLAlchemyError, OSError, DatabaseError):
                if pause is None:
                    raise
                await self._sleep(pause)
            else:
                return
