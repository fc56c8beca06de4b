"""The whole channel on the fake platform: connect, take, learn, answer, refresh."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.channels.inbound import Inbound, Profile, Reachability
from bot.channels.zalo.account import account_of
from bot.channels.zalo.channel import ZaloChannel
from bot.channels.zalo.oauth import TokenPair
from bot.channels.zalo.requirements import CALLBACK
from bot.channels.zalo.webhook import PATH
from bot.errors import ConfigError
from bot.outbound import OutboundMessage, Recipient
from bot.settings import ZaloSettings
from handlers.turn import Reply
from knowledge.base import load
from tests.channels.zalo.support import ACCOUNT, Office, zalo_settings
from tests.fakes.serving import serving
from tests.fakes.zalo import OA_ID, FakeZalo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.channels.inbound import Event
    from bot.store.database import Database
    from tests.bot.conftest import FakeClock

OTHER = "4000000000000000001"


class Bot:
    """An intake that keeps events and says when there are enough."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.alerts: list[str] = []
        self.observed: list[str] = []
        self._more = asyncio.Condition()

    async def take(self, events: Sequence[Event]) -> None:
        async with self._more:
            self.events.extend(events)
            self._more.notify_all()

    async def arrived(self, count: int) -> list[Event]:
        async with asyncio.timeout(5), self._more:
            await self._more.wait_for(lambda: len(self.events) >= count)
        return self.events

    async def alert(self, code: str) -> None:
        self.alerts.append(code)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@asynccontextmanager
async def running(
    fake: FakeZalo, database: Database, clock: FakeClock, bot: Bot, *oas: str
) -> AsyncIterator[ZaloChannel]:
    """The channel behind a server, with its loop."""
    channel = ZaloChannel(
        zalo_settings(fake.url, *oas),
        bot.take,
        database,
        clock,
        alert=bot.alert,
        offices=load().offices,
        observe=bot.observed.append,
    )
    app = web.Application()
    app.add_routes(channel.routes())
    loop = asyncio.create_task(channel.run())
    try:
        async with serving(app) as url:
            fake.platform.oauth.callback = url + CALLBACK
            assert await fake.platform.webhook.save(url + PATH)
            yield channel
    finally:
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
        await channel.close()


async def test_from_consent_to_the_first_answer(office: Office, bot: Bot) -> None:
    async with running(office.fake, office.database, office.clock, bot) as channel:
        address = await office.consents.begin(office.fake.platform.oauth.callback)
        async with office.session.get(address) as response:
            assert response.status == 200, await response.text()
        user = office.fake.office.add_person("Bình")
        office.fake.office.account.members[user].shared = {"city": "Hà Nội"}
        office.fake.office.follow(user)
        reachable, start, learned = await bot.arrived(3)
        assert isinstance(reachable, Reachability)
        assert isinstance(start, Inbound)
        assert (start.action, start.sender) == ("start", user)
        assert learned == Profile(ACCOUNT, user, "ha-noi")
        to = Recipient(ACCOUNT, user, start.received)
        for send in channel.outlets[ACCOUNT].sends(to, OutboundMessage(1, 1, Reply("Chào bạn"))):
            await send()
        assert office.fake.shown(user) == ["Chào bạn"]
        await office.fake.settled()
        assert set(bot.observed) >= {"unsigned", "charged_free", "echo", "receipt"}
    assert len(bot.events) == 3


async def test_two_accounts_have_their_own_tokens(office: Office, bot: Bot) -> None:
    second = office.fake.platform.add_account("OA thứ hai", OTHER)
    async with running(office.fake, office.database, office.clock, bot, OA_ID, OTHER) as channel:
        office.consents._accounts = {oa.id: oa for oa in zalo_settings(office.fake.url, OA_ID, OTHER).oa}
        for oa in (OA_ID, OTHER):
            pair = office.fake.mint(oa)
            await office.consents.keep(oa, TokenPair(pair.access, pair.refresh))
        for people, oa in ((office.fake.office, OA_ID), (second, OTHER)):
            user = people.add_person("Bình")
            people.say(user, "chào")
            account = account_of(oa)
            to = Recipient(account, user, office.clock())
            (send,) = channel.outlets[account].sends(to, OutboundMessage(1, 1, Reply(f"từ {oa}")))
            await send()
            assert people.account.members[user].messages[-1].text == f"từ {oa}"
        taken = await bot.arrived(2)
        accounts = [event.account for event in taken if isinstance(event, Inbound)]
        assert accounts == [account_of(OA_ID), account_of(OTHER)]


async def test_settings_that_are_missing_are_named(office: Office, bot: Bot) -> None:
    with pytest.raises(ConfigError, match=r"zalo\.oa"):
        ZaloChannel(ZaloSettings(), bot.take, office.database, office.clock, alert=bot.alert, offices={}, observe=print)
