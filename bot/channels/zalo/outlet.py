"""Replies leave for Zalo."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bot.channels.zalo.account import Anonymous, account_of
from bot.channels.zalo.rendering import render, render_plain
from bot.channels.zalo.window import Window, admit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.channels.zalo.client import ZaloClient
    from bot.channels.zalo.results import SentMessage
    from bot.channels.zalo.rules import Calendar, DayRules
    from bot.clock import Clock
    from bot.delivery.outlet import Recipient, Send
    from bot.outbound import OutboundMessage


class ZaloOutlet:
    """One Official Account; `bot.delivery.outlet.Outlet`. `observe` is told where each message was charged."""

    def __init__(
        self, oa: str, client: ZaloClient, calendar: Calendar, clock: Clock, observe: Callable[[str], None]
    ) -> None:
        self._oa = oa
        self._client = client
        self._calendar = calendar
        self._clock = clock
        self._observe = observe

    @property
    def account(self) -> str:
        return account_of(self._oa)

    def sends(self, to: Recipient, message: OutboundMessage) -> Sequence[Send]:
        """The calls that show a reply, in order; each raises DeliveryError, also when the window has closed."""
        limit = self._rules().limit
        visitor = Anonymous.read(to.address)
        if visitor is not None:
            texts = render_plain(message.reply, limit)
            return tuple(partial(self._send_anonymous, visitor, text) for text in texts)
        return tuple(partial(self._send, to, part) for part in render(message.reply, limit))

    async def working(self, to: Recipient) -> None:
        """Nothing: an Official Account cannot show that it is typing."""

    async def _send(self, to: Recipient, message: Mapping[str, Any]) -> None:
        # A reply belongs to a conversation that the person began, so it may cost something.
        window = admit(self._clock(), to.last_interaction, self._rules().window, may_cost=True)
        self._count(await self._client.send(to.address, message), window)

    async def _send_anonymous(self, visitor: Anonymous, text: str) -> None:
        await self._client.send_anonymous(visitor, text)

    def _count(self, sent: SentMessage, window: Window) -> None:
        """An answer that names no quota says nothing, so the window tells."""
        self._observe(f"charged_{self._rules().charged_to.get(sent.quota, window.value)}")

    def _rules(self) -> DayRules:
        return self._calendar.on(self._clock().date())
