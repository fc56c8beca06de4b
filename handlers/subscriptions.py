"""Which messages somebody wants and which not: "STOP", "nhận tin lại", "đừng gửi khẩu hiệu nữa, vẫn nhắc hạn thẻ"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handlers.clauses import ALL, Clauses
from handlers.effects import Topic
from knowledge.search.engine import Search
from knowledge.search.folding import fold
from knowledge.search.spelling import Spelled

TABLE = Path(__file__).with_suffix(".toml")
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


_ASKS = re.compile(r"\b(?:khong|hong|gi|sao|chu)(?: (?:a|vay|the|ta|nhi|ad|bot))*$")
FAINT, ASKED, SURE, CERTAIN = 0.03, 0.5, 0.7, 0.95
"""How surely the search must hear the wish for no more messages: where a pattern hears it too; where the message also
asks something, "tắt tin thì mất quyền lợi gì không"; where no pattern hears it; and where one is against it."""


def wish(text: str, search: Search) -> Wish:
    """What a message says about getting messages, by the patterns of the table and by what the search has learned."""
    table, chance = _table(), search.asks_to_stop(search.read(text))
    message = table.folded(text, search.read)
    asked = table.wanted(message)
    if chance < FAINT and not asked and not table.commands(message):
        return Wish()  # as nearly every message; whether a pattern hears an end, which takes longest, is not asked
    ends = table.ends(message)
    wanted = _NONE if ends else asked
    if not ends and not wanted and chance < SURE:
        return Wish()
    forbidden = table.forbids(message)
    heard = ASKED if _ASKS.search(message) else FAINT
    needed = CERTAIN if forbidden or wanted else heard if ends else SURE
    commanded = not forbidden and table.commands(message)
    if (chance >= needed or commanded) and not table.denies(message):
        return Wish(*table.meant(message))
    return Wish() if forbidden else Wish(wanted=wanted)


class _Table:
    """The patterns of the file, compiled."""

    def __init__(self) -> None:
        raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
        self._words: dict[str, list[str]] = raw["words"]
        self._apart = frozenset(raw["marks"]["apart"])
        self._sounds = self._compiled(raw["unless"])
        self._denied = self._compiled(raw["denied"])
        self._ends, self._begins = self._compiled(raw["stop"]), self._compiled(raw["want"])
        self._asks = self._compiled({"part": raw["want"]["unless"]})
        self._command = self._compiled({"whole": raw["stop"]["whole"], "part": []})
        self._topics = {topic: self._compiled({"part": [f"<{topic}>"]}) for topic in Topic}
        self._clauses = Clauses(raw["clauses"], self._topics, lambda patterns: self._compiled({"part": patterns}))

    def folded(self, text: str, read: Callable[[str], Spelled]) -> str:
        parts = [[self._fold(word) for word in read(part).words] for part in _PUNCTUATION.split(text)]
        return " , ".join(" ".join(words) for words in parts if words)

    def forbids(self, message: str) -> bool:
        """Whether a message only sounds like a wish."""
        return bool(self._sounds.search(message))

    def denies(self, message: str) -> bool:
        """Whether a message says that messages are not to end."""
        return bool(self._denied.search(message))

    def commands(self, message: str) -> bool:
        """Whether a message is nothing but the wish for no more messages, in so many words."""
        return bool(self._command.search(message))

    def ends(self, message: str) -> bool:
        """Whether some part of a message asks for no more messages, and none for them not to end."""
        return bool(self._ends.search(message)) and not self.denies(message)

    def meant(self, message: str) -> tuple[frozenset[Topic], frozenset[Topic]]:
        """The topics that end and those that stay, of a message that as a whole says that something is to end."""
        return self._clauses.meant(message)

    def wanted(self, message: str) -> frozenset[Topic]:
        """The topics that a message asks for: all, when it asks and names none."""
        parts = [match[0] for match in self._begins.finditer(message)]
        return self._named(parts) or ALL if parts and not self._asks.search(message) else _NONE

    def _named(self, parts: list[str]) -> frozenset[Topic]:
        """The topics of which any part has a word."""
        return frozenset(topic for topic, words in self._topics.items() if any(map(words.search, parts)))

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
