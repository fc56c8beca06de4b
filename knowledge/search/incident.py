"""Whether a message tells what happened to somebody or asks for the rule: from how it is said, not from its subject.

Both use the same words of our subject: "nộp tiền mà chưa có thẻ thì sao" asks, "nộp từ tháng 9 mà tới giờ chưa có thẻ"
tells. Groups of turns of phrase (`incident.toml`) and the words that reviewed phrasings of either kind use are weighed
by a logistic regression (`incident-weights.toml`, learned by `knowledge fit`: no entry weighs its own words).
"""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from knowledge.base import KnowledgeBase
from knowledge.entries import Entry, Kind, Reason
from knowledge.search.index import Usage
from knowledge.search.patterns import Patterns
from knowledge.search.spelling import Spelled

PATTERNS = Path(__file__).with_name("incident.toml")
WEIGHTS = Path(__file__).with_name("incident-weights.toml")
INCIDENTS = frozenset(
    {
        Reason.PERSONAL_RECORD,
        Reason.COMPLAINT,
        Reason.DISPUTE,
        Reason.MONEY,
        Reason.FRAUD,
        Reason.DATA_REQUEST,
        Reason.EMERGENCY,
    }
)
"""Reasons for which a person takes over because of what happened, not because of the subject."""
MOST = 1.5
"""No single word says more than this, in logarithms of odds."""
SMOOTHING = 30.0
"""Entries that an unseen word is taken to stand in, with the frequency that it has in all of them."""
LONG = 40
"""Words after which a message counts as no longer."""


@dataclass(frozen=True)
class Weights:
    """What `knowledge fit` learned; the sum is the logarithm of the odds of an incident."""

    bias: float
    words: float
    length: float
    patterns: dict[str, float]

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Weights:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(raw["bias"], raw["words"], raw["length"], raw["patterns"])


def tells_incident(entry: Entry) -> bool:
    """Whether an entry is for those to whom something happened."""
    return entry.kind is Kind.HANDOFF and entry.reason in INCIDENTS


class IncidentReader:
    """Built once from a knowledge base and the words of its phrasings (`PhrasingIndex.usage`)."""

    def __init__(self, base: KnowledgeBase, usage: Usage, weights: Weights | None = None) -> None:
        self._base = base
        self._weights = weights or Weights.load()
        self._usual: dict[str, float] = {}
        self.strength = lru_cache(maxsize=64)(self._strength)
        """Logarithm of the odds that a message tells an incident, all kinds being equally frequent; 0 is open."""
        self._odds = word_odds(
            {
                entry.id: tells_incident(entry)
                for entry in base.entries.values()
                if entry.kind in {Kind.ANSWER, Kind.HANDOFF}
            },
            usage,
        )

    def _strength(self, folded: tuple[str, ...]) -> float:
        weights = self._weights
        said = patterns_in(folded)
        total = weights.bias + weights.words * sum_of(self._odds, folded) + weights.length * length_of(folded)
        return total + sum(weights.patterns[name] for name in said)

    def usual(self, entry_id: str, read: Callable[[str], Spelled]) -> float:
        """How strongly the phrasings of an entry tell an incident, on average: some answers are for those who do."""
        if entry_id not in self._usual:
            phrasings = self._base.entry(entry_id).phrasings
            told = [self.strength(read(phrasing).folded) for phrasing in phrasings]
            self._usual[entry_id] = sum(told) / max(1, len(told))
        return self._usual[entry_id]


def patterns_in(folded: tuple[str, ...]) -> frozenset[str]:
    """Names of the groups of turns of phrase that a message uses."""
    return frozenset(_patterns()[1].found(" ".join(folded)))


def pattern_names() -> tuple[str, ...]:
    """Names of all groups, in the order of the file."""
    return _patterns()[0]


def length_of(folded: tuple[str, ...]) -> float:
    """How long a message is, 1 being long."""
    return min(len(folded), LONG) / LONG


def sum_of(odds: dict[str, float], folded: Iterable[str]) -> float:
    """What the words of a message say together."""
    return sum(odds.get(word, 0.0) for word in set(folded))


def word_odds(told: dict[str, bool], usage: Usage) -> dict[str, float]:
    """How much each word speaks for an incident, every entry counting alike however many phrasings it has.

    `told` says of each entry that counts whether it is for incidents.
    """
    counts: dict[bool, defaultdict[str, float]] = {True: defaultdict(float), False: defaultdict(float)}
    for entry_id, tells in told.items():
        words = usage.get(entry_id, {})
        most = max(words.values(), default=1)
        for word, number in words.items():
            counts[tells][word] += number / most
    sizes = {tells: sum(value is tells for value in told.values()) for tells in (True, False)}
    odds: dict[str, float] = {}
    for word in counts[True].keys() | counts[False].keys():
        common = (counts[True][word] + counts[False][word]) / max(1, len(told)) * SMOOTHING
        shares = {tells: (counts[tells][word] + common + 0.02) / (sizes[tells] + SMOOTHING) for tells in sizes}
        odds[word] = max(-MOST, min(MOST, math.log(shares[True] / shares[False])))
    return odds


@cache
def _patterns() -> tuple[tuple[str, ...], Patterns[str]]:
    raw: dict[str, list[str]] = tomllib.loads(PATTERNS.read_text(encoding="utf-8"))["patterns"]
    return tuple(raw), Patterns((pattern, name) for name, group in raw.items() for pattern in group)
