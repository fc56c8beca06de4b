"""The Bot API as this program calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram import Bot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.telegram.transport import AiohttpRequest

PLACEHOLDER = "token"


class BotClient(Bot):
    """`telegram.Bot` over our transport.

    The library is given a placeholder, because it writes the token into its errors, its debug log and the `repr` of a
    bot. All methods of `telegram.Bot` work but those that need the token itself (files by address).
    """

    def __init__(self, request: AiohttpRequest) -> None:
        self._transport = request
        super().__init__(PLACEHOLDER, base_url="/", base_file_url="/", request=request, get_updates_request=request)

    async def call(self, method: str, parameters: Mapping[str, Any], *, read_timeout: float | None = None) -> Any:
        """One call by its name, the result as JSON; raises telegram.error.TelegramError.

        For messages and updates. What the library makes of a sent message nobody looks at, and making it costs seven
        times the call; and it reads a batch of updates whole or not at all, so that one it cannot read stops all.
        """
        return await self._transport.call(method, parameters, read_timeout)
