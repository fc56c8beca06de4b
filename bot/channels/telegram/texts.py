"""The channel's own words, by language: `texts.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def texts() -> dict[str, dict[str, str]]:
    """language → key → text."""
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
