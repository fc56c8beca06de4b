"""Weighted bags of words and letter groups, and an inverted index over them.

A text is a sparse vector in three spaces: folded words and word pairs, folded letter groups, and words with their
marks. Vectors are TF-IDF weighted and of length one within a space, so a product of two is a cosine. Terms are held as
numbers (codes) that tell their space, so that all spaces are a few arrays: quick to build, to load, and to search in
one pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from knowledge.search.compounds import load as load_compounds
from knowledge.search.spelling import Spelled

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

SPACES = ("words", "letters", "accents")
BODY_SPACES = SPACES[:2]
"""The spaces in which the answers themselves are compared."""
COMMON = (0.2, 0.02, 0.2)
COMMON_IN_BODIES = 0.2
"""Terms in more than this share of all texts tell them apart so little that they are not looked up, only weighed."""
UNKNOWN_WEIGHT = 0.5
"""An unknown term counts half: it may be a name or a filler, or the very thing that is asked."""
_SPACE_BITS = 2
_SPACE_MASK = 2**_SPACE_BITS - 1
_SMALLEST_GROUP, _GREATEST_GROUP = 3, 5
_LETTERS = b" abcdefghijklmnopqrstuvwxyz0123456789%/"
_BASE = len(_LETTERS) + 2
_NUMBERS = np.full(256, len(_LETTERS) + 1, dtype=np.int64)
_NUMBERS[np.frombuffer(_LETTERS, dtype=np.uint8)] = np.arange(len(_LETTERS)) + 1
"""The number of each ASCII character, from one; whatever is not among the letters shares the last one."""


def codes(spelled: Spelled) -> Codes:
    """The terms of a text in all spaces, as often as they occur; the lowest bits of a code are the number of its space.

    The same in every process.
    """
    of_spaces = (word_codes(spelled), letter_codes(spelled), accented_codes(spelled))
    return np.concatenate([(own << _SPACE_BITS) | number for number, own in enumerate(of_spaces)])


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
    groups, longer = [], letters
    for size in range(2, _GREATEST_GROUP + 1):
        longer = longer[:-1] * _BASE + letters[size - 1 :]
        if size >= _SMALLEST_GROUP:
            groups.append(longer)
    return np.concatenate(groups)


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
    """Positions in the vocabulary and their weights; within each space the weights have length one at most."""

    terms: Ints
    weights: Floats


@dataclass(frozen=True)
class Vocabulary:
    """The terms of all phrasings (sorted codes) with their inverse document frequencies."""

    codes: Codes
    idf: Floats
    texts: int
    """How many phrasings the frequencies are taken from."""

    def spaces(self, terms: npt.NDArray[np.signedinteger]) -> Codes:
        """The numbers of the spaces of terms, given by their positions."""
        of_terms: Codes = self.codes[terms] & _SPACE_MASK
        return of_terms

    def vector(self, text: Spelled) -> Vector:
        """The vector of a text; terms that no phrasing has count towards its length, so they lower every cosine."""
        found, counts = np.unique(codes(text), return_counts=True)
        if not len(self.codes):
            return Vector(np.zeros(0, np.int32), np.zeros(0, np.float32))
        terms = np.minimum(np.searchsorted(self.codes, found), len(self.codes) - 1)
        known = self.codes[terms] == found
        unknown = UNKNOWN_WEIGHT * (np.log(1 + self.texts) + 1)
        weights = np.where(known, (1 + np.log(counts)) * self.idf[terms], unknown)
        spaces = found & _SPACE_MASK
        weights /= np.sqrt(np.bincount(spaces, weights**2))[spaces]
        return Vector(terms[known].astype(np.int32), weights[known].astype(np.float32))

    def weight_known(self, vector: Vector, space: str) -> float:
        """How much of a text, by weight, is terms of the vocabulary in one space; 0 to 1."""
        weights = vector.weights[self.spaces(vector.terms) == SPACES.index(space)]
        return float(weights @ weights)


@dataclass(frozen=True)
class Postings:
    """For each term the rows that hold it and with what weight, one after the other; `starts` marks where.

    `common` marks the terms that are only weighed, and not looked up.
    """

    size: int
    starts: Ints
    rows: Ints
    weights: Floats
    common: Marks = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    @classmethod
    def build(cls, size: int, rows: Places, terms: Places, weights: Floats, common: Marks) -> Postings:
        """From triples of row, term and weight; `size` rows, `common` a mark for each term of the vocabulary.

        Weights are rounded to half precision: an index that was kept on disk finds exactly what a new one finds.
        """
        looked_up = ~common[terms]
        rows, terms, weights = rows[looked_up], terms[looked_up], weights[looked_up]
        order = np.argsort(terms, kind="stable")
        starts = np.searchsorted(terms[order], np.arange(len(common) + 1))
        rounded = weights[order].astype(np.float16).astype(np.float32)
        return cls(size, starts.astype(np.int32), rows[order].astype(np.int32), rounded, common)

    def products(self, vector: Vector) -> Floats:
        """The product of a vector with each row, shape (size,)."""
        products: Floats = vector.weights @ self._by_term[vector.terms]
        return products

    @cached_property
    def _by_term(self) -> csr_array:
        """The weights as a sparse matrix, shape (terms, size)."""
        return csr_array((self.weights, self.rows, self.starts), shape=(len(self.starts) - 1, self.size))


def index(texts: Sequence[Spelled], common: Sequence[float] = COMMON) -> tuple[Vocabulary, Postings]:
    """The vocabulary of texts, and their vectors by term: a row for each text in each space, space after space.

    Terms in more than the share `common` of all texts, for each space, are weighed but not looked up.
    """
    of_texts = [codes(text) for text in texts]
    known, terms = np.unique(np.concatenate(of_texts), return_inverse=True)
    rows = np.repeat(np.arange(len(texts)), [len(of_text) for of_text in of_texts])
    pairs, counts = np.unique(rows * max(1, len(known)) + terms, return_counts=True)
    rows, terms = np.divmod(pairs, max(1, len(known)))
    frequency = np.bincount(terms, minlength=len(known))
    idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
    vocabulary = Vocabulary(known, idf.astype(np.float32), len(texts))
    spaces = vocabulary.spaces(terms)
    rows += spaces * len(texts)
    weights = (1 + np.log(counts)) * idf[terms]
    weights /= np.sqrt(np.bincount(rows, weights=weights**2))[rows]
    most = np.maximum(1.0, np.asarray(common) * len(texts))[vocabulary.spaces(np.arange(len(known)))]
    return vocabulary, Postings.build(len(SPACES) * len(texts), rows, terms, weights, frequency > most)


def rows_of(texts: Sequence[Spelled], vocabulary: Vocabulary) -> Postings:
    """Other texts in the terms of a vocabulary, without marks: a row for each text in each space but the last."""
    vectors = [vocabulary.vector(text) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(vector.terms) for vector in vectors])
    terms = np.concatenate([vector.terms for vector in vectors])
    weights = np.concatenate([vector.weights for vector in vectors])
    spaces = vocabulary.spaces(terms)
    frequency = np.bincount(terms, minlength=len(vocabulary.codes))
    kept = spaces < len(BODY_SPACES)
    rows += spaces * len(texts)
    common = frequency > max(1.0, COMMON_IN_BODIES * len(texts))
    return Postings.build(len(BODY_SPACES) * len(texts), rows[kept], terms[kept], weights[kept], common)
