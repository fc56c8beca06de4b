"""Figures as they stand in the tables of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.evaluation.measured import Row

NOT_REACHED = "not reached in time"
UNKNOWN = "–"


def row_of(rows: Iterable[Row], **values: object) -> Row | None:
    """The first row that holds these values, None when there is none."""
    return next((row for row in rows if all(row[key] == value for key, value in values.items())), None)


def prose(text: str) -> tuple[str, str]:
    """A paragraph: written in short lines here, one line in Markdown."""
    return "", " ".join(text.split())


def ms(row: Row | None, key: str) -> str:
    """Milliseconds; the system may not have told them."""
    if row is None:
        return NOT_REACHED
    return UNKNOWN if row[key] is None else f"{row[key]:,.2f} ms"


def seconds(row: Row | None) -> str:
    return NOT_REACHED if row is None else f"{row['seconds']:.2f} s"


def rate(row: Row | None) -> str:
    return NOT_REACHED if row is None else f"{row['per_second']:,.0f}"


def memory(row: Row | None, key: str = "peak") -> str:
    """Megabytes."""
    return UNKNOWN if row is None or row[key] is None else f"{row[key] / 1000**2:,.0f} MB"
