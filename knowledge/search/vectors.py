"""Weighted bags of words and letter groups, and an inverted index over them.

A text is a sparse vector in three spaces: folded words and word pairs, folded letter groups, and words with their
marks. Vectors are TF-IDF weighted and of length one within a space, so a product of two is a cosine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.search.spelling import Spelled

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Extract = Callable[[Spelled], list[str]]


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

    def __init__(self, extract: Extract, terms: Sequence[str], idf: Floats, postings: Postings) -> None:
        self._extract = extract
        self.vocabulary = {term: position for position, term in enumerate(terms)}
        self.idf = idf
        self.postings = postings
        self.size = postings.size
        self._unknown_idf = float(np.log(1 + self.size) + 1)

    @classmethod
    def build(cls, extract: Extract, texts: Sequence[Spelled]) -> Space:
        """Index texts; row numbers are positions in `texts`."""
        bags = [Counter(extract(text)) for text in texts]
        frequency = Counter(term for bag in bags for term in bag)
        counts = np.fromiter(frequency.values(), dtype=np.float32, count=len(frequency))
        idf = (np.log((1 + len(bags)) / (1 + counts)) + 1).astype(np.float32)
        space = cls(extract, list(frequency), idf, Postings.empty(len(bags), len(frequency)))
        space.postings = Postings.build([space._weigh(bag) for bag in bags], len(frequency))
        return space

    def vector(self, text: Spelled) -> Vector:
        """The vector of a text; terms that no phrasing has count towards its length, so they lower every cosine."""
        return self._weigh(Counter(self._extract(text)))

    def cosines(self, vector: Vector) -> Floats:
        """The cosine of a vector with each indexed text, shape (size,)."""
        return self.postings.products(vector)

    def _weigh(self, bag: Counter[str]) -> Vector:
        known = [(self.vocabulary[term], count) for term, count in bag.items() if term in self.vocabulary]
        if not known:
            return Vector(np.zeros(0, np.int32), np.zeros(0, np.float32))
        terms = np.fromiter((position for position, _ in known), dtype=np.int32, count=len(known))
        counts = np.fromiter((count for _, count in known), dtype=np.float32, count=len(known))
        weights = (1 + np.log(counts)) * self.idf[terms]
        unknown = (len(bag) - len(known)) * (UNKNOWN_WEIGHT * self._unknown_idf) ** 2
        return Vector(terms, (weights / np.sqrt(float(weights @ weights) + unknown)).astype(np.float32))


UNKNOWN_WEIGHT = 0.5
"""An unknown term counts half: it may be a name or a filler, or the very thing that is asked."""


@dataclass(frozen=True)
class Postings:
    """For each term the rows that hold it and with what weight, one after the other; `starts` marks where."""

    size: int
    starts: npt.NDArray[np.int64]
    rows: Ints
    weights: Floats

    @classmethod
    def empty(cls, size: int, terms: int) -> Postings:
        return cls(size, np.zeros(terms + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))

    @classmethod
    def build(cls, vectors: Sequence[Vector], terms: int) -> Postings:
        lengths = [len(vector.terms) for vector in vectors]
        if not sum(lengths):
            return cls.empty(len(vectors), terms)
        positions = np.concatenate([vector.terms for vector in vectors])
        weights = np.concatenate([vector.weights for vector in vectors])
        rows = np.repeat(np.arange(len(vectors), dtype=np.int32), lengths)
        order = np.argsort(positions, kind="stable")
        starts = np.searchsorted(positions[order], np.arange(terms + 1))
        return cls(len(vectors), starts, rows[order], weights[order])

    def products(self, vector: Vector) -> Floats:
        """The product of a vector with each row, shape (size,)."""
        if not len(vector.terms):
            return np.zeros(self.size, dtype=np.float32)
        spans = list(zip(self.starts[vector.terms], self.starts[vector.terms + 1], vector.weights, strict=True))
        rows = np.concatenate([self.rows[start:end] for start, end, _ in spans])
        weights = np.concatenate([self.weights[start:end] * weight for start, end, weight in spans])
        return np.bincount(rows, weights=weights, minlength=self.size).astype(np.float32)
