"""`bhyt-bot staff`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import notices, output
from bot.cli.context import settings
from bot.cli.opening import StaffLogin, opened
from bot.store.vocabulary import StaffRole

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.outreach.staff import Staff
    from bot.store.session import Session

app = typer.Typer(help="Members of staff and their roles: agent < editor < approver < admin.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="Login: small letters, digits, . _ -")]


@app.callback()
def about() -> None:
    """Members of staff. The first administrator: `staff add LOGIN --role admin`."""


@app.command("add")
def add(
    login: Login,
    role: Annotated[StaffRole, typer.Option(help="What they may do.")],
    province: Annotated[str, typer.Option(help="Province whose people they see; default: all.")] = "",
    staff: StaffLogin = "",
) -> None:
    """Take somebody on. Only an administrator can, except for the first one."""
    from bot.clock import now
    from bot.outreach import staff as service
    from bot.outreach.segments.fields import Field, read

    office = read(Field.PROVINCE, province) if province else None
    if province and office is None:
        raise typer.BadParameter(f"không có tỉnh “{province}”")
    home = str(office) if office else None
    _changed(lambda session: service.add(session, login, role, now(), by=staff, province=home))


@app.command("list")
def list_members() -> None:
    """Everybody, with role and province."""
    from rich.table import Table

    table = Table("Tài khoản", "Quyền", "Tỉnh", "Trạng thái", box=None)
    for member in asyncio.run(_members()):
        state = f"khóa từ {member.disabled:%d/%m/%Y}" if member.disabled else "đang dùng"
        table.add_row(member.login, member.role, member.province or "tất cả", state)
    output().print(table)


@app.command("role")
def change_role(
    login: Login, role: Annotated[StaffRole, typer.Argument(help="The new role.")], staff: StaffLogin = ""
) -> None:
    """Give somebody another role."""
    from bot.outreach import staff as service

    _changed(lambda session: service.change_role(session, login, role, by=staff))


@app.command("invite")
def invite(login: Login, staff: StaffLogin = "") -> None:
    """A link with which somebody chooses a password for the console. Shown once, good once."""
    from datetime import timedelta

    from bot.clock import now
    from bot.console.invitations import invite as make
    from bot.console.invitations import path_of

    loaded = settings(quiet=True)
    lifetime = timedelta(hours=loaded.console.invitation_hours)

    async def run() -> str:
        async with opened(loaded) as database, database.transaction() as session:
            return await make(session, login, now(), lifetime, by=staff)

    address = loaded.web.public_url or f"http://{loaded.web.host}:{loaded.web.port}"
    typer.echo(address + path_of(asyncio.run(run())))


@app.command("disable")
def disable(login: Login, staff: StaffLogin = "") -> None:
    """Shut somebody out; what they did stays under their name."""
    from bot.clock import now
    from bot.outreach import staff as service

    _changed(lambda session: service.disable(session, login, now(), by=staff))


@app.command("enable")
def enable(login: Login, staff: StaffLogin = "") -> None:
    """Let somebody in again."""
    from bot.outreach import staff as service

    _changed(lambda session: service.enable(session, login, by=staff))


def _changed(change: Callable[[Session], Awaitable[Staff]]) -> None:
    async def run() -> Staff:
        async with opened(settings(quiet=True)) as database, database.transaction() as session:
            return await change(session)

    member = asyncio.run(run())
    state = "đã khóa" if member.disabled else f"quyền {member.role}"
    notices().print(f"{member.login}: {state}")


async def _members() -> list[Staff]:
    from bot.outreach.staff import members

    async with opened(settings(quiet=True)) as database, database.reading() as session:
        return await members(session)
