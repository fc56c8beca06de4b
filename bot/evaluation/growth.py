"""Ten and a hundred times as many phrasings as there are."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np

from bot.evaluation.timing import Contestant
from knowledge.search.index import Corpus, PhrasingIndex, mix
from knowledge.search.spelling import Speller
from knowledge.search.vectors import Postings


def grown(corpus: Corpus, factor: int, seed: int = 1) -> Corpus:
    """Each phrasing `factor` times: as it is, and with one word replaced by another word of the knowledge base.

    The same in every run. The new phrasings stand beside the one they are made of, so that the rows of an entry stay
    together, as the index wants them.
    """
    random = Random(seed)  # noqa: S311 - the same in every run is what is wanted
    words = sorted({word for text in corpus.phrasings for word in text.split()})
    phrasings = [text for phrasing in corpus.phrasings for text in _variants(phrasing, factor, words, random)]
    return Corpus(corpus.entries, tuple(phrasings), np.repeat(corpus.owners, factor), corpus.bodies)


def repeated(index: PhrasingIndex, factor: int) -> PhrasingIndex:
    """An index in which every row stands `factor` times: as long to search as that many varied rows, but made at once.

    Its corpus names no phrasings: they would only be read to be built.
    """
    corpus = index.corpus
    more = Corpus(corpus.entries, (), np.repeat(corpus.owners, factor), corpus.bodies)
    phrasings = _repeated_rows(index.phrasings, factor)
    return PhrasingIndex(more, index.speller, index.vocabulary, phrasings, index.bodies)


def index_part(index: PhrasingIndex) -> Contestant:
    """What grows with the phrasings: reading a question, its cosines with all of them, the best of each entry."""
    speller = Speller.of_counts(index.speller.counts)
    fresh = PhrasingIndex(index.corpus, speller, index.vocabulary, index.phrasings, index.bodies)

    def search(question: str) -> object:
        cosines = fresh.cosines(fresh.vector(fresh.read(question)))
        return mix(cosines), fresh.best_of_entries(cosines)

    return search


def _variants(phrasing: str, factor: int, words: list[str], random: Random) -> Iterator[str]:
    yield phrasing
    own = phrasing.split()
    for _ in range(factor - 1):
        place = random.randrange(len(own))
        yield " ".join([*own[:place], random.choice(words), *own[place + 1 :]])


def _repeated_rows(postings: Postings, factor: int) -> Postings:
    rows = (postings.rows[:, None] * factor + np.arange(factor)).ravel()
    return Postings(postings.size * factor, postings.starts * factor, rows, np.repeat(postings.weights, factor))
