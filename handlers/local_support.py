"""Extra support that a province pays, in words; unknown is a normal answer."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from handlers.texts import say
from knowledge.entries import Kind
from knowledge.facts import Confidence, Unit
from knowledge.offices import Office, Support
from knowledge.rendering import format_value
from knowledge.search.engine import best_first

if TYPE_CHECKING:
    from handlers.dialogues.guide import Setting
    from knowledge.base import KnowledgeBase
    from knowledge.entries import Entry
    from knowledge.search.engine import Candidate

ANY_PROVINCE = "ho-tro-them-cua-dia-phuong"
"""The entry that answers for a province which has none of its own."""

PREMIUM_TOPIC = "muc-dong"
SUPPORT_TOPIC = "ho-tro"

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
        return say(language, "local", "known", province=office.short_name, share=share, who=_in_a_sentence(support.who))
    key = "some" if office.support_on(setting.today) else "unknown"
    return say(language, "local", key, province=office.short_name)


def _in_a_sentence(text: str) -> str:
    return text[:1].lower() + text[1:]


def for_province(candidates: list[Candidate], base: KnowledgeBase, office: str | None) -> list[Candidate]:
    """Answers on the support of whatever province count together, as the answer for the province meant."""
    if office is None or ANY_PROVINCE not in base.entries:
        return candidates
    elsewhere = {entry_id for entry_id, _ in candidates if _tells_elsewhere(base.entry(entry_id), office)}
    if not elsewhere:
        return candidates
    own = base.answers_in(office)
    ranked = (entry_id for entry_id, _ in candidates if entry_id in own)
    target = next(chain(ranked, own), ANY_PROVINCE)
    together: dict[str, float] = {}
    for entry_id, chance in candidates:
        counted = target if entry_id in elsewhere else entry_id
        together[counted] = chance + together.get(counted, 0.0)
    return best_first(together)


def entry_for_province(base: KnowledgeBase, entry_id: str, office: str | None) -> str:
    """The entry that tells for another province what an answer on support or on the premium told; others stay."""
    entry = base.entry(entry_id)
    local = bool(entry.provinces) or entry_id == ANY_PROVINCE
    if office is None or office in entry.provinces or not (local or entry.topic == PREMIUM_TOPIC):
        return entry_id
    return next(iter(base.answers_in(office)), ANY_PROVINCE if local else entry_id)


def _tells_elsewhere(entry: Entry, office: str) -> bool:
    """Whether an answer is one on the support of other provinces, or of any."""
    other = entry.id == ANY_PROVINCE or (bool(entry.provinces) and office not in entry.provinces)
    return other and entry.kind is Kind.ANSWER
