"""Zalo's timestamps: strings of milliseconds, mostly."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.clock import VIETNAM

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {10: timedelta(seconds=1), 13: timedelta(milliseconds=1), 16: timedelta(microseconds=1)}
"""What one step means, by the number of digits: the documentation's own examples have odd lengths."""

_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)


def timestamp_text(value: object) -> str:
    """A timestamp as the signature takes it; empty when there is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def moment(value: object) -> datetime | None:
    """The moment of a timestamp, aware, in Vietnamese time; None when it is none that can be told."""
    text = timestamp_text(value).strip()
    unit = _UNITS.get(len(text)) if _DIGITS.fullmatch(text) else None
    return (_EPOCH + int(text) * unit).astimezone(VIETNAM) if unit is not None else None
