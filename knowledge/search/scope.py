"""What a message must hold before some kinds of entries may win: our subject, or nothing but small talk.

The ranking compares entries; it cannot know that "how much" inside a whole question is not a bare "how much", or that a
greeting before a question is not a greeting. This weighs candidates again by the words of the message.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum, auto
from typing import NamedTuple

from knowledge.base import KnowledgeBase
from knowledge.entries import HELP_NOW, Entry, Kind, Reason
from knowledge.search.engine import Candidate, best_first
from knowledge.search.incident import IncidentReader, tells_incident
from knowledge.search.index import Usage
from knowledge.search.spelling import Spelled
from knowledge.search.syllables import is_syllable

BARE_TOPIC = "hoi-lai"
"""The topic of entries that ask back what is meant ("how much?"): all words of the message must be theirs."""
OUTSIDE_TOPIC = "ngoai-pham-vi"
SMALL_TALK_SHARE = 0.7
"""Share of a message's words that small talk must account for."""
SURE_SHARE, SURE, FEW = 0.6, 0.95, 6
"""The same when small talk is as probable as the second and the words are no more than the third."""
STRENGTH = 0.6
"""How far the words for or against our subject move the odds; 0 = not at all, 1 = as far as plain counting says."""
MOST = 1.5
"""No single word says more than this, in logarithms of odds."""
FOREIGN = -1.5
"""Below these odds the words of a message are rather those of other subjects."""
NAMED = 0.4
"""From these odds on a word that is no single syllable, such as "bhyt" or "benhvien", names our subject."""
NO_PROVINCE, OTHER_PROVINCE = 0.3, 0.02
"""What is left of an entry for one province when the message names none, or another one."""
WITHOUT = 0.02
"""What is left of an entry that needs certain words for a message without them."""
QUARREL = 4.0
"""How much more probable a complaint or a dispute becomes when the words are those of one."""
INCIDENT = 0.4
"""How far the reading of a message as an incident moves the odds of entries for incidents; see STRENGTH."""
INCIDENT_MOST = 1.6
"""It moves them no further than this, in logarithms of odds."""
_ABOUT_US = frozenset({Kind.ANSWER, Kind.HANDOFF})
_QUARRELS = frozenset({Reason.COMPLAINT, Reason.DISPUTE, Reason.MONEY})
_COMPLAINING = frozenset("khieu kien quyt complain sue refund".split())
_NAMES = frozenset({"hiem", "the", "insurance", "card"})
"""Words that name our subject although they are single syllables or stand in other subjects too."""
_FILLER = frozenset(
    "em con toi minh chau be a oi thi la ma roi vay the nay do nhe nha voi cho hoi bot ban anh chi da vang di nua lai"
    " may duoc khong co cai nhi ha uh um ok a".split()
)


class _Side(StrEnum):
    """Whose words a message must hold for an entry."""

    OURS = auto()
    OUTSIDE = auto()
    NEITHER = auto()
    BARE = auto()
    SMALL_TALK = auto()


_UNCOVERED = {_Side.BARE: 0.0, _Side.SMALL_TALK: 0.1}
"""What is left of an entry for some words only when the message has too many others. Thanks may have a reason."""


class _Standing(NamedTuple):
    """What the words of a message do to an entry."""

    side: _Side
    words: frozenset[str]
    """Of an entry that is only for messages of such words; empty for others."""
    quarrels: bool
    tells_incident: bool
    provinces: tuple[str, ...]
    needed: frozenset[str]
    danger: bool


