"""The knowledge base of the repository, read once in a process and indexed once in a run."""

from __future__ import annotations

from datetime import date
from functools import cache

from knowledge.base import KnowledgeBase, load
from knowledge.search.engine import Search
from tests.warmth import indexed

TODAY = date(2026, 11, 21)
"""The day on which the fact sheet was closed."""


@cache
def real_base() -> KnowledgeBase:
    return load()


def real_search() -> Search:
    """Without sentence embeddings. The first process of a run indexes it, by the code of the day."""
    return indexed()[0]
