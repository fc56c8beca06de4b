"""A document as files: one CSV in long form, a workbook with a sheet for each table, a page to print."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.outreach.reports.texts import name, shown, tell
from bot.outreach.sheets import csv_bytes, workbook_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.outreach.reports.document import Cell, Document

TEMPLATES = Path(__file__).with_name("templates")
LONG = ("section", "item", "measure", "value")


def as_csv(document: Document) -> bytes:
    """Each number on a line of its own, so that a spreadsheet can pivot them."""
    return csv_bytes([name("column", column) for column in LONG], _numbers(document))


def as_xlsx(document: Document) -> bytes:
    """The figures, then each table, on sheets of their own; how they were counted comes last."""
    sheets = [
        (document.title, ("", "", document.at), [(each.name, each.value, each.hint) for each in document.figures]),
        *((table.title, table.head, table.lines) for table in document.tables),
        (tell("both", "notes"), (tell("both", "notes"),), [(note,) for note in document.notes]),
    ]
    return workbook_bytes(sheets)


def as_html(document: Document) -> str:
    """A page that needs nothing else: no script, no file, no network."""
    return _templates().get_template("report.html").render(document=document)


def _numbers(document: Document) -> Iterator[tuple[Cell, ...]]:
    for figure in document.figures:
        yield document.title, figure.name, name("column", "value"), figure.value
    for table in document.tables:
        for row in table.lines:
            item = " · ".join(cell for cell in row if isinstance(cell, str))
            for column, cell in zip(table.head, row, strict=True):
                if not isinstance(cell, str):
                    yield table.title, item, column, cell


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html", "svg"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters["shown"] = shown
    templates.globals["tell"] = tell
    return templates
