"""A week of the bot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.outreach.reports.period import Period
from bot.outreach.reports.week import Weekly, weekly
from bot.outreach.reports.week_document import week_document
from bot.outreach.reports.wordings import alike
from handlers.turn import Decision
from tests.outreach.office import NOW

if TYPE_CHECKING:
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase
    from tests.outreach.office import Office
    from tests.outreach.reports.season import Season

THIS = Period.week_of(NOW.date())
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


async def counted(database: Database, least: int = 3) -> Weekly:
    async with database.reading() as session:
        return await weekly(session, THIS, least, NOW)


@pytest.mark.parametrize("day", range(16, 23))
def test_a_week_is_monday_to_sunday(day: int) -> None:
    assert Period.week_of(date(2026, 11, day)) == THIS
    assert (THIS.days[0], THIS.days[-1]) == (date(2026, 11, 16), date(2026, 11, 22))
    assert Period.week_of(date(2026, 11, day)).before.first == date(2026, 11, 9)
    assert THIS.end - THIS.begin == WEEK


async def test_questions(database: Database, season: Season, base: KnowledgeBase) -> None:
    entry = next(entry for entry in base.entries.values() if entry.topic == "muc-dong")
    await season.asked(NOW, "đóng bao nhiêu", "answer", entry.id, times=4)
    await season.asked(NOW - DAY, "đóng sao cho đúng", "clarify", entry.id)
    await season.asked(NOW, "tra mã thẻ giúp em", "handoff", None, times=2)
    await season.asked(NOW, "chào", "smalltalk", None, times=9)
    await season.asked(NOW - WEEK, "đóng bao nhiêu", "answer", entry.id, times=5)
    found = await counted(database)
    assert found.by_day == (0, 0, 0, 0, 0, 1, 6)
    assert found.last_week == 5
    assert found.questions == {
        (entry.id, Decision.ANSWER): 4, (entry.id, Decision.CLARIFY): 1, (None, Decision.HANDOFF): 2,
    }  # fmt: skip
    document = week_document(found, base)
    tables = {table.title: table.lines for table in document.tables}
    assert tables["Người dân hỏi gì"] == (("Mức đóng", 5, 4, 1), ("không rõ", 2, 0, 2), ("cộng", 7, 4, 3))
    assert tables["Chưa trả lời được ngay"][0] == ("không rõ hỏi gì", "không rõ", "chuyển cán bộ", 2)


async def test_only_wordings_that_several_share_are_quoted(database: Database, season: Season) -> None:
    await season.asked(NOW, "con mất thẻ thì tra mã ở đâu", "clarify", times=2)
    await season.asked(NOW, "con mat the thi tra ma ở đâu ạ", "clarify")
    await season.asked(NOW, "nhà tôi ở thôn 3 con tôi tên X bị sao", "handoff")
    await season.asked(NOW, "con mất thẻ thì tra mã ở đâu", "answer", times=7)
    found = await counted(database)
    assert [(each.text, each.decision, each.count) for each in found.wordings] == [
        ("con mất thẻ thì tra mã ở đâu", "clarify", 3)
    ]
    assert found.unshown == 1


def test_alike_is_whatever_the_marks_and_the_order() -> None:
    found = alike([("Bao giờ có thẻ?", "clarify", 2), ("có thẻ bao giờ", "clarify", 1), ("đổi nơi khám", "clarify", 1),
                   ("bao giờ có thẻ", "handoff", 1), ("  ", "clarify", 9)])  # fmt: skip
    assert [(each.text, each.decision, each.count) for each in found] == [
        ("Bao giờ có thẻ?", "clarify", 3), ("bao giờ có thẻ", "handoff", 1), ("đổi nơi khám", "clarify", 1),
    ]  # fmt: skip


async def test_cases(database: Database, season: Season) -> None:
    await season.complained(None, NOW - DAY)
    await season.complained(None, NOW - DAY, "money", state="resolved", resolved=NOW)
    await season.complained(None, NOW - WEEK, "money", state="resolved", resolved=NOW)
    await season.complained(None, NOW - WEEK)
    await season.complained(None, THIS.end)
    cases = (await counted(database)).cases
    assert cases.opened == {"complaint": 1, "money": 1}
    assert cases.still_open == {"complaint": 1}
    assert (cases.closed, cases.waiting) == (2, 3)


async def test_campaigns_of_the_week(database: Database, office: Office, season: Season, base: KnowledgeBase) -> None:
    many, few, old = [await season.campaign(code) for code in ("kg26", "kg27", "kg28")]
    for campaign, people, sent in ((many, 3, NOW), (few, 2, NOW), (old, 3, NOW - WEEK)):
        for _ in range(people):
            await office.received(campaign, await office.reader(), sent=sent, opted_out=sent)
    document = week_document(await counted(database), base)
    (table,) = [table for table in document.tables if table.title.startswith("Chiến dịch")]
    assert [(row[1], row[4], row[-1]) for row in table.rows] == [("kg26", 3, 3), ("kg27", 2, None)]


async def test_an_empty_week_can_be_told(database: Database, base: KnowledgeBase) -> None:
    document = week_document(await counted(database), base)
    assert [figure.value for figure in document.figures] == [0, 0, 0, 0]
