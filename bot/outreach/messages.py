"""What outreach says to staff: `messages.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("messages.toml")


def say(key: str, /, **values: object) -> str:
    """One sentence with its places filled; raises KeyError when there is no such sentence or place."""
    return _catalogue()[key].format(**values)


@cache
def _catalogue() -> dict[str, str]:
    loaded: dict[str, str] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return loaded
