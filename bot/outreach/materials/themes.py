"""Colour themes of the materials (`themes.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.outreach.errors import OutreachError

TABLE = Path(__file__).with_suffix(".toml")
STANDARD = "xanh-duong"


@dataclass(frozen=True)
class Theme:
    """Colours as `#RRGGBB`; the file says what each is for."""

    label: str
    field: str
    glow: str
    on_field: str
    quiet: str
    accent: str
    paper: str
    ink: str
    muted: str
    strong: str


@cache
def themes() -> dict[str, Theme]:
    """All themes by name."""
    return {name: Theme(**row) for name, row in tomllib.loads(TABLE.read_text(encoding="utf-8")).items()}


def theme(name: str) -> Theme:
    """The theme of this name; raises OutreachError when there is none."""
    try:
        return themes()[name]
    except KeyError:
        raise OutreachError(f"Không có bộ màu {name}; có: {', '.join(themes())}.") from None
