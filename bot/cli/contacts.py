"""`bhyt-bot contacts`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import Exit, notices, output, progress
from bot.cli.contact_tables import print_contacts, print_report, print_sections, write_report
from bot.cli.context import settings
from bot.cli.opening import StaffLogin, opened
from bot.store.vocabulary import Consent, StaffRole
from handlers.effects import Topic
from knowledge.entries import Role

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import date

    from bot.outreach.contacts.importing import Progress
    from bot.outreach.contacts.listing import Summary
    from bot.outreach.contacts.outcomes import ListReport
    from bot.outreach.contacts.provinces import ProvinceNames
    from bot.outreach.staff import Staff
    from bot.store.session import Session
    from knowledge.offices import Office

app = typer.Typer(help="The people the office may write to: lists, tags, consent, what is kept.", no_args_is_help=True)

Sheet = Annotated[Path, typer.Argument(help="CSV or .xlsx file.", exists=True, dir_okay=False, readable=True)]
Who = Annotated[str, typer.Argument(help="Contact, telephone or case number, or the key in the list.")]
Everybody = Annotated[list[str], typer.Argument(help="Contact, telephone or case numbers, or keys in the list.")]
TagName = Annotated[str, typer.Argument(help="One word, or several joined by -.")]
Write = Annotated[bool, typer.Option("--write", help="Take the list. Without it nothing is written, only checked.")]
Report = Annotated[Path | None, typer.Option("--report", help="Write what becomes of each line to this file.")]
Province = Annotated[str, typer.Option(help="Province of lines that name none.")]


MESSAGES = frozenset({"inbound", "outbox", "conversation"})
"""Tables that hold what was written, which is nobody's business who only looks up a contact."""


@app.callback()
def about() -> None:
    """The people the office may write to."""


@app.command("import")
def import_list(  # noqa: PLR0913 - each is an option
    file: Sheet,
    *,
    write: Write = False,
    leave_out_wrong: Annotated[bool, typer.Option("--leave-out-wrong", help="Take the right lines only.")] = False,
    role: Annotated[Role | None, typer.Option(help="Role of lines that name none.")] = None,
    province: Province = "",
    school: Annotated[str, typer.Option(help="School of lines that name none: code or name.")] = "",
    report: Report = None,
    staff: StaffLogin = "",
) -> None:
    """Check a list of contacts line by line and, with --write, take it. Exit code 1 when a line is wrong."""
    data = file.read_bytes()
    with progress("contacts") as told:
        importing = _import(
            data,
            staff,
            role=role,
            province=province,
            school=school,
            write=write,
            leave_out_wrong=leave_out_wrong,
            told=told,
        )
        found = asyncio.run(importing)
    _tell(found, report)


@app.command("schools")
def schools(
    file: Sheet, *, write: Write = False, province: Province = "", report: Report = None, staff: StaffLogin = ""
) -> None:
    """Check a list of schools and, with --write, take it: all of it or nothing. Exit code 1 when a line is wrong."""
    _tell(asyncio.run(_import_schools(file.read_bytes(), staff, province, write)), report)


@app.command("list")
def list_people(
    query: Annotated[str, typer.Argument(help="Query, see `segment examples`; default: all.")] = "",
    after: Annotated[int, typer.Option(min=0, help="From the contact after this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many.")] = 50,
    staff: StaffLogin = "",
) -> None:
    """Contacts by number, without addresses and telephone numbers."""
    print_contacts(asyncio.run(_list(query, after, limit, staff)), _offices())


@app.command("show")
def show(who: Who, staff: StaffLogin = "") -> None:
    """What is known of one person, without the messages."""
    print_sections(asyncio.run(_exported(who, staff, StaffRole.AGENT, without=MESSAGES)))


@app.command("export")
def export(
    who: Who,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; default: standard output.")] = None,
    staff: StaffLogin = "",
) -> None:
    """All that is kept of one person as JSON, to be handed to them."""
    text = json.dumps(asyncio.run(_exported(who, staff, StaffRole.EDITOR)), ensure_ascii=False, indent=2)
    if out is None:
        output().print(text, soft_wrap=True)
    else:
        out.write_text(text + "\n", encoding="utf-8")
        notices().print(f"Đã ghi {out}")


@app.command("erase")
def erase(
    who: Who, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False, staff: StaffLogin = ""
) -> None:
    """Erase one person from every table. It cannot be undone."""
    from bot.clock import now
    from bot.store.erasing import erase_person

    number = asyncio.run(_found(who, staff))
    if not yes:
        typer.confirm(f"Xóa mọi dữ liệu về liên hệ {number}? Không lấy lại được", abort=True, err=True)
    today = now().date()
    asyncio.run(_change([who], staff, lambda session, person: erase_person(session, person, asked=today)))
    notices().print(f"Đã xóa liên hệ {number}.")


@app.command("tag")
def tag(name: TagName, who: Everybody, staff: StaffLogin = "") -> None:
    """Put a tag on people."""
    from bot.outreach.contacts.tags import tag

    asyncio.run(_change(who, staff, lambda session, person: tag(session, [person], name)))
    notices().print(f"Đã gắn nhãn cho {len(who)} người.")


@app.command("untag")
def untag(name: TagName, who: Everybody, staff: StaffLogin = "") -> None:
    """Take a tag off people."""
    from bot.outreach.contacts.tags import untag

    asyncio.run(_change(who, staff, lambda session, person: untag(session, [person], name)))
    notices().print(f"Đã gỡ nhãn của {len(who)} người.")


