"""Office hours, holidays, and what is not promised."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases import waiting
from bot.cases.clocks import Holidays, OfficeHours, shipped
from bot.clock import VIETNAM

if TYPE_CHECKING:
    from pathlib import Path

HOURS = OfficeHours()


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("moment", "open_", "opening"),
    [
        ("07/09/2026 08:00", True, None),
        ("07/09/2026 16:59", True, None),
        ("07/09/2026 17:00", False, "08/09/2026 08:00"),
        ("07/09/2026 07:59", False, "07/09/2026 08:00"),
        ("05/09/2026 12:00", False, "07/09/2026 08:00"),
        ("13/02/2026 18:00", False, "23/02/2026 08:00"),
        ("17/02/2026 10:00", False, "23/02/2026 08:00"),
        ("28/08/2026 18:00", False, "03/09/2026 08:00"),
        ("22/08/2026 09:00", True, None),
        ("10/01/2026 09:00", True, None),
        ("31/12/2026 20:00", False, "04/01/2027 08:00"),
    ],
)
def test_when_the_office_is_open(moment: str, open_: bool, opening: str | None) -> None:
    assert HOURS.is_open(at(moment)) is open_
    if opening is not None:
        assert HOURS.next_opening(at(moment)) == at(opening)


@pytest.mark.parametrize("moment", ["03/02/2027 18:00", "06/02/2027 09:00", "31/08/2027 20:00", "31/12/2027 20:00"])
def test_no_opening_is_promised_across_days_that_nobody_announced(moment: str) -> None:
    assert not HOURS.is_open(at(moment))
    assert HOURS.next_opening(at(moment)) is None


def test_the_first_day_of_the_lunar_year_is_a_holiday() -> None:
    """17/02/2026 and 06/02/2027, by the astronomical calendar of Viet Nam."""
    for day in (at("17/02/2026 00:00"), at("06/02/2027 00:00")):
        holiday = shipped().on(day.date())
        assert holiday is not None
        assert "Nguyên đán" in holiday.name


def test_working_hours_are_counted_over_nights_weekends_and_holidays() -> None:
    assert HOURS.due(at("07/09/2026 09:00"), 4) == at("07/09/2026 13:00")
    assert HOURS.due(at("07/09/2026 16:00"), 4) == at("08/09/2026 11:00")
    assert HOURS.due(at("11/09/2026 16:00"), 2) == at("14/09/2026 09:00")
    assert HOURS.due(at("05/09/2026 12:00"), 1) == at("07/09/2026 09:00")
    assert HOURS.due(at("13/02/2026 16:30"), 1) == at("23/02/2026 08:30")


@given(st.integers(0, 700 * 24 * 60), st.floats(0.1, 100), st.floats(0.1, 100))
def test_more_work_is_never_due_earlier(minutes: int, some: float, more: float) -> None:
    start = at("01/01/2026 00:00") + timedelta(minutes=minutes)
    due = HOURS.due(start, some)
    assert due > start
    assert HOURS.is_open(due - timedelta(microseconds=1))
    assert HOURS.due(start, some + more) > due


@given(st.integers(0, 700 * 24 * 60), st.floats(0.1, 100))
def test_as_much_was_worked_until_it_is_due(minutes: int, hours: float) -> None:
    start = at("01/01/2026 00:00") + timedelta(minutes=minutes)
    worked = HOURS.worked(start, HOURS.due(start, hours))
    assert abs(worked - timedelta(hours=hours)) < timedelta(seconds=1)


def test_nights_weekends_and_holidays_are_no_office_time() -> None:
    assert HOURS.worked(at("11/09/2026 16:00"), at("14/09/2026 09:30")) == timedelta(hours=2.5)
    assert HOURS.worked(at("05/09/2026 12:00"), at("06/09/2026 12:00")) == timedelta()
    assert HOURS.worked(at("07/09/2026 09:00"), at("07/09/2026 08:00")) == timedelta()


def test_what_somebody_reads_who_has_to_wait() -> None:
    def said(moment: str, language: str = "vi") -> str | None:
        reply = waiting.closed(HOURS, at(moment), language)
        return reply.text if reply is not None else None

    assert said("07/09/2026 10:00") is None
    assert "8 giờ Thứ Hai, 23/2/2026" in (said("17/02/2026 10:00") or "")
    assert "8:00, Monday, 7/9/2026" in (said("05/09/2026 10:00", "en") or "")
    tet = said("06/02/2027 10:00") or ""
    assert "Nguyên đán" in tet
    assert "2027" not in tet


def test_every_day_off_has_its_source_and_year(tmp_path: Path) -> None:
    holidays = shipped()
    assert all(holiday.first.year in holidays.years for holiday in holidays.holiday)
    assert all(holiday.first <= holiday.last for holiday in holidays.holiday)
    file = tmp_path / "holidays.toml"
    file.write_text('years = [2026]\n[[holiday]]\nfrom = 2026-01-01\nto = 2026-01-01\nname = "x"\nannounced = true\n')
    with pytest.raises(ValueError, match="source"):
        Holidays.load(file)
