"""The words of reports (`texts.toml`), and numbers as they are written in Vietnamese."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal, format_percent

if TYPE_CHECKING:
    from datetime import datetime

    from bot.outreach.reports.document import Cell

NOTHING = "–"


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def tell(section: str, key: str, /, **values: object) -> str:
    """One text with its places filled; raises KeyError when there is none."""
    return str(_texts()[section][key]).format(**values)


def name(section: str, key: str) -> str:
    """What something is called; what has no name yet goes by its key."""
    return str(_texts()[section].get(key or "none", key))


def shown(cell: Cell) -> str:
    """A cell as people read it: whole numbers with points, parts of one as percentages."""
    if cell is None:
        return NOTHING
    if isinstance(cell, float):
        return str(format_percent(cell, "#,##0.#%", locale="vi"))
    return str(format_decimal(cell, locale="vi")) if isinstance(cell, int) else cell


def moment(value: datetime) -> str:
    return f"{value:%H:%M %d/%m/%Y}"
