"""Weighted bags of words and letter groups, and an inverted index over them.

A text is a sparse vector in three spaces: folded words and word pairs, folded letter groups, and words with their
marks. Vectors are TF-IDF weighted and of length one within a space, so a product of two is a cosine. Terms are held as
numbers (codes), so that a space is a few arrays: quick to build, to save and to load.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from knowledge.search.compounds import load as load_compounds
from knowledge.search.spelling import Spelled

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int64]
Extract = Callable[[Spelled], Codes]

UNKNOWN_WEIGHT = 0.5
"""An unknown term counts half: it may be a name or a filler, or the very thing that is asked."""
COMMON = {"words": 0.2, "letters": 0.05, "accents": 0.2}
COMMON_IN_BODIES = 0.2
"""Terms in more than this share of all texts tell them apart so little that they are not looked up, only weighed."""
_GROUP_SIZES = (3, 4, 5)
_LETTERS = b" abcdefghijklmnopqrstuvwxyz0123456789%/"
_ALPHABET = len(_LETTERS) + 1
_NUMBERS = np.full(256, len(_LETTERS), dtype=np.int64)
_NUMBERS[np.frombuffer(_LETTERS, dtype=np.uint8)] = np.arange(len(_LETTERS))
"""The number of each ASCII character; whatever is not among the letters shares the last one."""


def word_codes(spelled: Spelled) -> Codes:
    """Folded words and pairs of neighbours; a pair that is one word counts once more."""
    return _with_pairs(spelled.folded)


def accented_codes(spelled: Spelled) -> Codes:
    """Words as typed with their marks, and pairs; nothing for a text without marks."""
    return _with_pairs(spelled.words if spelled.accented else ())


def letter_codes(spelled: Spelled) -> Codes:
    """Groups of three to five letters, spaces included."""
    text = f" {' '.join(spelled.folded)} ".encode("ascii", "replace")
    letters = _NUMBERS[np.frombuffer(text, dtype=np.uint8)]
    groups = []
    for size in _GROUP_SIZES:
        if len(letters) < size:
            break
        codes = np.full(len(letters) - size + 1, size, dtype=np.int64)
        for place in range(size):
            codes = codes * _ALPHABET + letters[place : len(letters) - size + 1 + place]
        groups.append(codes)
    return np.concatenate(groups) if groups else np.zeros(0, np.int64)


def _with_pairs(words: Sequence[str]) -> Codes:
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    compounds = load_compounds()
    terms = (*words, *pairs, *(f"{pair}_" for pair in pairs if pair in compounds))
    return np.fromiter(map(_code, terms), dtype=np.int64, count=len(terms))


@lru_cache(maxsize=200_000)
def _code(term: str) -> int:
    """A number for a word that is the same in every process."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little", signed=True)


@dataclass(frozen=True)
class Vector:
    """Positions in the vocabulary and their weights; the weights have length one at most, or there are none."""

    terms: Ints
    weights: Floats


@dataclass(frozen=True)
class Postings:
    """For each term the rows that hold it and with what weight, one after the other; `starts` marks where."""

    size: int
    starts: npt.NDArray[np.int64]
    rows: Ints
    weights: Floats

    @classmethod
    def build(cls, size: int, rows: Ints, terms: Ints, weights: Floats, vocabulary: int) -> Postings:
        """From triples of row, term and weight; `size` rows, `vocabulary` terms."""
        order = np.argsort(terms, kind="stable")
        starts = np.searchsorted(terms[order], np.arange(vocabulary + 1))
        return cls(size, starts, rows[order], weights[order])

    def products(self, vector: Vector) -> Floats:
        """The product of a vector with each row, shape (size,)."""
        if not len(vector.terms):
            return np.zeros(self.size, dtype=np.float32)
        starts = self.starts[vector.terms]
        lengths = self.starts[vector.terms + 1] - starts
        offsets = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        places = offsets + np.arange(int(lengths.sum()))
        weights = self.weights[places] * np.repeat(vector.weights, lengths)
        return np.bincount(self.rows[places], weights=weights, minlength=self.size).astype(np.float32)


class Space:
    """One kind of terms: its vocabulary (sorted codes), its inverse document frequencies, its inverted index."""

    def __init__(self, extract: Extract, vocabulary: Codes, idf: Floats, postings: Postings) -> None:
        self._extract = extract
        self.vocabulary = vocabulary
        self.idf = idf
        self.postings = postings
        self._unknown_idf = float(np.log(1 + postings.size) + 1)

    @classmethod
    def build(cls, extract: Extract, texts: Sequence[Spelled], common: float = 1.0) -> Space:
        """Index texts; row numbers are positions in `texts`. Terms in more than the share `common` are not indexed."""
        codes = [extract(text) for text in texts]
        vocabulary, terms = np.unique(np.concatenate(codes), return_inverse=True)
        rows = np.repeat(np.arange(len(texts)), [len(of_text) for of_text in codes])
        pairs, counts = np.unique(rows * max(1, len(vocabulary)) + terms, return_counts=True)
        rows, terms = np.divmod(pairs, max(1, len(vocabulary)))
        frequency = np.bincount(terms, minlength=len(vocabulary))
        idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
        weights = (1 + np.log(counts)) * idf[terms]
        weights /= np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(texts)))[rows]
        kept = frequency[terms] <= max(1.0, common * len(texts))
        rows, terms, weights = rows[kept].astype(np.int32), terms[kept].astype(np.int32), weights[kept]
        postings = Postings.build(len(texts), rows, terms, weights.astype(np.float32), len(vocabulary))
        return cls(extract, vocabulary, idf.astype(np.float32), postings)

    def vector(self, text: Spelled) -> Vector:
        """The vector of a text; terms that no phrasing has count towards its length, so they lower every cosine."""
        codes, counts = np.unique(self._extract(text), return_counts=True)
        if not len(self.vocabulary):
            return Vector(np.zeros(0, np.int32), np.zeros(0, np.float32))
        places = np.minimum(np.searchsorted(self.vocabulary, codes), len(self.vocabulary) - 1)
        known = self.vocabulary[places] == codes
        terms = places[known].astype(np.int32)
        weights = (1 + np.log(counts[known])) * self.idf[terms]
        unknown = int((~known).sum()) * (UNKNOWN_WEIGHT * self._unknown_idf) ** 2
        length = float(np.sqrt(float(weights @ weights) + unknown)) or 1.0
        return Vector(terms, (weights / length).astype(np.float32))

    def rows_of(self, texts: Sequence[Spelled], common: float = 1.0) -> Postings:
        """Other texts in the terms of this space, without terms in more than the share `common` of them."""
        vectors = [self.vector(text) for text in texts]
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(vector.terms) for vector in vectors])
        terms = np.concatenate([vector.terms for vector in vectors])
        weights = np.concatenate([vector.weights for vector in vectors])
        kept = np.bincount(terms, minlength=len(self.vocabulary))[terms] <= max(1.0, common * len(texts))
        return Postings.build(len(texts), rows[kept], terms[kept], weights[kept], len(self.vocabulary))

    def cosines(self, vector: Vector) -> Floats:
        """The cosine of a vector with each indexed text, shape (rows,)."""
        return self.postings.products(vector)
