"""The bot's slash commands: `commands.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

START = "start"
_SLASH = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>[A-Za-z0-9_]{1,64}))?(?:\s+(?P<rest>.*))?", re.DOTALL)


@dataclass(frozen=True)
class Typed:
    """A message that is a command: its name in lower case, the bot that it is for if it says so, and what follows."""

    name: str
    bot: str
    rest: str


@dataclass(frozen=True)
class Command:
    """What a command stands for: the action of a button, or words as if typed."""

    action: str | None = None
    text: str = ""


def typed_command(text: str) -> Typed | None:
    """The command at the beginning of a message, None when there is none."""
    match = _SLASH.fullmatch(text)
    if match is None:
        return None
    return Typed(match["name"].lower(), (match["bot"] or "").lower(), (match["rest"] or "").strip())


def known_commands() -> dict[str, Command]:
    """Every name that means something, in any language; `/start` is read apart."""
    return {
        name: Command(entry.get("action"), entry.get("text", "")) for entry in _entries() for name in entry["names"]
    }


def listed_commands(language: str) -> list[tuple[str, str]]:
    """Names and descriptions that Telegram shows to people who use it in a language, in order."""
    return [(entry[language], entry[f"{language}_text"]) for entry in _entries() if language in entry]


@cache
def _entries() -> list[dict[str, Any]]:
    table = tomllib.loads(Path(__file__).with_name("commands.toml").read_text(encoding="utf-8"))
    entries: list[dict[str, Any]] = table["command"]
    return entries
