"""The question log and the ratings, as curation reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, func, or_, select

from bot.store.models import FeedbackRow, QuestionRow

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import ColumnElement

    from bot.store.session import Session

UNSURE = 0.5
"""Below this a refusal or a hand-off without a written answer meant that the bot did not understand."""
GUESSED = 0.3
"""Below this even a written answer was one of several that may have been meant."""
FAILED = "error"


class Asked(NamedTuple):
    """The same words, how often and when last they were asked."""

    text: str
    language: str
    times: int
    newest: date


class Rated(NamedTuple):
    """How often an answer was said to help, and not to."""

    entry: str
    helped: int
    failed: int


async def unanswered(session: Session, since: date, limit: int) -> list[Asked]:
    """What the bot had no answer to, the newest first."""
    unsure = and_(QuestionRow.entry.is_(None), QuestionRow.confidence < UNSURE)
    lost = QuestionRow.decision.in_(["clarify", "handoff", "refuse"]) & or_(unsure, QuestionRow.confidence < GUESSED)
    return await _asked(session, or_(lost, QuestionRow.decision == FAILED), since, limit)


async def answered_with(session: Session, entry: str, since: date, limit: int) -> list[Asked]:
    """What one answer was given to, the newest first."""
    return await _asked(session, QuestionRow.entry == entry, since, limit)


async def badly_rated(session: Session, since: date, least: int, entries: Collection[str]) -> list[Rated]:
    """Answers said at least so often not to help, the worst first."""
    helped = func.sum(case((FeedbackRow.helpful.is_(True), 1), else_=0))
    failed = func.sum(case((FeedbackRow.helpful.is_(False), 1), else_=0))
    rows = (
        select(FeedbackRow.entry, helped, failed)
        .where(FeedbackRow.day >= since, FeedbackRow.entry.in_(entries))
        .group_by(FeedbackRow.entry)
        .having(failed >= least)
        .order_by(failed.desc(), FeedbackRow.entry)
    )
    return [Rated(entry, int(good), int(bad)) for entry, good, bad in await session.execute(rows)]


async def _asked(session: Session, which: ColumnElement[bool], since: date, limit: int) -> list[Asked]:
    rows = (
        select(QuestionRow.text, QuestionRow.language, func.count(), func.max(QuestionRow.day))
        .where(QuestionRow.day >= since, which)
        .group_by(QuestionRow.text, QuestionRow.language)
        .order_by(func.max(QuestionRow.id).desc())
        .limit(limit)
    )
    return [Asked(*row) for row in await session.execute(rows)]
