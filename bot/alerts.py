"""Tells operators what only they can mend: in the log, and in a Telegram chat when one is set."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.actions import Action
from bot.delivery.errors import DeliveryError
from bot.texts import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.clock import Clock

AGAIN = timedelta(hours=6)
"""The same alert is not repeated sooner."""

log = structlog.get_logger()


class Alerts:
    """`tell` is how the operators' chat is written to; it may raise DeliveryError."""

    def __init__(self, clock: Clock, tell: Callable[[str], Awaitable[None]] | None) -> None:
        self._clock = clock
        self._tell = tell
        self._told: dict[str, datetime] = {}

    async def __call__(self, code: str) -> None:
        """Tell of something by its name, such as `zalo_reconnect:zalo:123`. Never raises."""
        now = self._clock()
        told = self._told.get(code)
        if told is not None and now - told < AGAIN:
            return
        self._told[code] = now
        log.error(Action.ALERT, reason=code.partition(":")[0])
        if self._tell is None:
            return
        try:
            await self._tell(say("vi", "alert", code=code))
        except DeliveryError as error:
            log.warning(Action.SEND_FAILED, reason=error.code)
