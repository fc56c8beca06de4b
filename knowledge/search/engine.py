"""The search: a question in, entries with probabilities out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from knowledge.base import KnowledgeBase
from knowledge.search.embedding import Embedder, load_embedder
from knowledge.search.index import Corpus, PhrasingIndex, mix
from knowledge.search.model import PATH, Model
from knowledge.search.network import shared_out
from knowledge.search.spelling import Spelled
from knowledge.search.stopping import StopReader
from knowledge.search.updating import updated
from knowledge.search.vectors import Floats, Vector

NEIGHBOURS = 250
"""Phrasings that speak in the classifier; those further away weigh nothing worth the time."""
FAR = 0.2
NEARNESS = 4
"""A phrasing speaks against a network that never learned it only when it is near: how steeply this falls off."""
NEAREST = 6
"""An entry that a network never learned is named by it the less, the nearer the question comes to phrasings of others:
how steeply. Otherwise every message that is near to nothing, as many are in a talk, would be drawn to the new entry."""
_EDGES = " \n.,;:!?…"
"""What around a message means nothing."""
SURE = 0.97
"""Above this the words alone decide; below, sentence embeddings are asked too, when there are any."""


class Candidate(NamedTuple):
    """An entry that may answer, and how probably."""

    entry_id: str
    probability: float


def best_first(chances: Mapping[str, float]) -> list[Candidate]:
    """Candidates from the probability of each entry, the most probable first."""
    return [Candidate(*item) for item in sorted(chances.items(), key=itemgetter(1), reverse=True)]


class Search:
    """Ranks the entries of one knowledge base; holds no state between questions but what it found for the last ones."""

    def __init__(self, index: PhrasingIndex, model: Model, embedder: Embedder | None = None) -> None:
        self.index = index
        self.model = model
        self.fitted = model.digest == index.corpus.digest
        self._embedder = embedder if model.embeddings is not None else None
        self._ranked = lru_cache(maxsize=4096)(self._rank)
        self._read = lru_cache(maxsize=4096)(index.read)
        self._terms = lru_cache(maxsize=64)(self._weighed)
        self._stop_reader = StopReader.load()
        self._stops = lru_cache(maxsize=4096)(self._stop_chance)

    def updated(self, base: KnowledgeBase) -> Search:
        """The same search over a knowledge base in which some answers differ; far quicker than building it anew."""
        index = updated(self.index, Corpus.of(base))
        return Search(index, self.model.aligned(index), self._embedder)

    @property
    def embedded(self) -> bool:
        """Whether sentence embeddings take part."""
        return self._embedder is not None

    def read(self, text: str) -> Spelled:
        """The tokens that a message means. In one turn the same parts of a message are read several times."""
        return self._read(text.strip(_EDGES))

    def find(self, text: str, limit: int = 5) -> list[Candidate]:
        """The most probable entries for a question, best first; empty for a text without words."""
        return self.rank(self.read(text), limit)

    def rank(self, spelled: Spelled, limit: int = 5, *, by_words: bool = False) -> list[Candidate]:
        """The same for a message already read. Many people ask the same: the last answers are kept.

        `by_words` leaves sentence embeddings out, which take many times as long.
        """
        return list(self._ranked(spelled, limit, by_words)) if spelled.folded else []

    def nearest(self, text: str, entry_id: str) -> str:
        """The phrasing of an entry that is nearest to a question; raises ValueError for an unknown entry."""
        corpus = self.index.corpus
        own = np.flatnonzero(corpus.owners == corpus.entries.index(entry_id))
        return corpus.phrasings[int(own[np.argmax(self.index.mixed(self.read(text))[own])])]

    def _rank(self, spelled: Spelled, limit: int, by_words: bool) -> tuple[Candidate, ...]:
        probabilities = self.probabilities(spelled, by_words=by_words)
        top = np.argsort(-probabilities)[:limit]
        entries = [self.index.corpus.entries[n] for n in top.tolist()]
        return tuple(map(Candidate, entries, probabilities[top].tolist()))

    def probabilities(self, spelled: Spelled, *, by_words: bool = False) -> Floats:
        """The probability of every entry, shape (entries,); `by_words` as for `rank`."""
        evidence, nearness = self._evidence(spelled)
        probabilities = _softmax(self.model.weights @ evidence)
        if by_words or self._embedder is None or float(probabilities.max()) >= SURE:
            return probabilities
        embedded = self._embedded_rows(spelled, nearness)
        return _softmax(self.model.weights_embedded @ np.vstack([evidence, embedded]))

    def evidence(self, spelled: Spelled) -> Floats:
        """All that the words say, before any weighing; shape (kinds of evidence, entries), see `model.EVIDENCE`."""
        return self._evidence(spelled)[0]

    def _evidence(self, spelled: Spelled) -> tuple[Floats, Floats]:
        """That, and what `_nearness` gives."""
        index = self.index
        vector, inputs = self._terms(spelled)
        cosines = index.cosines(vector)
        mixed = mix(cosines)
        near = np.flatnonzero(mixed > FAR)
        if len(near) > NEIGHBOURS:
            near = near[np.argpartition(mixed[near], -NEIGHBOURS)[-NEIGHBOURS:]]
        nearness = self._nearness(mixed)
        named = np.zeros(len(self.model.entries), dtype=np.float32)
        if self.model.network is not None:
            named = _raised(self.model.network.log_chances(inputs)[0], nearness)
        rows = [
            mixed[near] @ self.model.dual[near],
            named,
            index.best_of_entries(cosines),
            index.body_cosines(vector),
        ]
        return np.vstack(rows).astype(np.float32), nearness

    def known_share(self, spelled: Spelled) -> float:
        """How much of a message, by weight, is words that the knowledge base uses; 0 to 1."""
        return self.index.vocabulary.weight_known(self._terms(spelled)[0], "words")

    def asks_to_stop(self, spelled: Spelled) -> float:
        """The probability that a message asks for no more messages."""
        return self._stops(spelled)

    def _stop_chance(self, spelled: Spelled) -> float:
        return self._stop_reader.chance(self._terms(spelled)[1])

    def _weighed(self, spelled: Spelled) -> tuple[Vector, csr_array]:
        """The terms of a message with their weights, and as networks read them."""
        vector = self.index.vector(spelled)
        return vector, shared_out(self.index.vocabulary.codes[vector.terms], vector.weights)

    def _nearness(self, mixed: Floats) -> Floats:
        """How much each entry's unlearned phrasings speak against the network, from 0 to 1."""
        unlearned, near = self.model.unlearned, np.zeros(len(self.model.entries), dtype=np.float32)
        owners = self.index.corpus.owners[unlearned]
        np.maximum.at(near, owners, np.minimum(mixed[unlearned] / self.model.kernels, 1.0) ** NEARNESS)
        if self.model.network is not None and len(new := np.flatnonzero(self.model.network.places[owners] < 0)):
            np.maximum.at(near, owners[new], (mixed[unlearned[new]] / max(mixed.max(), FAR)) ** NEAREST)
        return near

    def _embedded_rows(self, spelled: Spelled, nearness: Floats) -> Floats:
        embeddings = self.model.embeddings
        if embeddings is None:
            raise ValueError("the model was fitted without embeddings")
        if self._embedder is None:
            raise ValueError("there is no embedder")
        vector = self._embedder.query(" ".join(spelled.words))
        centred = centre(vector, embeddings.centre)
        named = embeddings.network.log_chances(centred)
        new = embeddings.network.places < 0
        return np.vstack([_raised(named, np.where(new, nearness, 0)), embeddings.bodies @ centred])


