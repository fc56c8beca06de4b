"""The bot's own words, by language: `vi.toml`, `en.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("vi", "en")


@cache
def catalogue(language: str) -> dict[str, dict[str, str]]:
    """All texts of a language; raises FileNotFoundError for one that we do not speak."""
    loaded: dict[str, Any] = tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))
    return loaded


def say(language: str, section: str, key: str = "text", /, **values: object) -> str:
    """One text with its places filled; raises KeyError when there is no such text or place."""
    return catalogue(language)[section][key].format(**values) if values else catalogue(language)[section][key]
