"""`bhyt-bot report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.campaign_desk import at_desk
from bot.cli.campaign_writing import Code
from bot.cli.console import notices, output

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.outreach.reports.document import Document, Table

app = typer.Typer(help="Reports: what came of a campaign, and the week.", no_args_is_help=True)

COUNTING = "Đang tính số liệu…"
Csv = Annotated[Path | None, typer.Option("--csv", help="Write every number to this file, one a line.")]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="Write a workbook, a sheet for each table.")]
Html = Annotated[Path | None, typer.Option("--html", help="Write a page with charts, to be printed on A4.")]


@app.callback()
def about() -> None:
    """Reports. Groups so small that somebody might be recognised are put together."""


@app.command("campaign")
def campaign(code: Code, csv: Csv = None, xlsx: Xlsx = None, html: Html = None) -> None:
    """What became of the messages of a campaign, and what people did in the three days after theirs."""
    from bot.outreach.reports.reporting import report_campaign

    with notices().status(COUNTING):
        document = at_desk(
            lambda desk: report_campaign(
                desk.database, code, desk.base, desk.settings.outreach.group_size, desk.clock()
            )
        )
    _give(document, csv, xlsx, html)


@app.command("week")
def week(
    of: Annotated[str, typer.Option("--of", help="A day of the week, such as 20/11/2026; default: last week.")] = "",
    csv: Csv = None,
    xlsx: Xlsx = None,
    html: Html = None,
) -> None:
    """What people asked in a week, what the bot could not answer, cases, and results of campaigns."""
    from bot.outreach.contacts.days import read_day
    from bot.outreach.reports.reporting import report_week
    from bot.outreach.reports.texts import tell

    day = read_day(of)
    if of and day is None:
        raise typer.BadParameter(tell("both", "day"), param_hint="--of")
    with notices().status(COUNTING):
        document = at_desk(
            lambda desk: report_week(desk.database, day, desk.base, desk.settings.outreach.group_size, desk.clock())
        )
    _give(document, csv, xlsx, html)


def _give(document: Document, csv: Path | None, xlsx: Path | None, html: Path | None) -> None:
    from bot.outreach.reports.writing import as_csv, as_html, as_xlsx

    _print(document)
    _write(csv, "--csv", lambda: as_csv(document))
    _write(xlsx, "--xlsx", lambda: as_xlsx(document))
    _write(html, "--html", lambda: as_html(document).encode("utf-8"))


def _write(file: Path | None, option: str, content: Callable[[], bytes]) -> None:
    from bot.outreach.reports.texts import tell

    if file is None:
        return
    try:
        file.write_bytes(content())
    except OSError as error:
        raise typer.BadParameter(tell("both", "file", file=file, why=error.strerror), param_hint=option) from error
    notices().print(f"Đã ghi {file}")


def _print(document: Document) -> None:
    from bot.outreach.reports.texts import shown

    output().print(document.title, style="bold")
    output().print(f"{document.subtitle} · {document.at}")
    for figure in document.figures:
        hint = f" ({figure.hint})" if figure.hint else ""
        output().print(f"  {shown(figure.value)} {figure.name}{hint}")
    for table in document.tables:
        output().print(f"\n{table.title}", style="bold")
        output().print(_table(table))
    output().print("\n" + "\n".join(document.notes), style="dim")


def _table(table: Table) -> object:
    from rich.table import Table as RichTable
    from rich.text import Text

    from bot.outreach.reports.texts import shown

    drawn = RichTable(box=None)
    for number, title in enumerate(table.head):
        drawn.add_column(title, justify="right" if table.is_number(number) else "left", overflow="fold")
    for row in table.lines:
        drawn.add_row(*(Text(shown(cell)) for cell in row), style="bold" if row is table.total else None)
    return drawn
