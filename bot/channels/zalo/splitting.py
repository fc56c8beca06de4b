"""Cuts a text into messages that Zalo takes: between paragraphs, else between lines, else between words, else hard."""

from __future__ import annotations

_BREAKS = ("\n\n", "\n", " ")


def size(text: str) -> int:
    """Characters as the platform may count them: those beyond the basic plane count twice."""
    return len(text) + sum(char > "\uffff" for char in text)


def split(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` characters, none of them empty; at least one part of an empty text is empty."""
    parts = []
    rest = text.strip()
    while size(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def cut_title(title: str, limit: int) -> str:
    """A button's label of at most `limit` characters, cut after a word."""
    if size(title) <= limit:
        return title
    end = title.rfind(" ", 0, limit)
    kept = title[: end if end > limit // 2 else limit - 1]
    while size(kept) > limit - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _cut(text: str, limit: int) -> int:
    end = limit
    while size(text[:end]) > limit:
        end -= 1
    for mark in _BREAKS:
        found = text.rfind(mark, 0, end + 1)
        # A cut very early would only make more messages.
        if found > end // 3:
            return found
    return end
