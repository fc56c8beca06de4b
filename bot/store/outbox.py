"""Replies on their way.

A reply is `pending` from the turn's commit until the person's client, or the platform, has taken it. `confirm` makes it
`sent`. Whatever happens to the process in between, the row is there: it is sent again, and not lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from bot.outbound import OutboundMessage
from bot.store.models import OutboxRow, OutboxState, table_of
from bot.store.replies import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from handlers.turn import Reply

_outbox = table_of(OutboxRow)
_WRITE = insert(_outbox).returning(_outbox.c.id)


async def write_replies(
    session: AsyncSession, conversation_id: int, inbound_id: int, replies: Iterable[Reply], now: datetime
) -> tuple[OutboundMessage, ...]:
    """Put replies into the outbox in the order in which they should be read."""
    written = []
    for reply in replies:
        row = {
            "conversation_id": conversation_id,
            "inbound_id": inbound_id,
            "reply": to_json(reply),
            "state": OutboxState.PENDING.value,
            "attempts": 0,
            "created": now,
        }
        row_id = (await session.execute(_WRITE, row)).scalar_one()
        written.append(OutboundMessage(row_id, conversation_id, reply))
    return tuple(written)


async def messages_after(
    session: AsyncSession, conversation_id: int, after_id: int, limit: int
) -> list[OutboundMessage]:
    """The messages of a conversation with an id above `after_id`, in any state, oldest first, at most `limit`."""
    found = await session.execute(
        select(OutboxRow.id, OutboxRow.reply)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.id > after_id)
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    return [OutboundMessage(row.id, conversation_id, from_json(row.reply)) for row in found]


async def confirm(session: AsyncSession, ids: Sequence[int], now: datetime | None = None) -> None:
    """Mark messages as sent; ids that were confirmed before, or do not exist, are left as they are."""
    waiting = OutboxRow.id.in_(ids) & (OutboxRow.state != OutboxState.SENT.value)
    values = {"state": OutboxState.SENT.value, "attempts": OutboxRow.attempts + 1, "sent": now}
    await session.execute(update(OutboxRow).where(waiting).values(values))
