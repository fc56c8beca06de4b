"""Vietnamese text in lines that are even, as large as fits, and broken where a reader would pause.

Two syllables that are one word ("bảo hiểm") stay on one line, a line rather ends at a comma or dash, and no line is
left with a single syllable. Lengths are pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ImageFont

from bot.outreach.materials.words import table
from knowledge.search.compounds import load as load_compounds
from knowledge.search.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

FONTS = Path(__file__).with_name("fonts")
LEADING = 1.28
"""Height of a line in parts of the size: Vietnamese capitals carry two marks."""
MOST_LINES = 9
_SPLIT_WORD = 0.25
_LONE_SYLLABLE = 0.5
_PAUSE = -0.06
_HANGING = 0.2
"""The first word of a clause, left behind at the end of a line."""
_PAUSES = (",", ".", ";", ":", "-", "–")
_SIZE_WORTH = 0.12
"""Part of its size that a setting may lose to save one break inside a word."""


class Weight(StrEnum):
    """A cut of the typeface."""

    MEDIUM = "Medium"
    BOLD = "Bold"
    HEAVY = "ExtraBold"


@dataclass(frozen=True)
class Setting:
    """Lines of one size, as they are printed."""

    lines: tuple[str, ...]
    weight: Weight
    size: int
    leading: float = LEADING
    fits: bool = True

    @property
    def line_height(self) -> int:
        return round(self.size * self.leading)

    @property
    def height(self) -> int:
        return self.line_height * len(self.lines)

    @property
    def width(self) -> int:
        return max(width(line, self.weight, self.size) for line in self.lines)


@cache
def font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"BeVietnamPro-{weight}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def width(text: str, weight: Weight, size: int) -> int:
    return math.ceil(_ems(text, weight) * size)


@lru_cache(maxsize=8192)
def _ems(text: str, weight: Weight) -> float:
    """The width in parts of the size: the letters have no hints, so that they grow evenly."""
    return font(weight, _MEASURED).getlength(text) / _MEASURED


_MEASURED = 500


def fitted(
    text: str, weight: Weight, box: tuple[int, int], sizes: tuple[int, int], leading: float = LEADING
) -> Setting:
    """A text in a box of this width and height, as large as reads well, from the smallest size to the largest.

    `fits` is False when it is too long even at the smallest size; then it is set at that size all the same.
    """
    smallest, largest = sizes
    best: Setting | None = None
    worth = 0.0
    for size in range(largest, smallest - 1, -2):
        room = min(MOST_LINES, int(box[1] / (size * leading)))
        if best is not None and size <= worth:
            break
        found = _best_lines(text, weight, size, box[0], room)
        if found is None:
            continue
        lines, splits = found
        if size * (1 - _SIZE_WORTH * splits) > worth:
            best, worth = Setting(lines, weight, size, leading), size * (1 - _SIZE_WORTH * splits)
    return best or Setting(set_lines(text, weight, smallest, box[0]), weight, smallest, leading, fits=False)


def set_lines(text: str, weight: Weight, size: int, wide: int) -> tuple[str, ...]:
    """A text of a given size in as few even lines as it needs; a word wider than a line stands alone."""
    words = _units(text)
    for count in range(max(1, -(-width(text, weight, size) // wide)), len(words) + 1):
        if found := _broken(words, weight, size, wide, count):
            return found[1]
    return tuple(words)


def _best_lines(text: str, weight: Weight, size: int, wide: int, most: int) -> tuple[tuple[str, ...], int] | None:
    """The best of all ways to break into few lines, and how many words it splits; None when nothing fits."""
    words = _units(text)
    fewest = max(1, -(-width(text, weight, size) // wide))
    counts = range(fewest, min(most, len(words), fewest + 1) + 1)
    candidates = [found for count in counts if (found := _broken(words, weight, size, wide, count))]
    if not candidates:
        return None
    lines = min(candidates)[1]
    return lines, sum(_is_word(above.split()[-1], below.split()[0]) for above, below in pairwise(lines))


def _broken(
    words: Sequence[str], weight: Weight, size: int, wide: int, count: int
) -> tuple[float, tuple[str, ...]] | None:
    """The cheapest break into exactly so many lines: lines near their mean length, few bad ends."""
    mean = width(" ".join(words), weight, size) / count
    best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
    for _ in range(count):
        following: dict[int, tuple[float, tuple[str, ...]]] = {}
        for start, (cost, lines) in best.items():
            for end in range(start + 1, len(words) + 1):
                line = " ".join(words[start:end])
                length = width(line, weight, size)
                if length > wide:
                    break
                price = cost + ((length - mean) / wide) ** 2 + _price_of_end(words, start, end)
                if end not in following or price < following[end][0]:
                    following[end] = (price, (*lines, line))
        best = following
    return best.get(len(words))


def _price_of_end(words: Sequence[str], start: int, end: int) -> float:
    price = _LONE_SYLLABLE if len(" ".join(words[start:end]).split()) == 1 and len(words) > 1 else 0.0
    if end == len(words):
        return price
    last, following = words[end - 1], words[end]
    if _is_word(last.split()[-1], following.split()[0]):
        return price + _SPLIT_WORD
    if last.endswith(_PAUSES):
        return price + _PAUSE
    return price + (_HANGING if end - start > 1 and words[end - 2].endswith(_PAUSES) else 0.0)


def _units(text: str) -> list[str]:
    """The words of a text; a dash stays with what stands before it."""
    units: list[str] = []
    for word in text.split():
        if units and word in {"-", "–", "·", "×"}:
            units[-1] += f" {word}"
        else:
            units.append(word)
    return units


@cache
def _is_word(first: str, second: str) -> bool:
    """Whether two syllables stay together: those of one word, and what our list adds."""
    second = second.rstrip(".,;:!?")
    if f"{first} {second}".lower() in table()["words"]["together"]:
        return True
    return first[-1].isalpha() and f"{fold(first)} {fold(second)}" in load_compounds()