@app.command("consent")
def consent(
    who: Who,
    said: Annotated[Consent, typer.Argument(help="What the person said.")],
    how: Annotated[str, typer.Option(help="How it was said or where it is written down, such as a letter's number.")],
    topic: Annotated[Topic | None, typer.Option(help="About one topic; default: all.")] = None,
    day: Annotated[str, typer.Option("--date", help="When, such as 05/09/2026; default: now.")] = "",
    staff: StaffLogin = "",
) -> None:
    """Write down what a person said about campaign messages. It holds at once, also for campaigns under way."""
    from bot.clock import now
    from bot.outreach.contacts.statements import take_statement

    when = _day(day)

    async def write(session: Session, person: int) -> None:
        await take_statement(session, person, said, topic, wording=how, day=when, now=now())

    asyncio.run(_change([who], staff, write))
    notices().print("Đã ghi.")


@app.command("refresh")
def refresh() -> None:
    """Read what people told the bot into the contacts; `bhyt-bot run` does so by itself."""
    with progress("contacts") as told:
        people = asyncio.run(_refresh(told))
    output().print(f"{people} người có điều mới")


def _day(written: str) -> date | None:
    from bot.outreach.contacts.days import read_day

    day = read_day(written)
    if written and day is None:
        raise typer.BadParameter("ghi ngày như 05/09/2026", param_hint="--date")
    return day


def _tell(report: ListReport, file: Path | None) -> None:
    print_report(report)
    if file is not None:
        write_report(report, file)
    if report.problems:
        raise typer.Exit(Exit.PROBLEMS)


def _offices() -> Mapping[str, Office]:
    from knowledge.base import ROOT
    from knowledge.offices import load_offices

    return load_offices(ROOT / "offices")


async def _import(  # noqa: PLR0913 - the options of the command
    data: bytes,
    login: str,
    *,
    role: Role | None,
    province: str,
    school: str,
    write: bool,
    leave_out_wrong: bool,
    told: Progress,
) -> ListReport:
    from bot.channels.accounts import channel_of, provinces
    from bot.clock import now
    from bot.outreach.contacts.importing import import_contacts
    from bot.outreach.contacts.rows import ListRules
    from bot.outreach.contacts.schools import load_schools

    loaded, moment, names = settings(quiet=True), now(), _names()
    async with opened(loaded) as database:
        async with database.reading() as session:
            acting = await _acting(session, login, StaffRole.EDITOR)
            schools = await load_schools(session)
        if school and schools.find(school) is None:
            raise typer.BadParameter(f"không có trường “{school}”", param_hint="--school")
        rules = ListRules(
            today=moment.date(),
            provinces=names,
            schools=schools,
            accounts={account: channel_of(account) for account in provinces(loaded)},
            role=role,
            province=_home(names, province),
            school=schools.find(school),
            only=acting.province,
        )
        return await import_contacts(
            database, data, rules, moment, write=write, leave_out_wrong=leave_out_wrong, progress=told
        )


async def _import_schools(data: bytes, login: str, province: str, write: bool) -> ListReport:
    from bot.outreach.contacts.schools import SchoolRules, import_schools

    names = _names()
    async with opened(settings(quiet=True)) as database:
        async with database.reading() as session:
            acting = await _acting(session, login, StaffRole.EDITOR)
        rules = SchoolRules(names, _home(names, province), acting.province)
        return await import_schools(database, data, rules, write=write)


async def _list(query: str, after: int, limit: int, login: str) -> Sequence[Summary]:
    from bot.clock import now
    from bot.outreach.contacts.listing import EVERYBODY, list_contacts
    from bot.outreach.segments import condition, parse

    which = condition(parse(query), now()) if query else EVERYBODY
    async with opened(settings(quiet=True)) as database, database.reading() as session:
        acting = await _acting(session, login, StaffRole.AGENT)
        return await list_contacts(session, which, province=acting.province, after=after, limit=limit)


async def _exported(who: str, login: str, at_least: StaffRole, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    from bot.outreach.contacts.exporting import export_person
    from bot.outreach.contacts.finding import find_contact

    async with opened(settings(quiet=True)) as database, database.reading() as session:
        acting = await _acting(session, login, at_least)
        person = await find_contact(session, who, acting.province)
        return await export_person(session, person, _offices(), without)


async def _found(who: str, login: str) -> int:
    from bot.outreach.contacts.finding import find_contact

    async with opened(settings(quiet=True)) as database, database.reading() as session:
        acting = await _acting(session, login, StaffRole.EDITOR)
        return await find_contact(session, who, acting.province)


async def _change(everybody: Sequence[str], login: str, change: Callable[[Session, int], Awaitable[None]]) -> None:
    """Change something about people, all of them or, when one is not found, none."""
    from bot.outreach.contacts.finding import find_contact

    async with opened(settings(quiet=True)) as database, database.transaction() as session:
        acting = await _acting(session, login, StaffRole.EDITOR)
        for who in everybody:
            await change(session, await find_contact(session, who, acting.province))


async def _refresh(told: Progress) -> int:
    from bot.clock import now
    from bot.outreach.contacts.projecting import refresh_contacts

    async with opened(settings(quiet=True)) as database:
        return await refresh_contacts(database, now(), progress=told)


async def _acting(session: Session, login: str, at_least: StaffRole) -> Staff:
    from bot.outreach.staff import acting

    return await acting(session, login, at_least)


def _names() -> ProvinceNames:
    from bot.outreach.contacts.provinces import ProvinceNames

    return ProvinceNames(_offices())


def _home(names: ProvinceNames, written: str) -> str | None:
    """The province of the whole list, if one was named."""
    found = names.find(written)
    if written and found is None:
        raise typer.BadParameter(f"không có tỉnh, thành “{written}”", param_hint="--province")
    return found
