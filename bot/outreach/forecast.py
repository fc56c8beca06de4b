"""How long sending will take at the pace that the platforms allow, and whether staff can answer what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from bot.channels.zalo.account import account_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.config import Settings
    from bot.outreach.schedule import Schedule


@dataclass(frozen=True)
class Forecast:
    """`begin` and `finish` of the sending; `replies` in all and on a day, beside the cases that staff can answer."""

    begin: datetime
    finish: datetime
    in_time: bool
    replies: int
    replies_a_day: int
    cases_a_day: int

    @property
    def staff_can_answer(self) -> bool:
        return self.replies_a_day <= self.cases_a_day

    @property
    def days_needed(self) -> int:
        """Over how many days the sending should be spread so that staff can answer."""
        return max(1, ceil(self.replies / self.cases_a_day))


def rates(settings: Settings) -> dict[str, float]:
    """Campaign messages a second on each of our accounts."""
    found = {account_of(oa.id): oa.rate * settings.outreach.zalo_share / 60 for oa in settings.zalo.oa}
    if settings.telegram.token is not None:
        found[settings.telegram.account] = settings.outreach.telegram_rate
    return found


def forecast(people: Mapping[str, int], schedule: Schedule, settings: Settings) -> Forecast:
    """For so many recipients on each account, sent as this schedule says."""
    pace = rates(settings)
    begin = schedule.quiet.after(schedule.opening(0))
    finish = max((_finish(schedule, count, pace[account]) for account, count in people.items()), default=begin)
    replies = round(sum(people.values()) * settings.outreach.reply_share)
    days = (finish.date() - begin.date()).days + 1
    in_time = schedule.ends is None or finish <= schedule.ends
    return Forecast(begin, finish, in_time, replies, ceil(replies / days), settings.outreach.cases_per_day)


def _finish(schedule: Schedule, count: int, rate: float) -> datetime:
    """When one account is done: a wave begins when it opens, but not before the one ahead of it is sent."""
    done = schedule.opening(0)
    for number, share in enumerate([wave.share for wave in schedule.waves] or [100]):
        begin = max(done, schedule.opening(number))
        done = schedule.finish(begin, timedelta(seconds=count * share / 100 / rate))
    return done
