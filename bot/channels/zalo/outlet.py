"""Replies leave for Zalo."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bot.channels.zalo.account import Anonymous, account_of
from bot.channels.zalo.rendering import render, render_plain
from bot.channels.zalo.texts import language_of, say
from bot.channels.zalo.window import Window, admit
from handlers.turn import ReplyKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.channels.zalo.client import ZaloClient
    from bot.channels.zalo.pictures import Pictures
    from bot.channels.zalo.quotas import Quotas
    from bot.channels.zalo.results import SentMessage
    from bot.channels.zalo.rules import Calendar, DayRules
    from bot.clock import Clock
    from bot.delivery.outlet import Recipient, Send
    from bot.outbound import OutboundMessage
    from bot.settings import OfficialAccount


class ZaloOutlet:
    """One Official Account; `bot.delivery.outlet.Outlet`. `observe` is told where each message was charged.

    Outside the free window nothing is sent that only money could pay for, unless the account's settings allow it;
    until it is known what is left of the package, such messages wait.

    Whoever is handed over to people may leave contact details in a form of Zalo's, if the account has one.
    """

    def __init__(
        self,
        oa: OfficialAccount,
        client: ZaloClient,
        pictures: Pictures,
        quotas: Quotas,
        calendar: Calendar,
        clock: Clock,
        observe: Callable[[str], None],
    ) -> None:
        self._oa = oa.id
        self._form = oa.contact_form
        self._wallet = oa.wallet
        self._pictures = pictures
        self._quotas = quotas
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
        image = message.reply.image
        sends: list[Send] = [partial(self._show, to, image.hash)] if image is not None else []
        sends += [partial(self._send, to, part) for part in render(message.reply, limit)]
        if self._form and message.reply.kind is ReplyKind.HANDOFF:
            sends.append(partial(self._ask, to, language_of(message.reply.text)))
        return sends

    async def working(self, to: Recipient) -> None:
        """Nothing: an Official Account cannot show that it is typing."""

    async def _send(self, to: Recipient, message: Mapping[str, Any]) -> None:
        window = self._admit(to)
        self._count(await self._client.send(to.address, message), window)

    async def _show(self, to: Recipient, digest: str) -> None:
        window = self._admit(to)
        self._count(await self._pictures.send(to.address, digest), window)

    async def _ask(self, to: Recipient, language: str) -> None:
        title, subtitle = say(language, "form_title"), say(language, "form_subtitle")
        window = self._admit(to)
        self._count(await self._client.ask_for_info(to.address, title, subtitle, self._form), window)

    async def _send_anonymous(self, visitor: Anonymous, text: str) -> None:
        await self._client.send_anonymous(visitor, text)

    def _admit(self, to: Recipient) -> Window:
        left = self._quotas.left
        may_cost = True if self._wallet else None if left is None else left > 0
        return admit(self._clock(), to.last_interaction, self._rules().window, may_cost=may_cost)

    def _count(self, sent: SentMessage, window: Window) -> None:
        """An answer that names no quota says nothing, so the window tells."""
        self._quotas.spent(sent)
        self._observe(f"charged_{self._rules().charged_to.get(sent.quota, window.value)}")

    def _rules(self) -> DayRules:
        return self._calendar.on(self._clock().date())
