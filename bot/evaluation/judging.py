"""Right, wrong or abstained."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from bot.evaluation.questions import Expected
from handlers.turn import Decision


class Verdict(StrEnum):
    """`right`: the decision that was expected, with the content; `abstained`: the bot did not dare and offered choices
    or a person instead; `wrong`: anything else, said with confidence."""

    RIGHT = "right"
    WRONG = "wrong"
    ABSTAINED = "abstained"


_NOT_DARED = {Decision.CLARIFY, Decision.HANDOFF}


def judge(expected: Expected, decision: Decision, text: str, entry: str | None) -> Verdict:
    """Compare what a person got with what they should get."""
    if decision != expected.expect and decision not in expected.or_expect:
        backed_off = expected.expect in {"answer", "handoff"} and decision in _NOT_DARED
        return Verdict.ABSTAINED if backed_off else Verdict.WRONG
    low = text.casefold()
    contains = all(any(option.casefold() in low for option in group) for group in expected.must_contain_any)
    forbidden = any(claim.casefold() in low for claim in expected.must_not_contain)
    named = not expected.entries or entry in expected.entries
    return Verdict.RIGHT if contains and named and not forbidden else Verdict.WRONG


@dataclass
class Tally:
    """Verdicts counted."""

    counts: Counter[Verdict] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        self.counts[verdict] += 1

    @property
    def total(self) -> int:
        return self.counts.total()

    def share(self, verdict: Verdict) -> float:
        return self.counts[verdict] / self.total if self.total else 0.0

    def interval(self, verdict: Verdict) -> tuple[float, float]:
        """The 95 % Wilson interval of a share."""
        return wilson(self.counts[verdict], self.total)


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval for a share; (0, 1) when nothing was counted."""
    if not total:
        return 0.0, 1.0
    share = hits / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
