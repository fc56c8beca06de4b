"""What came in, once per platform message."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.inserting import insert_new
from bot.store.models import InboundRow, OutboxRow
from bot.store.texts import masked

if TYPE_CHECKING:
    from bot.channels.inbound import Inbound
    from bot.store.session import Session
    from bot.store.threads import Thread

RECENT = 3
"""Replies looked through for the label of a pressed button."""


def message_key(inbound: Inbound) -> str:
    """A digest that names the message for good without holding what the platform put into its id."""
    name = f"{inbound.account}\x00{inbound.message_id}".encode("utf-8", "surrogatepass")
    return blake2b(name, digest_size=16).hexdigest()


async def keep_inbound(session: Session, inbound: Inbound, thread: Thread) -> int | None:
    """Keep a message, masked; gives its id, or None when the platform had delivered it before."""
    kind = "action" if inbound.action is not None else inbound.media or "text"
    row_id: int | None = await insert_new(
        session,
        InboundRow,
        account=inbound.account,
        message_key=message_key(inbound),
        conversation_id=thread.conversation,
        text=await _label(session, inbound.action, thread) if inbound.action is not None else masked(inbound.text),
        kind=kind[:32],
        received=inbound.received,
    )
    return row_id


async def _label(session: Session, action: str, thread: Thread) -> str:
    """What the pressed button said; empty when it was not one of ours."""
    for option in thread.memory.options:
        if option.action == action:
            return masked(option.label)
    recent = select(OutboxRow.reply).where(OutboxRow.conversation_id == thread.conversation)
    for reply in (await session.execute(recent.order_by(OutboxRow.id.desc()).limit(RECENT))).scalars():
        for label, sends in reply.get("buttons", ()):
            if sends == action:
                return str(label)
    return ""
