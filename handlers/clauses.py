"""Which messages are to end and which to stay: "đố vui với tin tức thì bỏ, còn nhắc hạn thẻ thì cứ gửi".

Read clause by clause. A kind of message takes its fate from the last word for keeping or ending before it, or the next
one after it ("đố vui thì thôi"); without one in its clause, from the next clause that has one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from handlers.effects import Topic

ALL = frozenset(Topic)
Compile = Callable[[list[str]], re.Pattern[str]]
"""From the patterns of a list in the table to one that matches any of them as whole words."""
_AFTER = re.compile(r" (?:(?:nay|do|đó|nhieu|qua) )*thi ")
"""Behind a kind of message: what is said of it follows."""


class _Cue(NamedTuple):
    start: int
    keeps: bool


class _Mention(NamedTuple):
    start: int
    end: int
    topic: Topic


@dataclass
class _Reading:
    """What the clauses up to here said."""

    kept: set[Topic] = field(default_factory=set)
    ended: set[Topic] = field(default_factory=set)
    open: list[Topic] = field(default_factory=list)
    """Named, and nothing said of them yet."""
    others_end: bool = False
    all_ends: bool = False

    def settle(self, topics: list[Topic], keeps: bool) -> None:
        (self.kept if keeps else self.ended).update(topics, self.open)
        self.open = []


class Clauses:
    """Built once from the lists of the table; `topics` are its patterns for each kind of message."""

    def __init__(self, raw: dict[str, list[str]], topics: dict[Topic, re.Pattern[str]], compiled: Compile) -> None:
        self._topics = topics
        self._cut = re.compile("|".join([" , ", *(rf" (?=(?:{word})(?!\w))" for word in raw["cut"])]))
        self._keep, self._end, self._spare = (compiled(raw[name]) for name in ("keep", "end", "spare"))
        self._only, self._others, self._everything = (compiled(raw[name]) for name in ("only", "others", "everything"))
        self._passing = compiled(raw["passing"])

    def meant(self, message: str) -> tuple[frozenset[Topic], frozenset[Topic]]:
        """The topics that end and those that are to stay, of a message that ends some; both as far as it names them."""
        reading = _Reading()
        for clause in self._cut.split(message):
            self._read(clause, reading)
        reading.settle([], keeps=False)
        kept = frozenset(reading.kept - (set() if reading.others_end else reading.ended))
        if kept == ALL or (reading.all_ends and not kept):
            return ALL, frozenset()
        if reading.others_end and kept:
            return ALL - kept, kept
        return frozenset(reading.ended - kept) or ALL - kept, kept

    def _read(self, clause: str, reading: _Reading) -> None:
        mentions = self._mentions(clause)
        cues = self._cues(clause, mentions)
        if not mentions:
            self._read_bare(clause, cues, reading)
            return
        only = self._only.search(clause)
        for mention in mentions:
            keeps = _fate(clause, mention, cues)
            last = max((cue for cue in cues if cue.start < mention.start), default=None)
            if only and only.start() < mention.start and not (last and last.start > only.start() and not last.keeps):
                keeps = reading.others_end = True
            if keeps is not None:
                reading.settle([mention.topic], keeps)
            elif not self._passing.fullmatch(clause, mention.start, mention.end):
                reading.open.append(mention.topic)
        if reading.kept and self._others.search(clause) and not all(cue.keeps for cue in cues):
            reading.others_end = True

    def _read_bare(self, clause: str, cues: list[_Cue], reading: _Reading) -> None:
        """A clause that names no kind of message: it speaks of all, of the others, or of those named before."""
        if not cues:
            return
        keeps = cues[0].keeps
        if self._others.search(clause):
            reading.others_end |= not keeps
        elif not keeps and self._everything.search(clause):
            reading.all_ends = True
        elif reading.open:
            reading.settle([], keeps)

    def _mentions(self, clause: str) -> list[_Mention]:
        return sorted(
            _Mention(match.start(), match.end(), topic)
            for topic, words in self._topics.items()
            for match in words.finditer(clause)
        )

    def _cues(self, clause: str, mentions: list[_Mention]) -> list[_Cue]:
        """Words for keeping and ending outside the names of messages, in their order."""
        cues: list[_Cue] = []
        place = 0
        while found := min(self._found(clause, place), default=None):
            start, _, end, keeps = found
            if not any(mention.start <= start < mention.end for mention in mentions):
                cues.append(_Cue(start, keeps))
            place = end
        return cues

    def _found(self, clause: str, place: int) -> list[tuple[int, int, int, bool]]:
        """The next match of each list: where, its rank among those that begin there, its end, whether it keeps."""
        lists = ((self._spare, True), (self._end, False), (self._keep, True))
        matches = ((rank, keeps, words.search(clause, place)) for rank, (words, keeps) in enumerate(lists))
        return [(match.start(), rank, match.end(), keeps) for rank, keeps, match in matches if match]


def _fate(clause: str, mention: _Mention, cues: list[_Cue]) -> bool | None:
    """Whether a kind of message is to stay, by the words of its own clause."""
    before = [cue.keeps for cue in cues if cue.start < mention.start]
    after = [cue.keeps for cue in cues if cue.start >= mention.end]
    if after and (not before or _AFTER.match(clause, mention.end)):
        return after[0]
    return before[-1] if before else None
