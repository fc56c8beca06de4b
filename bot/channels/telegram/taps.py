"""Acknowledges button presses, so that the button stops turning on the person's phone."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.error import TelegramError

if TYPE_CHECKING:
    from bot.channels.telegram.client import BotClient

AT_ONCE = 200
"""Beyond so many under way a press is not acknowledged: nothing is lost, the button turns a little longer."""
PATIENCE = 5.0
"""Seconds; later the acknowledgement is of no use."""


class Taps:
    """Acknowledgements under way. They run beside the work on the press, and their failure never matters."""

    def __init__(self, client: BotClient) -> None:
        self._client = client
        self._tasks: set[asyncio.Task[None]] = set()

    def acknowledge(self, callback: str | None) -> None:
        """Begin to acknowledge a press, if it is one; returns at once."""
        if callback is None or len(self._tasks) >= AT_ONCE:
            return
        task = asyncio.create_task(self._answer(callback))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give those under way a moment, then let them go."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=1)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _answer(self, callback: str) -> None:
        with suppress(TelegramError):
            await self._client.call("answerCallbackQuery", {"callback_query_id": callback}, read_timeout=PATIENCE)
