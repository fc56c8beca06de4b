"""Writes tables for spreadsheet programs, so that no cell is ever taken for a formula.

The only place that writes such files: what people typed (a name, a tag, a title) may begin with `=`, and a spreadsheet
program would run it on the computer of whoever opens the file.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from bot.clock import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With what a formula, or what older programs take for one, begins (OWASP, "CSV Injection")."""
GUARD = "'"
"""Spreadsheet programs show what follows as text."""
CELL_LIMIT = 32_767
"""Characters that Excel takes in one cell."""
TITLE_LIMIT = 31
"""Characters that Excel takes in the title of a sheet."""

_NO_TITLE = re.compile(r"[\\*?:/\[\]\x00-\x1f]|^'|'$")


def safe(value: object) -> object:
    """A value as it may stand in a cell: numbers and dates as they are, no text that could be run."""
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    guard = GUARD if value.lstrip(" \u00a0").startswith(STARTS) else ""
    return f"{guard}{ILLEGAL_CHARACTERS_RE.sub('', value)}"[:CELL_LIMIT]


def unguarded(text: str) -> str:
    """What `safe` was given: a file that we wrote can be read again."""
    bare = text.removeprefix(GUARD)
    return bare if bare.lstrip(" \u00a0").startswith(STARTS) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file: UTF-8 with the mark by which Excel knows it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([safe(name) for name in header])
    writer.writerows([safe(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig", "replace")


def xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook with one sheet, the header in view."""
    return workbook_bytes([("", header, rows)])


def workbook_bytes(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """A workbook with a sheet for each of (title, header, rows), the header in view."""
    book = Workbook(write_only=True)
    for title, header, rows in sheets:
        sheet = book.create_sheet(_NO_TITLE.sub(" ", title)[:TITLE_LIMIT] or None)
        sheet.freeze_panes = "A2"
        sheet.append([safe(name) for name in header])
        for row in rows:
            sheet.append([safe(value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write_sheet(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a workbook when the name ends in .xlsx, else CSV; raises OSError."""
    path.write_bytes((xlsx_bytes if path.suffix.lower() == ".xlsx" else csv_bytes)(header, rows))
