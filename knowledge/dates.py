"""School years, and dates as people in Viet Nam write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

SCHOOL_YEAR_START = (9, 5)
"""Month and day of the opening ceremony; a school year is priced by the values in force on this day."""


@dataclass(frozen=True, order=True)
class SchoolYear:
    """A school year by the calendar year in which it starts: SchoolYear(2026) is 2026-2027."""

    start: int

    @classmethod
    def of(cls, day: date) -> SchoolYear:
        """The school year that `day` belongs to; July and August count to the year that is about to start."""
        return cls(day.year if day.month >= 7 else day.year - 1)

    @property
    def opening(self) -> date:
        return date(self.start, *SCHOOL_YEAR_START)

    def __str__(self) -> str:
        return f"{self.start}-{self.start + 1}"


@dataclass(frozen=True)
class Period:
    """Days in which something holds, both ends included; None = no end known."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlaps(self, other: Period) -> bool:
        starts_before_other_ends = other.end is None or self.start is None or self.start <= other.end
        other_starts_before_end = self.end is None or other.start is None or other.start <= self.end
        return starts_before_other_ends and other_starts_before_end

    def intersect(self, other: Period) -> Period:
        starts = [day for day in (self.start, other.start) if day]
        ends = [day for day in (self.end, other.end) if day]
        return Period(max(starts, default=None), min(ends, default=None))


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def vietnamese_date(day: date) -> str:
    """01/7/2025: day with two digits, month without a leading zero from March to September, as in official letters."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"
