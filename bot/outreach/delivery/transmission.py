"""One recipient's message on its way through an outlet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.actions import Action
from bot.delivery.errors import DeliveryError, RejectedError, UnknownOutcomeError
from bot.outreach.delivery.policy import Settled, settle
from bot.store.models import RecipientState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.clock import Clock
    from bot.delivery.outlet import Outlet
    from bot.outbound import OutboundMessage, Recipient
    from bot.outreach.delivery.allowance import Allowance

SENT = Settled(RecipientState.SENT)

log = structlog.get_logger()


class Transmission:
    """Sends what has been taken. The first request of a message has been allowed; further ones wait for room."""

    def __init__(
        self, outlet: Outlet, allowance: Allowance, clock: Clock, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._outlet = outlet
        self._allowance = allowance
        self._clock = clock
        self._sleep = sleep

    async def send(
        self, to: Recipient, make: Callable[[], OutboundMessage], parts: int, tries: int
    ) -> tuple[Settled, int]:
        """What became of a message of which so many parts were taken before, and how many are now. Never raises."""
        begun = False
        try:
            for send in self._outlet.sends(to, make())[parts:]:
                if begun:
                    await self._allowed()
                begun = True
                try:
                    await send()
                finally:
                    self._allowance.end()
                parts += 1
        except DeliveryError as error:
            return self._failed(error, tries), parts
        except Exception as error:
            # What a platform can do is a DeliveryError, so this is a fault of ours, before or after the request.
            log.exception(Action.CAMPAIGN_SEND_FAILED)
            name = type(error).__name__
            return self._failed(UnknownOutcomeError(name) if begun else RejectedError(name), tries), parts
        finally:
            if not begun:
                self._allowance.give_back()
        return SENT, parts

    def _failed(self, error: DeliveryError, tries: int) -> Settled:
        settled = settle(error, tries, self._clock())
        if settled.pause is not None:
            self._allowance.pause(settled.pause)
        return settled

    async def _allowed(self) -> None:
        while not self._allowance.room():
            await self._sleep(self._allowance.wait())
        self._allowance.take(1)
