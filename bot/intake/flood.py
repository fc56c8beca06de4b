"""Answers for somebody who writes faster than anybody reads: one polite notice, then silence until they slow down."""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic
from typing import TYPE_CHECKING

from bot.ratelimit import RateLimiter
from bot.texts import say
from handlers.turn import Decision, Outcome, Reply, ReplyKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.channels.inbound import Inbound
    from bot.turns import Respond
    from handlers.turn import Turn

TRACKED = 50_000
NOTICE_PAUSE = 60.0
"""Seconds between two notices to the same person."""


class FloodControl:
    """`rate` messages a minute from one person are answered; the rest is kept without an answer."""

    def __init__(self, rate: int, ticks: Callable[[], float] = monotonic) -> None:
        self._messages = RateLimiter(rate / 60, rate, TRACKED, ticks)
        self._notices = RateLimiter(1 / NOTICE_PAUSE, 1, TRACKED, ticks)
        self._decided: OrderedDict[tuple[str, str], Respond | None] = OrderedDict()

    def respond(self, inbound: Inbound) -> Respond | None:
        """What answers this message; None for the conversation core. A message that comes again, delivered twice or
        tried once more, counts once."""
        message = (inbound.account, inbound.message_id)
        if message not in self._decided:
            self._decided[message] = self._decide(f"{inbound.account}\x00{inbound.sender}")
            if len(self._decided) > TRACKED:
                self._decided.popitem(last=False)
        return self._decided[message]

    def _decide(self, person: str) -> Respond | None:
        if self._messages.take(person) is None:
            return None
        return _notice if self._notices.take(person) is None else _silence


def _notice(turn: Turn) -> Outcome:
    reply = Reply(say(turn.memory.language, "flooded"), ReplyKind.NOTICE)
    return Outcome((reply,), turn.memory, Decision.SMALLTALK)


def _silence(turn: Turn) -> Outcome:
    return Outcome((), turn.memory, Decision.SMALLTALK)
