"""Messages are fetched from Telegram: long polling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from telegram.error import Conflict, TelegramError

from bot.actions import Action
from bot.channels.inbound import Channel
from bot.channels.telegram.errors import translate
from bot.channels.telegram.parsing import ALLOWED_UPDATES
from bot.channels.telegram.transport import NoAnswerError
from bot.delivery.errors import RetryLaterError
from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.channels.inbound import Event
    from bot.channels.telegram.backoff import Backoff
    from bot.channels.telegram.client import BotClient
    from bot.channels.telegram.parsing import Parsed
    from bot.channels.telegram.taps import Taps

HOLD = 30
"""Seconds for which Telegram holds an empty answer back."""
GRACE = 10
"""Seconds beyond that before the connection counts as dead."""
BATCH = 100

log = structlog.get_logger()


class Poller:
    """Fetches updates and hands them on, batch after batch.

    Telegram forgets updates when the next ones are asked for, so the offset moves on only after `take` has returned for
    the whole batch. What was taken and not yet passed by is delivered again after a restart, under the same ids.
    """

    def __init__(
        self,
        client: BotClient,
        parse: Callable[[object], Parsed],
        take: Callable[[Sequence[Event]], Awaitable[None]],
        taps: Taps,
        *,
        backoff: Backoff,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._client = client
        self._parse = parse
        self._take = take
        self._taps = taps
        self._backoff = backoff
        self._sleep = sleep
        self._offset: int | None = None

    async def run(self) -> None:
        """Until cancelled. Nothing that Telegram or `take` does ends it."""
        while True:
            try:
                await self._round()
            except TelegramError as error:
                await self._rest(error)
            except BotError as error:
                log.warning(Action.CHANNEL_FAILED, channel=Channel.TELEGRAM, reason="take", exc_info=error)
                await self._sleep(self._backoff.next())
            else:
                self._backoff.reset()

    async def _round(self) -> None:
        updates = await self._fetch()
        if not updates:
            return
        parsed = [self._parse(update) for update in updates]
        for one in parsed:
            self._taps.acknowledge(one.callback)
        await self._take([one.event for one in parsed])
        self._offset = max((_number(update) + 1 for update in updates), default=self._offset)

    async def _fetch(self) -> list[Any]:
        parameters = {"timeout": HOLD, "limit": BATCH, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            parameters["offset"] = self._offset
        updates = await self._client.call("getUpdates", parameters, read_timeout=HOLD + GRACE)
        if not isinstance(updates, list):
            raise NoAnswerError("no list of updates")
        return updates

    async def _rest(self, error: TelegramError) -> None:
        """Another process that fetches the same updates is the operator's to stop; meanwhile both get some."""
        failure = translate(error)
        reason = "second_poller" if isinstance(error, Conflict) else failure.code
        log.warning(Action.CHANNEL_FAILED, channel=Channel.TELEGRAM, reason=reason)
        await self._sleep(self._backoff.next(failure.after if isinstance(failure, RetryLaterError) else None))


def _number(update: object) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int else -1
