"""From what people type to the words they mean.

NFD, capitals, repeated letters, Telex and VNI residue, teencode and abbreviations, joined words and typos
all end as the same tokens, so that the search need not know them.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from knowledge.search.folding import compose, fold, has_diacritics
from knowledge.search.syllables import from_telex, from_vni, is_syllable

TABLES = Path(__file__).with_name("spelling.toml")
MAX_CHARS = 2000
"""Longer messages are read up to here: no question needs more, and the work stays bounded."""

_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*(?=\D|$)%?|\w+")
_NUMBER_AND_LETTERS = re.compile(r"(\d+)([^\W\d]+)")
_LETTERS_AND_NUMBER = re.compile(r"([^\W\d]+)(\d+)")
_ENGLISH = frozenset(
    "the is are do does how what when where who why which my i you we he she they can could should would to of for "
    "in on off at and or not no turn take send messages list need get have has if with from much many cover covered "
    "pay paid card insurance health student students child children kid school year years app this that it me be "
    "still please about want ignore all your lost expired wrong free another without by under will while after "
    "before between during already never cannot someone use did was see help hospital hospitals doctor clinic "
    "treatment medicine emergency ambulance accident sick care cost costs money fee payment premium refund "
    "reimbursement contribution subsidy support benefit percent limit months monthly level valid phone password "
    "account number online fake register registered sign log install paper papers documents letter certificate "
    "birth birthday old change correct choose report difference private social household commune area university "
    "grade pupil pupils parents friend citizen law history referral visit official".split()
)
_VIETNAMESE_TOO = frozenset(
    "the in to me he no on can do my it at be i all app card list phone online fake support level report help"
    " log".split()
)
"""English words that Vietnamese without marks has, too, or borrowed: "the cua me" is thẻ của mẹ."""
_NUMBERED = frozenset({"lop", "muc", "mau", "cap", "khoi", "quy", "thang", "nam", "tuoi", "k"})


@dataclass(frozen=True)
class Spelled:
    """A message read: its tokens with the marks that were typed, the same folded, and whether it is English."""

    words: tuple[str, ...]
    folded: tuple[str, ...]
    accented: bool
    english: bool

    @cached_property
    def text(self) -> str:
        return " ".join(self.folded)


class Speller:
    """Reads messages; knows the vocabulary of the knowledge base to mend what is in no table."""

    def __init__(self, vocabulary: Iterable[str] = (), tables: Path = TABLES) -> None:
        raw: dict[str, Any] = tomllib.loads(tables.read_text(encoding="utf-8"))
        self._words: dict[str, str] = raw["words"]
        self._after_number: dict[str, str] = raw["after_number"]
        self._context = {word: (frozenset(before), meant) for word, (before, meant) in raw["context"].items()}
        self._before = {word: (frozenset(after), meant) for word, (after, meant) in raw["before"].items()}
        self._in_tables = frozenset().union(self._words, self._after_number, self._context, self._before)
        self._drop_words = frozenset(raw["courtesy"]["drop_words"])
        self._phrases = _PhraseTable(raw["phrases"], raw["courtesy"]["drop"])
        self._phrases_then = _PhraseTable(raw["phrases_then"], [])
        meant = (*raw["phrases"].values(), *raw["phrases_then"].values())
        self._canonical = frozenset(token for value in meant for token in value.split())
        self.counts = _counted(vocabulary)
        self._known = sorted(word for word in self.counts if len(word) > 3 and not word.isdigit())
        self._mend = lru_cache(maxsize=20_000)(self._mend_word)
        self._fold = lru_cache(maxsize=20_000)(fold)

    @classmethod
    def of_counts(cls, counts: dict[str, int]) -> Speller:
        """A speller that knows these folded words, with how often each stands in the knowledge base."""
        speller = cls()
        speller.counts = Counter(counts)
        speller._known = sorted(word for word in counts if len(word) > 3 and not word.isdigit())
        return speller

    def knowing(self, texts: Iterable[str]) -> Speller:
        """A speller that knows the words of more texts too; this one when it knows them all."""
        more = _counted(texts)
        return self if more.keys() <= self.counts.keys() else Speller.of_counts(self.counts + more)

    def read(self, text: str) -> Spelled:
        """The tokens that a message means; empty for a message without letters or digits."""
        raw = _TOKEN.findall(compose(text[:MAX_CHARS]))
        folded_raw = [self._fold(token) for token in raw]
        accented = has_diacritics(text)
        english = not accented and _looks_english(folded_raw)
        meant: list[str] = []
        for token, folded, following in zip(raw, folded_raw, [*folded_raw[1:], ""], strict=False):
            if folded in self.counts and token not in self._in_tables and not token[0].isdigit():
                meant.append(token)
                continue
            previous = self._fold(meant[-1]) if meant else ""
            meant.extend(self._word(token, folded, previous, following, english=english))
        kept = [word for word in meant if english or self._fold(word) not in self._drop_words]
        words = [part for word in kept for part in word.split()]
        plain = tuple([self._fold(word) for word in words])
        folded_words = self._phrases_then.apply(self._phrases.apply(plain)) or plain
        return Spelled(tuple(words), folded_words, accented, english)

    def _word(self, token: str, folded: str, previous: str, following: str, *, english: bool) -> list[str]:
        if token[0].isdigit():
            match = _NUMBER_AND_LETTERS.fullmatch(token)
            if match is None:
                return [token]
            return [match[1], self._after_number.get(match[2], match[2])]
        if previous[:1].isdigit() and token in self._after_number and len(token) <= 3:
            return [self._after_number[token]]
        if token in self._before and following in self._before[token][0]:
            return [self._before[token][1]]
        if token in self._context and previous in self._context[token][0]:
            return [self._context[token][1]]
        if token in self._words and not (english and token in _ENGLISH):
            return [self._words[token]]
        if english or folded in self.counts or folded in _ENGLISH or token in self._canonical:
            return [token]
        return self._mend(token, folded)

    def _mend_word(self, token: str, folded: str) -> list[str]:
        """A word in no table and not of the vocabulary: keystrokes, joined words, or a typo."""
        match = _LETTERS_AND_NUMBER.fullmatch(folded)
        if match and match[1] in _NUMBERED:
            return [match[1], match[2]]
        keys = from_vni(folded)
        if keys:
            return [keys]
        if is_syllable(folded):
            return [token]
        if folded.endswith("g") and is_syllable(f"{folded[:-1]}ng"):
            return [f"{token[:-1]}ng"]  # "đừg": no syllable ends in a lone g
        ascii_only = token == folded and token.isascii()
        if ascii_only and (syllable := from_telex(folded)):
            return [syllable]
        if len(folded) > 5 and (parts := self._split(folded)):
            return parts
        doubled = re.sub(r"(.)\1", r"\1", folded)
        if doubled != folded and is_syllable(doubled):
            return [doubled]
        nearest = self._nearest(folded) if len(folded) > 3 else None
        return [nearest or token]

    def _nearest(self, word: str) -> str | None:
        allowed = 1 if len(word) < 8 else 2
        found = extractOne(word, self._known, scorer=OSA.distance, score_cutoff=allowed)
        return found[0] if found else None

    def _split(self, joined: str) -> list[str] | None:
        """Cut joined words at the places that give the most frequent known words; None when it cannot be cut."""
        best: list[tuple[float, list[str]] | None] = [None] * (len(joined) + 1)
        best[0] = (0.0, [])
        for end in range(1, len(joined) + 1):
            for start in range(max(0, end - 9), end):
                known = best[start]
                piece = joined[start:end]
                if known is None or piece not in self.counts or (len(piece) == 1 and piece != "y"):
                    continue
                score = known[0] + 1.0 + 1.0 / (1 + self.counts[piece])
                current = best[end]
                if current is None or score < current[0]:
                    best[end] = (score, [*known[1], piece])
        found = best[len(joined)]
        return found[1] if found and len(found[1]) > 1 else None


def _counted(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(fold(token) for token in _TOKEN.findall(compose(text)))
    return counts


class _PhraseTable:
    """Longest-match replacement of word sequences."""

    def __init__(self, phrases: dict[str, str], dropped: list[str]) -> None:
        self._single: dict[str, tuple[str, ...]] = {}
        self._by_pair: dict[tuple[str, ...], list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        pairs = [(tuple(key.split()), tuple(value.split())) for key, value in phrases.items()]
        pairs += [(tuple(key.split()), ()) for key in dropped]
        for key, value in sorted(pairs, key=lambda pair: -len(pair[0])):
            if len(key) == 1:
                self._single.setdefault(key[0], value)
            else:
                self._by_pair.setdefault(key[:2], []).append((key, value))

    def apply(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        result: list[str] = []
        position = 0
        while position < len(tokens):
            for key, value in self._by_pair.get(tokens[position : position + 2], ()):
                if tokens[position : position + len(key)] == key:
                    result.extend(value)
                    position += len(key)
                    break
            else:
                token = tokens[position]
                result.extend(self._single.get(token, (token,)))
                position += 1
        return tuple(result)


def _looks_english(tokens: list[str]) -> bool:
    hits = [token for token in tokens if token in _ENGLISH]
    return len(hits) >= 2 and len(hits) / len(tokens) >= 0.3 and not _VIETNAMESE_TOO.issuperset(hits)
