"""What has to happen to cases without anybody doing anything: holds that end, and citizens who wait too long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from bot.actions import Action
from bot.cases import waiting
from bot.cases.case import ALIVE
from bot.cases.reach import Line, line_to
from bot.store.models import CaseRow, ConversationRow, IdentityRow
from bot.store.outbox import write_replies

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.cases.book import Book
    from bot.cases.case import Case
    from bot.cases.holding import Attendant
    from bot.clock import Clock
    from bot.store.database import Database
    from handlers.turn import Reply

EVERY = 60.0
"""Seconds between two looks."""
BATCH = 100

log = structlog.get_logger()


class CaseSweep:
    """Looks after all cases. Several processes may: each case is looked at again under its lock."""

    def __init__(
        self,
        database: Database,
        attendant: Attendant,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._attendant = attendant
        self._clock = clock
        self._sleep = sleep

    async def run(self) -> None:
        """Until cancelled; a database that is away is waited for."""
        while True:
            try:
                await self.sweep()
            except Exception:
                log.exception(Action.SWEEP_FAILED)
            await self._sleep(EVERY)

    async def sweep(self) -> None:
        """Give back what staff has left for too long, and tell those who wait longer than they should."""
        for number in await self._held():
            await self._each(number, self._give_back)
        for number in await self._unanswered():
            await self._each(number, self._tell)

    async def _each(self, number: str, what: Callable[[Book, Case, Line], Awaitable[Reply | None]]) -> None:
        async with self._database.transaction() as session:
            book = self._attendant.book(session, self._clock())
            case = await book.locked(number)
            line = await line_to(session, case.conversation, book.now)
            reply = await what(book, case, line)
            told = reply is not None and line.conversation is not None
            if reply is not None and line.conversation is not None:
                await write_replies(session, line.conversation, None, [reply], book.now)
        self._attendant.bus.publish(book.changes)
        if told:
            self._attendant.bus.written([line.written])

    async def _give_back(self, book: Book, case: Case, line: Line) -> Reply | None:
        if not await self._attendant.lapsed(book, case):
            return None
        return await self._attendant.give_back(book, case, line.language)

    async def _tell(self, book: Book, case: Case, line: Line) -> Reply | None:
        if case.waiting_told is not None or case.first_response is not None or not case.alive:
            return None
        await self._attendant.told_to_wait(book, case)
        hotline = self._attendant.hotline(book.now.date())
        return waiting.overdue(case, self._attendant.hours, book.now, line.language, hotline)

    async def _held(self) -> list[str]:
        held = select(CaseRow.number).join(ConversationRow, ConversationRow.held_by == CaseRow.id)
        async with self._database.reading() as session:
            return list((await session.execute(held.order_by(CaseRow.updated).limit(BATCH))).scalars())

    async def _unanswered(self) -> list[str]:
        """Cases past their first answer whose citizen can be told."""
        waits = (
            select(CaseRow.number, CaseRow.opened)
            .join(ConversationRow, ConversationRow.id == CaseRow.conversation_id)
            .join(IdentityRow, IdentityRow.id == ConversationRow.identity_id)
            .where(
                CaseRow.state.in_([state.value for state in ALIVE]),
                CaseRow.first_response.is_(None),
                CaseRow.waiting_told.is_(None),
                CaseRow.urgency != "now",
                IdentityRow.unreachable.is_(None),
            )
            .order_by(CaseRow.opened)
            .limit(BATCH)
        )
        async with self._database.reading() as session:
            found = (await session.execute(waits)).all()
        return [row.number for row in found if self._overdue(row.opened)]

    def _overdue(self, opened: datetime) -> bool:
        attendant = self._attendant
        return attendant.hours.due(opened, attendant.settings.first_response_hours) < self._clock()
