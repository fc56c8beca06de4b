"""Why an answer won: what each kind of evidence says for the most probable answers, and what the bot then did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.memory import Memory
from handlers.turn import Turn
from knowledge.search.model import EVIDENCE

if TYPE_CHECKING:
    from datetime import date

    from bot.core import Core
    from handlers.turn import Outcome
    from knowledge.entries import Entry


@dataclass(frozen=True)
class Weighed:
    """One kind of evidence for one answer: what was measured, and how much it moved the odds (in their logarithm).

    `name` is one of `knowledge.search.model.EVIDENCE`.
    """

    name: str
    value: float
    points: float


@dataclass(frozen=True)
class Contender:
    """An answer that may have been meant: its probability by the words alone, and the phrasing nearest to them."""

    entry: Entry
    probability: float
    nearest: str
    evidence: tuple[Weighed, ...]


@dataclass(frozen=True)
class Explained:
    """How a question was read, the answers that were likely, and what the bot says to it."""

    question: str
    read: str
    known: float
    """The share of the words, by weight, that the knowledge base uses; 0 to 1."""
    contenders: tuple[Contender, ...]
    outcome: Outcome


def explain(core: Core, question: str, today: date, limit: int = 5) -> Explained:
    """The whole way of a question that somebody asks first."""
    search = core.search
    spelled = search.read(question)
    ranked = search.rank(spelled, limit, by_words=True)
    outcome = core.respond(Turn(Memory(), today, question))
    if not ranked:
        return Explained(question, spelled.text, 0.0, (), outcome)
    evidence = search.evidence(spelled)
    points = search.model.weights[:, None] * evidence
    places = {entry: place for place, entry in enumerate(search.index.corpus.entries)}
    contenders = []
    for candidate in ranked:
        place = places[candidate.entry_id]
        weighed = zip(EVIDENCE, evidence[:, place].tolist(), points[:, place].tolist(), strict=True)
        contenders.append(
            Contender(
                core.base.entry(candidate.entry_id),
                candidate.probability,
                search.nearest(question, candidate.entry_id),
                tuple(Weighed(*each) for each in weighed),
            )
        )
    return Explained(question, spelled.text, search.known_share(spelled), tuple(contenders), outcome)
