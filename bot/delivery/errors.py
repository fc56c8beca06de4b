"""Why a send failed, told by what to do next.

    DeliveryError           was it sent? (`sent`)
    ├── RetryLaterError         not sent; again after so many seconds, this message or the whole account
    ├── UnknownOutcomeError     the request went out and no answer came: it may have been sent
    ├── PersonUnreachableError  stop writing to this person until they write again
    ├── PersonMovedError        the person has a new address; send there
    ├── RejectedError           this message can never be sent: our fault
    └── AccountBrokenError      nothing can be sent through this account until an operator acts

Adapters translate once, at their edge. `code` is the platform's own code as a plain name, for the log; messages never
hold texts, tokens or addresses.
"""

from __future__ import annotations

from enum import StrEnum

from bot.errors import BotError


class Sent(StrEnum):
    """Whether the message reached the platform."""

    NO = "no"
    UNKNOWN = "unknown"


class Unreachable(StrEnum):
    """Why a person cannot be written to."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    NEVER_STARTED = "never_started"
    NOT_FOUND = "not_found"
    WINDOW_CLOSED = "window_closed"
    TYPE_OFF = "type_off"


class DeliveryError(BotError):
    """A send that failed."""

    sent = Sent.NO

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RetryLaterError(DeliveryError):
    """Not sent. `after` seconds, or None for the sender's own back-off; `whole_account` when all sends must wait;
    `tries`: how often it is tried in all, None for as long as the message is worth it."""

    def __init__(
        self, code: str, after: float | None = None, *, whole_account: bool = False, tries: int | None = None
    ) -> None:
        super().__init__(code)
        self.after = after
        self.whole_account = whole_account
        self.tries = tries


class UnknownOutcomeError(DeliveryError):
    """It may have been sent."""

    sent = Sent.UNKNOWN


class PersonUnreachableError(DeliveryError):
    """The person cannot be written to until they write again."""

    def __init__(self, code: str, reason: Unreachable) -> None:
        super().__init__(code)
        self.reason = reason


class PersonMovedError(DeliveryError):
    """The person's address on the platform changed to `address`."""

    def __init__(self, code: str, address: str) -> None:
        super().__init__(code)
        self.address = address


class RejectedError(DeliveryError):
    """The platform refuses this message whatever we do."""


class AccountBrokenError(DeliveryError):
    """Token, permission, package or set-up: every further send through this account fails the same way."""
