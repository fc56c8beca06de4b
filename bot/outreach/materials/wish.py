"""What somebody wants on a poster, a card or in a radio text; what they leave open is that of the campaign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.clock import VIETNAM
from bot.outreach.errors import OutreachError
from bot.outreach.materials.announcement import announce, doors, slogan_in
from knowledge.dates import Period

if TYPE_CHECKING:
    from datetime import date

    from bot.config import Settings
    from bot.outreach.campaign import Campaign
    from bot.outreach.materials.announcement import Announcement
    from knowledge.base import KnowledgeBase


@dataclass(frozen=True)
class Wish:
    """`code` is that of the campaign; office, slogan and school are ids, the last two may be empty."""

    code: str
    office: str
    slogan: str = ""
    school: str = ""
    first: date | None = None
    last: date | None = None

    def completed(self, campaign: Campaign | None, base: KnowledgeBase) -> Wish:
        """With slogan and days of the campaign where none are wished for; raises OutreachError without any slogan."""
        slogan = self.slogan or (slogan_in(base, campaign.content) if campaign else "")
        if not slogan:
            raise OutreachError("Chiến dịch không nêu khẩu hiệu chính thức nào; hãy chọn một khẩu hiệu.")
        if campaign is None:
            return replace(self, slogan=slogan)
        first = campaign.starts.astimezone(VIETNAM).date() if campaign.starts else None
        last = campaign.ends.astimezone(VIETNAM).date() if campaign.ends else None
        return replace(self, slogan=slogan, first=self.first or first, last=self.last or last)

    def announcement(self, base: KnowledgeBase, settings: Settings, day: date) -> Announcement:
        """What is announced on a day; raises OutreachError for ids that do not exist."""
        ways = doors(settings, self.office, self.code, self.school)
        return announce(base, self.slogan, self.office, day, period=Period(self.first, self.last), ways=ways)

    @property
    def parts(self) -> tuple[str, ...]:
        """What its files are called by."""
        return self.office, self.slogan, f"s-{self.school}" if self.school else "", f"c-{self.code}"
