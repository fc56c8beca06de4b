"""A text for the ward loudspeaker: a minute or a little more, every number written as it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.outreach.materials import spoken
from bot.outreach.materials.words import say
from knowledge.dates import SchoolYear
from knowledge.rendering import format_value

if TYPE_CHECKING:
    from datetime import date

    from bot.outreach.materials.announcement import Announcement
    from knowledge.base import KnowledgeBase

SYLLABLES_A_MINUTE = 190
"""A slow reading, since outdoors it echoes; in a studio news are read at 220 and more."""
PAUSE = 0.6
"""Seconds of silence between two paragraphs."""
SHORTEST, LONGEST = 60, 90
"""Seconds that are listened to."""
_FACTS = ("state_share", "student_month", "student_12_months", "benefit_student", "benefit_full")
_ORDER = ("greeting", "subject", "slogan", "law", "where", "benefit", "period", "safe", "hotline", "thanks")
_FIRST_TO_GO = ("benefit", "safe", "where")
"""What is left out, in this order, while the text is too long."""


@dataclass(frozen=True)
class Script:
    """Paragraphs to read, and how long that takes in seconds."""

    paragraphs: tuple[str, ...]

    @property
    def syllables(self) -> int:
        return sum(len(re.findall(r"\w+", paragraph)) for paragraph in self.paragraphs)

    @property
    def seconds(self) -> int:
        return round(self.syllables * 60 / SYLLABLES_A_MINUTE + PAUSE * (len(self.paragraphs) - 1))

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def script(base: KnowledgeBase, announcement: Announcement, day: date) -> Script:
    """What to read out on a day; raises FactError when a figure is not known for it."""
    facts = {
        name: spoken.amount(format_value(base.facts.value(name, day), base.facts.fact(name).unit)) for name in _FACTS
    }
    year = SchoolYear.of(day)
    values: dict[str, str] = {
        **facts,
        "office": spoken.spelled_out(announcement.office),
        "year": f"{spoken.number(year.start)}, {spoken.number(year.start + 1)}",
        "slogan": spoken.spelled_out(announcement.slogan),
        "hotline": spoken.digits(announcement.hotline),
    }
    parts = list(_ORDER)
    if (first := announcement.period.start) and (last := announcement.period.end):
        values |= {"first": spoken.day(first), "last": spoken.day(last)}
    else:
        parts.remove("period")
    for unneeded in ("", *_FIRST_TO_GO):
        parts = [part for part in parts if part != unneeded]
        written = Script(tuple(say("radio", part, **values) for part in parts))
        if written.seconds <= LONGEST:
            break
    return written
