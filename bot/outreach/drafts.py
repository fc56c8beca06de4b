"""Drafts that come with the program: seasons, priority groups, and what is sent again and again (`drafts.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from bot.outreach.campaign import Model, Terms, Variant
from bot.outreach.errors import CampaignError
from bot.outreach.messages import say
from handlers.effects import Topic
from knowledge.dates import SchoolYear

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from knowledge.base import KnowledgeBase
    from knowledge.slogans import Slogan

FILE = Path(__file__).with_name("drafts.toml")


class Draft(Model):
    """A campaign without code, people and times. `season` is empty for the school year in which it is sent."""

    title: str
    purpose: str
    topic: Topic
    season: str = ""
    slogans: tuple[str, ...] = ()
    terms: Terms = Terms()
    texts: dict[str, Variant] = Field(min_length=1)

    def values(self, base: KnowledgeBase, day: date, slogan: str = "") -> dict[str, Any]:
        """What a manuscript takes from this draft for a campaign that starts on a day; raises CampaignError.

        `slogan` is the id of one of `slogans`, by default the first. Slogan, letter and school year are written into
        the texts here; facts and what differs by person when a message is sent.
        """
        written = {"{nam_hoc}": self.season or str(SchoolYear.of(day))}
        chosen = self.slogan(base, slogan)
        if chosen is not None:
            written |= {"{khau_hieu}": chosen.text, "{cong_van}": base.sources[chosen.letter].cite()}
        texts = {
            key: {**variant.model_dump(), "text": _replaced(variant.text.strip(), written)}
            for key, variant in self.texts.items()
        }
        return {
            "title": self.title,
            "purpose": self.purpose,
            "topic": self.topic,
            "season": self.season,
            "terms": self.terms.model_dump(mode="json", exclude_defaults=True),
            "texts": texts,
        }

    def slogan(self, base: KnowledgeBase, chosen: str = "") -> Slogan | None:
        """The slogan of this id, the first without one; None when the draft has none. Raises CampaignError."""
        if chosen and chosen not in self.slogans:
            raise CampaignError(say("no_slogan", slogan=chosen, known=", ".join(self.slogans) or "–"))
        wanted = chosen or next(iter(self.slogans), "")
        return next((slogan for slogan in base.slogans.slogans if slogan.id == wanted), None)


@cache
def drafts() -> Mapping[str, Draft]:
    """All drafts by name."""
    loaded = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Draft.model_validate(table) for name, table in loaded.items()}


def draft(name: str) -> Draft:
    """The draft of a name; raises CampaignError naming those there are."""
    if name not in drafts():
        raise CampaignError(say("no_draft", draft=name, known=", ".join(drafts())))
    return drafts()[name]


def _replaced(text: str, written: Mapping[str, str]) -> str:
    for place, value in written.items():
        text = text.replace(place, value)
    return text