def centre(vector: Floats, mean: Floats) -> Floats:
    """A unit vector after the mean of all phrasings is taken away: what is common to all questions tells nothing."""
    moved = vector - mean
    return (moved / (np.linalg.norm(moved) + 1e-9)).astype(np.float32)


def _raised(named: Floats, nearness: Floats) -> Floats:
    """What a network says; the nearer a phrasing that it never learned, the more probable its entry becomes."""
    raised: Floats = named + nearness * (named.max() - named)
    return raised


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max())
    return np.asarray(raised / raised.sum(), dtype=np.float32)


def _forget_others(file: Path) -> None:
    """Every change of the answers makes an index of its own, of some megabytes. One that is being written is left."""
    for other in file.parent.glob("index-*.npz"):
        if other != file and ".part" not in other.suffixes:
            other.unlink(missing_ok=True)


def build_search(
    base: KnowledgeBase, embeddings: str = "auto", cache: Path | None = None, model_path: Path = PATH
) -> Search:
    """The search over a knowledge base.

    `embeddings` is `auto`, `on` or `off`; `cache` a folder in which the index is kept, so that the next start is quick.
    """
    corpus = Corpus.of(base)
    file = cache / f"index-{corpus.digest}.npz" if cache else None
    index = PhrasingIndex.load(file, corpus) if file else None
    if index is None:
        index = PhrasingIndex.build(corpus)
        if file:
            index.save(file)
            _forget_others(file)
    try:
        model = Model.load(model_path).aligned(index)
    except (OSError, KeyError, ValueError):
        model = Model.plain(corpus)
    return Search(index, model, load_embedder(embeddings))
