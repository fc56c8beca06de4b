from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select

from bot.delivery.errors import (
    PersonMovedError,
    PersonUnreachableError,
    RejectedError,
    RetryLaterError,
    UnknownOutcomeError,
    Unreachable,
)
from bot.outreach.consents import How, record
from bot.outreach.delivery import running, waiting, workers
from bot.outreach.delivery.sending import Leg
from bot.outreach.delivery.workers import ReplacedError
from bot.store.models import (
    Consent,
    ConversationRow,
    IdentityRow,
    OutboxRow,
    PersonRow,
    RecipientRow,
    RecipientState,
    table_of,
)
from tests.bot.reading import rows

if TYPE_CHECKING:
    from tests.outreach.delivery.world import World

SENT = ("sent", None)


async def test_everybody_gets_it_once_and_the_ledger_says_so(world: World) -> None:
    await world.begin(people=250)
    assert await world.send() is Leg.DONE
    assert sorted(address for address, _ in world.outlet.shown) == sorted(str(100 + number) for number in range(250))
    assert set(await world.ledger()) == {SENT}
    assert await world.send() is Leg.DONE
    assert len(world.outlet.shown) == 250


async def test_a_row_is_committed_as_sending_before_its_request_leaves(world: World) -> None:
    await world.begin(people=1)
    world.outlet.gate = asyncio.Event()
    sender = world.sender()
    task = asyncio.create_task(sender.leg(10))
    await world.until([("sending", None)])
    assert world.outlet.shown == []
    assert (await rows(world.database, "recipient"))[0]["worker"] == "one"
    world.outlet.gate.set()
    await task
    await sender.drain()
    assert await world.ledger() == [SENT]


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (RejectedError("too_long"), ("failed", "too_long")),
        (UnknownOutcomeError("no_answer"), ("unknown", "no_answer")),
        (PersonUnreachableError("blocked", Unreachable.BLOCKED), ("failed", "blocked")),
        (PersonUnreachableError("window_paid", Unreachable.WINDOW_CLOSED), ("waiting", "window_closed")),
        (RetryLaterError("not_connected", 30), ("planned", "not_connected")),
        (ValueError("a bug of ours"), ("unknown", "ValueError")),
    ],
)
async def test_what_becomes_of_somebody_who_did_not_get_it(
    world: World, error: Exception, left: tuple[str, str]
) -> None:
    await world.begin(people=1)
    world.outlet.script = [error]
    await world.send()
    assert await world.ledger() == [left]
    assert await world.send() is Leg.DONE
    assert world.outlet.shown == []


async def test_what_was_not_sent_is_tried_again_when_it_is_due(world: World) -> None:
    await world.begin(people=1)
    world.outlet.script = [RetryLaterError("not_connected", 30)]
    await world.send()
    world.clock.advance(seconds=31)
    await world.send()
    assert await world.ledger() == [SENT]
    assert (await rows(world.database, "recipient"))[0]["attempts"] == 2


async def test_a_new_address_is_kept_and_used(world: World) -> None:
    await world.begin(people=1)
    world.outlet.script = [PersonMovedError("moved", "77")]
    await world.send()
    await world.send()
    assert [address for address, _ in world.outlet.shown] == ["77"]
    assert await world.ledger() == [SENT]


async def test_whoever_blocked_us_is_known_to_be_unreachable(world: World) -> None:
    await world.begin(people=1)
    world.outlet.script = [PersonUnreachableError("blocked", Unreachable.BLOCKED)]
    await world.send()
    assert (await rows(world.database, "identity"))[0]["unreachable"] == "blocked"


async def test_an_opt_out_holds_at_once(world: World) -> None:
    await world.begin(people=2)
    first = (await rows(world.database, "recipient"))[0]["person_id"]
    async with world.database.transaction() as session:
        await record(
            session, first, Consent.WITHDRAWN, None, wording="dừng", how=How.CHAT, channel="web", now=world.clock()
        )
    await world.send()
    assert sorted(await world.ledger()) == [SENT, ("skipped", "opted_out")]


async def test_nobody_is_written_to_who_was_erased_meanwhile(world: World) -> None:
    await world.begin(people=2)
    first = (await rows(world.database, "recipient"))[0]["person_id"]
    async with world.database.transaction() as session:
        await session.execute(delete(table_of(IdentityRow)).where(IdentityRow.person_id == first))
        await session.execute(delete(table_of(PersonRow)).where(PersonRow.id == first))
    await world.send()
    assert sorted(await world.ledger()) == [SENT, ("skipped", "erased")]
    assert len(world.outlet.shown) == 1


