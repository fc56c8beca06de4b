"""Extra support that a province pays, in words; unknown is a normal answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from handlers.texts import say
from knowledge.facts import Confidence, Unit
from knowledge.offices import Office, Support
from knowledge.rendering import format_value

if TYPE_CHECKING:
    from handlers.dialogues.guide import Setting

_LEVELS = {
    "grade1": {"primary"},
    "pupil": {"primary", "lower-secondary", "upper-secondary", "continuing-education"},
    "grade12": {"upper-secondary", "continuing-education"},
    "student": {"university", "vocational"},
    "final-year": {"university", "vocational"},
}


def best_support(office: Office, level: str, day: date) -> Support | None:
    """The greatest extra share that holds on a day for everybody of a school level in the whole province.

    Support for narrow groups or for a former province only is not taken: the bot cannot know whether it applies.
    """
    fitting = [
        support
        for support in office.support_on(day)
        if support.everyone
        and support.share is not None
        and support.confidence is not Confidence.LOW
        and not support.area
        and _LEVELS.get(level, set()) & set(support.levels)
    ]
    return max(fitting, key=lambda support: support.share or 0, default=None)


def support_note(office: Office, support: Support | None, setting: Setting) -> str:
    """What the bot may say of local support in a province."""
    language = setting.language
    if support is not None and support.share is not None:
        share = format_value(support.share, Unit.PERCENT, language)
        return say(language, "local", "known", province=office.short_name, share=share, who=support.who)
    key = "some" if office.support_on(setting.today) else "unknown"
    return say(language, "local", key, province=office.short_name)
