"""`bhyt-bot knowledge gaps`, `draft` and what follows: changes of the answers while the bot runs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import notices, output
from bot.cli.context import settings
from bot.cli.opening import StaffLogin, opened

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.drafts.desk import DraftDesk
    from bot.drafts.draft import Draft
    from bot.outreach.staff import Staff

_DONE = {
    "submitted": "draft_submitted",
    "live": "draft_approved",
    "rejected": "draft_rejected",
    "rolled_back": "draft_rolled_back",
}
"""What is kept of a command, under the names that the console has for the same."""

Number = Annotated[int, typer.Argument(help="Number of the draft.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to `bhyt-bot knowledge`."""
    for command in (gaps, draft, drafts, approve, reject, rollback, export):
        app.command(command.__name__)(command)


def gaps(
    days: Annotated[int, typer.Option(min=1, help="How many days of the question log are read.")] = 60,
    limit: Annotated[int, typer.Option(min=1, help="How many are shown.")] = 30,
) -> None:
    """What people asked and got no answer to, and answers that they say do not help."""
    from rich.table import Table

    from bot.drafts.gaps import find_disliked, find_gaps

    async def find(desk: DraftDesk) -> Any:
        core, today = desk.live.core, desk.clock().date()
        return await find_gaps(desk.database, core, today, days), await find_disliked(desk.database, core, today, days)

    found, disliked = asyncio.run(_at_desk(find))
    table = Table("times", "last", "question", "nearest answer", "draft", box=None)
    for gap in found[:limit]:
        table.add_row(str(gap.count), str(gap.newest), gap.question[:100], gap.nearest or "", str(gap.draft or ""))
    output().print(table if found else "no gaps")
    for each in disliked[:limit]:
        output().print(f"{each.entry}: helped {each.helped}, did not help {each.failed}")


def draft(
    file: Annotated[Path | None, typer.Argument(help="File of a new answer, or of a new text for one.")] = None,
    *,
    entry: Annotated[str, typer.Option(help="Answer that gets one more phrasing.")] = "",
    phrasing: Annotated[str, typer.Option(help="The phrasing.")] = "",
    question: Annotated[str, typer.Option(help="The question that it has to answer from now on.")] = "",
    staff: StaffLogin = "",
) -> None:
    """Write a draft and hand it in for approval; what must be mended first is shown with its line."""
    if (file is None) == (not entry or not phrasing):
        raise typer.BadParameter("give either a file, or --entry and --phrasing")
    text = file.read_text(encoding="utf-8") if file else ""

    async def write(desk: DraftDesk, who: Staff) -> Draft:
        if file is None:
            written = await desk.add_phrasing(who, entry, phrasing, question)
        else:
            written = await desk.write(who, text, question=question)
        return await desk.submit(who, written.id)

    _done(staff, write)


def drafts(
    number: Annotated[int | None, typer.Argument(help="Number of one draft, to see what it changes.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what is live or was taken back.")] = False,
) -> None:
    """Show drafts, or one of them with what it changes."""
    from bot.drafts.desk import OPEN
    from bot.drafts.draft import difference
    from bot.store.models import DraftState

    if number is not None:
        one = asyncio.run(_at_desk(lambda desk: desk.draft(number)))
        _tell(one)
        for line in difference(one.before, one.text):
            output().print(f"{line.mark} {line.text}")
        return
    states = tuple(DraftState) if everything else OPEN
    for each in asyncio.run(_at_desk(lambda desk: desk.drafts(states))):
        _tell(each)


def approve(
    number: Number,
    revision: Annotated[int, typer.Option(help="The revision that you have read.")],
    staff: StaffLogin = "",
) -> None:
    """Make a draft live that somebody else wrote; a running bot answers with it within seconds."""
    _done(staff, lambda desk, who: desk.approve(who, number, revision))


def reject(
    number: Number, why: Annotated[str, typer.Option(help="The reason, in quotes.")], staff: StaffLogin = ""
) -> None:
    """Give a draft back to who wrote it."""
    _done(staff, lambda desk, who: desk.reject(who, number, why))


def rollback(number: Number, staff: StaffLogin = "") -> None:
    """Take back the latest change of an answer; a running bot says the text before within seconds."""
    _done(staff, lambda desk, who: desk.roll_back(who, number))


def export(folder: Annotated[Path, typer.Argument(help="Top of a checked-out repository.", file_okay=False)]) -> None:
    """Write live changes into the files of the knowledge base, and their questions into the evaluation."""
    from bot.drafts.export import export as write

    async def carry_out(desk: DraftDesk) -> Any:
        return await asyncio.to_thread(write, desk.base, desk.live.overlay.used(desk.live.drafts), folder)

    exported = asyncio.run(_at_desk(carry_out))
    for file in exported.files:
        output().print(file)
    notices().print(f"{len(exported.files)} files, {exported.questions} questions")


def _done(login: str, work: Callable[[DraftDesk, Staff], Awaitable[Draft]]) -> None:
    async def carry_out(desk: DraftDesk) -> Draft:
        from bot.console import audit
        from bot.outreach.staff import acting
        from bot.store.models import StaffRole

        async with desk.database.reading() as session:
            who = await acting(session, login, StaffRole.EDITOR)
        changed = await work(desk, who)
        async with desk.database.transaction() as session:
            detail = {"entry": changed.entry}
            await audit.note(session, who.id, _DONE[changed.state], f"draft:{changed.id}", desk.clock(), detail)
        return changed

    _tell(asyncio.run(_at_desk(carry_out)))


def _tell(draft: Draft) -> None:
    from bot.drafts.texts import say

    state = say(f"state_{draft.state}")
    note = f" · {draft.note}" if draft.note else ""
    output().print(f"{draft.id} · {draft.entry} · revision {draft.revision} · {state}{note}")


async def _at_desk(work: Callable[[DraftDesk], Awaitable[Any]]) -> Any:
    """The result of some work with the answers as they are now, over the database of the settings."""
    from bot.clock import now
    from bot.core import build_core
    from bot.drafts.desk import DraftDesk
    from bot.drafts.live import LiveKnowledge

    loaded = settings(quiet=True)
    async with opened(loaded) as database:
        live = LiveKnowledge(build_core(loaded), database, now)
        await live.refresh()
        return await work(DraftDesk(database, live, now))
