"""Replies leave for Telegram."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.channels.telegram.addressing import chat_of
from bot.channels.telegram.errors import translate
from bot.channels.telegram.photos import Photos
from bot.channels.telegram.rendering import render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from bot.channels.telegram.client import BotClient
    from bot.channels.telegram.rendering import Call
    from bot.delivery.errors import DeliveryError
    from bot.delivery.images import Images
    from bot.delivery.outlet import Recipient, Send
    from bot.outbound import OutboundMessage


class TelegramOutlet:
    """One bot of ours; `bot.delivery.outlet.Outlet`."""

    def __init__(self, client: BotClient, account: str, images: Images) -> None:
        self._client = client
        self._account = account
        self._photos = Photos(self.send, images)

    @property
    def account(self) -> str:
        return self._account

    def sends(self, to: Recipient, message: OutboundMessage) -> Sequence[Send]:
        """The calls that show a reply, in order; each raises DeliveryError."""
        return tuple(self._sending(to.address, call) for call in render(message))

    async def working(self, to: Recipient) -> None:
        """Show "typing" for five seconds or until a message comes. Never raises."""
        with suppress(TelegramError):
            await self._client.call("sendChatAction", {"chat_id": chat_of(to.address), "action": "typing"})

    async def send(self, address: str, method: str, parameters: Mapping[str, Any]) -> Any:
        """One call for one chat, its result as JSON; raises DeliveryError."""
        failure: DeliveryError
        try:
            return await self._client.call(method, {"chat_id": chat_of(address), **parameters})
        except TelegramError as error:
            failure = translate(error, address)
        # Raised out here it does not carry the platform's words along as its context.
        raise failure

    def _sending(self, address: str, call: Call) -> Send:
        if call.image is not None:
            return partial(self._photos.send, address, call.image.hash, call.parameters)
        return partial(self.send, address, call.method, call.parameters)
