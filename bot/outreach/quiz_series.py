"""The quiz of the week by itself: rounds that follow each other, each drawn when its first day has come.

One series runs at a time. Its rounds are called by the week of their first day (`2026-w48`) and are rounds like any
other. A week in which somebody else's round is open is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import or_, select

from bot.actions import Action
from bot.clock import VIETNAM
from bot.outreach.errors import OutreachError
from bot.outreach.quiz import all_rounds, check_count, open_round, times
from bot.store.models import QuizSeriesRow

if TYPE_CHECKING:
    from bot.store.session import Session
    from knowledge.base import KnowledgeBase

WEEK = timedelta(days=7)
NUMBER = "{tuan}"
"""In a title: the number of the week."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Series:
    """Rounds of `count` questions, the first on the day `first`, then on the same day of each week.

    Each counts for so many `days`. None begins after `last`. `title` may hold the place of the week's number.
    """

    title: str
    count: int
    first: date
    days: int = WEEK.days
    last: date | None = None


async def begin_series(session: Session, base: KnowledgeBase, series: Series, now: datetime) -> QuizSeriesRow:
    """Let rounds follow each other from now on, the present one at once.

    Raises OutreachError when they cannot, or others do already.
    """
    check_count(series.count, len(base.quiz.questions))
    if not series.title.replace(NUMBER, "").strip():
        raise OutreachError(f"Hãy đặt tên cho các vòng, ví dụ “Đố vui tuần {NUMBER}”; {NUMBER} là số của tuần.")
    if not 1 <= series.days <= WEEK.days:
        raise OutreachError(f"Mỗi vòng mở từ 1 đến {WEEK.days} ngày.")
    if series.last is not None and series.last < max(series.first, _day(now)):
        raise OutreachError("Ngày cuối đã qua, hoặc trước ngày đầu.")
    if await running_series(session, now) is not None:
        raise OutreachError("Đố vui hằng tuần đang chạy; dừng trước bằng `bhyt-bot quiz stop`.")
    row = QuizSeriesRow(
        title=series.title, questions=series.count, first=series.first, days=series.days, last=series.last
    )
    session.add(row)
    await session.flush()
    await due_round(session, base, now)
    return row


async def running_series(session: Session, now: datetime) -> QuizSeriesRow | None:
    """The series that was not stopped and has a round today or later."""
    found = select(QuizSeriesRow).where(
        QuizSeriesRow.stopped.is_(None), or_(QuizSeriesRow.last.is_(None), QuizSeriesRow.last >= _day(now))
    )
    row: QuizSeriesRow | None = await session.scalar(found.order_by(QuizSeriesRow.id.desc()).limit(1))
    return row


async def stop_series(session: Session, now: datetime) -> QuizSeriesRow:
    """No further round follows; one that is open goes on to its end. Raises OutreachError when nothing runs."""
    row = await running_series(session, now)
    if row is None:
        raise OutreachError("Không có đố vui hằng tuần nào đang chạy.")
    row.stopped = now
    return row


async def due_round(session: Session, base: KnowledgeBase, now: datetime) -> str | None:
    """Make the round of this week if it is time; gives its code. To be called as often as one likes."""
    row = await running_series(session, now)
    if row is None or _day(now) < row.first:
        return None
    first = row.first + (_day(now) - row.first) // WEEK * WEEK
    last = first + timedelta(days=row.days - 1)
    opens, closes = times(first, last)
    if closes <= now or any(known.opens < closes and opens < known.closes for known in await all_rounds(session)):
        return None
    year, week, _ = first.isocalendar()
    code, title = f"{year}-w{week:02}", row.title.replace(NUMBER, str(week))
    try:
        await open_round(session, base, code=code, title=title, count=row.questions, first=first, last=last)
    except OutreachError:
        # Another process was quicker, somebody has used its code, or figures of too many questions are not known yet.
        log.warning(Action.QUIZ_ROUND_FAILED)
        return None
    return code


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
