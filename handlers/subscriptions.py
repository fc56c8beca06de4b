"""Which messages somebody wants and which not: "STOP", "nhận tin lại", "đừng gửi khẩu hiệu nữa, vẫn nhắc hạn thẻ"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handlers.effects import Topic
from knowledge.search.engine import Search
from knowledge.search.folding import fold
from knowledge.search.spelling import Spelled

TABLE = Path(__file__).with_suffix(".toml")
ALL = frozenset(Topic)

_NONE: frozenset[Topic] = frozenset()
_FILLERS = 6
"""How many words of no weight may follow each other; without a bound a long message could be read for seconds."""
_PUNCTUATION = re.compile(r"[.,;:!?…\n]+")
_NAME = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Wish:
    """The topics that somebody does not want any more, and those that they do want; false when there are none."""

    stopped: frozenset[Topic] = _NONE
    wanted: frozenset[Topic] = _NONE

    def __bool__(self) -> bool:
        return bool(self.stopped or self.wanted)


SURE, CERTAIN = 0.8, 0.96
"""How surely the search must hear the wish for no more messages: where no pattern does, and where one is against it."""


def wish(text: str, search: Search) -> Wish:
    """What a message says about getting messages, by the patterns of the table and by what the search has learned."""
    table = _table()
    message = table.folded(text, search.read)
    found, forbidden = table.wish(message), table.forbids(message)
    if found.stopped and not forbidden:
        return found
    doubtful = forbidden or found
    if search.asks_to_stop(search.read(text)) >= (CERTAIN if doubtful else SURE):
        return table.unwanted(message)
    return Wish() if forbidden else found


class _Table:
    """The patterns of the file, compiled."""

    def __init__(self) -> None:
        raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
        self._words: dict[str, list[str]] = raw["words"]
        self._apart = frozenset(raw["marks"]["apart"])
        self._sounds = self._compiled(raw["unless"])
        self._kinds = {name: self._compiled(raw[name]) for name in ("only", "stop", "keep", "want")}
        self._unless = {name: self._compiled({"part": raw[name].get("unless", [])}) for name in self._kinds}
        self._topics = {topic: self._compiled({"part": [f"<{topic}>"]}) for topic in Topic}

    def folded(self, text: str, read: Callable[[str], Spelled]) -> str:
        parts = [[self._fold(word) for word in read(part).words] for part in _PUNCTUATION.split(text)]
        return " , ".join(" ".join(words) for words in parts if words)

    def forbids(self, message: str) -> bool:
        """Whether a message only sounds like a wish."""
        return bool(self._sounds.search(message))

    def wish(self, message: str) -> Wish:
        """What the patterns find."""
        if only := self.topics("only", message):
            return Wish(ALL - only, only)
        if stopped := self.topics("stop", message):
            kept = self.topics("keep", message)
            return Wish(stopped - kept, kept) if stopped - kept else Wish(stopped)
        return Wish(wanted=self.topics("want", message))

    def unwanted(self, message: str) -> Wish:
        """What somebody does not want whose message as a whole says so: what it names, or all but what it keeps."""
        kept = self.topics("keep", message)
        kept = _NONE if kept == ALL else kept
        return Wish((self.named(message) - kept) or (ALL - kept), kept)

    def topics(self, kind: str, message: str) -> frozenset[Topic]:
        """The topics that the matches of a kind name; all topics when there are matches that name none."""
        found = [match[0] for match in self._kinds[kind].finditer(message)]
        if not found or self._unless[kind].search(message):
            return _NONE
        return self.named(*found) or ALL

    def named(self, *messages: str) -> frozenset[Topic]:
        """The topics of which any of the messages has a word."""
        return frozenset(topic for topic, words in self._topics.items() if any(map(words.search, messages)))

    def _fold(self, word: str) -> str:
        return word if word in self._apart else fold(word)

    def _compiled(self, patterns: dict[str, list[str]]) -> re.Pattern[str]:
        whole = [f"^(?:{pattern})$" for pattern in patterns.get("whole", [])]
        part = [rf"(?<!\w)(?:{pattern})(?!\w)" for pattern in patterns["part"]]
        return re.compile("|".join(map(self._expanded, [*whole, *part])) or "(?!)")

    def _expanded(self, pattern: str) -> str:
        pattern = pattern.replace("~", f"(?: <filler>){{0,{_FILLERS}}}")
        while _NAME.search(pattern):
            pattern = _NAME.sub(lambda name: f"(?:{'|'.join(self._words[name[1]])})", pattern)
        return pattern


@cache
def _table() -> _Table:
    return _Table()
