"""What citizens and staff read about a case, by language: `texts.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def say(language: str, key: str, /, **values: object) -> str:
    """One text with its places filled; Vietnamese when the language, or the text in it, is not there."""
    catalogue = _catalogue()
    text = catalogue.get(language, {}).get(key) or catalogue["vi"][key]
    return text.format(**values)
