"""Deletes what has been kept long enough."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import CursorResult, delete, exists, select

from bot.store.erasing import erase_person
from bot.store.models import (
    ConversationRow,
    FeedbackRow,
    IdentityRow,
    InboundRow,
    OutboxRow,
    PersonRow,
    PlatformImageRow,
    QuestionRow,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Delete

    from bot.settings import RetentionSettings
    from bot.store.database import Database
    from bot.store.session import Session

BATCH = 200
"""People erased in one transaction, so that turns never wait long."""


async def apply_retention(database: Database, settings: RetentionSettings, now: datetime) -> int:
    """Delete everything that is older than the settings allow; gives the number of rows and people deleted."""
    deleted = 0
    while erased := await _erase_idle(database, now - timedelta(days=settings.idle_people)):
        deleted += erased
    async with database.transaction() as session:
        for statement in _outdated(settings, now):
            result = await session.execute(statement)
            deleted += result.rowcount if isinstance(result, CursorResult) else 0
    return deleted


async def _erase_idle(database: Database, before: datetime) -> int:
    async with database.transaction() as session:
        idle = await _idle_people(session, before)
        for person in idle:
            await erase_person(session, person)
    return len(idle)


async def _idle_people(session: Session, before: datetime) -> Sequence[int]:
    """People none of whose conversations moved since."""
    recent = exists().where(
        IdentityRow.person_id == PersonRow.id,
        ConversationRow.identity_id == IdentityRow.id,
        ConversationRow.updated >= before,
    )
    old = PersonRow.created < before
    people = select(PersonRow.id).where(old, ~recent).order_by(PersonRow.id).limit(BATCH)
    return list((await session.execute(people)).scalars())


def _outdated(settings: RetentionSettings, now: datetime) -> list[Delete]:
    messages = now - timedelta(days=settings.messages)
    questions = (now - timedelta(days=settings.question_log)).date()
    orphaned = ConversationRow.identity_id.is_(None) & (ConversationRow.updated < messages)
    return [
        delete(OutboxRow).where(OutboxRow.created < messages),
        delete(InboundRow).where(InboundRow.received < messages),
        delete(QuestionRow).where(QuestionRow.day < questions),
        delete(FeedbackRow).where(FeedbackRow.day < questions),
        delete(ConversationRow).where(orphaned),
        delete(PlatformImageRow).where(PlatformImageRow.expires < now),
    ]
