"""Words of two syllables, found by the segmenter pyvi when the search is fitted.

Vietnamese writes a word of two syllables as two. A pair of neighbours that is one word tells more than a pair that
merely stands together, so it weighs more. The segmenter needs marks and seconds to start: it runs at the fit, and what
it found is kept in `compounds.txt`, folded, one a line, for the running bot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from knowledge.base import KnowledgeBase
from knowledge.search.spelling import Spelled, Speller

PATH = Path(__file__).with_name("compounds.txt")
LEAST = 6
"""A pair is kept when the segmenter joined it this often."""


def segment(texts: Iterable[str], read: Callable[[str], Spelled]) -> list[str]:
    """The compounds of correctly spelled texts, folded, in alphabetical order."""
    from pyvi import ViTokenizer  # noqa: PLC0415  three seconds to import, and only the fit needs it

    counts: Counter[str] = Counter()
    for text in texts:
        for word in ViTokenizer.tokenize(text).split():
            if word.count("_") == 1:
                counts[" ".join(read(word.replace("_", " ")).folded)] += 1
    return sorted(pair for pair, count in counts.items() if count >= LEAST and pair.count(" ") == 1)


def renew(base: KnowledgeBase) -> int:
    """Segment the whole knowledge base again and keep what was found; the number of compounds."""
    texts = [text for entry in base.entries.values() for text in (*entry.phrasings, entry.title, entry.body)]
    found = segment(texts, Speller(texts).read)
    save(found)
    load.cache_clear()
    return len(found)


def save(compounds: list[str], path: Path = PATH) -> None:
    path.write_text("".join(f"{pair}\n" for pair in compounds), encoding="utf-8")


@cache
def load(path: Path = PATH) -> frozenset[str]:
    """The compounds kept at the last fit; none before the first."""
    return frozenset(path.read_text(encoding="utf-8").split("\n")) - {""} if path.exists() else frozenset()
