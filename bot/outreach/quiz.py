"""Rounds of the quiz: drawn from the knowledge base, open for some days, with a score for everybody's first try."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.clock import VIETNAM
from bot.outreach.errors import OutreachError
from bot.store.inserting import insert_new
from bot.store.models import ContactRow, QuizRow, QuizScoreRow
from handlers.turn import Round
from knowledge.errors import FactError
from knowledge.quiz import rank
from knowledge.rendering import fill

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.store.session import Session
    from handlers.effects import RecordQuizScore
    from knowledge.base import KnowledgeBase
    from knowledge.quiz import QuizQuestion

FEWEST, MOST = 3, 20
"""Questions of a round."""
REREAD = timedelta(minutes=1)
"""How old what a process knows of the rounds may be."""
_CODE = re.compile(r"[a-z0-9-]{1,24}")


@dataclass(frozen=True)
class Score:
    """What somebody reached in a round, and when they had answered all; `person` is our number of them."""

    person: int
    province: str | None
    score: int
    out_of: int
    finished: datetime


def draw(questions: Sequence[str], code: str, count: int, used: Mapping[str, int]) -> tuple[str, ...]:
    """The questions of a round: those asked least before, mixed by its code, so that anybody can draw them again."""
    return tuple(sorted(questions, key=lambda name: (used.get(name, 0), rank(code, name)))[:count])


async def open_round(
    session: Session, base: KnowledgeBase, *, code: str, title: str, count: int, first: date, last: date
) -> QuizRow:
    """Draw and keep a round that counts from the first day to the last; raises OutreachError when it cannot be."""
    opens, closes = times(first, last)
    earlier = await all_rounds(session)
    _refuse_unusable(code, title, ordered=opens < closes)
    check_count(count, len(base.quiz.questions))
    for row in earlier:
        if row.code == code:
            raise OutreachError(f"Đã có vòng đố vui mang mã {code}.")
        if row.opens < closes and opens < row.closes:
            raise OutreachError(f"Vòng {row.code} mở trong cùng thời gian; mỗi lúc chỉ một vòng.")
    used = Counter(name for row in earlier for name in row.questions)
    usable = [name for name, question in base.quiz.questions.items() if _holds(question, base, first, last)]
    names = draw(usable, code, count, used)
    if len(names) < count:
        raise OutreachError(f"Chỉ có {len(names)} câu hỏi dùng được trong những ngày này.")
    values = {"title": title, "questions": list(names), "opens": opens, "closes": closes}
    if await insert_new(session, QuizRow, code=code, **values) is None:
        raise OutreachError(f"Đã có vòng đố vui mang mã {code}.")  # made meanwhile
    return await the_round(session, code)


def times(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments between which a round is open that counts from the first day to the end of the last."""
    opens, ends = (datetime(day.year, day.month, day.day, tzinfo=VIETNAM) for day in (first, last))
    return opens, ends + timedelta(days=1)


async def all_rounds(session: Session) -> list[QuizRow]:
    """All rounds, the latest first."""
    return list(await session.scalars(select(QuizRow).order_by(QuizRow.opens.desc())))


async def the_round(session: Session, code: str) -> QuizRow:
    """The round with this code; raises OutreachError when there is none."""
    row = await session.scalar(select(QuizRow).where(QuizRow.code == code))
    if row is None:
        raise OutreachError(f"Không có vòng đố vui nào mang mã {code}.")
    return row


async def close_round(session: Session, code: str, now: datetime) -> QuizRow:
    """End a round before its time; one that is over stays as it was. Other processes notice within a minute."""
    row = await the_round(session, code)
    row.closes = min(row.closes, max(now, row.opens))
    return row


