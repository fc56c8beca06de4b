"""What a citizen is told who has to wait: once, and only what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_datetime

from bot.cases.texts import say
from handlers.turn import Reply, ReplyKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.case import Case
    from bot.cases.clocks import OfficeHours


def closed(hours: OfficeHours, now: datetime, language: str) -> Reply | None:
    """That the office is closed, and from when it is open if that is certain; None while it is open."""
    if hours.is_open(now):
        return None
    opening, holiday = hours.next_opening(now), hours.holiday(now)
    if opening is not None:
        return _notice(say(language, "closed_until", opening=_moment(opening, language)))
    if holiday is not None:
        return _notice(say(language, "closed_for", name=holiday.name))
    return _notice(say(language, "closed"))


def overdue(case: Case, hours: OfficeHours, now: datetime, language: str, hotline: str) -> Reply:
    """That the first answer takes longer than it should."""
    return closed(hours, now, language) or _notice(say(language, "overdue", number=case.number, hotline=hotline))


def _moment(opening: datetime, language: str) -> str:
    day = format_datetime(opening, "EEEE, d/M/y", locale=language)
    return say(language, "moment", hour=say(language, "hour", hour=opening.hour), day=day)


def _notice(text: str) -> Reply:
    return Reply(text, kind=ReplyKind.NOTICE)
