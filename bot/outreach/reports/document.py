"""A report as a value, before it is a page, a sheet or tables on a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.outreach.reports.charts import Chart

Cell = str | int | float | None
"""A name, a count, a part of one, or nothing."""


@dataclass(frozen=True)
class Figure:
    """A number to see first; `hint` says what to compare it with."""

    name: str
    value: Cell
    hint: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under a head, each with a name in its first cell. `chart` draws them, `total` is what they add up to."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    chart: Chart | None = None

    @property
    def lines(self) -> tuple[tuple[Cell, ...], ...]:
        return (*self.rows, self.total) if self.total else self.rows

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers and is set to the right."""
        return not any(isinstance(row[column], str) for row in self.rows)


@dataclass(frozen=True)
class Document:
    """A whole report: `notes` say how things were counted."""

    title: str
    subtitle: str
    at: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
