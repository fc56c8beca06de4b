"""Erasing a person.

Afterwards no table holds the platform's id of the sender, what they wrote, what they were told, what the bot kept in
mind, or what an office's list said of them. What stays names nobody: that a message came (so that a late redelivery is
no new message), that consent was given or withdrawn on a day, that a campaign went to somebody of a school,
a score in the quiz, and the cases; the summary of an open one stays until staff closes it. Of somebody who asked for it
the suppression list knows that they did, so that no list brings them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.store.models import (
    CaseEventRow,
    CaseRow,
    CaseState,
    ConsentEventRow,
    ConversationRow,
    IdentityRow,
    InboundRow,
    OutboxRow,
    PersonRow,
    RecipientRow,
    RecipientState,
    WebhookRow,
)
from bot.store.suppression import suppress

if TYPE_CHECKING:
    from datetime import date

    from bot.store.session import Session


async def erase_person(session: Session, person_id: int, *, asked: date | None) -> None:
    """Erase a person in this transaction. The emptied conversation stays, so that a farewell can be written into it.

    `asked` is the day on which they, staff for them or their platform asked for it; None when it is only that they have
    been kept long enough, after which a list may name them again.
    """
    if asked is not None:
        await suppress(session, person_id, asked)
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
    events = update(ConsentEventRow).where(ConsentEventRow.person_id == person_id)
    await session.execute(events.values(wording="", inbound_id=None))
    await _release_recipients(session, person_id)
    emptied = update(ConversationRow).where(ConversationRow.id.in_(threads)).values(memory={}, held_by=None)
    await session.execute(emptied)
    # Identities, reminders and what makes a contact go with the person; the rest loses its link.
    await session.execute(delete(PersonRow).where(PersonRow.id == person_id))


async def _release_cases(session: Session, threads: list[int]) -> None:
    theirs = CaseRow.conversation_id.in_(threads)
    settled = theirs & (CaseRow.state == CaseState.RESOLVED.value)
    steps = CaseEventRow.case_id.in_(select(CaseRow.id).where(settled))
    await session.execute(update(CaseEventRow).where(steps).values(text=""))
    told = WebhookRow.case_id.in_(select(CaseRow.id).where(theirs)) & (WebhookRow.state != "pending")
    await session.execute(delete(WebhookRow).where(told))
    await session.execute(update(CaseRow).where(settled).values(question="", summary=""))
    await session.execute(update(CaseRow).where(theirs).values(conversation_id=None))


async def _release_recipients(session: Session, person_id: int) -> None:
    """Their place in campaigns stays without what was written for them; what was not sent yet never will be."""
    theirs = update(RecipientRow).where(RecipientRow.person_id == person_id)
    await session.execute(theirs.values(params={}))
    waiting = RecipientRow.state.in_([RecipientState.PLANNED, RecipientState.WAITING])
    await session.execute(theirs.where(waiting).values(state=RecipientState.SKIPPED.value, reason="erased"))
