"""Answers of the knowledge base that an agent can put into a reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.errors import FactError

if TYPE_CHECKING:
    from datetime import date

    from bot.core import Core

SHOWN = 3
LOOKED_AT = 8


@dataclass(frozen=True)
class Suggestion:
    """A reviewed answer as it holds today, without markup; `likely` is its probability in whole hundredths."""

    entry: str
    title: str
    text: str
    likely: int


def suggest(core: Core, question: str, language: str, today: date, shown_in: str) -> list[Suggestion]:
    """The likeliest answers to a question: texts in the citizen's `language`, titles in that of the page."""
    found = []
    for candidate in core.search.find(question, LOOKED_AT):
        try:
            rendered = core.base.render(candidate.entry_id, today, language)
        except FactError:
            continue  # no value for today: the bot would not give this answer either
        title = core.base.entry(candidate.entry_id).title_in(shown_in)
        text = rendered.text.replace("**", "").strip()
        found.append(Suggestion(candidate.entry_id, title, text, round(100 * candidate.probability)))
    return found[:SHOWN]
