"""From an empty process to the first answer. Imports nothing but what the measured command imports itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FIRST_QUESTION = "học sinh đóng bảo hiểm y tế bao nhiêu tiền"


def ask() -> Iterator[dict[str, Any]]:
    """`bhyt-bot ask` as somebody calls it."""
    from bot.cli import main  # noqa: PLC0415

    try:
        main(["ask", FIRST_QUESTION])
    except SystemExit as left:
        if left.code:
            raise
    yield {}


def bm25() -> Iterator[dict[str, Any]]:
    """The least that an answer can cost: read the knowledge base, index it with bm25s, find one entry."""
    from bot.evaluation import rivals  # noqa: PLC0415
    from knowledge.base import load  # noqa: PLC0415
    from knowledge.search.index import Corpus  # noqa: PLC0415

    rivals.bm25(Corpus.of(load()).phrasings)(FIRST_QUESTION)
    yield {}


def nothing() -> Iterator[dict[str, Any]]:
    """A process that only starts."""
    yield {}
