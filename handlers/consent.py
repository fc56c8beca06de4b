"""What somebody agrees to when they take messages: the words that they are shown, by version (`consent.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from handlers.effects import Topic

_Versions = dict[str, dict[str, dict[str, str]]]


@cache
def _file() -> tuple[str, _Versions]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return table["current"], table["versions"]


def current_version() -> str:
    """The version that is shown to people now."""
    return _file()[0]


def versions() -> frozenset[str]:
    """All versions that anybody may have agreed to."""
    return frozenset(_file()[1])


def wording(topic: Topic | None, language: str = "vi", version: str | None = None) -> str:
    """One sentence for each topic agreed to, and how to stop; raises KeyError for a version that never was."""
    texts = _file()[1][version or current_version()][language]
    return " ".join([*(texts[each.value] for each in ([topic] if topic else Topic)), texts["stop"]])
