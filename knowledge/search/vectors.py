"""Weighted bags of words and letter groups, and an inverted index over them.

A text is a sparse vector in three spaces: folded words and word pairs, folded letter groups, and words with their
marks. Vectors are TF-IDF weighted and of length one within a space, so a product of two is a cosine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.search.spelling import Spelled

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


def word_terms(spelled: Spelled) -> list[str]:
    """Folded words and pairs of neighbours."""
    return _with_pairs(spelled.folded)


def accented_terms(spelled: Spelled) -> list[str]:
    """Words as typed with their marks, and pairs; nothing for a text without marks."""
    return _with_pairs(spelled.words) if spelled.accented else []


def letter_terms(spelled: Spelled) -> list[str]:
    """Groups of three to five letters, not across more than one word border."""
    text = f" {' '.join(spelled.folded)} "
    return [text[start : start + size] for size in (3, 4, 5) for start in range(len(text) - size + 1)]


def _with_pairs(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{first} {second}" for first, second in zip(words, words[1:], strict=False))]


@dataclass(frozen=True)
class Vector:
    """Non-zero positions and their weights; the weights have length one, or there are none."""

    terms: Ints
    weights: Floats


class Space:
    """One kind of terms: its vocabulary, its inverse document frequencies, its inverted index."""

    def __init__(self, extract: Callable[[Spelled], list[str]], texts: Sequence[Spelled]) -> None:
        self._extract = extract
        bags = [Counter(extract(text)) for text in texts]
        self.vocabulary: dict[str, int] = {}
        for bag in bags:
            for term in bag:
                self.vocabulary.setdefault(term, len(self.vocabulary))
        frequency = np.zeros(len(self.vocabulary), dtype=np.float32)
        for bag in bags:
            for term in bag:
                frequency[self.vocabulary[term]] += 1
        self.idf: Floats = np.log((1 + len(bags)) / (1 + frequency)).astype(np.float32) + 1
        self._unknown_idf = float(np.log(1 + len(bags)) + 1)
        self.size = len(bags)
        self.vectors = [self._weigh(bag) for bag in bags]
        self._index(self.vectors)

    def vector(self, text: Spelled) -> Vector:
        """The vector of a text; terms that no phrasing has count towards its length, so they lower every cosine."""
        return self._weigh(Counter(self._extract(text)))

    def cosines(self, vector: Vector) -> Floats:
        """The cosine of a vector with each indexed text, shape (size,)."""
        if not len(vector.terms):
            return np.zeros(self.size, dtype=np.float32)
        starts, ends = self._starts[vector.terms], self._starts[vector.terms + 1]
        rows = np.concatenate([self._rows[start:end] for start, end in zip(starts, ends, strict=True)])
        weights = np.concatenate(
            [self._weights[start:end] * weight for start, end, weight in zip(starts, ends, vector.weights, strict=True)]
        )
        return np.bincount(rows, weights=weights, minlength=self.size).astype(np.float32)

    def _weigh(self, bag: Counter[str]) -> Vector:
        terms: list[int] = []
        weights: list[float] = []
        unknown = 0.0
        for term, count in bag.items():
            position = self.vocabulary.get(term)
            weight = 1 + float(np.log(count)) if count > 1 else 1.0
            if position is None:
                unknown += (weight * self._unknown_idf) ** 2
                continue
            terms.append(position)
            weights.append(weight * float(self.idf[position]))
        array = np.asarray(weights, dtype=np.float32)
        length = float(np.sqrt(float(array @ array) + unknown * 0.25)) if len(array) else 1.0
        return Vector(np.asarray(terms, dtype=np.int32), array / length)

    def _index(self, vectors: Iterable[Vector]) -> None:
        lengths = [len(vector.terms) for vector in vectors]
        if not sum(lengths):
            self._starts = np.zeros(len(self.vocabulary) + 1, dtype=np.int64)
            self._rows, self._weights = np.zeros(0, np.int32), np.zeros(0, np.float32)
            return
        terms = np.concatenate([vector.terms for vector in self.vectors])
        weights = np.concatenate([vector.weights for vector in self.vectors])
        rows = np.repeat(np.arange(self.size, dtype=np.int32), lengths)
        order = np.argsort(terms, kind="stable")
        self._rows, self._weights = rows[order], weights[order]
        self._starts = np.searchsorted(terms[order], np.arange(len(self.vocabulary) + 1))
