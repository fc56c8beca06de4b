"""Regular expressions that are tried only on texts with the words that they need.

Most need some whole words: `\\b(?:dong|nop) tien\\b` can match no text without "tien", and none without "dong" or
"nop". These words are read off the pattern itself, so nobody has to keep a second list. Where that cannot be done, a
pattern is always tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Generic, NamedTuple, TypeVar

Meaning = TypeVar("Meaning")
Needed = tuple[frozenset[str], ...]

MOST = 100
"""Ways in which a pattern may be spelled out; what would lead to more is left open."""
_WORD = re.compile(r"\w+")
_OPEN, _EDGE = "\0", "\1"
"""In a text spelled out: anything may stand here; a word begins or ends here."""
_WHOLE_WORD = re.compile(rf"(?<![\w{_OPEN}])\w+(?![\w{_OPEN}])")
_ENDED = re.compile(rf"[^\w{_OPEN}]\Z")
_EDGES = {_parser.AT_BOUNDARY, _parser.AT_BEGINNING, _parser.AT_BEGINNING_STRING, _parser.AT_END, _parser.AT_END_STRING}


class Pattern:
    """One pattern, used like a compiled one."""

    def __init__(self, pattern: str) -> None:
        self._compiled = re.compile(pattern)
        self._needed = words_needed(pattern)

    def search(self, text: str) -> re.Match[str] | None:
        return self._compiled.search(text) if self.may_match(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        return self._compiled.match(text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text) if self.may_match(text) else iter(())

    def may_match(self, text: str) -> bool:
        """Whether the text has the words that the pattern needs."""
        return _has(_words_of(text), self._needed)


class Patterns(Generic[Meaning]):
    """Many patterns, each with what it stands for."""

    def __init__(self, search: Iterable[tuple[str, Meaning]], whole: Iterable[tuple[str, Meaning]] = ()) -> None:
        """`search` patterns match anywhere in a text, `whole` patterns all of it."""
        self._always: list[_Row[Meaning]] = []
        self._by_word: dict[str, list[_Row[Meaning]]] = {}
        for pattern, meaning in (*search, *((rf"\A(?:{pattern})\Z", meaning) for pattern, meaning in whole)):
            row = _Row(re.compile(pattern), meaning, words_needed(pattern))
            fewest = min(row.needed, key=len, default=None)
            for rows in [self._always] if fewest is None else [self._by_word.setdefault(word, []) for word in fewest]:
                rows.append(row)

    def found(self, text: str) -> set[Meaning]:
        """What the patterns stand for that match a text."""
        found: set[Meaning] = set()
        words = _words_of(text)
        for rows in (self._always, *(self._by_word[word] for word in words if word in self._by_word)):
            for pattern, meaning, needed in rows:
                if meaning not in found and _has(words, needed) and pattern.search(text):
                    found.add(meaning)
        return found


class _Row(NamedTuple, Generic[Meaning]):
    pattern: re.Pattern[str]
    meaning: Meaning
    needed: Needed


def _has(words: frozenset[str], needed: Needed) -> bool:
    """Whether a word of each group is there."""
    for group in needed:  # noqa: SIM110 - a third of the time of `all`, hundreds of times in a turn
        if words.isdisjoint(group):
            return False
    return True


def words_needed(pattern: str) -> Needed:
    """Groups of words; any text that the pattern matches has one word at least of each group."""
    parsed = _parser.parse(pattern)
    if parsed.state.flags & re.IGNORECASE:
        return ()
    groups: list[frozenset[str] | None] = []
    texts = {_OPEN}
    for operation, value in (*_parts(parsed), (_parser.ANY, None)):
        texts = _followed(texts, _ways(operation, value))
        if all(_ENDED.search(text) for text in texts):
            groups.append(_one_of_each(texts))
            texts = {_EDGE}
    groups.append(_one_of_each(texts))
    return tuple(group for group in groups if group is not None)


def _one_of_each(texts: set[str]) -> frozenset[str] | None:
    """One whole word of each text; None when a text has none."""
    of_texts = [_WHOLE_WORD.findall(text) for text in texts]
    return frozenset(max(words, key=len) for words in of_texts) if all(of_texts) else None


@lru_cache(maxsize=64)
def _words_of(text: str) -> frozenset[str]:
    """The words of a text, at which many patterns look one after the other."""
    return frozenset(_WORD.findall(text))


def _parts(parsed: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """The parts of a parsed pattern one after the other, those in brackets too."""
    for operation, value in parsed:
        if operation is _parser.SUBPATTERN and not value[1]:
            yield from _parts(value[3])
        else:
            yield operation, value


def _spelled_out(parsed: Iterable[tuple[Any, Any]]) -> set[str]:
    """All texts that a parsed pattern matches, with what may be anything left open."""
    texts = {""}
    for operation, value in _parts(parsed):
        texts = _followed(texts, _ways(operation, value))
    return texts


def _followed(texts: set[str], ways: set[str]) -> set[str]:
    ways = ways if len(texts) * len(ways) <= MOST else {_OPEN}
    return {text + way for text in texts for way in ways}


def _ways(operation: Any, value: Any) -> set[str]:
    match operation:
        case _parser.LITERAL:
            return {chr(value)}
        case _parser.AT:
            return {_EDGE if value in _EDGES else _OPEN}
        case _parser.ASSERT | _parser.ASSERT_NOT:
            return {""}
        case _parser.BRANCH:
            return set().union(*map(_spelled_out, value[1]))
        case _parser.MAX_REPEAT:
            least, most, repeated = value
            once = _spelled_out(repeated)
            more = {_OPEN + way for way in once} if most > 1 else set()
            return once | more | ({""} if least == 0 else set())
        case _parser.IN if all(kind is _parser.LITERAL for kind, _ in value):
            return {chr(char) for _, char in value}
    return {_OPEN}