async def best(session: Session, code: str, limit: int) -> list[Score]:
    """The highest scores of a round, of equals the earlier first; people who were erased are left out."""
    row = await the_round(session, code)
    columns = (QuizScoreRow.person_id, ContactRow.province, QuizScoreRow.score, QuizScoreRow.out_of)
    found = await session.execute(
        select(*columns, QuizScoreRow.finished)
        .outerjoin(ContactRow, ContactRow.person_id == QuizScoreRow.person_id)
        .where(QuizScoreRow.quiz_id == row.id, QuizScoreRow.person_id.is_not(None))
        .order_by(QuizScoreRow.score.desc(), QuizScoreRow.finished, QuizScoreRow.id)
        .limit(limit)
    )
    return [
        Score(person, province, score, out_of, finished)
        for person, province, score, out_of, finished in found
        if person is not None
    ]


async def reached(session: Session, code: str, person: int) -> Score:
    """What somebody reached in a round; raises OutreachError when they did not answer all of it while it was open."""
    row = await the_round(session, code)
    theirs = select(QuizScoreRow.score, QuizScoreRow.out_of, QuizScoreRow.finished, ContactRow.province)
    theirs = theirs.outerjoin(ContactRow, ContactRow.person_id == QuizScoreRow.person_id)
    found = (
        await session.execute(theirs.where(QuizScoreRow.quiz_id == row.id, QuizScoreRow.person_id == person))
    ).first()
    if found is None:
        raise OutreachError(f"Liên hệ {person} chưa có điểm trong vòng {code}; xem `bhyt-bot quiz winners {code}`.")
    return Score(person, found.province, found.score, found.out_of, found.finished)


async def record_score(session: Session, person: int, reached: RecordQuizScore, now: datetime) -> None:
    """Keep somebody's score; nothing when they have one already, or the round is over."""
    quiz = await session.scalar(
        select(QuizRow.id).where(QuizRow.code == reached.round, QuizRow.opens <= now, QuizRow.closes > now)
    )
    if quiz is not None:
        values = {"quiz_id": quiz, "person_id": person, "score": reached.score, "out_of": reached.out_of}
        await insert_new(session, QuizScoreRow, **values, finished=now)


class OpenRounds:
    """The open round, without a query in every turn."""

    def __init__(self) -> None:
        self._read: datetime | None = None
        self._rounds: list[tuple[datetime, datetime, Round]] = []

    async def at(self, session: Session, now: datetime) -> Round | None:
        """The round that is open now, as it stood in the database a minute ago or later."""
        if self._read is None or not self._read <= now < self._read + REREAD:
            rows = await session.scalars(select(QuizRow).where(QuizRow.closes > now))
            self._rounds = [(row.opens, row.closes, as_round(row)) for row in rows]
            self._read = now
        return next((found for opens, closes, found in self._rounds if opens <= now < closes), None)


def as_round(row: QuizRow) -> Round:
    """A round as the conversation takes it."""
    last = (row.closes - timedelta(microseconds=1)).astimezone(VIETNAM).date()
    return Round(row.code, row.title, tuple(row.questions), last)


def check_count(count: int, known: int) -> None:
    """Raises OutreachError when a round cannot have so many of the known questions."""
    if not FEWEST <= count <= min(MOST, known):
        raise OutreachError(f"Một vòng có từ {FEWEST} đến {min(MOST, known)} câu hỏi.")


def _refuse_unusable(code: str, title: str, *, ordered: bool) -> None:
    if not _CODE.fullmatch(code):
        raise OutreachError("Mã vòng gồm 1 đến 24 chữ thường không dấu, số và gạch nối, ví dụ 2026-w47.")
    if not title.strip() or not ordered:
        raise OutreachError("Vòng đố vui cần có tên, và ngày đóng không trước ngày mở.")


def _holds(question: QuizQuestion, base: KnowledgeBase, first: date, last: date) -> bool:
    """Whether all figures of a question are known, and differ between its choices, from the first day to the last."""
    for day in (first, last):
        try:
            said = [fill(choice, base.facts, day) for choice in question.choices]
            fill(f"{question.ask} {question.why}", base.facts, day)
        except FactError:
            return False
        if len(set(said)) < len(said):
            return False
    return True
