from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from bot.outreach.delivery import ending, guards, ledger, running
from bot.outreach.delivery.guards import CASES, LEAST, OPT_OUTS, Errors
from bot.outreach.delivery.policy import Settled
from bot.outreach.errors import CampaignError
from bot.settings import OutreachSettings
from bot.store.models import (
    CampaignEventRow,
    CaseRow,
    ConsentRow,
    RecipientRow,
    RecipientState,
    StaffRow,
    table_of,
)
from bot.store.vocabulary import Verdict
from tests.bot.reading import rows

if TYPE_CHECKING:
    from tests.outreach.delivery.world import World

SETTINGS = OutreachSettings(pause_cases=3, pause_opt_outs=0.1)


@pytest.fixture
async def staff(world: World) -> int:
    async with world.database.transaction() as session:
        row = {"login": "lan", "role": "approver", "created": world.clock()}
        added = await session.execute(insert(table_of(StaffRow)).values(row).returning(StaffRow.id))
        return int(added.scalar_one())


async def history(world: World) -> list[str]:
    async with world.database.reading() as session:
        return list((await session.execute(select(CampaignEventRow.action).order_by(CampaignEventRow.id))).scalars())


async def test_every_step_is_in_the_history(world: World, staff: int) -> None:
    await world.begin()
    number = world.campaign.id
    async with world.database.transaction() as session:
        assert await running.pause(session, number, "staff", staff, world.clock())
        assert not await running.pause(session, number, "staff", staff, world.clock())
        await running.resume(session, number, staff, world.clock())
        with pytest.raises(CampaignError):
            await running.resume(session, number, staff, world.clock())
        await running.cancel(session, number, "wrong text", staff, world.clock())
        with pytest.raises(CampaignError):
            await running.cancel(session, number, "again", staff, world.clock())
    assert await history(world) == ["started", "paused", "resumed", "cancelled"]
    assert await world.state() == "cancelled"


async def test_a_campaign_that_was_paused_while_it_was_planned_goes_on_planning(world: World, staff: int) -> None:
    await world.begin()
    number = world.campaign.id
    await world.change(running.CampaignRow, running.CampaignRow.id == number, state="planning", started=None)
    async with world.database.transaction() as session:
        await running.pause(session, number, "staff", staff, world.clock())
        assert await running.begin_sending(session, number, world.clock()) is None
        await running.resume(session, number, staff, world.clock())
    assert await world.state() == "planning"


async def test_the_rest_of_a_campaign_that_is_over_is_skipped(world: World) -> None:
    await world.begin(people=4)
    await world.change(RecipientRow, RecipientRow.id == 1, state=RecipientState.WAITING.value)
    await world.change(RecipientRow, RecipientRow.id == 2, state=RecipientState.SENT.value)
    async with world.database.transaction() as session:
        while await ending.skip_rest(session, world.campaign.id, world.clock()):
            pass
        assert not await ending.has_left(session, world.campaign.id)
        await running.finish(session, world.campaign.id, world.clock())
    over = ("skipped", "campaign_ended")
    assert await world.ledger() == [over, ("sent", None), over, over]
    assert await world.state() == "finished"


async def test_who_waits_is_not_waited_for_for_ever(world: World) -> None:
    await world.begin(people=3)
    early = world.clock()
    world.clock.advance(days=1)
    await world.change(RecipientRow, RecipientRow.id == 1, state="waiting", reason="window_closed", updated=early)
    await world.change(
        RecipientRow, RecipientRow.id == 2, state="waiting", reason="window_closed", updated=world.clock()
    )
    await world.change(RecipientRow, RecipientRow.id == 3, state="planned", updated=early)
    async with world.database.transaction() as session:
        await ending.let_go(session, world.campaign.id, world.clock() - timedelta(hours=1), world.clock())
    assert await world.ledger() == [("skipped", "waited_out"), ("waiting", "window_closed"), ("planned", None)]


async def test_what_nobody_holds_any_more_is_unknown(world: World) -> None:
    """A commit of which the answer was lost leaves such rows."""
    await world.begin(people=2)
    await world.change(RecipientRow, RecipientRow.id == 1, state="sending", worker="one")
    early = world.clock()
    world.clock.advance(minutes=5)
    await world.change(RecipientRow, RecipientRow.id == 2, state="sending", worker="one", updated=world.clock())
    async with world.database.transaction() as session:
        await ending.forsake(session, world.campaign.id, early + timedelta(minutes=1), world.clock())
    assert await world.ledger() == [("unknown", ledger.NOT_NOTED), ("sending", None)]


@pytest.mark.parametrize(
    ("verdict", "left"),
    [
        (Verdict.RESEND, ("planned", "decided_resend")),
        (Verdict.SENT, ("sent", "decided_sent")),
        (Verdict.FAILED, ("failed", "decided_failed")),
    ],
)
async def test_staff_decide_on_what_nobody_knows(
    world: World, staff: int, verdict: Verdict, left: tuple[str, str]
) -> None:
    await world.begin(people=2)
    await world.change(RecipientRow, RecipientRow.id == 1, state="unknown", reason="no_answer")
    await world.change(RecipientRow, RecipientRow.id == 2, state="sent")
    async with world.database.transaction() as session:
        await running.finish(session, world.campaign.id, world.clock())
        assert await running.decide_unknown(session, world.campaign.id, verdict, staff, world.clock()) == 1
    assert await world.ledger() == [left, ("sent", None)]
    assert await world.state() == ("running" if verdict is Verdict.RESEND else "finished")
    await world.send()
    assert len(world.outlet.shown) == (1 if verdict is Verdict.RESEND else 0)


def test_a_campaign_pauses_when_too_many_of_the_last_went_wrong() -> None:
    errors = Errors(0.2)
    wrong = Settled(RecipientState.FAILED, "too_long", ours=True)
    blocked = Settled(RecipientState.FAILED, "blocked")
    assert not any(errors(blocked) for _ in range(LEAST))
    assert [errors(wrong) for _ in range(7)] == [False] * 6 + [True]
    errors.forget()
    assert not errors(wrong)


async def test_a_campaign_pauses_when_too_many_want_no_more_of_it(world: World, staff: int) -> None:
    await world.begin(people=LEAST)
    await world.send()
    async with world.database.reading() as session:
        assert await guards.too_much(session, world.campaign, SETTINGS) is None
    world.clock.advance(minutes=1)
    people = [row["person_id"] for row in await rows(world.database, "recipient")][:3]
    await world.change(ConsentRow, ConsentRow.person_id.in_(people), consent="withdrawn", since=world.clock())
    async with world.database.transaction() as session:
        assert await guards.too_much(session, world.campaign, SETTINGS) == OPT_OUTS
        await running.pause(session, world.campaign.id, OPT_OUTS, None, world.clock())
        await running.resume(session, world.campaign.id, staff, world.clock() + timedelta(seconds=1))
        assert await guards.too_much(session, world.campaign, SETTINGS) is None


async def test_a_campaign_pauses_when_staff_cannot_keep_up(world: World) -> None:
    await world.begin()
    async with world.database.transaction() as session:
        for number in range(3):
            row = {"number": f"HS-{number}", "summary": "", "urgency": "normal", "state": "open"}
            opened = {"opened": world.clock(), "updated": world.clock()}
            await session.execute(insert(table_of(CaseRow)).values(**row, **opened))
        assert await guards.too_much(session, world.campaign, SETTINGS) == CASES
