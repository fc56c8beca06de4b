"""The words of the materials (`texts.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("texts.toml")


@cache
def table() -> dict[str, dict[str, Any]]:
    """The whole file."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def say(section: str, key: str, **values: object) -> str:
    """One text with its places filled; raises KeyError when there is no such text or place."""
    text: str = table()[section][key]
    return text.format(**values)
