"""Light markup as Telegram's HTML, in parts that are each valid and short enough.

The markup is taken out first, as places in the plain text, so that a part can be cut anywhere: what is bold on both
sides of a cut is closed before and opened after it. Only `b` and `blockquote` come out, everything else is escaped.
Addresses and telephone numbers are left as they are: Telegram links them itself, and refuses `tel:` links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from telegram.constants import MessageLimit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)
"""UTF-16 units of a message after its markup is taken out (Bot API, sendMessage)."""
CAPTION = int(MessageLimit.CAPTION_LENGTH)
"""The same for the text under a photo (Bot API, sendPhoto)."""
ENTITIES = int(MessageLimit.MESSAGE_ENTITIES)
"""Telegram leaves out the formatting beyond so many places in one message."""

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_BULLET = re.compile(r"[-•]\s+(?=\S)")
_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"\s"))
_LEAST = 4
"""A part is at least a quarter full, else the next smaller kind of break is looked for."""


@dataclass(frozen=True)
class Styled:
    """Plain text, the places of it that are bold, and where the quoted note at its end begins."""

    text: str
    bold: tuple[tuple[int, int], ...]
    note: int


def styled(text: str, note: str = "") -> Styled:
    """Take the markup out of a text and the note under it."""
    builder = _Builder()
    builder.add(text)
    if note.strip():
        builder.separate()
        start = builder.length
        builder.add(note)
    else:
        start = builder.length
    return Styled(builder.text, tuple(builder.bold), start)


def parts(source: Styled, limit: int = LIMIT, first: int = LIMIT) -> list[str]:
    """The text as HTML messages of at most `limit` UTF-16 units each, cut between paragraphs, lines or words.

    The first has at most `first` units, too. Together they hold all of the text but white space at the cuts. A text of
    white space alone has no parts.
    """
    return [_html(source, start, end) for start, end in _cuts(source.text, limit, min(first, limit))]


def units(text: str) -> int:
    """Length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Builder:
    """Grows the plain text line by line and notes what is bold."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0
        self.bold: list[tuple[int, int]] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def separate(self) -> None:
        if self.length:
            self._append("\n\n")

    def add(self, text: str) -> None:
        blank = 0
        for number, line in enumerate(text.strip().splitlines()):
            blank = blank + 1 if not line.strip() else 0
            if blank < 2:
                self._append("\n" if number else "")
                self._line(line.strip())

    def _line(self, line: str) -> None:
        bullet = _BULLET.match(line)
        if bullet is not None:
            self._append("• ")
            line = line[bullet.end() :]
        for number, piece in enumerate(_BOLD.split(line)):
            start = self.length
            self._append(piece)
            if number % 2:
                self.bold.append((start, self.length))

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self.length += len(piece)


def _cuts(text: str, limit: int, room: int) -> Iterator[tuple[int, int]]:
    start, end = 0, len(text.rstrip())
    while True:
        while start < end and text[start].isspace():
            start += 1
        if start >= end:
            return
        cut = start + _fitting(text[start : min(end, start + room)], room)
        if cut < end:
            cut = start + _break(text[start:end], cut - start)
        stop = start + len(text[start:cut].rstrip())
        yield start, stop
        start, room = cut, limit


def _fitting(text: str, limit: int) -> int:
    """How many characters from the beginning fit."""
    while (excess := units(text) - limit) > 0:
        text = text[: -((excess + 1) // 2)]
    return len(text)


def _break(text: str, size: int) -> int:
    """Where to end a part that holds at most the first `size` characters."""
    for pattern in _BREAKS:
        # Two characters more: the part may be exactly full where a paragraph ends.
        starts = (match.start() for match in pattern.finditer(text[: size + 2]))
        last = max((start for start in starts if start <= size), default=0)
        if last > size // _LEAST:
            return last
    return size


def _html(source: Styled, start: int, end: int) -> str:
    inside = ((max(first, start), min(last, end)) for first, last in source.bold)
    bold = [(first, last) for first, last in inside if source.text[first:last].strip()][: ENTITIES - 1]
    middle = min(max(source.note, start), end)
    body, note = _emphasised(source.text, bold, start, middle), _emphasised(source.text, bold, middle, end)
    return f"{body}<blockquote expandable>{note}</blockquote>" if note.strip() else body


def _emphasised(text: str, bold: Iterable[tuple[int, int]], start: int, end: int) -> str:
    html, position = [], start
    for first, last in bold:
        if start <= first < end:
            html += [_escaped(text[position:first]), f"<b>{_escaped(text[first:last])}</b>"]
            position = last
    return "".join([*html, _escaped(text[position:end])])


def _escaped(text: str) -> str:
    return escape(text, quote=False)
