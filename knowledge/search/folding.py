"""Letters: one form for every way of writing the same Vietnamese text."""

from __future__ import annotations

import re
import unicodedata

_OLD_TONES = re.compile(r"(?<!q)([ou])([àáảãạèéẻẽẹỳýỷỹỵ])(?=\W|$)")
_PLAIN = str.maketrans(
    {
        char: unicodedata.normalize("NFD", char)[0]
        for char in map(chr, range(0xC0, 0x1EFA))
        if unicodedata.normalize("NFD", char)[0].isascii()
    }
    | {"đ": "d"}
)
"""Every letter with marks that is one character, to its bare letter: most texts are folded by this alone."""
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_REPEATED = re.compile(r"([^\W\dci])\1{2,}")


def fold(text: str) -> str:
    """Lower case without any diacritics; đ becomes d."""
    if text.isascii():
        return text.lower()
    folded = text.lower().translate(_PLAIN)
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFD", folded)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def compose(text: str) -> str:
    """NFC in lower case, without invisible and control characters, a letter repeated for emphasis once.

    The tone mark of oa, oe, uy stands where the newer spelling puts it (hoà → hòa), so both spellings are one.
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    if not text.isprintable():
        text = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)
    text = _REPEATED.sub(r"\1", text)
    return _OLD_TONES.sub(lambda match: _move_tone(match[1], match[2]), text)


def has_diacritics(text: str) -> bool:
    """Whether a text carries any Vietnamese mark."""
    return fold(text) != text.lower()


def _move_tone(first: str, second: str) -> str:
    decomposed = unicodedata.normalize("NFD", second)
    base, marks = decomposed[0], decomposed[1:]
    if first == "u" and base != "y":
        return first + second
    return unicodedata.normalize("NFC", first + marks) + base
