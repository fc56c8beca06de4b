"""`bhyt-bot segment`."""

from __future__ import annotations

import asyncio
import tomllib
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Exit, notices, output
from bot.cli.context import settings
from bot.cli.opening import StaffLogin, opened

if TYPE_CHECKING:
    from bot.outreach.segments import Query
    from bot.store.models import SegmentRow

app = typer.Typer(help="Groups of people: a query, saved under a name.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the segment.")]
Text = Annotated[str, typer.Argument(help="Query, such as: vai trò = phụ huynh và tỉnh = Huế. See `segment examples`.")]
Described = Annotated[str, typer.Argument(help="Name of a saved segment, or a query.")]


@app.callback()
def about() -> None:
    """Groups of people, described in a small query language."""


@app.command("list")
def list_segments() -> None:
    """Saved segments, with how many people are in each now."""
    from rich.table import Table

    table = Table("Tên", "Người", "Truy vấn", box=None)
    for row, people in asyncio.run(_counted()):
        table.add_row(row.name, str(people), row.query)
    output().print(table)


@app.command("save")
def save(name: Name, query: Text, staff: StaffLogin = "") -> None:
    """Keep a query under a name; one of that name is replaced. Needs the role of editor."""
    parsed = _parsed(query)
    kept, people = asyncio.run(_save(name, str(parsed), staff))
    notices().print(f"Đã lưu “{kept}”: {people} người")
    output().print(str(parsed))


@app.command("count")
def count(segment: Described) -> None:
    """How many people a saved segment or a query means now."""
    output().print(str(asyncio.run(_look(segment, 0))[1]))


@app.command("show")
def show(segment: Described) -> None:
    """What a segment or query means in words, how many people, and a few of their contact numbers."""
    query, people, few = asyncio.run(_look(segment, 5))
    from bot.outreach.segments import explain

    output().print(str(query))
    output().print(explain(query))
    output().print(f"{people} người" + (f"; ví dụ: {', '.join(map(str, few))}" if few else ""))


@app.command("examples")
def examples() -> None:
    """Queries to begin with."""
    from bot.outreach.segments.saved import EXAMPLES

    for example in tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))["example"]:
        output().print(f"{example['what']}:")
        output().print(f"    {example['query']}")


@app.command("delete")
def delete(name: Name, staff: StaffLogin = "") -> None:
    """Forget a name; campaigns keep their copy of the query. Needs the role of editor."""
    asyncio.run(_delete(name, staff))
    notices().print("Đã xóa.")


def _parsed(text: str) -> Query:
    """The query; when it is wrong, the text is shown with a mark under the fault."""
    from bot.outreach.segments import SegmentError, parse

    try:
        return parse(text)
    except SegmentError as error:
        if error.position:
            notices().print(text, soft_wrap=True)
            notices().print(f"{' ' * (error.position - 1)}^")
        notices().print(str(error), style="red")
        raise typer.Exit(Exit.USAGE) from None


async def _counted() -> list[tuple[SegmentRow, int]]:
    from bot.clock import now
    from bot.outreach.segments import count, parse
    from bot.outreach.segments.saved import segments

    async with opened(settings(quiet=True)) as database, database.reading() as session:
        return [(row, await count(session, parse(row.query), now())) for row in await segments(session)]


async def _save(name: str, text: str, login: str) -> tuple[str, int]:
    from bot.clock import now
    from bot.outreach.segments import count, parse
    from bot.outreach.segments.saved import save
    from bot.outreach.staff import acting
    from bot.store.models import StaffRole

    async with opened(settings(quiet=True)) as database, database.transaction() as session:
        await acting(session, login, StaffRole.EDITOR)
        row = await save(session, name, text, now())
        return row.name, await count(session, parse(row.query), now())


async def _look(described: str, few: int) -> tuple[Query, int, list[int]]:
    """The query, how many people it means, and some of them."""
    from bot.clock import now
    from bot.outreach.segments import count, parse, sample
    from bot.outreach.segments.saved import kept_name, segments

    async with opened(settings(quiet=True)) as database, database.reading() as session:
        saved = {row.name: row.query for row in await segments(session)}
        named = saved.get(kept_name(described))
        query = parse(named) if named is not None else _parsed(described)
        return query, await count(session, query, now()), await sample(session, query, now(), few)


async def _delete(name: str, login: str) -> None:
    from bot.outreach.segments.saved import remove
    from bot.outreach.staff import acting
    from bot.store.models import StaffRole

    async with opened(settings(quiet=True)) as database, database.transaction() as session:
        await acting(session, login, StaffRole.EDITOR)
        await remove(session, name)
