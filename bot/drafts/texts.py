"""What staff reads about drafts: `texts.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def _catalogue() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def say(key: str, /, **values: object) -> str:
    """One text with its places filled."""
    return _catalogue()[key].format(**values)
