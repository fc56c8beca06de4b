"""One web chat with all its parts, as the routes find it."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Self

from aiohttp import web

from bot.ratelimit import RateLimiter
from bot.web.assets import Assets
from bot.web.clients import Proxies
from bot.web.csrf import TokenSigner
from bot.web.receipts import Receipts
from bot.web.rendering import Renderer
from bot.web.session import SessionSigner
from bot.web.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.clock import Clock
    from bot.web.ports import Pipeline, Transcript
    from bot.web.settings import ChatSettings


@dataclass(frozen=True)
class Site:
    """Built once per process; `streams.wake(sender)` tells open pages that staff wrote something."""

    settings: ChatSettings
    pipeline: Pipeline
    transcript: Transcript
    clock: Clock
    assets: Assets
    renderer: Renderer
    sessions: SessionSigner
    tokens: TokenSigner
    proxies: Proxies
    by_address: RateLimiter
    by_session: RateLimiter
    streams: Streams
    receipts: Receipts

    @classmethod
    def build(
        cls,
        settings: ChatSettings,
        pipeline: Pipeline,
        transcript: Transcript,
        clock: Clock,
        ticks: Callable[[], float] = monotonic,
    ) -> Self:
        """`clock` gives the time of day, `ticks` the seconds by which the rate limits count."""
        limits, assets = settings.limits, Assets.shipped()
        return cls(
            settings=settings,
            pipeline=pipeline,
            transcript=transcript,
            clock=clock,
            assets=assets,
            renderer=Renderer(settings, assets),
            sessions=SessionSigner(settings.session_key, settings.session_days),
            tokens=TokenSigner(settings.session_key),
            proxies=Proxies.of(settings.trusted_proxies),
            by_address=RateLimiter(limits.address_rate, limits.address_burst, limits.tracked, ticks),
            by_session=RateLimiter(limits.session_rate, limits.session_burst, limits.tracked, ticks),
            streams=Streams(limits),
            receipts=Receipts(transcript),
        )


SITE = web.AppKey("SITE", Site)
