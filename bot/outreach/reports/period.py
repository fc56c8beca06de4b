"""The days that a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from bot.clock import VIETNAM

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From one day to another, both counted, in Vietnam."""

    first: date
    last: date

    @classmethod
    def week_of(cls, day: date) -> Self:
        """Monday to Sunday."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6))

    @classmethod
    def month_of(cls, day: date) -> Self:
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - _DAY)

    @property
    def is_month(self) -> bool:
        return self == type(self).month_of(self.first)

    @property
    def before(self) -> Self:
        """What to compare it with: the month before a month, otherwise as many days before the first."""
        if self.is_month:
            return type(self).month_of(self.first - _DAY)
        return type(self)(self.first - len(self.days) * _DAY, self.first - _DAY)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + number * _DAY for number in range((self.last - self.first).days + 1))

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.first, time(), VIETNAM)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + _DAY, time(), VIETNAM)
