"""How far a backup got."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.backup.archive import Report


class Counting:
    """Tells the share of all rows that is done, with the table in hand."""

    def __init__(self, rows: int, report: Report) -> None:
        self._rows = max(1, rows)
        self._done = 0
        self._report = report

    def add(self, table: str, rows: int) -> None:
        self._done += rows
        self._report(table, self._done / self._rows)
