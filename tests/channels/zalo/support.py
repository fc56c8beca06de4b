"""Our side of Zalo on the fake platform: settings, and the parts wired as the channel wires them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
from pydantic import SecretStr

from bot.channels.zalo.account import account_of
from bot.channels.zalo.client import ZaloClient
from bot.channels.zalo.consent import Consents
from bot.channels.zalo.keeper import TokenKeeper
from bot.channels.zalo.oauth import OAuth, TokenPair
from bot.channels.zalo.openapi import OpenApi
from bot.channels.zalo.outlet import ZaloOutlet
from bot.channels.zalo.pictures import Pictures
from bot.channels.zalo.quotas import Quotas
from bot.channels.zalo.renewal import Renewal
from bot.channels.zalo.rules import Calendar, Rules
from bot.channels.zalo.sealing import Seal
from bot.delivery.images import Images
from bot.outbound import OutboundMessage, Recipient
from bot.settings import OfficialAccount, ZaloSettings
from bot.store.tokens import StoredToken, read_token
from tests.fakes.zalo import APP_ID, APP_SECRET, OA_ID, WEBHOOK_KEY, FakeZalo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.database import Database
    from handlers.turn import Reply
    from tests.bot.conftest import FakeClock

ACCOUNT = account_of(OA_ID)
TOKEN_KEY = "rCNUVTRYSxXMZEVpMNdPbfJb1xIgDT45d2bFiXyaUXM="
RULES = Rules.load()


def zalo_settings(url: str, *oas: str, **more: Any) -> ZaloSettings:
    """Settings for one account, or for these, with everything on the fake."""
    return ZaloSettings(
        app_id=APP_ID,
        app_secret=SecretStr(APP_SECRET),
        webhook_key=SecretStr(WEBHOOK_KEY),
        token_key=SecretStr(TOKEN_KEY),
        oa=tuple(OfficialAccount(id=oa, name=f"BHXH {oa[-2:]}") for oa in oas or (OA_ID,)),
        api_url=url,
        oauth_url=url,
        **more,
    )


@dataclass
class Office:
    """One process of ours with the account's tokens; make several on one database for several processes."""

    fake: FakeZalo
    database: Database
    clock: FakeClock
    session: aiohttp.ClientSession
    alerts: list[str] = field(default_factory=list)
    observed: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = zalo_settings(self.fake.url)
        self.seal = Seal(SecretStr(TOKEN_KEY))
        self.calendar = Calendar(RULES)
        self.oauth = OAuth(self.session, self.settings)
        self.api = OpenApi(self.session, self.fake.url, self.calendar, self.clock)
        self.renewal = Renewal(ACCOUNT, self.database, self.seal, self.oauth, self.clock)
        self.keeper = TokenKeeper(
            ACCOUNT, self.database, self.seal, self.renewal, clock=self.clock, alert=self.alert, sleep=self.wait
        )
        self.client = ZaloClient(self.api, self.keeper)
        self.images = Images(ACCOUNT, self.database, self.clock)
        self.pictures = Pictures(self.client, self.images, self.calendar, self.clock)
        self.quotas = Quotas(ACCOUNT, self.client, self.database, self.calendar, self.clock, self.wait)
        self.outlet = self.outlet_of(self.settings.oa[0])
        self.consents = Consents(self.database, self.settings, self.seal, self.clock)

    def outlet_of(self, oa: OfficialAccount) -> ZaloOutlet:
        return ZaloOutlet(oa, self.client, self.pictures, self.quotas, self.calendar, self.clock, self.observed.append)

    async def alert(self, code: str) -> None:
        self.alerts.append(code)

    async def wait(self, seconds: float) -> None:
        """Time passes at once."""
        self.waits.append(seconds)
        self.clock.advance(seconds=seconds)

    async def connect(self) -> None:
        """Keep a pair that the platform has just given."""
        pair = self.fake.mint()
        await self.consents.keep(OA_ID, TokenPair(pair.access, pair.refresh))

    async def stored(self) -> StoredToken:
        async with self.database.reading() as session:
            stored = await read_token(session, ACCOUNT)
        assert stored is not None
        return stored

    async def pair(self) -> tuple[str, str]:
        """The stored pair in the clear."""
        stored = await self.stored()
        return self.seal.open(stored.access), self.seal.open(stored.refresh)

    async def deliver(self, user: str, reply: Reply) -> None:
        """Send a reply to somebody who has just written."""
        for send in self.sends(user, reply):
            await send()

    def sends(self, user: str, reply: Reply) -> Sequence[Any]:
        return self.outlet.sends(Recipient(ACCOUNT, user, self.clock()), OutboundMessage(1, 1, reply))
