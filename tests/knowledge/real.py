"""The knowledge base of the repository, read and indexed once for all tests of one run."""

from __future__ import annotations

from datetime import date
from functools import cache

from knowledge.base import KnowledgeBase, load
from knowledge.search.engine import Search, build_search

TODAY = date(2026, 11, 21)
"""The day on which the fact sheet was closed."""


@cache
def real_base() -> KnowledgeBase:
    return load()


@cache
def real_search() -> Search:
    """Without sentence embeddings; always built anew, so that a change of the code is seen."""
    return build_search(real_base(), "off")
