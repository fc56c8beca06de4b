"""One console with all its parts, as the pages find it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Self

from aiohttp import web

from bot.cases.reading import Clocks
from bot.console.factors import Factors
from bot.console.live import Live
from bot.console.passwords import Passwords
from bot.console.rendering import Pages
from bot.console.sessions import Sessions
from bot.console.signing_in import Entrance
from bot.outreach.desk import Desk as CampaignDesk
from bot.ratelimit import RateLimiter
from bot.session_key import session_key
from bot.web.assets import Assets
from bot.web.clients import Proxies
from bot.web.csrf import TokenSigner
from bot.web.settings import PRIVATE_NETWORKS, Limits

if TYPE_CHECKING:
    from bot.app import Runtime
    from bot.cases.desk import CaseDesk
    from bot.clock import Clock
    from bot.config import Settings
    from bot.console.route import Route
    from bot.core import Core
    from bot.drafts.desk import DraftDesk
    from bot.store.database import Database

BASE = "/console"
LIMITS = Limits(body_bytes=64 * 1024, fields=300)
"""A full reply in Vietnamese is 36 KiB as a form sends it; a campaign has all its wordings and waves in one form."""


@dataclass(frozen=True)
class Console:
    """Built once per process, inside a running event loop."""

    settings: Settings
    core: Core
    database: Database
    clock: Clock
    desk: CaseDesk
    drafts: DraftDesk
    clocks: Clocks
    live: Live
    table: tuple[Route, ...]
    pages: Pages
    assets: Assets
    entrance: Entrance
    sessions: Sessions
    passwords: Passwords
    factors: Factors
    tokens: TokenSigner
    proxies: Proxies
    tries: RateLimiter

    @classmethod
    def build(cls, runtime: Runtime, table: tuple[Route, ...]) -> Self:
        """Raises ConfigError when there is no session key."""
        settings, clock, database = runtime.settings, runtime.clock, runtime.database
        assets = Assets(sorted((Path(__file__).parent / "static").iterdir()), BASE)
        passwords, factors = Passwords(), Factors(settings.console.secret_key)
        # Nothing signed for the web chat may count here.
        key = hmac.digest(session_key(settings), b"console", hashlib.sha256)
        return cls(
            settings=settings,
            core=runtime.core,
            database=database,
            clock=clock,
            desk=runtime.desk,
            drafts=runtime.drafts,
            clocks=Clocks(runtime.attendant.hours, settings.cases),
            live=Live(runtime.attendant.bus),
            table=table,
            pages=Pages(assets, runtime.core.base.offices),
            assets=assets,
            entrance=Entrance(database, passwords, factors, clock),
            sessions=Sessions(settings.console),
            passwords=passwords,
            factors=factors,
            tokens=TokenSigner(key),
            proxies=Proxies.of(PRIVATE_NETWORKS if settings.web.behind_proxy else ()),
            tries=RateLimiter(rate=0.2, burst=20, size=10_000, now=monotonic),
        )

    @property
    def campaigns(self) -> CampaignDesk:
        """The desk of campaigns, with the figures as they are known now."""
        return CampaignDesk(self.database, self.settings, self.core.base, self.clock)

    @property
    def invitation_lifetime(self) -> timedelta:
        return timedelta(hours=self.settings.console.invitation_hours)

    def address_for(self, request: web.Request) -> str:
        """How people reach us, without a path."""
        scheme = "https" if self.proxies.secure(request) else "http"
        return self.settings.web.public_url or f"{scheme}://{request.host}"


CONSOLE = web.AppKey("CONSOLE", Console)
