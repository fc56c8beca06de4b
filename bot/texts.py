"""The runtime's own few words, by language: `texts.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def say(language: str, key: str, /, **values: object) -> str:
    """One text with its places filled; Vietnamese when the language is not spoken."""
    catalogue = _catalogue()
    return catalogue.get(language, catalogue["vi"])[key].format(**values)
