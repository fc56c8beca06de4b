"""The simpler searches that ours is timed beside, over the same phrasings."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evaluation.timing import Contestant
from knowledge.search.folding import fold


def bm25(phrasings: Sequence[str]) -> Contestant:
    """bm25s over folded words; folds and splits the question, as ours does too."""
    import bm25s  # noqa: PLC0415  a tool of the measurement, not of the bot

    ranker = bm25s.BM25()
    ranker.index([folded(text).split() for text in phrasings], show_progress=False)
    return lambda question: ranker.retrieve([fold(question).split()], k=1, show_progress=False)


def fuzzy(phrasings: Sequence[str]) -> Contestant:
    """rapidfuzz's token_set_ratio with every folded phrasing."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    texts = [folded(text) for text in phrasings]
    return lambda question: process.extractOne(fold(question), texts, scorer=fuzz.token_set_ratio)


def folded(text: str, known: dict[str, str] = {}) -> str:  # noqa: B006 - the default is the cache
    """`fold`, word by word from a cache: a million varied phrasings share a few thousand words."""
    return " ".join(known.get(word) or known.setdefault(word, fold(word)) for word in text.split())
