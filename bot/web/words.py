"""The page's own words, by language: `texts/vi.toml`, `texts/en.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("vi", "en")


@cache
def words(language: str) -> dict[str, Any]:
    """All words of the page in a language that we speak; raises FileNotFoundError for another."""
    file = Path(__file__).parent / "texts" / f"{language}.toml"
    loaded: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return loaded
