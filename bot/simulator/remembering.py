"""What the platforms still know when they are started again on a database that was kept: who wrote to us, and when.

The local platforms forget everything at their end, the real ones nothing. What they knew of people stands in the bot's
database too.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.channels.inbound import Channel
from bot.channels.zalo.account import account_of
from bot.delivery.errors import Unreachable
from bot.simulator.telegram.world import Standing
from bot.store.database import Database
from bot.store.models import ConversationRow, IdentityRow
from bot.store.threads import find_person, open_thread, save_memory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from datetime import datetime

    from bot.clock import Clock
    from bot.simulator.practice import Regular
    from bot.simulator.stage import Stage

_STANDINGS = {
    Unreachable.BLOCKED: Standing.BLOCKED,
    Unreachable.DEACTIVATED: Standing.DEACTIVATED,
    Unreachable.NEVER_STARTED: Standing.NEVER_STARTED,
}


async def remember(stage: Stage, url: str, regulars: Iterable[Regular], clock: Clock) -> None:
    """Let the platforms know whom the database knows.

    First `regulars` are written into a database without anybody on Zalo, as people who wrote before. In one that has
    them they have written again meanwhile; who was erased stays so. The database is up to date; no bot runs on it.
    """
    async with _opened(url) as database:
        now, account = clock(), account_of(stage.office.account.id)
        async with database.transaction() as session:
            first = await session.scalar(select(IdentityRow.id).where(IdentityRow.account == account).limit(1)) is None
            for regular in regulars:
                if not first and await find_person(session, account, regular.id) is None:
                    continue
                thread = await open_thread(session, account, Channel.ZALO, regular.id, now)
                await save_memory(session, thread, thread.memory, now, now - regular.silent)
        known = select(
            IdentityRow.account, IdentityRow.sender, IdentityRow.unreachable, ConversationRow.last_interaction
        ).join(ConversationRow, ConversationRow.identity_id == IdentityRow.id)
        async with database.reading() as session:
            for ours, sender, unreachable, last in await session.execute(known):
                if ours == account:
                    _on_zalo(stage, sender, unreachable, last)
                else:
                    _on_telegram(stage, sender, unreachable, last)


def _on_zalo(stage: Stage, sender: str, unreachable: str | None, last: datetime | None) -> None:
    member = stage.office.account.members.get(sender)
    if member is not None:
        member.last_interaction = last
        member.blocked = unreachable == Unreachable.BLOCKED


def _on_telegram(stage: Stage, sender: str, unreachable: str | None, last: datetime | None) -> None:
    """Somebody who never wrote stays as they were: a list may name who has not started the bot."""
    chat = stage.telegram.world.chats.get(int(sender)) if sender.isdecimal() else None
    if chat is None:
        return
    if unreachable is not None:
        chat.standing = _STANDINGS.get(Unreachable(unreachable), chat.standing)
    elif last is not None:
        chat.standing = Standing.OPEN


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()
