"""Ways of asking that are nearly the same, put together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from knowledge.search.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

ALIKE = 85
"""Hundredths of the letters that two ways of asking have in common, whatever the order of the words."""
MOST = 5_000
"""Different ways of asking that are compared, the most frequent first: what is left was asked once."""


@dataclass(frozen=True)
class Wording:
    """The most frequent of some ways of asking that are alike, and how often they came together."""

    text: str
    decision: str
    count: int


def alike(questions: Iterable[tuple[str, str, int]]) -> list[Wording]:
    """Clusters of (text, decision, count), the most frequent first; only what was decided alike comes together."""
    ways: dict[str, Counter[str]] = {}
    leaders: dict[str, list[str]] = {}
    for text, decision, count in sorted(questions, key=lambda each: (-each[2], each[0]))[:MOST]:
        words = " ".join(sorted(fold(text).split()))
        if not words:
            continue
        near = process.extractOne(words, leaders.setdefault(decision, []), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if near is None:
            leaders[decision].append(words)
        ways.setdefault(f"{decision} {near[0] if near else words}", Counter())[text] += count
    found = [Wording(texts.most_common(1)[0][0], key.split()[0], texts.total()) for key, texts in ways.items()]
    return sorted(found, key=lambda wording: -wording.count)
