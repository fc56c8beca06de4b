"""Rounds of the quiz in the database: drawn the same everywhere, one open at a time, only the first try counts."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.channels.inbound import Channel, Inbound
from bot.clock import VIETNAM
from bot.outreach.errors import OutreachError
from bot.outreach.quiz import REREAD, OpenRounds, all_rounds, best, close_round, draw, open_round
from bot.store.models import QuizRow, QuizScoreRow
from bot.turns import TurnPipeline
from tests.bot.scripted import hotline
from tests.handlers.talking import conversation_over_real_base

if TYPE_CHECKING:
    from bot.store.database import Database
    from bot.store.session import Session
    from knowledge.base import KnowledgeBase
    from tests.bot.conftest import FakeClock

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 7)
NAMES = st.lists(st.text("abc-", min_size=1), unique=True, min_size=3)


async def make(database: Database, base: KnowledgeBase, code: str = "tuan-1", **changes: Any) -> QuizRow:
    values = {"title": "Đố vui tuần 1", "count": 3, "first": FIRST, "last": LAST, **changes}
    async with database.transaction() as session:
        return await open_round(session, base, code=code, **values)


@given(NAMES, st.text(min_size=1), st.integers(1, 20))
def test_anybody_can_draw_the_same_questions_again(names: list[str], code: str, count: int) -> None:
    drawn = draw(names, code, count, {})
    assert drawn == draw(list(reversed(names)), code, count, {})
    assert len(set(drawn)) == len(drawn) == min(count, len(names))


@given(NAMES, st.data())
def test_questions_that_were_asked_least_come_first(names: list[str], data: st.DataObject) -> None:
    used = {name: data.draw(st.integers(0, 3)) for name in names}
    drawn = draw(names, "x", len(names) // 2, used)
    left = [used[name] for name in names if name not in drawn]
    assert max((used[name] for name in drawn), default=0) <= min(left)


async def test_rounds_do_not_repeat_questions_before_all_were_asked(database: Database, base: KnowledgeBase) -> None:
    questions = base.quiz.questions
    for week in range(len(questions) // 7):
        monday = FIRST + timedelta(weeks=week)
        await make(database, base, f"tuan-{week}", count=7, first=monday, last=monday + timedelta(days=6))
    async with database.reading() as session:
        asked = Counter(name for row in await all_rounds(session) for name in row.questions)
    assert set(asked) <= set(questions)
    assert max(asked.values()) == 1


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"code": "Tuần 1"}, "Mã vòng"),
        ({"title": " "}, "có tên"),
        ({"last": FIRST - timedelta(days=1)}, "ngày đóng"),
        ({"count": 2}, "từ 3"),
        ({"count": 21}, "đến 20"),
        ({"code": "tuan-0"}, "mang mã tuan-0"),
        ({"last": LAST}, "tuan-0"),
    ],
)
async def test_a_round_that_cannot_be_is_refused(
    database: Database, base: KnowledgeBase, changes: dict[str, Any], what: str
) -> None:
    await make(database, base, "tuan-0", first=FIRST + timedelta(days=6), last=FIRST + timedelta(days=9))
    with pytest.raises(OutreachError, match=what):
        await make(database, base, **{"last": FIRST + timedelta(days=5), **changes})


async def test_a_round_is_open_from_its_first_day_to_the_end_of_its_last(
    database: Database, base: KnowledgeBase
) -> None:
    await make(database, base)
    opens = datetime(2026, 9, 1, tzinfo=VIETNAM)
    moments = [opens - timedelta(seconds=1), opens, opens + timedelta(days=7, seconds=-1), opens + timedelta(days=7)]
    async with database.reading() as session:
        found = [await OpenRounds().at(session, moment) for moment in moments]
    assert [each is not None for each in found] == [False, True, True, False]
    assert found[1] is not None
    assert (found[1].code, found[1].closes) == ("tuan-1", LAST)


class Counting:
    """A session that counts what it is asked."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.asked = 0

    async def scalars(self, statement: Any) -> Any:
        self.asked += 1
        return await self._session.scalars(statement)


