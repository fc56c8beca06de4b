"""When a campaign may send: between its start and end, outside quiet hours, wave after wave. Vietnamese time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from bot.clock import VIETNAM

if TYPE_CHECKING:
    from bot.outreach.campaign import Campaign, Terms, Wave
    from bot.settings import OutreachSettings

SPREAD = 7919
"""A person's place among a hundred is `(id + seed) * SPREAD % 100`: a prime, so that neighbours fall into all waves."""


@dataclass(frozen=True)
class QuietHours:
    """From one full hour to another, over midnight when the first is the later one; none when they are the same."""

    start: int
    end: int

    @classmethod
    def of(cls, terms: Terms, settings: OutreachSettings) -> Self:
        """Those of the campaign, else those of the settings."""
        if terms.quiet_from is not None and terms.quiet_to is not None:
            return cls(terms.quiet_from, terms.quiet_to)
        return cls(settings.quiet_from, settings.quiet_to)

    def __contains__(self, moment: datetime) -> bool:
        hour = moment.astimezone(VIETNAM).hour
        if self.start <= self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end

    def after(self, moment: datetime) -> datetime:
        """The moment itself when it is not quiet, else the end of these quiet hours."""
        local = moment.astimezone(VIETNAM)
        if local not in self:
            return local
        end = datetime.combine(local.date(), time(self.end), VIETNAM)
        return end if end > local else end + timedelta(days=1)

    def begin_after(self, moment: datetime) -> datetime | None:
        """When it next becomes quiet after a moment that is not; None when it never does."""
        if self.start == self.end:
            return None
        local = moment.astimezone(VIETNAM)
        begin = datetime.combine(local.date(), time(self.start), VIETNAM)
        return begin if begin > local else begin + timedelta(days=1)


@dataclass(frozen=True)
class Schedule:
    """The times of one campaign, all aware. From `ends` on nothing is sent; `seed` tells who comes in which wave."""

    starts: datetime
    ends: datetime | None
    quiet: QuietHours
    waves: tuple[Wave, ...] = ()
    seed: int = 0

    @classmethod
    def of(cls, campaign: Campaign, settings: OutreachSettings, now: datetime) -> Self:
        """The times of a campaign; one without a start begins now."""
        quiet = QuietHours.of(campaign.terms, settings)
        return cls(campaign.starts or now, campaign.ends, quiet, campaign.terms.waves, campaign.id)

    def opening(self, wave: int) -> datetime:
        """Before when nothing of a wave is sent."""
        if not self.waves:
            return self.starts
        return self.starts + timedelta(hours=self.waves[wave].after_hours)

    def next_moment(self, now: datetime, wave: int = 0) -> datetime | None:
        """When a message of this wave may go out, now at the earliest; None when it never may again."""
        moment = self.quiet.after(max(now, self.opening(wave)))
        return moment if self.ends is None or moment < self.ends else None

    def has_ended(self, now: datetime) -> bool:
        return self.ends is not None and now >= self.ends

    def finish(self, begin: datetime, sending: timedelta) -> datetime:
        """When sending that takes so long without a break is done, quiet hours left out; may lie behind the end."""
        moment, left = self.quiet.after(begin), sending
        while (pause := self.quiet.begin_after(moment)) is not None and moment + left > pause:
            left -= pause - moment
            moment = self.quiet.after(pause)
        return moment + left
