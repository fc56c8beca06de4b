"""The console's own words: one file in `texts/` for each page, in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("vi", "en")


@cache
def words(language: str) -> dict[str, Any]:
    """All words in a language that we speak, by the name of their file; raises KeyError for another."""
    files = sorted((Path(__file__).parent / "texts").glob("*.toml"))
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8"))[language] for file in files}
