"""The channel's own few words: `texts.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from knowledge.search.folding import has_diacritics


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def say(section: str, key: str, /, **values: object) -> str:
    """One text with its places filled."""
    return _catalogue()[section][key].format(**values)


def language_of(text: str) -> str:
    """The section for a reply: our Vietnamese always carries marks, our English only in names."""
    return "vi" if has_diacritics(text) else "en"
