"""Whether we may write now: the edges of the windows of 2026 (reference §3.1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.channels.zalo.window import Window, admit, window_at
from bot.delivery.errors import PersonUnreachableError, Unreachable
from tests.bot.conftest import NOON
from tests.channels.zalo.support import RULES

RULE = RULES.on(date(2026, 9, 5)).window
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("silence", "window"),
    [
        (timedelta(0), Window.FREE),
        (-timedelta(minutes=5), Window.FREE),
        (timedelta(hours=48), Window.FREE),
        (timedelta(hours=48) + SECOND, Window.PAID),
        (timedelta(days=7), Window.PAID),
        (timedelta(days=7) + SECOND, Window.CLOSED),
    ],
)
def test_windows(silence: timedelta, window: Window) -> None:
    assert window_at(NOON, NOON - silence, RULE) is window


def test_a_closed_window_is_never_tried() -> None:
    with pytest.raises(PersonUnreachableError) as raised:
        admit(NOON, NOON - timedelta(days=8), RULE, may_cost=True)
    assert raised.value.reason is Unreachable.WINDOW_CLOSED
    assert raised.value.code == "window_closed"


def test_what_may_not_cost_waits_for_the_free_window() -> None:
    three_days_ago = NOON - timedelta(days=3)
    assert admit(NOON, three_days_ago, RULE, may_cost=True) is Window.PAID
    with pytest.raises(PersonUnreachableError, match="window_paid"):
        admit(NOON, three_days_ago, RULE, may_cost=False)