async def test_the_open_round_is_read_once_a_minute(database: Database, base: KnowledgeBase, clock: FakeClock) -> None:
    await make(database, base)
    rounds = OpenRounds()
    async with database.transaction() as opened:
        session: Any = Counting(opened)
        for _ in range(5):
            assert await rounds.at(session, clock()) is not None
            clock.advance(seconds=REREAD.total_seconds() / 6)
        assert session.asked == 1
        clock.advance(seconds=REREAD.total_seconds())
        await rounds.at(session, clock())
        assert session.asked == 2


class Player:
    """Plays the quiz over the whole pipeline, by buttons."""

    def __init__(self, database: Database, clock: FakeClock, sender: str = "nguoi-1") -> None:
        core = conversation_over_real_base()
        self._pipeline = TurnPipeline(database, core, clock=clock, hotline=hotline, open_round=OpenRounds().at)
        self._clock, self._sender, self._number = clock, sender, 0

    async def press(self, action: str) -> str:
        self._number += 1
        message = Inbound(
            "web", Channel.WEB, self._sender, f"{self._sender}-{self._number}", self._clock(), "", action=action
        )
        result = await self._pipeline.handle(message)
        return "\n".join(sent.reply.text for sent in result.messages)

    async def play(self, code: str, answers: str) -> str:
        said = await self.press("quiz")
        for number, letter in enumerate(answers, 1):
            said = await self.press(f"g:quiz:{code}.{number}:{letter}")
        return said


async def scores(database: Database) -> list[tuple[int, int]]:
    async with database.reading() as session:
        return [(row.score, row.out_of) for row in await session.scalars(select(QuizScoreRow).order_by("id"))]


def right_answers(base: KnowledgeBase, row: QuizRow) -> str:
    return "".join("abcd"[base.quiz.questions[name].order(row.code).index(0)] for name in row.questions)


async def test_only_the_first_try_counts(database: Database, base: KnowledgeBase, clock: FakeClock) -> None:
    row = await make(database, base)
    right = right_answers(base, row)
    wrong = "".join("b" if letter == "a" else "a" for letter in right)
    player = Player(database, clock)
    assert "1/3" in await player.play("tuan-1", right[0] + wrong[1:])
    assert "3/3" in await player.play("tuan-1", right)
    assert await scores(database) == [(1, 3)]


async def test_the_best_are_listed_with_the_quicker_first(
    database: Database, base: KnowledgeBase, clock: FakeClock
) -> None:
    row = await make(database, base)
    right = right_answers(base, row)
    for sender, answers in (("cham", right), ("sai", "a" * 3), ("nhanh", right)):
        clock.advance(minutes=-30 if sender == "nhanh" else 1)
        await Player(database, clock, sender).play("tuan-1", answers)
    async with database.reading() as session:
        found = await best(session, "tuan-1", 2)
        people = await session.scalar(select(func.count()).select_from(QuizScoreRow))
    assert people == 3
    assert [each.score for each in found] == [3, 3]
    assert found[0].finished < found[1].finished


async def test_a_closed_round_takes_no_scores(database: Database, base: KnowledgeBase, clock: FakeClock) -> None:
    row = await make(database, base)
    player = Player(database, clock)
    right = right_answers(base, row)
    await player.play("tuan-1", right[:2])
    async with database.transaction() as session:
        await close_round(session, "tuan-1", clock())
    await player.press(f"g:quiz:tuan-1.3:{right[2]}")
    assert await scores(database) == []
    clock.advance(seconds=REREAD.total_seconds())
    assert "chưa có vòng đố vui" in await player.press("quiz")


async def test_closing_what_is_over_changes_nothing(database: Database, base: KnowledgeBase) -> None:
    row = await make(database, base)
    async with database.transaction() as session:
        closed = await close_round(session, "tuan-1", row.closes + timedelta(days=30))
    assert closed.closes == row.closes
    async with database.transaction() as session:
        with pytest.raises(OutreachError, match="khong-co"):
            await close_round(session, "khong-co", row.closes)
