"""Erasing a person.

Afterwards no table holds the platform's id of the sender, what they wrote, what they were told, or what the bot
remembered. What stays names nobody: that a message came (so that a late redelivery is no new message), that consent was
given or withdrawn on a day, and the cases; the summary of an open one stays until staff closes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.store.models import (
    CaseRow,
    CaseState,
    ConsentEventRow,
    ConversationRow,
    IdentityRow,
    InboundRow,
    OutboxRow,
    PersonRow,
)

if TYPE_CHECKING:
    from bot.store.session import Session


async def erase_person(session: Session, person_id: int) -> None:
    """Erase a person in this transaction. The emptied conversation stays, so that a farewell can be written into it."""
    found = await session.execute(
        select(ConversationRow.id)
        .join(IdentityRow, ConversationRow.identity_id == IdentityRow.id)
        .where(IdentityRow.person_id == person_id)
    )
    threads = list(found.scalars())
    await session.execute(delete(OutboxRow).where(OutboxRow.conversation_id.in_(threads)))
    await session.execute(
        update(InboundRow).where(InboundRow.conversation_id.in_(threads)).values(text="", conversation_id=None)
    )
    await _release_cases(session, threads)
    await session.execute(update(ConsentEventRow).where(ConsentEventRow.person_id == person_id).values(wording=""))
    await session.execute(update(ConversationRow).where(ConversationRow.id.in_(threads)).values(memory={}))
    # Identities and reminders go with the person; conversations and consent events lose their link.
    await session.execute(delete(PersonRow).where(PersonRow.id == person_id))


async def _release_cases(session: Session, threads: list[int]) -> None:
    theirs = CaseRow.conversation_id.in_(threads)
    await session.execute(update(CaseRow).where(theirs, CaseRow.state == CaseState.CLOSED.value).values(summary=""))
    await session.execute(update(CaseRow).where(theirs).values(conversation_id=None))
