"""The quiz of the week by itself: a round each week, on its days, until it ends or is stopped."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.clock import VIETNAM
from bot.outreach.errors import OutreachError
from bot.outreach.quiz import OpenRounds, all_rounds, close_round, draw, open_round
from bot.outreach.quiz_series import Series, begin_series, due_round, stop_series

if TYPE_CHECKING:
    from bot.store.database import Database
    from bot.store.models import QuizRow
    from knowledge.base import KnowledgeBase

MONDAY = date(2026, 11, 30)
START = datetime(2026, 11, 30, tzinfo=VIETNAM)
BEFORE = START - timedelta(days=3)
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


async def begin(database: Database, base: KnowledgeBase, now: datetime = BEFORE, **changes: Any) -> None:
    values = {"title": "Đố vui tuần {tuan}", "count": 3, "first": MONDAY, **changes}
    async with database.transaction() as session:
        await begin_series(session, base, Series(**values), now)


async def tick(database: Database, base: KnowledgeBase, now: datetime) -> str | None:
    async with database.transaction() as session:
        return await due_round(session, base, now)


async def rounds(database: Database) -> list[QuizRow]:
    """The earliest first."""
    async with database.reading() as session:
        return (await all_rounds(session))[::-1]


async def test_rounds_follow_each_other_week_after_week(database: Database, base: KnowledgeBase) -> None:
    await begin(database, base)
    moments = [BEFORE + number * HOUR for number in range(24 * 7 * 6)]
    made = [code for moment in moments if (code := await tick(database, base, moment))]
    assert made == ["2026-w49", "2026-w50", "2026-w51", "2026-w52", "2026-w53", "2027-w01"]
    found = await rounds(database)
    assert [row.title for row in found] == [f"Đố vui tuần {number}" for number in (49, 50, 51, 52, 53, 1)]
    assert [(row.opens, row.closes) for row in found] == [(START + n * WEEK, START + (n + 1) * WEEK) for n in range(6)]
    asked = [name for row in found for name in row.questions]
    assert len(set(asked)) == len(asked) == 6 * 3
    assert tuple(found[0].questions) == draw(list(base.quiz.questions), "2026-w49", 3, {})


async def test_a_round_is_open_on_its_days_only(database: Database, base: KnowledgeBase) -> None:
    await begin(database, base, days=5)
    assert await tick(database, base, START - timedelta(seconds=1)) is None
    assert await tick(database, base, START) == "2026-w49"
    async with database.reading() as session:
        for moment, is_open in (
            (START, True),
            (START + timedelta(days=5, seconds=-1), True),
            (START + 5 * HOUR * 24, False),
        ):
            assert (await OpenRounds().at(session, moment) is not None) is is_open
    # Nothing begins anew on the days between two rounds.
    assert await tick(database, base, START + timedelta(days=6)) is None


async def test_after_a_week_without_the_program_the_present_round_is_made(
    database: Database, base: KnowledgeBase
) -> None:
    await begin(database, base)
    assert await tick(database, base, START + WEEK + timedelta(days=2, hours=9)) == "2026-w50"
    (row,) = await rounds(database)
    assert (row.opens, row.closes) == (START + WEEK, START + 2 * WEEK)


async def test_the_first_round_is_made_at_once_when_its_day_has_come(database: Database, base: KnowledgeBase) -> None:
    await begin(database, base, START + timedelta(days=2))
    (row,) = await rounds(database)
    assert (row.code, row.opens) == ("2026-w49", START)


async def test_it_ends_on_its_last_day(database: Database, base: KnowledgeBase) -> None:
    await begin(database, base, last=MONDAY + timedelta(days=7))
    made = [await tick(database, base, START + timedelta(days=day)) for day in range(28)]
    assert [code for code in made if code] == ["2026-w49", "2026-w50"]
    # It is over: another may begin.
    await begin(database, base, START + 3 * WEEK, first=MONDAY + timedelta(weeks=4))


async def test_when_it_is_stopped_the_open_round_goes_on_and_none_follows(
    database: Database, base: KnowledgeBase
) -> None:
    await begin(database, base)
    await tick(database, base, START)
    async with database.transaction() as session:
        await stop_series(session, START + HOUR)
        with pytest.raises(OutreachError, match="Không có đố vui hằng tuần"):
            await stop_series(session, START + HOUR)
    assert await tick(database, base, START + WEEK) is None
    async with database.reading() as session:
        assert await OpenRounds().at(session, START + WEEK - HOUR) is not None


async def test_a_round_made_by_hand_takes_the_week(database: Database, base: KnowledgeBase) -> None:
    await begin(database, base)
    async with database.transaction() as session:
        wednesday = MONDAY + timedelta(days=2)
        await open_round(
            session, base, code="tet", title="Đố vui Tết", count=3, first=wednesday, last=wednesday + timedelta(days=1)
        )
    assert await tick(database, base, START) is None
    assert await tick(database, base, START + WEEK) == "2026-w50"


async def test_a_round_that_was_closed_is_not_opened_again(database: Database, base: KnowledgeBase) -> None:
    await begin(database, base)
    await tick(database, base, START)
    async with database.transaction() as session:
        await close_round(session, "2026-w49", START + HOUR)
    assert await tick(database, base, START + 2 * HOUR) is None
    assert len(await rounds(database)) == 1


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"title": " {tuan} "}, "đặt tên"),
        ({"count": 2}, "từ 3"),
        ({"days": 8}, "từ 1 đến 7 ngày"),
        ({"last": MONDAY - timedelta(days=1)}, "Ngày cuối"),
        ({"first": MONDAY - timedelta(days=30), "last": MONDAY - timedelta(days=20)}, "Ngày cuối đã qua"),
    ],
)
async def test_a_series_that_cannot_be_is_refused(
    database: Database, base: KnowledgeBase, changes: dict[str, Any], what: str
) -> None:
    with pytest.raises(OutreachError, match=what):
        await begin(database, base, **changes)


async def test_one_series_runs_at_a_time(database: Database, base: KnowledgeBase) -> None:
    await begin(database, base)
    with pytest.raises(OutreachError, match="quiz stop"):
        await begin(database, base)
