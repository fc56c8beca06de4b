"""How much of a message says what it is about: "niềng răng" does, "mất mấy ngày" only asks something of it.

Nothing is listed: a word tells as much as the topics of the knowledge base differ in how often they use it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from knowledge.base import KnowledgeBase
from knowledge.entries import Kind
from knowledge.search.index import Usage

PRIOR = 5.0
"""Uses of a word that are taken as spread over all topics alike, so that a rare word tells little."""
UNKNOWN = 1.0
"""What a word tells that the knowledge base does not use; enough to leave the message its own meaning."""


class Content:
    """Built once from a knowledge base and the words that its entries are asked with (`PhrasingIndex.usage`)."""

    def __init__(self, base: KnowledgeBase, usage: Usage) -> None:
        self._uses: dict[str, Counter[str]] = defaultdict(Counter)
        mass: Counter[str] = Counter()
        for entry in base.entries.values():
            if entry.kind not in {Kind.ANSWER, Kind.HANDOFF}:
                continue
            words = usage.get(entry.id, {})
            mass[entry.topic] += sum(words.values())
            for word, count in words.items():
                self._uses[word][entry.topic] += count
        total = max(1, sum(mass.values()))
        self._shares = {topic: count / total for topic, count in mass.items() if count}
        self._of_word = lru_cache(maxsize=8192)(self._tells)

    def of(self, words: Iterable[str]) -> float:
        """What the most telling of these folded words says of the topic, in nats: 0 nothing, 2 nearly all."""
        return max((self._of_word(word) for word in words if not word.isdigit()), default=0.0)

    def _tells(self, word: str) -> float:
        uses = self._uses.get(word)
        if uses is None:
            return UNKNOWN
        total = sum(uses.values()) + PRIOR
        return sum(
            (chance := (uses[topic] + PRIOR * share) / total) * math.log(chance / share)
            for topic, share in self._shares.items()
        )
