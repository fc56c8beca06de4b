"""Messages recognised by their words before any search: emergencies, opt-out, commands, attempts to misuse."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

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
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    PERSON = "person"
    START = "start"
    HELP = "help"
    MENU = "menu"
    ENGLISH = "english"
    VIETNAMESE = "vietnamese"
    RESUME = "resume"
    LEAVE = "leave"
    PREMIUM = "premium"
    YES = "yes"
    NO = "no"
    VIOLATION = "violation"
    FOR_ME = "for_me"


class _Patterns:
    def __init__(self, table: dict[str, list[str]]) -> None:
        self._whole = [re.compile(f"(?:{pattern})") for pattern in table.get("whole", ())]
        self._part = [re.compile(pattern) for pattern in table.get("part", ())]
        self._unless = [re.compile(pattern) for pattern in table.get("unless", ())]
        self._exempt = [re.compile(pattern) for pattern in table.get("unless_exempt", ())]

    def match(self, text: str) -> bool:
        hit = any(pattern.fullmatch(text) for pattern in self._whole) or any(p.search(text) for p in self._part)
        if not hit:
            return False
        forbidden = any(pattern.search(text) for pattern in self._unless)
        return not forbidden or any(pattern.search(text) for pattern in self._exempt)


@cache
def _table() -> dict[Signal, _Patterns]:
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {Signal(name): _Patterns(patterns) for name, patterns in raw.items()}


def signals(folded: str) -> list[Signal]:
    """All signals of a message, most urgent first; `folded` is canonical folded text."""
    table = _table()
    return [signal for signal in Signal if signal in table and table[signal].match(folded)]
