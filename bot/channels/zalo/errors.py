"""What an answer of the OpenAPI, or none, means for what we do next.

    HTTP status  →  `error` of the body  →  row of rules.toml  →  bot.delivery.errors

Two errors stay in this package, because the client mends them itself: a stale token and an upload that is gone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp

from bot.channels.zalo.rules import Remedy
from bot.clock import VIETNAM
from bot.delivery.errors import (
    AccountBrokenError,
    DeliveryError,
    PersonUnreachableError,
    RejectedError,
    RetryLaterError,
    UnknownOutcomeError,
    Unreachable,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.zalo.rules import DayRules, ErrorRule

_MORNING = timedelta(hours=6, minutes=5)
_MIDNIGHT = timedelta(days=1, minutes=5)
"""A little after midnight: the platform's clock need not be ours."""
_SUCCESSES = range(200, 300)


class TokenStaleError(DeliveryError):
    """The access token is no longer valid: not sent."""


class UploadGoneError(DeliveryError):
    """The upload that the message refers to is no longer there: not sent."""


def of_status(status: int, retry_after: str | None, rules: DayRules) -> DeliveryError | None:
    """The error of an HTTP status; None for a success."""
    if status in _SUCCESSES:
        return None
    rule = rules.http.get(status)
    code = f"http_{status}"
    if rule is None:
        return RejectedError(code)
    if rule.do is Remedy.BROKEN:
        return AccountBrokenError(code)
    return RetryLaterError(code, _seconds(retry_after))


def of_code(code: int, rules: DayRules, now: datetime) -> DeliveryError:
    """The error of a code that is not 0. A code that nobody has described is taken for our mistake."""
    name, rule = f"zalo{code}", rules.errors.get(code)
    match rule.do if rule is not None else Remedy.REJECT:
        case Remedy.LATER | Remedy.ACCOUNT_LATER | Remedy.TOMORROW | Remedy.MORNING:
            return _later(name, rule, now)
        case Remedy.REFRESH:
            return TokenStaleError(name)
        case Remedy.UPLOAD:
            return UploadGoneError(name)
        case Remedy.PERSON:
            return PersonUnreachableError(name, _reason(rule))
        case Remedy.BROKEN:
            return AccountBrokenError(name)
        case _:
            return RejectedError(name)


def of_failure(error: Exception) -> DeliveryError:
    """The error when no whole answer came. Only what failed before a connection stood was surely not sent."""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return RetryLaterError("connect")
    return UnknownOutcomeError("timeout" if isinstance(error, TimeoutError) else "dropped")


def _later(name: str, rule: ErrorRule | None, now: datetime) -> RetryLaterError:
    if rule is None:
        return RetryLaterError(name)
    whole_account = rule.do is Remedy.ACCOUNT_LATER
    return RetryLaterError(name, _wait(rule, now), whole_account=whole_account)


def _wait(rule: ErrorRule, now: datetime) -> float | None:
    now = now.astimezone(VIETNAM)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if rule.do is Remedy.TOMORROW:
        return (midnight + _MIDNIGHT - now).total_seconds()
    if rule.do is Remedy.MORNING:
        morning = midnight + _MORNING
        return ((morning if morning > now else morning + timedelta(days=1)) - now).total_seconds()
    return rule.seconds


def _reason(rule: ErrorRule | None) -> Unreachable:
    return rule.reason if rule is not None and rule.reason is not None else Unreachable.NOT_FOUND


def _seconds(retry_after: str | None) -> float | None:
    """A wait that the platform names, as far as it is one: at most an hour."""
    return min(float(retry_after), 3600.0) if retry_after and retry_after.isdecimal() else None
