"""Simpler ways to find an entry, measured beside the bot's own on the same questions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from rapidfuzz import fuzz, process

from handlers.turn import Decision
from knowledge.base import KnowledgeBase
from knowledge.entries import Kind
from knowledge.search.embedding import Embedder
from knowledge.search.engine import Search
from knowledge.search.folding import fold

Finder = Callable[[str], str]
"""From a question to the id of an entry."""

DECISIONS = {
    Kind.ANSWER: Decision.ANSWER,
    Kind.HANDOFF: Decision.HANDOFF,
    Kind.REFUSE: Decision.REFUSE,
    Kind.SMALLTALK: Decision.SMALLTALK,
    Kind.CLARIFY: Decision.CLARIFY,
}


def bm25(base: KnowledgeBase) -> Finder:
    """BM25 over folded words, one document per phrasing (package bm25s)."""
    import bm25s  # noqa: PLC0415  a tool of the measurement, not of the bot

    rows = _phrasings(base)
    ranker = bm25s.BM25()
    ranker.index([fold(text).split() for _, text in rows], show_progress=False)

    def find(question: str) -> str:
        best, _ = ranker.retrieve([fold(question).split()], k=1, show_progress=False)
        return rows[int(best[0][0])][0]

    return find


def fuzzy(base: KnowledgeBase) -> Finder:
    """The phrasing most similar to the question by rapidfuzz's token_set_ratio, folded."""
    rows = _phrasings(base)
    texts = [fold(text) for _, text in rows]

    def find(question: str) -> str:
        _, _, best = process.extractOne(fold(question), texts, scorer=fuzz.token_set_ratio)
        return rows[best][0]

    return find


def embeddings(search: Search, embedder: Embedder) -> Finder | None:
    """Sentence embeddings alone: the text of the entry nearest to the question; None when the model has none."""
    fitted = search.model.embeddings
    if fitted is None:
        return None
    entries = search.index.corpus.entries

    def find(question: str) -> str:
        return entries[int(np.argmax(fitted.bodies @ (embedder.query(question) - fitted.centre)))]

    return find


def _phrasings(base: KnowledgeBase) -> list[tuple[str, str]]:
    return [(entry.id, text) for entry in base.entries.values() for text in (*entry.phrasings, *entry.phrasings_en)]
