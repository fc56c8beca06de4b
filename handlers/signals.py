"""Messages recognised by their words before any search: emergencies, commands, attempts to misuse."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from knowledge.search.patterns import Patterns

TABLE = Path(__file__).with_name("signals.toml")


class Signal(StrEnum):
    """What a message is, when its words alone say so. The order is the order of precedence."""

    EMERGENCY = "emergency"
    DISTRESS = "distress"
    INJECTION = "injection"
    ERASE_DATA = "erase_data"
    SHOW_DATA = "show_data"
    ABOUT_BOT = "about_bot"
    NEED = "need"
    QUIZ = "quiz"
    PERSON = "person"
    START = "start"
    HELP = "help"
    MENU = "menu"
    ENGLISH = "english"
    VIETNAMESE = "vietnamese"
    RESUME = "resume"
    LEAVE = "leave"
    HALT = "halt"
    PREMIUM = "premium"
    YES = "yes"
    NO = "no"
    VIOLATION = "violation"
    FOR_ME = "for_me"


class _Table:
    """The patterns of all signals, and those that forbid one."""

    def __init__(self, raw: dict[str, dict[str, list[str]]]) -> None:
        def patterns(kind: str) -> Iterator[tuple[str, Signal]]:
            return ((pattern, Signal(name)) for name, table in raw.items() for pattern in table.get(kind, ()))

        self._said = Patterns(patterns("part"), patterns("whole"))
        self._unless, self._exempt = (Patterns(patterns(kind)) for kind in ("unless", "unless_exempt"))

    def signals(self, text: str) -> tuple[Signal, ...]:
        said = self._said.found(text)
        if said:
            said -= self._unless.found(text) - self._exempt.found(text)
        return tuple(signal for signal in Signal if signal in said)


@lru_cache(maxsize=64)
def _signals(folded: str) -> tuple[Signal, ...]:
    """Kept for the rest of the turn: a message is read again when it is known what it may mean."""
    return _table().signals(folded)


@cache
def _table() -> _Table:
    return _Table(tomllib.loads(TABLE.read_text(encoding="utf-8")))


def signals(folded: str) -> list[Signal]:
    """All signals of a message, most urgent first; `folded` is canonical folded text."""
    return list(_signals(folded))
