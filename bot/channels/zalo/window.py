"""Whether we may write to a person now, and at whose cost. Nothing is sent to find out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.delivery.errors import PersonUnreachableError, RetryLaterError, Unreachable

if TYPE_CHECKING:
    from datetime import datetime

    from bot.channels.zalo.rules import WindowRule


class Window(StrEnum):
    """Who pays for a message now; closed: nobody can."""

    FREE = "free"
    PAID = "paid"
    CLOSED = "closed"


def window_at(now: datetime, last_interaction: datetime, rule: WindowRule) -> Window:
    """The window in which a message sent now would fall. Both moments aware."""
    silence = now - last_interaction
    if silence <= rule.free:
        return Window.FREE
    return Window.PAID if silence <= rule.paid else Window.CLOSED


def admit(now: datetime, last_interaction: datetime, rule: WindowRule, *, may_cost: bool | None) -> Window:
    """The window; raises PersonUnreachableError when it is closed, or costs something that this message may not.

    Raises RetryLaterError when it costs something and it is not known yet (None) whether it may.
    """
    window = window_at(now, last_interaction, rule)
    if window is Window.PAID and may_cost is None:
        raise RetryLaterError("quota_unknown")
    if window is Window.CLOSED or (window is Window.PAID and not may_cost):
        raise PersonUnreachableError(f"window_{window}", Unreachable.WINDOW_CLOSED)
    return window
