"""When a campaign may send."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import VIETNAM
from bot.outreach.campaign import Terms, Wave
from bot.outreach.schedule import QuietHours, Schedule
from bot.settings import OutreachSettings

DAY = datetime(2026, 11, 22, tzinfo=VIETNAM)
HOUR = timedelta(hours=1)
NIGHT = QuietHours(21, 7)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda naive: naive.replace(tzinfo=VIETNAM))  # noqa: DTZ001
QUIET = st.builds(QuietHours, st.integers(0, 23), st.integers(0, 23))


def at(hour: float) -> datetime:
    return DAY + hour * HOUR


@pytest.mark.parametrize(
    ("quiet", "hour", "after"),
    [
        (NIGHT, 20.99, 20.99),
        (NIGHT, 21, 31),
        (NIGHT, 23.5, 31),
        (NIGHT, 0, 7),
        (NIGHT, 6.99, 7),
        (NIGHT, 7, 7),
        (QuietHours(12, 14), 13, 14),
        (QuietHours(12, 14), 11, 11),
        (QuietHours(0, 6), 3, 6),
        (QuietHours(22, 0), 23, 24),
        (QuietHours(5, 5), 5, 5),
    ],
)
def test_quiet_hours_also_over_midnight(quiet: QuietHours, hour: float, after: float) -> None:
    assert quiet.after(at(hour)) == at(after)


def test_a_campaign_has_its_own_quiet_hours_or_those_of_the_settings() -> None:
    defaults = OutreachSettings(quiet_from=20, quiet_to=8)
    assert QuietHours.of(Terms(), defaults) == QuietHours(20, 8)
    assert QuietHours.of(Terms(quiet_from=0, quiet_to=6), defaults) == QuietHours(0, 6)


@given(moment=MOMENTS, quiet=QUIET)
def test_after_is_the_first_moment_that_is_not_quiet(moment: datetime, quiet: QuietHours) -> None:
    after = quiet.after(moment)
    assert after not in quiet
    assert after >= moment
    assert after == moment or (moment in quiet and (after - timedelta(microseconds=1)) in quiet)
    assert after - moment < timedelta(days=1)


@given(begin=MOMENTS, quiet=QUIET, minutes=st.integers(0, 60 * 24 * 9))
def test_sending_takes_its_time_outside_quiet_hours(begin: datetime, quiet: QuietHours, minutes: int) -> None:
    """The time from begin to finish without the quiet part, counted minute by minute, is the time that it takes."""
    begin = begin.replace(second=0, microsecond=0)
    finish = Schedule(begin, None, quiet).finish(begin, timedelta(minutes=minutes))
    length = int((finish - begin) / timedelta(minutes=1))
    if minutes:
        assert sum(begin + timedelta(minutes=passed) not in quiet for passed in range(length)) == minutes


@given(now=MOMENTS, starts=MOMENTS, open_for=st.integers(1, 60 * 48), quiet=QUIET, after=st.integers(0, 72))
def test_nothing_is_sent_outside_the_times(
    now: datetime, starts: datetime, open_for: int, quiet: QuietHours, after: int
) -> None:
    ends = starts + timedelta(minutes=open_for)
    schedule = Schedule(starts, ends, quiet, (Wave(share=40, after_hours=0), Wave(share=60, after_hours=after)))
    for wave, opening in enumerate((starts, starts + after * HOUR)):
        moment = schedule.next_moment(now, wave)
        if moment is None:
            assert quiet.after(max(now, opening)) >= ends
        else:
            assert moment not in quiet
            assert max(now, opening) <= moment < ends
            assert schedule.next_moment(moment, wave) == moment
    assert schedule.has_ended(now) is (now >= ends)


def test_without_a_start_it_begins_now_and_without_an_end_it_never_ends() -> None:
    schedule = Schedule(at(9), None, NIGHT)
    assert schedule.next_moment(at(9)) == at(9)
    assert schedule.next_moment(at(9) + timedelta(days=400)) is not None
    assert not schedule.has_ended(at(9) + timedelta(days=400))
