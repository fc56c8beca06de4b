"""Numbers of cases, to be read out on the phone: YC26-004217."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

CaseNumbers = Callable[[int, date], str]
"""Gives the case number of a turn from the id of its inbound message and the day."""


def case_number(message: int, day: date) -> str:
    """Unique because ids of inbound messages are never used twice; the year helps staff to find it."""
    return f"YC{day.year % 100:02d}-{message:06d}"
