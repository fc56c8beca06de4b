from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bot.outreach.delivery.planning import Plan, last_person, plan_range
from bot.outreach.eligibility import Eligibility
from bot.outreach.schedule import Schedule
from bot.store.models import ConsentRow, ContactRow, IdentityRow, InsuredRow, RecipientRow, SchoolRow, table_of
from tests.bot.reading import rows
from tests.outreach.delivery.world import ALL

if TYPE_CHECKING:
    from tests.outreach.delivery.world import World

TEXT = "Chào {ten|quý vị}, thẻ hết hạn {han_the|sớm}, lớp {lop|của em}, {truong|nhà trường}"


async def test_everybody_gets_a_row_also_who_cannot_get_it(world: World) -> None:
    await world.begin(people=3)
    people = [row["person_id"] for row in await rows(world.database, "identity")]
    await world.change(ConsentRow, ConsentRow.person_id == people[0], consent="withdrawn")
    await world.change(IdentityRow, IdentityRow.person_id == people[1], unreachable="blocked")
    await again(world)
    assert await world.ledger() == [("skipped", "opted_out"), ("skipped", "unreachable"), ("planned", None)]


async def test_values_are_frozen_from_the_card_that_ends_first(world: World) -> None:
    await world.begin(people=1, text=TEXT)
    person = (await rows(world.database, "person"))[0]["id"]
    async with world.database.transaction() as session:
        school = {"id": 1, "code": "c1", "name": "Trường Hoa Ban", "province": "dien-bien"}
        await session.execute(insert(table_of(SchoolRow)).values(**school))
        for position, (grade, end) in enumerate([(9, date(2027, 8, 31)), (3, date(2026, 12, 31)), (1, None)]):
            card = {"person_id": person, "position": position, "relation": "child", "grade": grade}
            await session.execute(insert(table_of(InsuredRow)).values(**card, card_end=end, school_id=1))
    await world.change(ContactRow, ContactRow.person_id == person, name="chị Lan", province="dien-bien")
    await again(world)
    row = (await rows(world.database, "recipient"))[0]
    async with world.database.reading() as session:
        params = (await session.execute(select(RecipientRow.params))).scalar_one()
    assert params == {"ten": "chị Lan", "truong": "Trường Hoa Ban", "lop": 3, "han_the": "31/12/2026"}
    assert (row["province"], row["school_id"], row["variant"]) == ("dien-bien", 1, "vi")
    await world.send()
    assert world.outlet.shown[0][1] == "Chào chị Lan, thẻ hết hạn 31/12/2026, lớp 3, Trường Hoa Ban"


async def test_each_reads_their_own_language(world: World) -> None:
    await world.begin(people=2, content={"variants": {"vi": {"text": "Chào"}, "en-telegram": {"text": "Hello"}}})
    first = (await rows(world.database, "person"))[0]["id"]
    await world.change(ContactRow, ContactRow.person_id == first, language="en")
    await again(world)
    await world.send()
    assert sorted(text for _, text in world.outlet.shown) == ["Chào", "Hello"]


async def test_a_range_that_is_planned_again_changes_nothing(world: World) -> None:
    await world.begin(people=5)
    await world.send()
    await planned(world)
    assert await world.ledger() == [("sent", None)] * 5


async def test_waves_open_one_after_the_other(world: World) -> None:
    waves = [{"share": 10, "after_hours": 0}, {"share": 90, "after_hours": 2}]
    await world.begin(people=200, terms={"quiet_from": 0, "quiet_to": 0, "waves": waves})
    await world.send()
    assert len(world.outlet.shown) == 20
    world.clock.advance(hours=2)
    await world.send()
    assert len(world.outlet.shown) == 200


async def test_whoever_had_enough_campaigns_is_left_out(world: World) -> None:
    await world.begin(people=2, terms={"quiet_from": 0, "quiet_to": 0, "cap_messages": 1, "cap_days": 7})
    first = (await rows(world.database, "recipient"))[0]["id"]
    sent = world.clock() - timedelta(days=1)
    await world.change(RecipientRow, RecipientRow.id == first, state="sent", sent=sent)
    other = await world.another_campaign()
    await planned(world, other)
    async with world.database.reading() as session:
        query = select(RecipientRow.reason).where(RecipientRow.campaign_id == other.id).order_by(RecipientRow.id)
        assert list((await session.execute(query)).scalars()) == ["capped", None]


async def again(world: World) -> None:
    """Plan anew, as if it had not been done before."""
    async with world.database.transaction() as session:
        await session.execute(table_of(RecipientRow).delete())
    await planned(world)


async def planned(world: World, campaign: object = None) -> None:
    chosen, now = campaign or world.campaign, world.clock()
    plan = Plan(
        chosen, ALL, Eligibility.of(chosen, world.settings, now), Schedule.of(chosen, world.settings.outreach, now)
    )
    async with world.database.transaction() as session:
        last = await last_person(session)
        await plan_range(session, plan, 0, last, now, postgres=not world.database.is_sqlite)
