"""A conversation as the web page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.outbound import OutboundMessage
from bot.store.models import InboundRow, OutboxRow
from bot.store.outbox import confirm, messages_after
from bot.store.replies import from_json
from bot.store.threads import find_conversation
from bot.web.ports import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.clock import Clock
    from bot.store.database import Database
    from bot.store.session import Session


class StoredTranscript:
    """The conversations of one account, read from the database; `bot.web.ports.Transcript`."""

    def __init__(self, database: Database, account: str, clock: Clock) -> None:
        self._database = database
        self._account = account
        self._clock = clock

    async def after(self, sender: str, message: int, limit: int) -> Sequence[OutboundMessage]:
        """Replies with an id above `message`, oldest first, at most `limit`; none for an unknown sender."""
        async with self._database.reading() as session:
            conversation = await find_conversation(session, self._account, sender)
            return [] if conversation is None else await messages_after(session, conversation, message, limit)

    async def lines(self, sender: str, limit: int) -> Sequence[Said | OutboundMessage]:
        """The last lines of both sides, oldest first: each message of the person before the replies to it."""
        async with self._database.reading() as session:
            conversation = await find_conversation(session, self._account, sender)
            return [] if conversation is None else await _lines(session, conversation, limit)

    async def confirm(self, ids: Sequence[int]) -> None:
        """Note that these replies reached the person's browser."""
        async with self._database.transaction() as session:
            await confirm(session, ids, self._clock())

    async def ping(self) -> None:
        """Raises DatabaseError when the database does not answer."""
        await self._database.ping()


async def _lines(session: Session, conversation: int, limit: int) -> Sequence[Said | OutboundMessage]:
    said = select(InboundRow.id, InboundRow.text).where(
        InboundRow.conversation_id == conversation, InboundRow.text != ""
    )
    sent = select(OutboxRow.id, OutboxRow.inbound_id, OutboxRow.reply).where(OutboxRow.conversation_id == conversation)
    lines: list[tuple[tuple[int, int], Said | OutboundMessage]] = [
        ((row.id, 0), Said(row.text)) for row in await session.execute(said.order_by(InboundRow.id.desc()).limit(limit))
    ]
    # A reply whose message is gone is older than every message that is still there.
    lines.extend(
        ((row.inbound_id or 0, row.id), OutboundMessage(row.id, conversation, from_json(row.reply)))
        for row in await session.execute(sent.order_by(OutboxRow.id.desc()).limit(limit))
    )
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])][-limit:]
