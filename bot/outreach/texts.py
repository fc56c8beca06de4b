"""From a wording to the message that one person reads on one day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.outreach.fields import FIELD, FIELDS, fitted, places
from handlers.texts import say
from handlers.turn import Button, ImageRef, Reply, ReplyKind
from knowledge.dates import Period
from knowledge.facts import Unit
from knowledge.rendering import MAX_SOURCES, fill, period_text, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from bot.outreach.campaign import Content
    from knowledge.base import KnowledgeBase

BRACE = re.compile(r"\{[^{}]*\}")
DATED = frozenset({Unit.DONG, Unit.PERCENT})
"""Facts under which the days they hold for and their sources are printed."""


def render(base: KnowledgeBase, content: Content, key: str, params: Mapping[str, str], day: date) -> Reply:
    """The message of one wording (`Content.key_for`) as of a day, with the values of one person.

    Raises FactError when a fact that the text names has no value on that day.
    """
    variant = content.variants[key]
    language = language_of(key)

    def value(brace: re.Match[str]) -> str:
        place = FIELD.fullmatch(brace[0])
        if place is None or place["name"] not in FIELDS:
            return fill(brace[0], base.facts, day, language)
        given = params.get(place["name"], "")
        return fitted(place["name"], given) if given else place["default"] or ""

    text = BRACE.sub(value, variant.text).strip()
    return Reply(
        text,
        ReplyKind.NOTICE,
        tuple(Button(choice.label, choice.action, choice.link) for choice in variant.buttons),
        _note(base, variant.text, day, language),
        image=ImageRef(variant.image, text.partition("\n")[0].replace("**", "")) if variant.image else None,
    )


def language_of(key: str) -> str:
    """The language of a wording."""
    return key.partition("-")[0]


def wanted(content: Content) -> frozenset[str]:
    """The fields that any wording has a place for: nothing else of a person is looked up and kept."""
    return frozenset(match["name"] for variant in content.variants.values() for match in places(variant.text))


def facts_in(text: str, base: KnowledgeBase) -> Iterator[str]:
    """The facts that a text names, each once."""
    named = (match["fact"] for match in placeholders(text) if match["fact"] not in FIELDS)
    return (fact for fact in dict.fromkeys(named) if fact in base.facts)


def _note(base: KnowledgeBase, text: str, day: date, language: str) -> str:
    """For which days the figures of a text hold, and which documents say so; empty for a text without figures."""
    period, sources = Period(), dict[str, None]()
    dated = [fact for fact in facts_in(text, base) if base.facts.fact(fact).unit in DATED]
    for fact in dated:
        period = period.intersect(base.facts.period(fact, day))
        sources.update(dict.fromkeys(base.sources[source].cite() for source in base.facts.sources(fact, day)))
    if not dated:
        return ""
    cited = "; ".join(list(sources)[:MAX_SOURCES])
    return f"{period_text(period, day, day, language)}\n{say(language, 'answer', 'source', sources=cited)}"
