"""What people asked in a period. The question log knows neither who asked nor where."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.outreach.reports.wordings import Wording, alike
from bot.store.models import QuestionRow, table_of
from handlers.turn import Decision

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

    from bot.outreach.reports.period import Period
    from bot.store.session import Session

UNANSWERED = (Decision.CLARIFY, Decision.HANDOFF, Decision.REFUSE)
ASKED = (Decision.ANSWER, *UNANSWERED)
WORDINGS = 20

_question = table_of(QuestionRow)


async def by_entry(
    session: Session, period: Period, entries: Collection[str] | None = None
) -> dict[tuple[str | None, Decision], int]:
    """Questions by (entry, decision), the entry None when no answer was near; with `entries` only those of them."""
    parts = _question.c["entry", "decision"]
    rows = await session.execute(select(*parts, func.count()).where(*_asked(period, entries)).group_by(*parts))
    return {(row[0], Decision(row[1])): row[2] for row in rows}


async def by_day(
    session: Session, period: Period, entries: Collection[str] | None = None
) -> Counter[tuple[date, Decision]]:
    """Questions of each day by decision."""
    parts = _question.c["day", "decision"]
    rows = await session.execute(select(*parts, func.count()).where(*_asked(period, entries)).group_by(*parts))
    return Counter({(row[0], Decision(row[1])): row[2] for row in rows})


async def wordings(
    session: Session, period: Period, least: int, entries: Collection[str] | None = None
) -> tuple[tuple[Wording, ...], int]:
    """Ways of asking without an answer that at least `least` questions share, and how many others there are."""
    parts = _question.c["text", "decision"]
    query = select(*parts, func.count()).where(*_asked(period, entries, UNANSWERED)).group_by(*parts)
    rows = [(row[0], row[1], row[2]) for row in await session.execute(query)]
    shown = [wording for wording in alike(rows) if wording.count >= least][:WORDINGS]
    return tuple(shown), sum(row[2] for row in rows) - sum(wording.count for wording in shown)


def _asked(
    period: Period, entries: Collection[str] | None, decisions: Sequence[Decision] = ASKED
) -> tuple[ColumnElement[bool], ...]:
    meant = () if entries is None else (_question.c.entry.in_(entries),)
    # Once, steps of dialogues and commands were kept too; they are sure of themselves without naming an answer.
    move = _question.c.entry.is_(None) & (_question.c.confidence >= 1)
    return (
        ~move,
        _question.c.day.between(period.first, period.last),
        _question.c.decision.in_([decision.value for decision in decisions]),
        *meant,
    )
