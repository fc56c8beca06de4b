"""From ranked entries to what the bot may do: a value, not an action."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.base import KnowledgeBase
from knowledge.entries import HELP_NOW, Kind
from knowledge.search.engine import Candidate

MAX_OPTIONS = 3


@dataclass(frozen=True)
class Thresholds:
    """Probabilities at which the bot dares; set by `knowledge fit` experiments, see docs/answer-quality.md."""

    answer: float = 0.36
    lead: float = 1.4
    """The best entry may also win by being this many times as probable as the next."""
    lead_floor: float = 0.2
    offer: float = 0.04
    kind: float = 0.5
    """The kinds refuse, smalltalk and clarify may win by the sum of their entries; so may those for life and limb."""


@dataclass(frozen=True)
class Answer:
    """One entry answers."""

    entry_id: str
    confidence: float


@dataclass(frozen=True)
class Clarify:
    """Up to three entries may be meant; `entry_id` names a clarifying entry with its own text, if one won."""

    options: tuple[str, ...]
    confidence: float
    entry_id: str | None = None


@dataclass(frozen=True)
class HandOff:
    """A person has to take over."""

    entry_id: str
    confidence: float


@dataclass(frozen=True)
class OutOfScope:
    """Not what this bot is for."""

    entry_id: str | None
    confidence: float


@dataclass(frozen=True)
class SmallTalk:
    """A greeting, thanks, a question about the bot itself."""

    entry_id: str
    confidence: float


@dataclass(frozen=True)
class NotUnderstood:
    """About our subject perhaps, but nothing is probable enough to be offered."""

    confidence: float


Decided = Answer | Clarify | HandOff | OutOfScope | SmallTalk | NotUnderstood

_BY_KIND: dict[Kind, type[Answer | HandOff | OutOfScope | SmallTalk]] = {
    Kind.ANSWER: Answer,
    Kind.HANDOFF: HandOff,
    Kind.REFUSE: OutOfScope,
    Kind.SMALLTALK: SmallTalk,
}
_BY_SUM = (Kind.REFUSE, Kind.SMALLTALK, Kind.CLARIFY)


def decide(candidates: list[Candidate], base: KnowledgeBase, thresholds: Thresholds) -> Decided:
    """What to do with ranked candidates, best first."""
    if not candidates:
        return NotUnderstood(0.0)
    kinds = {candidate.entry_id: base.entry(candidate.entry_id).kind for candidate in candidates}
    urgent = [candidate for candidate in candidates if base.entry(candidate.entry_id).reason in HELP_NOW]
    danger = sum(candidate.probability for candidate in urgent)
    if urgent and danger >= thresholds.kind:
        return HandOff(urgent[0].entry_id, danger)
    for kind in _BY_SUM:
        same = [candidate for candidate in candidates if kinds[candidate.entry_id] is kind]
        total = sum(candidate.probability for candidate in same)
        if same and total >= thresholds.kind:
            return _decided(same[0].entry_id, kind, total, base)
    best = candidates[0]
    runner_up = candidates[1].probability if len(candidates) > 1 else 0.0
    leads = best.probability >= thresholds.lead_floor and best.probability >= thresholds.lead * runner_up
    if best.probability >= thresholds.answer or leads:
        return _decided(best.entry_id, kinds[best.entry_id], best.probability, base)
    offered = [
        candidate.entry_id
        for candidate in candidates
        if kinds[candidate.entry_id] in {Kind.ANSWER, Kind.HANDOFF} and candidate.probability >= thresholds.offer
    ]
    if not offered:
        return NotUnderstood(best.probability)
    return Clarify(tuple(offered[:MAX_OPTIONS]), best.probability)


def _decided(entry_id: str, kind: Kind, confidence: float, base: KnowledgeBase) -> Decided:
    if kind is Kind.CLARIFY:
        return Clarify(base.entry(entry_id).next, confidence, entry_id)
    return _BY_KIND[kind](entry_id, confidence)
