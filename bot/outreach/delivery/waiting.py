"""Whoever could not be written to gets the message when they write: then the platform's window is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update

from bot.store.models import ConversationRow, IdentityRow, RecipientRow, RecipientState, table_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session

_recipient = table_of(RecipientRow)
_identity, _conversation = table_of(IdentityRow), table_of(ConversationRow)


async def plan_again(session: Session, since: datetime, now: datetime) -> int:
    """Plan those who wait and wrote after `since`; gives their number. Who wrote is few, who waits may be many."""
    wrote = (
        select(_identity.c.person_id)
        .join(_conversation, _conversation.c.identity_id == _identity.c.id)
        .where(_conversation.c.updated >= since)
    )
    after_all = exists().where(
        _identity.c.person_id == _recipient.c.person_id,
        _identity.c.account == _recipient.c.account,
        _conversation.c.identity_id == _identity.c.id,
        _conversation.c.last_interaction > _recipient.c.updated,
    )
    waits = _recipient.c.person_id.in_(wrote) & (_recipient.c.state == RecipientState.WAITING.value) & after_all
    values = {"state": RecipientState.PLANNED.value, "reason": None, "due": None, "updated": now}
    result: Any = await session.execute(update(_recipient).where(waits).values(values))
    return int(result.rowcount)
