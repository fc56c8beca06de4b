"""`bhyt-bot case`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import notices, output
from bot.cli.context import settings
from bot.cli.opening import StaffLogin, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

    from bot.cases.case import Case
    from bot.cases.desk import Actor, CaseDesk
    from bot.cases.reading import Clocks, Listed, Said, StepTaken
    from bot.store.session import Session

app = typer.Typer(help="Cases: what people take over from the bot.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="Number of the case: YC26-…")]
Words = Annotated[str, typer.Argument(help="Text; in quotes.")]
All = Annotated[bool, typer.Option("--all", help="Settled cases too.")]
MOMENT = "%d/%m %H:%M"


@app.callback()
def about() -> None:
    """Cases: what people take over from the bot."""


@app.command("list")
def list_cases(*, everything: All = False, staff: StaffLogin = "") -> None:
    """Show cases, the most urgent first; a mark ! is on those that are late."""
    from rich.table import Table

    from bot.clock import now

    table = Table("Mã", "Trạng thái", "Mức", "Phụ trách", "Mở lúc", "Hạn", "Câu hỏi", box=None)
    for listed in asyncio.run(_inbox(staff, everything=everything)):
        case, due = listed.case, listed.respond_by or listed.resolve_by
        late = "!" if listed.overdue(now()) else ""
        until = f"{due:{MOMENT}}{late}" if due else ""
        table.add_row(
            case.number, case.state, case.urgency, listed.owner, f"{case.opened:{MOMENT}}", until, case.question[:60]
        )
    output().print(table)


@app.command("show")
def show(number: Number, staff: StaffLogin = "") -> None:
    """Show one case with all its steps."""
    listed, steps, _ = asyncio.run(_whole(number, staff))
    case = listed.case
    output().print(f"{case.number} · {case.state} · {case.urgency} · {listed.owner or '-'}")
    output().print(case.summary)
    for step in steps:
        head = f"{step.happened:{MOMENT}} {step.kind} {step.staff or ''}".rstrip()
        sent = f" [{step.delivery}{': ' + step.reason if step.reason else ''}]" if step.delivery else ""
        output().print(f"{head}{sent}: {step.text}")


@app.command("take")
def take(number: Number, staff: StaffLogin = "") -> None:
    """Own a case; the bot keeps quiet with this citizen from now on."""
    _done(staff, lambda desk, actor: desk.take(number, actor.id))


@app.command("reply")
def reply(number: Number, text: Words, staff: StaffLogin = "") -> None:
    """Write to the citizen through the channel that they used."""
    _done(staff, lambda desk, actor: desk.reply(number, actor.id, text))


@app.command("note")
def note(number: Number, text: Words, staff: StaffLogin = "") -> None:
    """Keep a note that only staff reads."""
    _done(staff, lambda desk, actor: desk.note(number, actor.id, text))


@app.command("wait")
def wait(number: Number, staff: StaffLogin = "") -> None:
    """The case waits for the citizen or another office."""
    _done(staff, lambda desk, actor: desk.wait(number, actor.id))


@app.command("resolve")
def resolve(number: Number, staff: StaffLogin = "") -> None:
    """Settle a case: the bot answers again and asks whether the citizen is satisfied."""
    _done(staff, lambda desk, actor: desk.resolve(number, actor.id))


@app.command("reopen")
def reopen(number: Number, staff: StaffLogin = "") -> None:
    """Take up a settled case again."""
    _done(staff, lambda desk, actor: desk.reopen(number, actor.id))


@app.command("transfer")
def transfer(
    number: Number, to: Annotated[str, typer.Argument(help="Login of who gets it.")], staff: StaffLogin = ""
) -> None:
    """Give a case to somebody else; its clocks go on."""
    _done(staff, lambda desk, actor: desk.transfer(number, actor.id, to))


@app.command("merge")
def merge(
    number: Number, into: Annotated[str, typer.Argument(help="The case that goes on.")], staff: StaffLogin = ""
) -> None:
    """Close a duplicate in favour of another case."""
    _done(staff, lambda desk, actor: desk.merge(number, actor.id, into))


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="File to write, .csv or .xlsx.")],
    *,
    everything: All = False,
    staff: StaffLogin = "",
) -> None:
    """Write cases to a file for another system."""
    from bot.cases.export import table

    found = asyncio.run(_inbox(staff, everything=everything))
    file.write_bytes(table(found, xlsx=file.suffix.lower() == ".xlsx"))
    notices().print(f"Đã ghi {len(found)} yêu cầu.")


@app.command("sheet")
def sheet(
    number: Number, file: Annotated[Path, typer.Argument(help="HTML file to write.")], staff: StaffLogin = ""
) -> None:
    """Write the hand-over sheet of a case, to be printed from a browser."""
    from bot.cases.export import sheet as render
    from bot.clock import now

    file.write_text(render(*asyncio.run(_whole(number, staff)), now()), encoding="utf-8")


def _done(staff: str, act: Callable[[CaseDesk, Actor], Awaitable[Case]]) -> None:
    case = asyncio.run(_acted(staff, act))
    notices().print(f"{case.number}: {case.state}")


async def _acted(staff: str, act: Callable[[CaseDesk, Actor], Awaitable[Case]]) -> Case:
    async with _office(staff) as (desk, actor, _, _):
        return await act(desk, actor)


async def _inbox(staff: str, *, everything: bool) -> list[Listed]:
    from bot.cases.reading import Filter, inbox
    from bot.store.models import CaseState

    async with _office(staff) as (_, actor, session, clocks):
        states = tuple(CaseState) if everything else Filter().states
        return await inbox(session, clocks, Filter(states, province=actor.province, limit=99_999))


async def _whole(number: str, staff: str) -> tuple[Listed, list[StepTaken], list[Said]]:
    from bot.cases.reading import excerpt, history, shown

    async with _office(staff) as (_, actor, session, clocks):
        listed = await shown(session, clocks, number, actor.province, _now())
        steps = await history(session, listed.case.id)
        return listed, steps, await excerpt(session, listed.case.conversation)


@asynccontextmanager
async def _office(staff: str) -> AsyncIterator[tuple[CaseDesk, Actor, Session, Clocks]]:
    """The cases of the settings' database, and who acts. A running bot sends what is written within seconds."""
    from bot.cases.desk import CaseDesk
    from bot.cases.holding import Attendant
    from bot.cases.reading import Clocks
    from bot.core import load_base

    loaded = settings(quiet=True)
    async with opened(loaded) as database:
        attendant = Attendant(load_base(loaded).hotline, loaded.cases)
        desk = CaseDesk(database, attendant, _now)
        actor = await desk.somebody(staff)
        async with database.reading() as session:
            yield desk, actor, session, Clocks(attendant.hours, loaded.cases)


def _now() -> datetime:
    from bot.clock import now

    return now()
