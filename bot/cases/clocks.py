"""Office hours: when somebody can answer, and by when they should have.

Days off stand in `holidays.toml` with their year and source. Days that the law gives and nobody has announced yet count
as closed, and no reopening is promised across them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, Field

from bot.clock import VIETNAM

if TYPE_CHECKING:
    from bot.settings import CasesSettings

FILE = Path(__file__).with_name("holidays.toml")
_DAY = timedelta(days=1)
_LOOKED_AHEAD = 60
"""Days in which an office must open once."""


class Holiday(BaseModel):
    """Days off; not `announced` while the law gives them and their exact days are not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    name: str = Field(min_length=1)
    source: str = Field(min_length=10)
    announced: bool


class WorkingDay(BaseModel):
    """A day of the weekend on which the office works, in place of another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    source: str = Field(min_length=10)


class Holidays(BaseModel):
    """The whole file; `years` are those that are complete in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    years: tuple[int, ...]
    holiday: tuple[Holiday, ...]
    working: tuple[WorkingDay, ...] = ()

    @classmethod
    def load(cls, file: Path = FILE) -> Self:
        """The file as shipped; raises ValueError when it is wrong."""
        return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))

    def on(self, day: date) -> Holiday | None:
        return next((holiday for holiday in self.holiday if holiday.first <= day <= holiday.last), None)


@cache
def shipped() -> Holidays:
    """The holidays of the repository."""
    return Holidays.load()


@dataclass(frozen=True)
class OfficeHours:
    """When an office is open; hours of the Vietnamese day, Monday is 1."""

    opens: int = 8
    closes: int = 17
    days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: Holidays = field(default_factory=shipped)

    @classmethod
    def of(cls, settings: CasesSettings) -> Self:
        return cls(settings.opens, settings.closes, frozenset(settings.days))

    def is_open(self, moment: datetime) -> bool:
        local = moment.astimezone(VIETNAM)
        return self._works_on(local.date()) and self.opens <= local.hour < self.closes

    def next_opening(self, moment: datetime) -> datetime | None:
        """When the office opens after a moment at which it is closed; None when that cannot be promised yet."""
        local = moment.astimezone(VIETNAM)
        for ahead in range(_LOOKED_AHEAD):
            day = local.date() + ahead * _DAY
            if not self._is_known(day):
                return None
            if self._works_on(day) and (opening := self._at(day, self.opens)) > local:
                return opening
        return None

    def holiday(self, moment: datetime) -> Holiday | None:
        """The days off in which a moment falls."""
        return self.holidays.on(moment.astimezone(VIETNAM).date())

    def due(self, start: datetime, hours: float) -> datetime:
        """The moment at which so many office hours have gone by since `start`."""
        left, day = timedelta(hours=hours), start.astimezone(VIETNAM).date()
        while True:
            opening, closing = self._at(day, self.opens), self._at(day, self.closes)
            begun = max(opening, start)
            if self._works_on(day) and begun < closing:
                if left <= closing - begun:
                    return begun + left
                left -= closing - begun
            day += _DAY

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much office time lies between two moments."""
        total, day, last = timedelta(), start.astimezone(VIETNAM).date(), end.astimezone(VIETNAM).date()
        while day <= last:
            if self._works_on(day):
                until = min(self._at(day, self.closes), end)
                total += max(until - max(self._at(day, self.opens), start), timedelta())
            day += _DAY
        return total

    def _works_on(self, day: date) -> bool:
        if any(working.day == day for working in self.holidays.working):
            return True
        return day.isoweekday() in self.days and self.holidays.on(day) is None

    def _is_known(self, day: date) -> bool:
        holiday = self.holidays.on(day)
        return day.year in self.holidays.years and (holiday is None or holiday.announced)

    def _at(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, datetime.min.time(), VIETNAM) + timedelta(hours=hour)
