"""The action of a button that the platform could not carry: it stays in the outbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.models import ConversationRow, IdentityRow, OutboxRow

if TYPE_CHECKING:
    from bot.store.session import Session

KEPT = "@"
"""What an action begins with that only tells where the real one is kept."""

_PLACE = re.compile(rf"{KEPT}(?P<row>[1-9]\d{{0,17}})\.(?P<index>\d{{1,2}})", re.ASCII)


def kept_action(row: int, index: int) -> str:
    """What a platform gets in place of the action of button `index` under the outbox message `row`."""
    return f"{KEPT}{row}.{index}"


def resolve(action: str) -> tuple[int, int] | None:
    """The outbox row and the number of the button whose action stayed with us; None for an action that was sent."""
    match = _PLACE.fullmatch(action)
    return (int(match["row"]), int(match["index"])) if match else None


async def button_action(session: Session, row: int, index: int, sender: str) -> str | None:
    """The action of button `index` under the outbox message `row`; None when it is not there or not this sender's."""
    reply = (
        await session.execute(
            select(OutboxRow.reply)
            .join(ConversationRow, OutboxRow.conversation_id == ConversationRow.id)
            .join(IdentityRow, ConversationRow.identity_id == IdentityRow.id)
            .where(OutboxRow.id == row, IdentityRow.sender == sender)
        )
    ).scalar_one_or_none()
    buttons = reply.get("buttons", ()) if reply is not None else ()
    return str(buttons[index][1]) if 0 <= index < len(buttons) else None
