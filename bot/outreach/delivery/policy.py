"""What follows for a recipient from a campaign message that could not be delivered: a decision that is a value.

    not sent, may pass      planned again, not before the time told; given up after TRIES
    not sent, never will    failed, with the platform's reason
    window closed           waiting until the person writes
    nobody knows            unknown, and never sent again by itself: staff decide

A reply of unknown outcome is sent again, see `bot.delivery.policy`; a campaign message is not, because nobody asked
for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.errors import (
    AccountBrokenError,
    DeliveryError,
    PersonMovedError,
    PersonUnreachableError,
    RetryLaterError,
    Sent,
    Unreachable,
)
from bot.delivery.policy import BACKOFF, OPERATOR
from bot.store.models import RecipientState

TRIES = 6
"""Times that one recipient is tried; a wait that holds for the whole account is nobody's try."""


@dataclass(frozen=True)
class Settled:
    """What became of one recipient. `due` is before when a planned one must not be tried.

    `pause` silences the account for so many seconds, `unreachable` is why nothing can be sent to this address, `moved`
    its new one. `ours` when the fault lies with the message, the account or the network and not with the person.
    """

    state: RecipientState
    reason: str | None = None
    due: datetime | None = None
    tried: int = 1
    pause: float | None = None
    unreachable: Unreachable | None = None
    moved: str | None = None
    ours: bool = False


def settle(error: DeliveryError, tries: int, now: datetime) -> Settled:
    """What follows from an error of somebody who had been tried so many times before."""
    match error:
        case PersonUnreachableError(reason=Unreachable.WINDOW_CLOSED as reason):
            return Settled(RecipientState.WAITING, reason.value, unreachable=reason)
        case PersonUnreachableError(reason=reason):
            return Settled(RecipientState.FAILED, reason.value, unreachable=reason)
        case PersonMovedError() if tries + 1 < TRIES:
            return Settled(RecipientState.PLANNED, error.code, moved=error.address)
        case AccountBrokenError():
            later = now + timedelta(seconds=OPERATOR)
            return Settled(RecipientState.PLANNED, error.code, later, tried=0, pause=OPERATOR, ours=True)
        case RetryLaterError(whole_account=True):
            pause = BACKOFF[-1] if error.after is None else error.after
            return Settled(RecipientState.PLANNED, error.code, now + timedelta(seconds=pause), tried=0, pause=pause)
        case RetryLaterError() if tries + 1 < TRIES:
            wait = BACKOFF[min(tries, len(BACKOFF) - 1)] if error.after is None else error.after
            return Settled(RecipientState.PLANNED, error.code, now + timedelta(seconds=wait))
    if error.sent is Sent.UNKNOWN:
        return Settled(RecipientState.UNKNOWN, error.code, ours=True)
    return Settled(RecipientState.FAILED, error.code, ours=True)
