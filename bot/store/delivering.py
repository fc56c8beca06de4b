"""The outbox as delivery sees it: what is to be sent, who sends it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, false, func, or_, select, update

from bot.outbound import OutboundMessage, Recipient
from bot.store.models import ConversationRow, IdentityRow, OutboxRow, OutboxState, table_of
from bot.store.replies import from_json
from bot.store.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement, Row

    from bot.store.session import Session

BATCH = 10
"""Replies of one conversation taken at once."""

_outbox, _conversation, _identity = table_of(OutboxRow), table_of(ConversationRow), table_of(IdentityRow)
_PENDING = _outbox.c.state == OutboxState.PENDING.value
_threads = _outbox.join(_conversation, _outbox.c.conversation_id == _conversation.c.id).join(
    _identity, _conversation.c.identity_id == _identity.c.id
)
_LOCK = Statement(select(_conversation.c.id).where(_conversation.c.id == bindparam("conversation")).with_for_update())
_SENT = Statement(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _PENDING)
    .values(
        state=OutboxState.SENT.value,
        sent=bindparam("now"),
        lease=None,
        reason=None,
        attempts=_outbox.c.attempts + 1,
        parts=bindparam("count"),
    )
)

_PART = Statement(update(_outbox).where(_outbox.c.id == bindparam("row")).values(parts=bindparam("count")))


@dataclass(frozen=True)
class Note:
    """The platform has taken so many messages of a reply, which are all of it when `whole`."""

    row: int
    parts: int
    whole: bool


@dataclass(frozen=True)
class Waiting:
    """A reply that this process has the lease on. `parts` of its messages were confirmed before."""

    message: OutboundMessage
    created: datetime
    lease: datetime
    parts: int = 0
    attempts: int = 0


@dataclass(frozen=True)
class Batch:
    """What is to be sent to one person next; `unreachable` when nothing can be."""

    to: Recipient
    waiting: tuple[Waiting, ...]
    unreachable: str | None


async def claim(session: Session, conversation: int, now: datetime, lease: datetime) -> Batch | None:
    """Take the next replies of a conversation until `lease`; None when the first is not due or in other hands."""
    # Locked by a statement of its own: PostgreSQL reads the other tables as they were before it waited for the lock.
    await session.run(_LOCK, conversation=conversation)
    columns = (
        *_outbox.c["id", "reply", "parts", "attempts", "created", "due", "lease"],
        *_identity.c["account", "sender", "unreachable"],
        _conversation.c.last_interaction,
        _conversation.c.updated,
    )
    found = await session.execute(
        select(*columns)
        .select_from(_threads)
        .where(_outbox.c.conversation_id == conversation, _PENDING)
        .order_by(_outbox.c.id)
        .limit(BATCH)
    )
    rows = _ready(found.all(), now)
    if not rows:
        return None
    ids = [row.id for row in rows]
    await session.execute(update(_outbox).where(_outbox.c.id.in_(ids)).values(lease=lease))
    first = rows[0]
    to = Recipient(first.account, first.sender, first.last_interaction or first.updated)
    return Batch(to, tuple(_waiting(row, conversation, lease) for row in rows), first.unreachable)


def _ready(rows: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
    """The rows up to the first that has to wait: nothing overtakes it."""
    ready = []
    for row in rows:
        if (row.due is not None and row.due > now) or (row.lease is not None and row.lease > now):
            break
        ready.append(row)
    return ready


def _waiting(row: Row[Any], conversation: int, lease: datetime) -> Waiting:
    message = OutboundMessage(row.id, conversation, from_json(row.reply))
    return Waiting(message, row.created, lease, row.parts, row.attempts)


async def note(session: Session, notes: Sequence[Note], now: datetime) -> None:
    """Keep what the platform has taken."""
    for statement, whole in ((_PART, False), (_SENT, True)):
        rows = [{"row": each.row, "count": each.parts, "now": now} for each in notes if each.whole is whole]
        if rows:
            await session.run_many(statement, rows)


async def renew(session: Session, waiting: Waiting, lease: datetime) -> bool:
    """Keep a reply longer; False when it is no longer ours."""
    return (
        await session.execute(update(_outbox).where(_held([waiting])).values(lease=lease).returning(_outbox.c.id))
    ).first() is not None


async def release(session: Session, replies: Sequence[Waiting], due: datetime | None, reason: str | None) -> None:
    """Put replies back, not to be tried before `due`; those that another process took over stay with it."""
    values = {"lease": None, "due": due, "reason": reason, "attempts": _outbox.c.attempts + int(reason is not None)}
    await session.execute(update(_outbox).where(_held(replies)).values(values))


async def give_up(session: Session, replies: Sequence[Waiting], state: OutboxState, reason: str) -> None:
    """These replies will not be sent; those that another process took over stay with it."""
    values = {"state": state.value, "lease": None, "reason": reason, "attempts": _outbox.c.attempts + 1}
    await session.execute(update(_outbox).where(_held(replies)).values(values))


def _held(replies: Sequence[Waiting]) -> ColumnElement[bool]:
    """The replies that are still in the hands that took them until these leases."""
    return _PENDING & or_(
        *((_outbox.c.id == reply.message.id) & (_outbox.c.lease == reply.lease) for reply in replies), false()
    )


async def move(session: Session, account: str, sender: str, address: str) -> None:
    """A sender has a new address on the platform; somebody who has written from there already stays who they are."""
    ours = _identity.c.account == account
    there = _identity.alias()
    known = select(there.c.id).where(there.c.account == account, there.c.sender == address).exists()
    await session.execute(update(_identity).where(ours, _identity.c.sender == sender, ~known).values(sender=address))


async def has_waiting(session: Session, conversation: int) -> bool:
    """Whether a conversation has replies that nobody holds."""
    free = select(_outbox.c.id).where(_outbox.c.conversation_id == conversation, _PENDING, _outbox.c.lease.is_(None))
    return (await session.execute(free.limit(1))).first() is not None


async def oldest_waiting(session: Session, accounts: Collection[str]) -> datetime | None:
    """When the oldest reply was written that is still to be sent; None when there is none."""
    oldest = select(func.min(_outbox.c.created)).select_from(_threads)
    found = await session.execute(oldest.where(_PENDING, _identity.c.account.in_(accounts)))
    moment: datetime | None = found.scalar_one()
    return moment


async def unfinished(session: Session, accounts: Collection[str], now: datetime, limit: int) -> list[int]:
    """Conversations with replies that are due and that nobody holds, those waiting longest first."""
    # Nothing overtakes the first reply: a conversation in which it has to wait must not hide those behind in the list.
    first = select(func.min(_outbox.c.id)).where(_PENDING).group_by(_outbox.c.conversation_id)
    due = or_(_outbox.c.due.is_(None), _outbox.c.due <= now)
    free = or_(_outbox.c.lease.is_(None), _outbox.c.lease <= now)
    found = await session.execute(
        select(_outbox.c.conversation_id)
        .select_from(_threads)
        .where(_outbox.c.id.in_(first), due, free, _identity.c.account.in_(accounts))
        .order_by(_outbox.c.id)
        .limit(limit)
    )
    return list(found.scalars())
