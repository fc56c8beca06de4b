"""Reads the first sheet of an xlsx workbook without trusting it: sizes are bounded, formulas are not run."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.outreach.contacts.texts import tell
from bot.outreach.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_UNPACKED = 200 * 1024 * 1024
"""A small archive can unpack to anything; the library reads some of its parts at once."""
# What the library raises for parts that are missing, cut off or not what they say.
_BROKEN = (zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, ValueError, TypeError)
_BROKEN_TOO = (AttributeError, IndexError, EOFError, OSError, NotImplementedError, RuntimeError)


def read_workbook(data: bytes, columns: int) -> Iterator[Sequence[str]]:
    """The lines of the sheet in view, at most so many columns, as text. Raises SheetError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise SheetError(tell("file", "large", limit=MAX_UNPACKED // 1024 // 1024))
        with warnings.catch_warnings():
            # About styles and extensions that nobody needs here.
            warnings.simplefilter("ignore")
            sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False).active
        # What the file says of its own size is not to be relied on.
        sheet.reset_dimensions()
        for cells in sheet.iter_rows(max_col=columns, values_only=True):
            yield [_text(cell) for cell in cells[: _filled(cells)]]
    except (*_BROKEN, *_BROKEN_TOO) as error:
        raise SheetError(tell("file", "broken")) from error


def _filled(cells: Sequence[object]) -> int:
    """How many cells there are up to the last that holds something: lines come filled up to the last column."""
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1] is not None), 0)


def _text(value: object) -> str:
    """A cell as somebody would have typed it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
