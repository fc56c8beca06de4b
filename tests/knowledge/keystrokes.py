"""A Vietnamese syllable as it stands when the input method was off: Telex and VNI keystrokes."""

from __future__ import annotations

import unicodedata

_TELEX = {
    "\u0302": "",
    "\u0306": "w",
    "\u031b": "w",
    "\u0301": "s",
    "\u0300": "f",
    "\u0309": "r",
    "\u0303": "x",
    "\u0323": "j",
}
_VNI = {
    "\u0302": "6",
    "\u0306": "8",
    "\u031b": "7",
    "\u0301": "1",
    "\u0300": "2",
    "\u0309": "3",
    "\u0303": "4",
    "\u0323": "5",
}
_TONES = {"\u0301", "\u0300", "\u0309", "\u0303", "\u0323"}


def telex(syllable: str, *, tone_last: bool = True) -> str:
    """`được` → `dduwowcj`, or `dduwowjc` when the tone is typed with its vowel."""
    return _typed(syllable, _TELEX, "d", tone_last=tone_last)


def vni(syllable: str, *, tone_last: bool = True) -> str:
    """`được` → `d9u7o7c5`, or `d9u7o75c`."""
    return _typed(syllable, _VNI, "9", tone_last=tone_last)


def _typed(syllable: str, keys: dict[str, str], stroke: str, *, tone_last: bool) -> str:
    typed, tone = "", ""
    for letter in unicodedata.normalize("NFC", syllable):
        if letter == "đ":
            typed += f"d{stroke}"
            continue
        base, *marks = unicodedata.normalize("NFD", letter)
        typed += base
        for mark in sorted(marks, key=lambda mark: mark in _TONES):
            if mark in _TONES and tone_last:
                tone = keys[mark]
            else:
                typed += keys[mark] or base
    return typed + tone
