"""What the doctor finds about campaigns, cases and the console. Counts people, names none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select

from bot.cases.clocks import shipped
from bot.database_url import sqlite_file, with_driver
from bot.errors import DatabaseError
from bot.findings import Finding, Health
from bot.outreach.delivery.engine import engine_url
from bot.store.database import Database
from bot.store.models import StaffRow, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.cases.clocks import Holidays
    from bot.config import Settings

NEXT_YEAR_FROM = 10
"""Month from which the holidays of the next year should be known."""
AHEAD = timedelta(days=60)
_staff = table_of(StaffRow)


async def examine_office(settings: Settings, today: date) -> list[Finding]:
    """Settings and holidays of campaigns, cases and console, and the database of the campaign engine."""
    return [
        *_campaigns(settings),
        *await _engine(settings),
        *_cases(settings),
        *_holidays(shipped(), today),
        *_console(settings),
    ]


async def examine_staff(settings: Settings, database: Database) -> list[Finding]:
    """Who can sign in to the console, and how safely; raises what the database raises."""
    if not settings.console.enabled:
        return []
    async with database.reading() as session:
        factors = list(await session.scalars(select(_staff.c.totp).where(_staff.c.disabled.is_(None))))
    if not factors:
        return [Finding("staff", Health.NOTE, "nobody can sign in; run bhyt-bot staff add LOGIN --role admin")]
    return [_factors(settings, factors)]


def _campaigns(settings: Settings) -> Iterator[Finding]:
    if settings.telegram.token is not None and not settings.telegram.username:
        what = "telegram.username is not set: links and posters cannot name the bot"
        yield Finding("campaigns", Health.NOTE, f"{what} (environment: BHYT_TELEGRAM__USERNAME)")


async def _engine(settings: Settings) -> list[Finding]:
    """Whether the database of the durable engine can be opened."""
    url = with_driver(engine_url(settings))
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return [Finding("campaign engine", Health.NOTE, "its database will be made at the first start")]
    database = Database(url)
    try:
        await database.ping()
    except DatabaseError:
        what = "its database does not answer; look at outreach.engine_url (environment: BHYT_OUTREACH__ENGINE_URL)"
        return [Finding("campaign engine", Health.BROKEN, what)]
    finally:
        await database.close()
    return [Finding("campaign engine", Health.WELL, "its database answers")]


def _cases(settings: Settings) -> Iterator[Finding]:
    cases = settings.cases
    groups = {"cases.telegram_group": cases.telegram_group, "alerts.telegram_chat": settings.alerts.telegram_chat}
    for name in [name for name, chat in groups.items() if chat and settings.telegram.token is None]:
        yield Finding("telegram", Health.BROKEN, f"{name} needs the bot on Telegram: BHYT_TELEGRAM__TOKEN is missing")
    if not (settings.console.enabled or cases.telegram_group or cases.webhook_url):
        yield Finding("cases", Health.BROKEN, "nobody sees them: no console, no staff group, no webhook")
    if cases.webhook_secret is not None and not cases.webhook_url:
        yield Finding("cases", Health.NOTE, "BHYT_CASES__WEBHOOK_SECRET is set without cases.webhook_url")


def _holidays(holidays: Holidays, today: date) -> Iterator[Finding]:
    part, mend = "holidays", "complete bot/cases/holidays.toml"
    wanted = [today.year, *([today.year + 1] if today.month >= NEXT_YEAR_FROM else [])]
    missing = [year for year in wanted if year not in holidays.years]
    for year in missing:
        yield Finding(part, Health.NOTE, f"{year} is missing: nobody is told when the office opens again; {mend}")
    open_ = [day for day in holidays.holiday if not day.announced and today <= day.last and day.first <= today + AHEAD]
    for day in open_:
        yield Finding(part, Health.NOTE, f"{day.first:%Y-%m-%d} to {day.last:%Y-%m-%d} are not announced yet; {mend}")
    if not missing and not open_:
        yield Finding(part, Health.WELL, f"known to the end of {max(holidays.years)}")


def _console(settings: Settings) -> Iterator[Finding]:
    if not settings.console.enabled:
        yield Finding("console", Health.NOTE, "off; enabled of [console] switches it on")
    elif settings.web.public_url.startswith("http://"):
        yield Finding("console", Health.BROKEN, "web.public_url is not https: passwords could be read on the way")
    else:
        yield Finding("console", Health.WELL, "on")


def _factors(settings: Settings, factors: Sequence[bytes | None]) -> Finding:
    key, sealed = settings.console.secret_key, [factor for factor in factors if factor is not None]
    if key is None:
        what = "there is no second factor without BHYT_CONSOLE__SECRET_KEY; make one with bhyt-bot zalo key"
        return Finding("staff", Health.BROKEN if sealed else Health.NOTE, what)
    if not all(_opens(key.get_secret_value(), factor) for factor in sealed):
        what = "BHYT_CONSOLE__SECRET_KEY does not open all second factors: their owners cannot sign in"
        return Finding("staff", Health.BROKEN, what)
    if len(sealed) < len(factors):
        what = f"{len(factors) - len(sealed)} of {len(factors)} have no second factor"
        return Finding("staff", Health.NOTE, what)
    return Finding("staff", Health.WELL, f"{len(factors)}, all with a second factor")


def _opens(key: str, sealed: bytes) -> bool:
    try:
        Fernet(key).decrypt(sealed)
    except InvalidToken:
        return False
    return True
