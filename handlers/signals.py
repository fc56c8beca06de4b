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
        self._whole, self._part, self._unless, self._exempt = (
            _either(table.get(name, [])) for name in ("whole", "part", "unless", "unless_exempt")
        )

    def match(self, text: str) -> bool:
        if not self._whole.fullmatch(text) and not self._part.search(text):
            return False
        return not self._unless.search(text) or bool(self._exempt.search(text))


def _either(patterns: list[str]) -> re.Pattern[str]:
    """One pattern that matches where any of several does, and nowhere when there are none."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")


@cache
def _table() -> dict[Signal, _Patterns]:
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {Signal(name): _Patterns(patterns) for name, patterns in raw.items()}


def signals(folded: str) -> list[Signal]:
    """All signals of a message, most urgent first; `folded` is canonical folded text."""
    table = _table()
    return [signal for signal in Signal if signal in table and table[signal].match(folded)]
