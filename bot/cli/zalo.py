"""`bhyt-bot zalo`."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import Exit, notices, output
from bot.cli.context import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.channels.zalo.consent import Consents
    from bot.channels.zalo.health import TokenHealth
    from bot.channels.zalo.oauth import TokenPair
    from bot.config import Settings
    from bot.settings import OfficialAccount
    from bot.store.database import Database

app = typer.Typer(help="Zalo Official Accounts.", no_args_is_help=True)


@app.callback()
def about() -> None:
    """Zalo Official Accounts."""


@app.command("login")
def login(
    oa: Annotated[str, typer.Option(help="Id of the Official Account that must consent; default: any of ours.")] = "",
) -> None:
    """Print the address where an administrator of the account lets the bot in; `bhyt-bot run` must be running."""
    from bot.channels.zalo.requirements import redirect_uri

    loaded = settings(quiet=True)
    redirect = redirect_uri(loaded.web.public_url)
    address = asyncio.run(_begin(loaded, redirect, oa or None))
    notices().print("Mở liên kết này bằng tài khoản Zalo quản trị OA, trong vòng 30 phút:")
    output().print(address, soft_wrap=True)
    notices().print(f"Callback URL phải ghi trong trang quản lý ứng dụng của Zalo: {redirect}")


@app.command("token")
def token() -> None:
    """Keep a token pair made in Zalo's API Explorer, read as JSON from standard input.

    {"oa_id": "…", "access_token": "…", "refresh_token": "…", "expires_in": 90000}
    """
    loaded = settings(quiet=True)
    oa, pair = _typed(sys.stdin.read())
    asyncio.run(_keep(loaded, oa, pair))
    notices().print("Đã lưu. Token được mã hóa trong cơ sở dữ liệu.")


@app.command("status")
def status() -> None:
    """Show how the tokens of each account are; no secrets. Exit code 1 when one does not work."""
    from bot.clock import now

    loaded = settings(quiet=True)
    found = asyncio.run(_healths(loaded, now()))
    for oa, health in found:
        output().print(_line(oa, health))
    if not found or any(health.state != "ok" for _, health in found):
        raise typer.Exit(Exit.PROBLEMS)


@app.command("key")
def key() -> None:
    """Print a new key for BHYT_ZALO__TOKEN_KEY."""
    from bot.channels.zalo.sealing import new_key

    output().print(new_key())


@app.command("pkce")
def pkce() -> None:
    """Print a proof key for pkce = "fixed": the verifier is a secret of ours, the challenge goes into the console."""
    from bot.channels.zalo.pkce import generated

    proof = generated()
    output().print(f"BHYT_ZALO__CODE_VERIFIER={proof.verifier}", soft_wrap=True)
    output().print(f"Code Challenge: {proof.challenge}", soft_wrap=True)


def _line(oa: OfficialAccount, health: TokenHealth) -> str:
    if health.last_success is None or health.expires is None:
        return f"{oa.name} ({oa.id}): {health.state}"
    refreshed, ends = (f"{moment:%d/%m/%Y %H:%M}" for moment in (health.last_success, health.expires))
    left = f"refresh token: {health.days_left} days left"
    return f"{oa.name} ({oa.id}): {health.state}, refreshed {refreshed}, access token until {ends}, {left}"


def _typed(text: str) -> tuple[str, TokenPair]:
    """What was pasted; a mistake is named by its key, never by its value."""
    from bot.channels.zalo.oauth import TokenPair, lifetime

    try:
        data: Any = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise typer.BadParameter("standard input must be one JSON object")
    for name in ("oa_id", "access_token", "refresh_token"):
        if not isinstance(data.get(name), str) or not re.fullmatch(r"[!-~]+", data[name]):
            raise typer.BadParameter(f"{name} must be a string of letters, digits and signs, without spaces")
    return data["oa_id"], TokenPair(data["access_token"], data["refresh_token"], lifetime(data))


async def _begin(loaded: Settings, redirect: str, oa: str | None) -> str:
    async with _consents(loaded) as consents:
        return await consents.begin(redirect, oa)


async def _keep(loaded: Settings, oa: str, pair: TokenPair) -> None:
    async with _consents(loaded) as consents:
        await consents.keep(oa, pair)


async def _healths(loaded: Settings, now: datetime) -> list[tuple[OfficialAccount, TokenHealth]]:
    from bot.channels.zalo.health import healths

    async with _database(loaded) as database:
        return await healths(loaded.zalo, database, now)


@asynccontextmanager
async def _consents(loaded: Settings) -> AsyncIterator[Consents]:
    from bot.channels.zalo.consent import Consents
    from bot.channels.zalo.requirements import require
    from bot.channels.zalo.sealing import Seal
    from bot.clock import now

    seal = Seal(require(loaded.zalo))
    async with _database(loaded) as database:
        yield Consents(database, loaded.zalo, seal, now)


@asynccontextmanager
async def _database(loaded: Settings) -> AsyncIterator[Database]:
    """The database of the settings, brought up to date."""
    from bot.store.database import Database
    from bot.store.migrations import upgrade

    database = Database(loaded.database.url.get_secret_value())
    try:
        await upgrade(database.engine)
        yield database
    finally:
        await database.close()
