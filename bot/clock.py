"""The clock of the offices. Everything that needs the time is given a `Clock`; only this file reads the real one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
# Viet Nam has kept UTC+7 all year since 1975, so no time-zone database is needed on the host.

Clock = Callable[[], datetime]
"""Gives the present as an aware datetime in Vietnamese time."""


def now() -> datetime:
    """The present, aware, in Vietnamese time."""
    return datetime.now(UTC).astimezone(VIETNAM)
