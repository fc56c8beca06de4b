"""What follows from a failed send: a decision that is a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.delivery.errors import (
    AccountBrokenError,
    DeliveryError,
    PersonMovedError,
    PersonUnreachableError,
    RejectedError,
    RetryLaterError,
    UnknownOutcomeError,
)
from bot.store.models import OutboxState

if TYPE_CHECKING:
    from datetime import timedelta

BACKOFF = (1.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds until the next try; the last for all that follow."""
REPEATS = 2
"""Times that a reply of unknown outcome is sent again: a doubled answer is better than none, a third one is not."""
OPERATOR = 60.0
"""Seconds between two tries while an account waits for an operator."""


@dataclass(frozen=True)
class Again:
    """Try again in so many seconds; `pause` stops the whole account for as long."""

    after: float
    reason: str
    pause: bool = False


@dataclass(frozen=True)
class Move:
    """The person has a new address: go on there at once."""

    address: str


@dataclass(frozen=True)
class Drop:
    """Do not send this reply; `person` when nothing can be sent to them any more."""

    state: OutboxState
    reason: str
    person: str | None = None


Decision = Again | Move | Drop


def decide(error: DeliveryError, attempts: int, age: timedelta, give_up: timedelta) -> Decision:
    """What to do after a send failed that had been tried `attempts` times before, for a reply of that age."""
    match error:
        case PersonMovedError():
            return Move(error.address)
        case PersonUnreachableError():
            return Drop(OutboxState.FAILED, error.reason.value, person=error.reason.value)
        case RejectedError():
            return Drop(OutboxState.FAILED, error.code)
        case UnknownOutcomeError() if attempts >= REPEATS:
            return Drop(OutboxState.UNKNOWN, error.code)
        case RetryLaterError(tries=tries) if tries is not None and attempts + 1 >= tries:
            return Drop(OutboxState.FAILED, error.code)
    if age >= give_up:
        return Drop(OutboxState.FAILED, error.code)
    backoff = BACKOFF[min(attempts, len(BACKOFF) - 1)]
    match error:
        case RetryLaterError(after=after):
            return Again(backoff if after is None else after, error.code, pause=error.whole_account)
        case AccountBrokenError():
            return Again(OPERATOR, error.code)
    return Again(backoff, error.code)
