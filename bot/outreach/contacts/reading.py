"""Reads a list from a CSV file or an xlsx workbook, as offices have them.

The columns may stand in any order, under titles, with other columns between; what is not asked for is not read further.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from bot.outreach.contacts.texts import tell
from bot.outreach.contacts.words import known, meaning
from bot.outreach.contacts.workbook import OLD_EXCEL, ZIP, read_workbook
from bot.outreach.errors import SheetError
from bot.outreach.sheets import unguarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_BYTES = 20 * 1024 * 1024
MAX_LINES = 50_000
MAX_COLUMNS = 100
CELL_LIMIT = 1_000
"""Characters read of one cell."""
HEADER_WITHIN = 20
"""Lines in which titles may stand above the names of the columns."""
EMPTY_END = 1_000
"""Empty lines in a row after which nothing more comes: Excel counts every line that was ever formatted."""
DELIMITERS = ",;\t|"
SNIFFED = 20_000
"""Characters by which the sign between the columns is told."""
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Line:
    """One line of a list: its number as a spreadsheet program shows it, and the cells that are filled, by field."""

    row: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A list as it stands in the file. `columns`: the title of each field; `unread`: titles that we do not know."""

    columns: dict[str, str]
    unread: tuple[str, ...]
    lines: tuple[Line, ...]


def read_sheet(data: bytes, kind: str) -> Sheet:
    """A list from the bytes of a file; `kind` names its fields in `words.toml`. Raises SheetError."""
    if not data.strip():
        raise SheetError(tell("file", "empty"))
    if len(data) > MAX_BYTES:
        raise SheetError(tell("file", "large", limit=MAX_BYTES // 1024 // 1024))
    if data.startswith(OLD_EXCEL):
        raise SheetError(tell("file", "old_excel"))
    table = read_workbook(data, MAX_COLUMNS) if data.startswith(ZIP) else _read_csv(_decoded(data), kind)
    return _sheet(_filled(table), kind)


def _decoded(data: bytes) -> str:
    """The text of a file in one of the encodings that Excel writes in Viet Nam."""
    for encoding in ("utf-16",) if data.startswith(WIDE_MARKS) else ("utf-8-sig", "cp1258"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError(tell("file", "encoding"))


def _read_csv(text: str, kind: str) -> Iterator[Sequence[str]]:
    head = text[:SNIFFED].splitlines()[:HEADER_WITHIN]
    delimiter = max(
        DELIMITERS, key=lambda sign: max((_known_titles(line.split(sign), kind) for line in head), default=0)
    )
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise SheetError(tell("file", "broken")) from error


def _known_titles(cells: Iterable[str], kind: str) -> int:
    return sum(meaning(kind, cell) is not None for cell in cells)


def _filled(table: Iterator[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold something, with their numbers."""
    count, last = 0, 0
    for row, cells in enumerate(table, 1):
        clean = [_clean(text) for text in cells[:MAX_COLUMNS]]
        if not any(clean):
            if row - last > EMPTY_END:
                return
            continue
        count, last = count + 1, row
        if count > MAX_LINES + HEADER_WITHIN:
            raise SheetError(tell("file", "long", limit=MAX_LINES))
        yield row, clean


def _clean(text: str) -> str:
    """One line, NFC: in cp1258, and on a Mac, tones are characters of their own."""
    if text.isascii() and text.isalnum():
        return text[:CELL_LIMIT]
    composed = unicodedata.normalize("NFC", text[:CELL_LIMIT].replace("\x00", "").strip())
    return " ".join(unguarded(composed).split())


def _sheet(lines: Iterator[tuple[int, list[str]]], kind: str) -> Sheet:
    head = list(islice(lines, HEADER_WITHIN))
    if not head:
        raise SheetError(tell("file", "empty"))
    at = max(range(len(head)), key=lambda number: _known_titles(head[number][1], kind))
    titles = head[at][1]
    places = _places(titles, kind)
    found = (
        Line(row, {field: cells[place] for field, place in places.items() if place < len(cells) and cells[place]})
        for row, cells in chain(head[at + 1 :], lines)
    )
    return Sheet(
        columns={field: titles[place] for field, place in places.items()},
        unread=tuple(title for place, title in enumerate(titles) if title and place not in places.values()),
        lines=tuple(line for line in found if line.cells),
    )


def _places(titles: Sequence[str], kind: str) -> dict[str, int]:
    """At which place each field stands that the titles name."""
    places: dict[str, int] = {}
    for place, title in enumerate(titles):
        field = meaning(kind, title)
        if field in places:
            raise SheetError(tell("file", "twice", first=titles[places[field]], second=title))
        if field is not None:
            places[field] = place
    if not places:
        wanted = ", ".join(dict.fromkeys(tell("field", field) for field in known(kind).values()))
        raise SheetError(tell("file", "header", limit=HEADER_WITHIN, wanted=wanted))
    return places