class Scope:
    """Built once from a knowledge base and the words that its entries are asked with (`PhrasingIndex.usage`)."""

    def __init__(self, base: KnowledgeBase, usage: Usage) -> None:
        self.incidents = IncidentReader(base, usage)
        self._standing = {entry.id: _standing(entry, usage.get(entry.id, {})) for entry in base.entries.values()}
        inside: Counter[str] = Counter()
        outside: Counter[str] = Counter()
        for entry in base.entries.values():
            words = usage.get(entry.id, {})
            if entry.kind in _ABOUT_US and entry.topic != BARE_TOPIC:
                inside.update(words)
            if entry.topic == OUTSIDE_TOPIC:
                outside.update(words)
        self._odds = _log_odds(inside, outside)

    def about_us(self, words: Iterable[str]) -> float:
        """Logarithm of odds that a message is about our subject, by its words alone; 0 when they say nothing."""
        return sum(self._odds.get(word, 0.0) for word in dict.fromkeys(words))

    def is_foreign(self, words: Iterable[str]) -> bool:
        """Whether a message names nothing of our subject, and its words are rather those of other subjects."""
        known = set(words)
        named = any(not is_syllable(word) and self._odds.get(word, 0.0) >= NAMED for word in known)
        return not named and known.isdisjoint(_NAMES) and self.about_us(known) < FOREIGN

    def weigh(self, candidates: list[Candidate], spelled: Spelled, province: str | None = None) -> list[Candidate]:
        """The candidates again, best first, with probabilities that add up to what they did.

        Danger alone gains nothing where a question that has to be asked back is left out: "my daughter is tired" is
        near to "my daughter", and then to nothing. `province` is the office that the message names, if any.
        """
        words = spelled.folded
        lean = STRENGTH * self.about_us(words)
        sides = {_Side.OURS: math.exp(min(0.0, lean)), _Side.OUTSIDE: math.exp(-max(0.0, lean)), _Side.NEITHER: 1.0}
        told = math.exp(max(-INCIDENT_MOST, min(INCIDENT_MOST, INCIDENT * self.incidents.strength(words))))
        quarrel = QUARREL if not _COMPLAINING.isdisjoint(words) else 1.0
        elsewhere = NO_PROVINCE if province is None else OTHER_PROVINCE
        chances: dict[str, float] = {}
        for entry_id, chance in candidates:
            side, own_words, quarrels, incident, provinces, needed, _ = self._standing[entry_id]
            if own_words:
                weight = 1.0 if _is_covered(side, own_words, words, chance) else _UNCOVERED[side]
            else:
                weight = sides[side]
            weight = chance * (weight * quarrel if quarrels else weight)
            weight = weight * told if incident else weight
            weight = weight * WITHOUT if needed and needed.isdisjoint(words) else weight
            chances[entry_id] = weight * elsewhere if provinces and province not in provinces else weight
        before, after = sum(candidate.probability for candidate in candidates), sum(chances.values())
        if after <= 0:
            return candidates
        left_out = sum(chance for entry_id, chance in candidates if not chances[entry_id])
        share, share_of_danger = before / after, (before - left_out) / after
        return best_first(
            {
                entry_id: chance * (share_of_danger if self._standing[entry_id].danger else share)
                for entry_id, chance in chances.items()
            }
        )


def _standing(entry: Entry, usage: Iterable[str]) -> _Standing:
    side = _side(entry)
    return _Standing(
        side=side,
        words=frozenset(usage) | _FILLER if side in _UNCOVERED else frozenset(),
        quarrels=side is _Side.OURS and entry.reason in _QUARRELS,
        tells_incident=tells_incident(entry),
        provinces=entry.provinces,
        needed=frozenset(entry.only_with),
        danger=entry.reason in HELP_NOW,
    )


def _side(entry: Entry) -> _Side:
    if entry.topic == BARE_TOPIC:
        return _Side.BARE
    if entry.kind is Kind.SMALLTALK:
        return _Side.SMALL_TALK
    if entry.topic == OUTSIDE_TOPIC:
        return _Side.OUTSIDE
    return _Side.OURS if entry.kind in _ABOUT_US else _Side.NEITHER


def _is_covered(side: _Side, own_words: frozenset[str], words: tuple[str, ...], chance: float) -> bool:
    """Whether a message holds few enough words that are not those of an entry for such words only."""
    share = sum(map(own_words.__contains__, words)) / max(1, len(words))
    if side is _Side.BARE:
        return share >= 1.0
    return share >= (SURE_SHARE if chance >= SURE and len(words) <= FEW else SMALL_TALK_SHARE)


def _log_odds(inside: Counter[str], outside: Counter[str]) -> dict[str, float]:
    """For each word how much it speaks for our subject, smoothed, and nothing for words that both use alike."""
    total_inside, total_outside = sum(inside.values()) + 1, sum(outside.values()) + 1
    odds: dict[str, float] = {}
    for word in inside.keys() | outside.keys():
        share_inside = (inside[word] + 0.5) / total_inside
        share_outside = (outside[word] + 0.5) / total_outside
        odds[word] = max(-MOST, min(MOST, math.log(share_inside / share_outside)))
    return odds
