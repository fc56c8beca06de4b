"""The official campaign messages and seasons, verbatim (`slogans.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Slogan:
    """A message as the letter has it, to the letter."""

    id: str
    text: str
    letter: str
    school_year: str


@dataclass(frozen=True)
class SloganBook:
    """All slogans and the seasons they were issued for; `seasons` holds the tables as they stand."""

    slogans: tuple[Slogan, ...]
    seasons: tuple[dict[str, Any], ...]


def load_slogans(path: Path) -> SloganBook:
    """Read `slogans.toml`; raises KeyError when a slogan lacks a field."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    slogans = tuple(Slogan(row["id"], row["text"], row["letter"], row["school_year"]) for row in raw.get("slogan", ()))
    return SloganBook(slogans, tuple(raw.get("campaign", ())))
