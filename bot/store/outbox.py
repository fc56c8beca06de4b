"""Replies on their way.

A reply is `pending` from the turn's commit until the person's client, or the platform, has taken it. `confirm` makes it
`sent`. Whatever happens to the process in between, the row is there: it is sent again, and not lost.

Web pages fetch their replies. Those for a platform are sent by the process that holds their lease, see `bot.delivery`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, text, update

from bot.outbound import OutboundMessage
from bot.store.models import OutboxRow, OutboxState, table_of
from bot.store.replies import from_json, to_json
from bot.store.statements import Statement, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.store.session import Session
    from handlers.turn import Reply

_outbox = table_of(OutboxRow)
_WRITE = Statement(
    row_of(_outbox, "conversation_id", "inbound_id", "reply", "created", "lease")
    .values(state=OutboxState.PENDING.value, attempts=0, parts=0)
    .returning(_outbox.c.id)
)
_WAITING = Statement(
    select(_outbox.c.id)
    .where(_outbox.c.conversation_id == bindparam("conversation"), _outbox.c.state == text("'pending'"))
    .limit(1)
)


async def write_replies(
    session: Session,
    conversation_id: int,
    inbound_id: int | None,
    replies: Iterable[Reply],
    now: datetime,
    lease: datetime | None = None,
) -> tuple[OutboundMessage, ...]:
    """Put replies into the outbox in the order in which they should be read, in our hands until `lease`."""
    written = []
    values = {"conversation_id": conversation_id, "inbound_id": inbound_id, "created": now, "lease": lease}
    for reply in replies:
        [(row,)] = await session.run(_WRITE, reply=to_json(reply), **values)
        written.append(OutboundMessage(row, conversation_id, reply))
    return tuple(written)


async def is_waiting(session: Session, conversation_id: int) -> bool:
    """Whether an earlier reply of the conversation is not finished, in this process's hands or another one's."""
    return bool(await session.run(_WAITING, conversation=conversation_id))


async def messages_after(session: Session, conversation_id: int, after_id: int, limit: int) -> list[OutboundMessage]:
    """The messages of a conversation with an id above `after_id`, in any state, oldest first, at most `limit`."""
    found = await session.execute(
        select(OutboxRow.id, OutboxRow.reply)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.id > after_id)
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    return [OutboundMessage(row.id, conversation_id, from_json(row.reply)) for row in found]


async def confirm(session: Session, ids: Sequence[int], now: datetime | None = None) -> None:
    """Mark messages as sent; ids that were confirmed before, or do not exist, are left as they are."""
    waiting = OutboxRow.id.in_(ids) & (OutboxRow.state != OutboxState.SENT.value)
    values = {"state": OutboxState.SENT.value, "attempts": OutboxRow.attempts + 1, "sent": now}
    await session.execute(update(OutboxRow).where(waiting).values(values))
