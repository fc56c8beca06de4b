"""What waits for the bot: updates in order, until they are confirmed or a day old."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.simulator.telegram.errors import Json, bad_request, conflict
from bot.simulator.telegram.ids import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.clock import Clock

KEPT = timedelta(hours=24)
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only when the bot names them."""


@dataclass(frozen=True)
class Update:
    """One update. `chat` is the chat that it belongs to, for the order of delivery; `body` is what goes out."""

    id: int
    kind: str
    chat: int
    born: datetime
    body: Json


class UpdateQueue:
    """Updates that the bot has not confirmed. `on_added` is called for each that comes in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = numbers(clock)
        # Ordered dicts: taking the first of a plain dict gets slow when many were taken before.
        self._waiting: OrderedDict[int, Update] = OrderedDict()
        self._by_chat: defaultdict[int, OrderedDict[int, Update]] = defaultdict(OrderedDict)
        self._allowed: frozenset[str] = frozenset()
        self._poll: asyncio.Future[bool] | None = None
        self.on_added: Callable[[Update], None] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def allowed(self) -> Sequence[str]:
        """The kinds that the bot asked for; empty means all but those on request."""
        return sorted(self._allowed)

    def allow(self, kinds: Any) -> None:
        """Set the kinds from now on; None keeps what was set. Raises ApiError 400."""
        if kinds is None:
            return
        if not isinstance(kinds, list):
            raise bad_request("can't parse allowed updates: Expected an Array of String")
        self._allowed = frozenset(map(str, kinds))

    def add(self, kind: str, chat: int, content: Json) -> Update:
        """An update that just happened; it waits only when the bot wants its kind."""
        number = next(self._ids)
        update = Update(number, kind, chat, self._clock(), {"update_id": number, kind: content})
        if kind in self._allowed if self._allowed else kind not in ON_REQUEST:
            self._waiting[number] = self._by_chat[chat][number] = update
            self._wake(more=True)
            if self.on_added is not None:
                self.on_added(update)
        return update

    def first_of(self, chat: int) -> Update | None:
        """The oldest update of a chat that waits."""
        return next(iter(self._by_chat[chat].values()), None) if chat in self._by_chat else None

    def chats(self) -> Sequence[int]:
        """The chats that have updates waiting, longest waiting first."""
        return list(dict.fromkeys(update.chat for update in self._waiting.values()))

    def confirm(self, number: int) -> None:
        """The bot has this one."""
        update = self._waiting.pop(number, None)
        if update is not None:
            del self._by_chat[update.chat][number]
            if not self._by_chat[update.chat]:
                del self._by_chat[update.chat]

    def confirm_below(self, offset: int) -> None:
        """The bot has all before this one; a negative offset counts from the end."""
        if offset < 0:
            numbers = list(self._waiting)
            offset = numbers[max(0, len(numbers) + offset)] if numbers else 0
        while self._waiting and (number := next(iter(self._waiting))) < offset:
            self.confirm(number)

    def clear(self) -> None:
        self._waiting.clear()
        self._by_chat.clear()

    def expired(self, update: Update) -> bool:
        return self._clock() - update.born > KEPT

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Updates from `offset` on, at most `limit`; waits for the first. ApiError 409 when another poll comes."""
        self._wake(more=False)
        self.confirm_below(offset)
        while self._waiting and self.expired(update := next(iter(self._waiting.values()))):
            self.confirm(update.id)
        if not self._waiting and seconds > 0:
            await self._more(seconds)
        return [update.body for update in islice(self._waiting.values(), limit)]

    async def _more(self, seconds: float) -> None:
        self._poll = poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                if not await poll:
                    raise conflict(
                        "terminated by other getUpdates request; make sure that only one bot instance is running"
                    )
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None

    def release(self) -> None:
        """Let whoever polls go, with nothing."""
        self._wake(more=True)

    def _wake(self, *, more: bool) -> None:
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_result(more)
