"""Cuts a query into words, quoted texts and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.outreach.segments.errors import SegmentError
from knowledge.search.folding import compose

_TOKEN = re.compile(
    r"\s*(?:[\"“”](?P<text>[^\"“”]*)[\"“”]|(?P<sign>\.\.|…|!=|<=|>=|[=<>(),])|(?P<word>(?:(?!\.\.)[^\s\"“”=<>!(),…])+))"
)


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    TEXT = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True)
class Token:
    """A piece of a query; `position` counts characters from 1."""

    kind: Kind
    text: str
    position: int

    @property
    def word(self) -> str:
        """A word or sign in small letters; empty for a quoted text, so that a quoted "và" is no keyword."""
        return compose(self.text) if self.kind in {Kind.WORD, Kind.SIGN} else ""


def scan(text: str) -> list[Token]:
    """All tokens, an END after them. Raises SegmentError for a sign that means nothing."""
    tokens, position = [], 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            if text[start] in '"“”':
                raise SegmentError(start + 1, "dấu ngoặc kép chưa đóng", 'thêm " ở cuối tên')
            raise SegmentError(start + 1, f"không hiểu dấu {text[start]}", "dùng =, !=, .., ngoặc đơn, dấu phẩy")
        name = match.lastgroup or ""
        sign = ".." if match[name] == "…" else match[name]
        tokens.append(Token(Kind[name.upper()], sign, match.start(name) + 1))
        position = match.end()
    return [*tokens, Token(Kind.END, "", end + 1)]
