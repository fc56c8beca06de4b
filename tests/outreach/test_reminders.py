"""Reminders of each day and distance go out once, as campaigns that carry the template's approval."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, select, update

from bot.clock import VIETNAM
from bot.outreach.approval import approve, release, seal, submit
from bot.outreach.campaign import Campaign
from bot.outreach.delivery.chores import chores
from bot.outreach.delivery.office import Office as DeliveryOffice
from bot.outreach.editing import load
from bot.outreach.quiz import open_round
from bot.outreach.quiz_series import Series, begin_series
from bot.outreach.reminders import due_reminders
from bot.outreach.segments import condition, parse
from bot.store.models import CampaignRow, InsuredRow, PersonRow, ReminderRow
from handlers.effects import Topic
from tests.outreach.office import NOW, SETTINGS

if TYPE_CHECKING:
    from bot.store.database import Database
    from knowledge.base import KnowledgeBase
    from tests.bot.conftest import FakeClock
    from tests.outreach.office import Office

TODAY = NOW.date()
TEXT = "Thẻ BHYT hết hạn ngày {han_the|ghi trên VssID}. Xin nộp tại trường. {ten|Quý vị} hỏi thêm: {hotline}."


async def template(office: Office, repeats: str = "card_end", **changes: Any) -> Campaign:
    """A standing template that a second person approved."""
    author, second = await office.staff("viet"), await office.staff("duyet", "approver")
    values = {
        "code": "nhac01", "title": "Nhắc hạn thẻ", "topic": Topic.REMINDERS.value, "segment": "tất cả",
        "terms": {"repeats": repeats}, "texts": {"vi": {"text": TEXT}}, **changes,
    }  # fmt: skip
    campaign = await office.campaign(author, **values)
    async with office.database.transaction() as session:
        whole = await submit(session, campaign, 50, (), author, NOW)
        handed_in = await load(session, campaign.code)
        await approve(session, handed_in, 50, whole, staff=second, now=NOW)
        return await load(session, campaign.code)


async def holder(office: Office, end: date | None = None, remind: date | None = None, **contact: Any) -> int:
    """Somebody whose card ends on a day, as a list says or as they said themselves."""
    person = await office.person(**contact)
    async with office.database.transaction() as session:
        if end is not None:
            row = {"person_id": person, "position": 0, "relation": "self", "card_end": end}
            await session.execute(insert(InsuredRow).values(row))
        if remind is not None:
            row = {"person_id": person, "due": remind, "entry": "the-hssv-sap-het-han", "created": NOW}
            await session.execute(insert(ReminderRow).values(row))
    return person


async def due(database: Database, moment: datetime = NOW) -> list[str]:
    async with database.transaction() as session:
        return await due_reminders(session, moment)


async def campaign(database: Database, code: str) -> Campaign:
    async with database.reading() as session:
        return await load(session, code)


async def meant(database: Database, code: str) -> set[int]:
    found = await campaign(database, code)
    async with database.reading() as session:
        people = select(PersonRow.id).where(condition(parse(found.segment), NOW))
        return set((await session.execute(people)).scalars())


async def test_each_distance_is_a_campaign_for_those_whose_card_ends_then(office: Office, database: Database) -> None:
    await template(office)
    in_30, in_7 = TODAY + timedelta(days=30), TODAY + timedelta(days=7)
    month, week = await holder(office, in_30), await holder(office, in_7)
    await holder(office, TODAY + timedelta(days=12))
    assert await due(database) == ["nhac01-261222-30", "nhac01-261129-7"]
    assert await meant(database, "nhac01-261222-30") == {month}
    assert await meant(database, "nhac01-261129-7") == {week}


async def test_a_reminder_that_somebody_asked_for_counts_like_a_listed_card(office: Office, database: Database) -> None:
    await template(office)
    end = TODAY + timedelta(days=7)
    both = await holder(office, end, remind=end)
    asked = await holder(office, remind=end)
    assert await due(database) == ["nhac01-261129-7"]
    assert await meant(database, "nhac01-261129-7") == {both, asked}


async def test_doing_it_again_makes_nothing_twice(office: Office, database: Database) -> None:
    await template(office)
    await holder(office, TODAY + timedelta(days=7))
    assert len(await due(database)) == 1
    assert await due(database) == []
    assert await due(database, NOW + timedelta(hours=3)) == []


async def test_over_the_weeks_everybody_gets_each_distance_once(office: Office, database: Database) -> None:
    await template(office)
    end = TODAY + timedelta(days=40)
    await holder(office, end)
    made = [code for day in range(45) for code in await due(database, NOW + timedelta(days=day))]
    assert made == [f"nhac01-{end:%y%m%d}-{distance}" for distance in (30, 7, 1)]


@pytest.mark.parametrize(("late", "expected"), [(2, True), (3, False)])
async def test_a_day_without_the_program_is_made_up_for(
    office: Office, database: Database, late: int, expected: bool
) -> None:
    await template(office)
    await holder(office, TODAY + timedelta(days=30 - late))
    assert bool(await due(database)) is expected


async def test_the_campaign_carries_the_approval_and_may_start(office: Office, database: Database) -> None:
    standing = await template(office)
    await holder(office, TODAY + timedelta(days=7))
    (code,) = await due(database)
    made = await campaign(database, code)
    assert made.topic is Topic.REMINDERS
    assert (made.approved_by, made.approved_count) == (standing.approved_by, 1)
    assert made.approved_hash == seal(made, 1)
    assert made.terms.repeats is None
    assert made.starts == NOW
    assert made.ends is not None
    assert made.ends.date() == TODAY + timedelta(days=6)
    async with database.transaction() as session:
        assert await release(session, made, 1, NOW)


async def test_the_text_says_the_day_and_keeps_its_other_places(office: Office, database: Database) -> None:
    await template(office)
    await holder(office, date(2026, 12, 22))
    (code,) = await due(database)
    text = (await campaign(database, code)).content.variants["vi"].text
    assert text == "Thẻ BHYT hết hạn ngày 22/12/2026. Xin nộp tại trường. {ten|Quý vị} hỏi thêm: {hotline}."


async def test_the_segment_of_the_template_narrows_it(office: Office, database: Database) -> None:
    await template(office, segment="tỉnh = Hà Nội hoặc tỉnh = Huế")
    end = TODAY + timedelta(days=1)
    ours = await holder(office, end, province="ha-noi")
    await holder(office, end, province="dong-thap")
    (code,) = await due(database)
    assert await meant(database, code) == {ours}


@pytest.mark.parametrize("change", [{"approved_hash": "x"}, {"title": "khác", "segment": "tỉnh = Huế"}])
async def test_a_template_that_is_not_as_it_was_approved_sends_nothing(
    office: Office, database: Database, change: dict[str, str]
) -> None:
    standing = await template(office)
    await holder(office, TODAY + timedelta(days=7), province="hue")
    async with database.transaction() as session:
        await session.execute(update(CampaignRow).where(CampaignRow.id == standing.id).values(change))
    assert await due(database) == []


async def test_who_is_left_out_of_the_template_is_left_out(office: Office, database: Database) -> None:
    await template(office, exclude="tỉnh = Huế")
    await holder(office, TODAY + timedelta(days=7), province="hue")
    assert await due(database) == []


async def test_a_draft_sends_nothing(office: Office, database: Database) -> None:
    await office.campaign(code="nhac02", segment="tất cả", terms={"repeats": "card_end"})
    await holder(office, TODAY + timedelta(days=7))
    assert await due(database) == []


async def test_the_office_reminds_of_its_own_deadline(office: Office, database: Database) -> None:
    ends = NOW + timedelta(days=30)
    await template(office, "deadline", segment="tỉnh = Huế", ends=ends, texts={"vi": {"text": "Hạn nộp 22/12."}})
    await holder(office, province="hue")
    made = [code for day in range(32) for code in await due(database, NOW + timedelta(days=day))]
    assert made == ["nhac01-261222-30", "nhac01-261222-7", "nhac01-261222-1"]
    assert (await campaign(database, made[0])).segment == "tỉnh = Huế"


async def test_a_message_before_the_deadline_says_its_day(office: Office, database: Database) -> None:
    text = {"vi": {"text": "Hạn nộp là {han_nop|ngày trường báo}, {ten|quý vị}."}}
    await template(office, "deadline", ends=NOW + timedelta(days=30), texts=text)
    await holder(office)
    (code,) = await due(database)
    assert (await campaign(database, code)).content.variants["vi"].text == "Hạn nộp là 22/12/2026, {ten|quý vị}."


ANNOUNCED = {
    "code": "dovui01", "title": "Đố vui", "topic": Topic.QUIZ.value, "segment": "tỉnh = Huế",
    "texts": {"vi": {"text": "{vong|Đố vui} đã mở, chơi đến {han_choi|cuối tuần}. {ten|Bạn} thử nhé."}},
}  # fmt: skip


async def test_each_round_of_the_weekly_quiz_is_told_when_it_opens(
    office: Office, database: Database, base: KnowledgeBase, clock: FakeClock
) -> None:
    standing = await template(office, "quiz_round", **ANNOUNCED)
    await holder(office, province="hue")
    async with database.transaction() as session:
        await begin_series(session, base, Series("Đố vui tuần {tuan}", 3, date(2026, 11, 30), 6), NOW)

    async def alert(_what: str) -> None:
        raise AssertionError

    due_each_hour, found = chores(DeliveryOffice(database, SETTINGS, base, {}, clock, alert)).values(), []
    for hour in range(24 * 18):
        clock.moment = moment = NOW + timedelta(hours=hour)
        for chore in due_each_hour:
            await chore()
        async with database.reading() as session:
            codes = set(await session.scalars(select(CampaignRow.code)))
        found += [(code, moment.date()) for code in sorted(codes - {"dovui01", *(seen for seen, _ in found)})]
    assert found == [("dovui01-261130", date(2026, 11, 30)), ("dovui01-261207", date(2026, 12, 7))]
    made = await campaign(database, "dovui01-261207")
    assert made.title == "Đố vui (07/12/2026)"
    assert made.content.variants["vi"].text == "Đố vui tuần 50 đã mở, chơi đến 12/12/2026. {ten|Bạn} thử nhé."
    assert (made.segment, made.topic, made.ends) == ("tỉnh = Huế", Topic.QUIZ, datetime(2026, 12, 13, tzinfo=VIETNAM))
    assert (made.approved_by, made.approved_hash) == (standing.approved_by, seal(made, 1))


@pytest.mark.parametrize(("late", "expected"), [(2, True), (3, False)])
async def test_a_round_is_not_told_when_it_is_no_longer_new(
    office: Office, database: Database, base: KnowledgeBase, late: int, expected: bool
) -> None:
    await template(office, "quiz_round", **{**ANNOUNCED, "segment": "tất cả"})
    await holder(office)
    first = TODAY - timedelta(days=late)
    async with database.transaction() as session:
        await open_round(
            session, base, code="tuan-47", title="**{ten|x}**", count=3, first=first, last=first + timedelta(days=9)
        )
    made = await due(database, datetime(2026, 11, 22, tzinfo=VIETNAM))
    assert bool(made) is expected
    for code in made:
        text = (await campaign(database, code)).content.variants["vi"].text
        assert text.startswith("(ten|x) đã mở")  # a title is no markup and no place


async def test_a_standing_message_of_the_quiz_ends_when_its_template_does(
    office: Office, database: Database, base: KnowledgeBase
) -> None:
    await template(office, "quiz_round", **{**ANNOUNCED, "segment": "tất cả"}, ends=NOW + timedelta(hours=1))
    await holder(office)
    async with database.transaction() as session:
        await open_round(session, base, code="a", title="A", count=3, first=TODAY, last=TODAY)
    assert await due(database, NOW + timedelta(hours=2)) == []
    assert len(await due(database, NOW)) == 1


async def test_thanks_go_out_once_when_the_season_is_over(office: Office, database: Database) -> None:
    await template(office, "season_end", ends=NOW + timedelta(days=2), texts={"vi": {"text": "Cảm ơn."}})
    await holder(office)
    made = [code for day in range(8) for code in await due(database, NOW + timedelta(days=day))]
    assert made == ["nhac01-261124"]


async def test_reminders_are_settled_when_their_day_is_over(office: Office, database: Database) -> None:
    await holder(office, remind=TODAY - timedelta(days=1))
    await holder(office, remind=TODAY)
    await due(database)
    async with database.reading() as session:
        states = (await session.execute(select(ReminderRow.due, ReminderRow.state).order_by(ReminderRow.due))).all()
    assert [tuple(row) for row in states] == [(TODAY - timedelta(days=1), "done"), (TODAY, "planned")]


async def test_nobody_is_left_nothing_is_made(office: Office, database: Database) -> None:
    await template(office)
    person = await holder(office, TODAY + timedelta(days=7))
    async with database.transaction() as session:
        await session.execute(delete(PersonRow).where(PersonRow.id == person))
    assert await due(database) == []