async def test_a_reply_that_waits_goes_first(world: World) -> None:
    await world.begin(people=1)
    async with world.database.transaction() as session:
        conversation = (await session.execute(select(ConversationRow.id))).scalar_one()
        reply = {"conversation_id": conversation, "reply": {}, "state": "pending", "created": world.clock()}
        await session.execute(insert(table_of(OutboxRow)).values(**reply, attempts=0, parts=0))
    assert await world.send() is Leg.DONE
    assert await world.ledger() == [("planned", None)]
    await world.change(OutboxRow, OutboxRow.id > 0, state="sent")
    world.clock.advance(seconds=6)
    await world.send()
    assert await world.ledger() == [SENT]


async def test_a_paused_campaign_takes_nobody_and_goes_on_when_it_is_resumed(world: World) -> None:
    await world.begin()
    async with world.database.transaction() as session:
        assert await running.pause(session, world.campaign.id, "staff", None, world.clock())
    assert await world.send() is Leg.HELD
    assert world.outlet.shown == []
    async with world.database.transaction() as session:
        await running.resume(session, world.campaign.id, None, world.clock())  # type: ignore[arg-type]
    assert await world.send() is Leg.DONE
    assert len(world.outlet.shown) == 3


async def test_nothing_is_sent_in_quiet_hours(world: World) -> None:
    await world.begin(terms={"quiet_from": 11, "quiet_to": 13})
    assert await world.send() is Leg.HELD
    world.clock.advance(hours=1)
    assert await world.send() is Leg.DONE
    assert len(world.outlet.shown) == 3


async def test_who_waits_gets_it_when_they_write(world: World) -> None:
    await world.begin(people=2)
    await world.change(RecipientRow, RecipientRow.id > 0, state=RecipientState.WAITING.value)
    world.clock.advance(minutes=5)
    one = select(ConversationRow.id).order_by(ConversationRow.id).limit(1).scalar_subquery()
    await world.change(
        ConversationRow, ConversationRow.id == one, updated=world.clock(), last_interaction=world.clock()
    )
    async with world.database.transaction() as session:
        assert await waiting.plan_again(session, world.clock(), world.clock()) == 1
    await world.send()
    assert sorted(await world.ledger()) == [SENT, ("waiting", None)]


async def test_what_a_dead_process_held_is_unknown_and_never_sent_again(world: World) -> None:
    await world.begin(people=2)
    first = select(RecipientRow.id).order_by(RecipientRow.id).limit(1).scalar_subquery()
    await world.change(RecipientRow, RecipientRow.id == first, state="sending", worker="one")
    world.clock.advance(minutes=1)
    world.worker = await world.another_worker("one")
    await world.send()
    assert sorted(await world.ledger()) == [SENT, ("unknown", workers.LOST)]
    assert len(world.outlet.shown) == 1


async def test_a_process_whose_name_was_taken_sends_nothing_more(world: World) -> None:
    await world.begin(people=2)
    sender = world.sender()
    world.clock.advance(seconds=1)
    await world.another_worker("one")
    with pytest.raises(ReplacedError):
        await sender.leg(10)
    assert world.outlet.shown == []


async def test_a_process_taken_for_lost_still_notes_what_it_sent(world: World) -> None:
    await world.begin(people=1)
    world.outlet.gate = asyncio.Event()
    sender = world.sender()
    task = asyncio.create_task(sender.leg(10))
    await world.until([("sending", None)])
    world.clock.advance(minutes=2)
    async with world.database.transaction() as session:
        lost_after = world.settings.outreach.lost_after
        assert await workers.bury(session, world.clock(), timedelta(seconds=lost_after)) == ["one"]
    assert await world.ledger() == [("unknown", workers.LOST)]
    world.outlet.gate.set()
    with pytest.raises(ReplacedError):
        await task
    await sender.drain()
    assert await world.ledger() == [SENT]


async def test_a_long_message_goes_on_where_it_was_cut_off(world: World) -> None:
    await world.begin(people=1, text="một\nhai\nba")
    world.outlet.script = [None, RetryLaterError("not_connected", 1)]
    await world.send()
    assert [text for _, text in world.outlet.shown] == ["một"]
    world.clock.advance(seconds=2)
    await world.send()
    assert [text for _, text in world.outlet.shown] == ["một", "hai", "ba"]
