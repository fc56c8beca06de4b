from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import VIETNAM
from bot.outreach.reports.timeline import MOST, steps

FIRST = datetime(2026, 11, 22, 9, 40, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("span", "step", "begin"),
    [
        (timedelta(0), timedelta(hours=1), datetime(2026, 11, 22, 9, tzinfo=VIETNAM)),
        (timedelta(days=20), timedelta(days=1), datetime(2026, 11, 22, tzinfo=VIETNAM)),
        (timedelta(days=200), timedelta(weeks=1), datetime(2026, 11, 16, tzinfo=VIETNAM)),
    ],
)
def test_steps_grow_with_the_time(span: timedelta, step: timedelta, begin: datetime) -> None:
    found, starts = steps(FIRST, FIRST + span)
    assert (found, starts[0]) == (step, begin)


@given(st.integers(0, 40_000_000), st.integers(0, 30_000_000))
def test_every_moment_lies_in_a_step(start: int, span: int) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=start)
    last = first + timedelta(seconds=span)
    step, starts = steps(first, last)
    assert starts[0] <= first < starts[0] + step
    assert starts[-1] <= last < starts[-1] + step
    assert len(starts) <= MOST
