"""Deletes what has been kept long enough."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import CursorResult, and_, delete, exists, func, or_, select, update

from bot.store.erasing import erase_person
from bot.store.models import (
    CampaignRow,
    CampaignState,
    CaseRow,
    ConsentEventRow,
    ContactRow,
    ConversationRow,
    FeedbackRow,
    IdentityRow,
    InboundRow,
    OutboxRow,
    PersonRow,
    PlatformImageRow,
    QuestionRow,
    RecipientRow,
    SuppressionRow,
    WebhookRow,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Delete

    from bot.settings import RetentionSettings
    from bot.store.database import Database

BATCH = 200
"""People erased in one transaction, so that turns never wait long."""
RECIPIENTS = 5_000
"""Rows of a ledger let go in one transaction."""


async def apply_retention(database: Database, settings: RetentionSettings, now: datetime) -> int:
    """Delete everything that is older than the settings allow; gives the number of rows and people deleted."""
    deleted = 0
    idle = _is_idle(now - timedelta(days=settings.idle_people))
    unseen = _was_never_seen(now - timedelta(days=settings.unseen_contacts))
    while erased := await _erase_people(database, or_(idle, unseen)):
        deleted += erased
    while await _release_recipients(database, now - timedelta(days=settings.recipients)):
        pass
    async with database.transaction() as session:
        for statement in _outdated(settings, now):
            result = await session.execute(statement)
            deleted += result.rowcount if isinstance(result, CursorResult) else 0
    return deleted


async def _erase_people(database: Database, old: ColumnElement[bool]) -> int:
    async with database.transaction() as session:
        people = list(await session.scalars(select(PersonRow.id).where(old).order_by(PersonRow.id).limit(BATCH)))
        for person in people:
            await erase_person(session, person, asked=None)
    return len(people)


def _is_idle(before: datetime) -> ColumnElement[bool]:
    """Nobody's conversations moved since, and no list named them."""
    moved = exists().where(
        IdentityRow.person_id == PersonRow.id,
        ConversationRow.identity_id == IdentityRow.id,
        ConversationRow.updated >= before,
    )
    named = exists().where(
        ContactRow.person_id == PersonRow.id,
        or_(ContactRow.phone.is_not(None), ContactRow.external_id.is_not(None)),
        ContactRow.updated >= before,
    )
    return and_(PersonRow.created < before, ~moved, ~named)


def _was_never_seen(before: datetime) -> ColumnElement[bool]:
    """Known from a list alone, and no list named them since."""
    wrote = exists().where(
        IdentityRow.person_id == PersonRow.id,
        ConversationRow.identity_id == IdentityRow.id,
        ConversationRow.last_interaction.is_not(None),
    )
    return and_(exists().where(ContactRow.person_id == PersonRow.id, ContactRow.updated < before), ~wrote)


async def _release_recipients(database: Database, before: datetime) -> int:
    """Ledgers of campaigns that ended so long ago keep what became of each message, and no longer of whom."""
    ended = CampaignRow.state.in_([CampaignState.FINISHED, CampaignState.CANCELLED])
    old = func.coalesce(CampaignRow.finished, CampaignRow.updated) < before
    of_old = RecipientRow.campaign_id.in_(select(CampaignRow.id).where(ended, old))
    some = select(RecipientRow.id).where(RecipientRow.person_id.is_not(None), of_old).limit(RECIPIENTS)
    async with database.transaction() as session:
        released = update(RecipientRow).where(RecipientRow.id.in_(some)).values(person_id=None, params={})
        result = await session.execute(released, execution_options={"synchronize_session": False})
    return result.rowcount if isinstance(result, CursorResult) else 0


def _outdated(settings: RetentionSettings, now: datetime) -> list[Delete]:
    messages = now - timedelta(days=settings.messages)
    questions = (now - timedelta(days=settings.question_log)).date()
    consents = now - timedelta(days=settings.consent_events)
    suppressions = (now - timedelta(days=settings.suppressions)).date()
    orphaned = ConversationRow.identity_id.is_(None) & (ConversationRow.updated < messages)
    return [
        delete(OutboxRow).where(OutboxRow.created < messages),
        delete(WebhookRow).where(WebhookRow.created < messages),
        delete(CaseRow).where(CaseRow.resolved < now - timedelta(days=settings.idle_people)),
        delete(InboundRow).where(InboundRow.received < messages),
        delete(QuestionRow).where(QuestionRow.day < questions),
        delete(FeedbackRow).where(FeedbackRow.day < questions),
        delete(ConversationRow).where(orphaned),
        delete(ConsentEventRow).where(ConsentEventRow.person_id.is_(None), ConsentEventRow.happened < consents),
        delete(SuppressionRow).where(SuppressionRow.day < suppressions),
        delete(PlatformImageRow).where(PlatformImageRow.expires < now),
    ]
