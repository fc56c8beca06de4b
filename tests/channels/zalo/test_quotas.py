"""What may still be sent outside the free window: asked, counted, shown, respected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.channels.zalo.health import examine
from bot.channels.zalo.quotas import Quotas
from bot.delivery.errors import PersonUnreachableError, RetryLaterError, Unreachable
from bot.findings import Health
from bot.metrics import QUOTA_LEFT
from bot.outbound import OutboundMessage, Recipient
from bot.simulator.zalo.state import Allowance
from bot.store.quotas import Quota, read_quotas
from handlers.turn import Reply
from tests.channels.zalo.support import ACCOUNT, Office
from tests.fakes.faults import reply
from tests.fakes.zalo import OA_ID, SEND

if TYPE_CHECKING:
    from bot.channels.zalo.outlet import ZaloOutlet

QUOTA = "/v3.0/oa/quota/message"


@pytest.fixture
def late(connected: Office) -> Recipient:
    """Somebody who wrote three days ago."""
    user = connected.fake.office.add_person("Bình")
    connected.fake.office.say(user, "chào")
    written = connected.clock()
    connected.clock.advance(days=3)
    return Recipient(ACCOUNT, user, written)


def holds(office: Office, **quotas: int) -> None:
    office.fake.office.account.quotas.update({name: Allowance(100, remain) for name, remain in quotas.items()})


async def send(outlet: ZaloOutlet, to: Recipient) -> None:
    for part in outlet.sends(to, OutboundMessage(1, 1, Reply("Chào"))):
        await part()


async def test_every_counted_quota_is_asked_for_and_kept(connected: Office) -> None:
    holds(connected, sub_quota=7, purchase_quota=5)
    assert connected.quotas.left is None
    await connected.quotas.look()
    asked = {call.body["quota_type"] for call in connected.fake.called(QUOTA)}
    assert asked == {"sub_quota", "reward_quota", "purchase_quota"}
    assert connected.quotas.left == 12
    assert QUOTA_LEFT.labels(ACCOUNT, "sub_quota")._value.get() == 7
    async with connected.database.reading() as session:
        known = await read_quotas(session, ACCOUNT)
    assert known.asked == connected.clock()
    assert Quota("sub_quota", 7, 100) in known.quotas


async def test_what_is_sent_is_counted_and_the_last_one_is_the_last(connected: Office, late: Recipient) -> None:
    holds(connected, sub_quota=2)
    await connected.quotas.look()
    await send(connected.outlet, late)
    assert connected.quotas.left == 1
    await send(connected.outlet, late)
    with pytest.raises(PersonUnreachableError) as raised:
        await send(connected.outlet, late)
    assert raised.value.reason is Unreachable.WINDOW_CLOSED
    assert len(connected.fake.called(SEND)) == 2
    assert connected.observed == ["charged_package"] * 2


async def test_money_is_spent_only_where_that_is_allowed(connected: Office, late: Recipient) -> None:
    connected.fake.office.account.wallet = 1
    await connected.quotas.look()
    with pytest.raises(PersonUnreachableError, match="window_paid"):
        await send(connected.outlet, late)
    paying = connected.outlet_of(connected.settings.oa[0].model_copy(update={"wallet": True}))
    await send(paying, late)
    assert connected.fake.office.account.wallet == 0
    assert connected.observed == ["charged_paid"]


async def test_a_free_reply_needs_no_quota(connected: Office, late: Recipient) -> None:
    await connected.quotas.look()
    assert connected.quotas.left == 0
    connected.fake.office.say(late.address, "còn đó không")
    await send(connected.outlet, Recipient(ACCOUNT, late.address, connected.clock()))
    assert connected.observed == ["charged_free"]


async def test_several_purchases_count_together(connected: Office) -> None:
    bought = [{"quota_type": "sub_quota", "remain": remain, "total": "10"} for remain in ("3", 4, None)]
    connected.fake.spoil(QUOTA, reply(200, {"error": 0, "data": bought}))
    await connected.quotas.look()
    async with connected.database.reading() as session:
        known = await read_quotas(session, ACCOUNT)
    assert Quota("sub_quota", 7, 30) in known.quotas


@pytest.mark.parametrize("data", [None, {}, [], ["x"], [{"quota_type": "sub_quota", "remain": "viele"}]])
async def test_an_answer_that_says_nothing_pays_for_nothing(connected: Office, late: Recipient, data: object) -> None:
    connected.fake.spoil(QUOTA, *[reply(200, {"error": 0, "data": data})] * 3)
    await connected.quotas.look()
    assert connected.quotas.left == 0
    connected.fake.office.account.wallet = 1
    with pytest.raises(PersonUnreachableError, match="window_paid"):
        await send(connected.outlet, late)
    assert connected.fake.called(SEND) == []


async def test_what_may_cost_waits_until_it_is_known_what_is_left(connected: Office, late: Recipient) -> None:
    holds(connected, sub_quota=1)
    connected.fake.spoil(QUOTA, reply(502, {}))
    with pytest.raises(RetryLaterError, match="502"):
        await connected.quotas.look()
    with pytest.raises(RetryLaterError, match="quota_unknown"):
        await send(connected.outlet, late)
    await connected.quotas.look()
    await send(connected.outlet, late)
    assert len(connected.fake.called(SEND)) == 1


class EnoughError(Exception):
    """The test has seen what it wanted."""


async def test_it_is_asked_again_and_again_whatever_fails(office: Office) -> None:
    """Also before the account is connected."""
    left: list[int | None] = []

    async def asleep(_seconds: float) -> None:
        left.append(quotas.left)
        if len(left) == 1:
            await office.connect()
            office.fake.spoil(QUOTA, reply(502, {}))
        if len(left) == 3:
            raise EnoughError

    quotas = Quotas(ACCOUNT, office.client, office.database, office.calendar, office.clock, asleep)
    holds(office, sub_quota=3)
    with pytest.raises(EnoughError):
        await quotas.run()
    assert left == [None, None, 3]


async def test_what_fails_leaves_what_was_known(connected: Office) -> None:
    holds(connected, sub_quota=3)
    await connected.quotas.look()
    connected.fake.spoil(QUOTA, reply(502, {}))
    with pytest.raises(RetryLaterError):
        await connected.quotas.look()
    assert connected.quotas.left == 3


async def test_the_doctor_shows_what_is_left(connected: Office) -> None:
    async def said() -> tuple[Health, str]:
        *_, finding = await examine(connected.settings, "https://bot.vn", connected.database, connected.clock())
        return finding.health, finding.what

    holds(connected, sub_quota=7)
    await connected.quotas.look()
    assert await said() == (
        Health.WELL,
        "messages left outside the free window on 05/09/2026 12:00: "
        "purchase_quota 0 of 0, reward_quota 0 of 0, sub_quota 7 of 100",
    )
    holds(connected, sub_quota=0)
    await connected.quotas.look()
    health, what = await said()
    assert health is Health.NOTE
    assert "wallet = true" in what
    assert OA_ID not in what
