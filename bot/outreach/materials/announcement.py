"""What an office announces: a slogan, who says it, the figures of the day, and where to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.accounts import channel_of, provinces
from bot.channels.inbound import Channel
from bot.outreach.errors import OutreachError
from bot.outreach.links import links
from bot.outreach.materials.words import say
from handlers.arrival import readable
from knowledge.dates import Period, SchoolYear, vietnamese_date
from knowledge.facts import Unit
from knowledge.rendering import format_value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.config import Settings
    from bot.outreach.campaign import Content
    from knowledge.base import KnowledgeBase

LONG_NAMES = {"BHXH": "Bảo hiểm xã hội"}
SHARE = "state_share"
ALWAYS = Period()
_NAMES = {Channel.TELEGRAM: "Telegram", Channel.ZALO: "Zalo"}


@dataclass(frozen=True)
class Door:
    """A way to the bot: the platform's name, the address in the QR code, what to type there when it carries no code."""

    name: str
    url: str
    spoken: str | None = None


@dataclass(frozen=True)
class Share:
    """What the state pays, since when, and by which document."""

    percent: str
    since: str
    source: str


@dataclass(frozen=True)
class Announcement:
    """All that stands on a poster. `letter` cites where the slogan comes from; it and `period` may be empty."""

    slogan: str
    letter: str
    office: str
    school_year: str
    period: Period
    hotline: str
    share: Share
    doors: tuple[Door, ...] = ()

    @property
    def days(self) -> str:
        """The period in words; empty without both ends."""
        if self.period.start is None or self.period.end is None:
            return ""
        return say("notice", "period", first=vietnamese_date(self.period.start), last=vietnamese_date(self.period.end))


def announce(
    base: KnowledgeBase,
    slogan_id: str,
    office_id: str,
    day: date,
    *,
    period: Period = ALWAYS,
    ways: Sequence[Door] = (),
) -> Announcement:
    """An announcement with an official slogan, as of a day; raises OutreachError for an unknown slogan or office."""
    slogan = next((slogan for slogan in base.slogans.slogans if slogan.id == slogan_id), None)
    if slogan is None:
        known = ", ".join(slogan.id for slogan in base.slogans.slogans)
        raise OutreachError(f"Không có khẩu hiệu {slogan_id}; có: {known}.")
    return Announcement(
        slogan=slogan.text,
        letter=say("notice", "letter", letter=base.sources[slogan.letter].cite()),
        office=office_name(base, office_id),
        school_year=str(SchoolYear.of(day)),
        period=period,
        hotline=base.hotline(day),
        share=_share(base, day),
        doors=tuple(ways),
    )


def doors(settings: Settings, office_id: str, campaign: str, school: str = "") -> tuple[Door, ...]:
    """The ways to the bot for an office, each counted for a campaign and a school by their codes.

    An account of another province is left out. Raises OutreachError when the codes cannot stand in a link.
    """
    pieces = [f"p-{office_id}", *([f"s-{school}"] if school else []), f"c-{campaign}"]
    code = "_".join(pieces)
    if readable(code) is None:
        raise OutreachError(f"{code}: mỗi mã chỉ gồm chữ thường không dấu, số, gạch nối, nhiều nhất 24 ký tự.")
    homes = provinces(settings)
    return tuple(
        Door(_NAMES[channel_of(account)], link.url, link.spoken)
        for account, link in links(settings, code).items()
        if homes.get(account, "") in {"", office_id}
    )


def slogan_in(base: KnowledgeBase, content: Content) -> str:
    """The id of the official slogan that the Vietnamese text of a campaign quotes; empty when it quotes none."""
    text = content.variants["vi"].text
    return next((slogan.id for slogan in base.slogans.slogans if slogan.text.rstrip(".") in text), "")


def office_name(base: KnowledgeBase, office_id: str) -> str:
    """The full name of a province's office, without abbreviation; raises OutreachError when there is none."""
    if office_id not in base.offices:
        raise OutreachError(f"Không có tỉnh, thành phố {office_id}; xem tên tệp trong knowledge/offices.")
    return " ".join(LONG_NAMES.get(word, word) for word in base.offices[office_id].office_name.split())


def _share(base: KnowledgeBase, day: date) -> Share:
    facts = base.facts
    since = facts.period(SHARE, day).start
    document = base.sources[facts.sources(SHARE, day)[0]]
    return Share(
        percent=format_value(facts.value(SHARE, day), Unit.PERCENT),
        since=vietnamese_date(since) if since else "",
        source=document.number,
    )
