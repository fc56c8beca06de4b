"""Where the reading of a query has got to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.outreach.segments.errors import SegmentError
from bot.outreach.segments.scanner import Kind, Token
from bot.outreach.segments.tree import AND, IN, OR

if TYPE_CHECKING:
    from collections.abc import Collection


class Cursor:
    """Goes over the tokens of a query."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self.at = 0

    @property
    def here(self) -> Token:
        return self._tokens[self.at]

    @property
    def after(self) -> Token:
        """The token behind this one; the end again at the end."""
        return self._tokens[min(self.at + 1, len(self._tokens) - 1)]

    @property
    def at_join(self) -> bool:
        """Whether the condition is over: the query ends, or another condition follows."""
        return self.here.kind is Kind.END or self.here.word in AND | OR | {")"}

    def words(self, count: int) -> str:
        """So many words from here on; empty when something else stands among them."""
        tokens = self._tokens[self.at : self.at + count]
        return " ".join(token.word for token in tokens) if all(token.kind is Kind.WORD for token in tokens) else ""

    def step(self, count: int = 1) -> Token:
        """Go on; gives the token that was here."""
        token = self.here
        self.at = min(self.at + count, len(self._tokens) - 1)
        return token

    def takes(self, words: Collection[str]) -> bool:
        """Whether one of these comes next; if so it is behind us now."""
        found = self.here.word in words
        if found:
            self.step()
        return found

    def text(self) -> str:
        """The quoted text that comes next, or all words up to a sign or keyword; empty when there are none."""
        if self.here.kind is Kind.TEXT:
            return self.step().text
        words = []
        while self.here.kind is Kind.WORD and self.here.word not in AND | OR | IN:
            words.append(self.step().text)
        return " ".join(words)

    def wrong(self, what: str, mend: str = "", token: Token | None = None) -> SegmentError:
        return SegmentError((token or self.here).position, what, mend)
