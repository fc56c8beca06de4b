"""Sessions of staff. The cookie holds a random token, the database its digest."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.console.invitations import digest_of
from bot.outreach.staff import Staff
from bot.store.models import StaffRow, StaffSessionRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bot.settings import ConsoleSettings
    from bot.store.session import Session

NOTED = timedelta(minutes=1)
"""How exactly it is known when a session was last used."""
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))
_MORE = (("Safari", "Safari"),), (("Linux", "Linux"),)
_PUBLIC_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in. `session` is the digest of their cookie."""

    session: str
    staff: Staff
    name: str
    language: str

    @property
    def shown_name(self) -> str:
        return self.name or self.staff.login


class Sessions:
    """Begins, finds and ends sessions in a given transaction."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._longest = timedelta(hours=settings.session_hours)
        self._idle = timedelta(minutes=settings.idle_minutes)

    async def begin(self, session: Session, staff: int, agent: str, now: datetime) -> str:
        """A new session; gives the token for the cookie. What has expired is swept out."""
        token = secrets.token_urlsafe(32)
        await session.execute(delete(StaffSessionRow).where(self._expired(now)))
        row = StaffSessionRow(id=digest_of(token), staff_id=staff, created=now, seen=now, expires=now + self._longest)
        row.agent = browser_of(agent)
        session.add(row)
        await session.flush()
        return token

    async def find(self, session: Session, token: str, now: datetime) -> tuple[SignedIn, bool] | None:
        """Who holds a cookie, and whether the use of it should be noted; None when it is no good (any more)."""
        if not token:
            return None
        found = await session.execute(
            select(StaffSessionRow, StaffRow)
            .join(StaffRow, StaffRow.id == StaffSessionRow.staff_id)
            .where(StaffSessionRow.id == digest_of(token), StaffRow.disabled.is_(None), ~self._expired(now))
        )
        row = found.one_or_none()
        if row is None:
            return None
        kept, member = row
        return SignedIn(kept.id, Staff.of(member), member.name, member.language), now - kept.seen >= NOTED

    async def note(self, session: Session, digest: str, now: datetime) -> None:
        """The session was used."""
        await session.execute(update(StaffSessionRow).where(StaffSessionRow.id == digest).values(seen=now))

    async def of(self, session: Session, staff: int, now: datetime) -> list[StaffSessionRow]:
        """The sessions of somebody, the latest first."""
        own = select(StaffSessionRow).where(StaffSessionRow.staff_id == staff, ~self._expired(now))
        return list(await session.scalars(own.order_by(StaffSessionRow.seen.desc())))

    async def end(self, session: Session, digest: str) -> None:
        await session.execute(delete(StaffSessionRow).where(StaffSessionRow.id == digest))

    async def end_named(self, session: Session, staff: int, public: str) -> None:
        """End one of somebody's sessions by its `public_id`."""
        if _PUBLIC_ID.fullmatch(public):
            named = StaffSessionRow.id.like(f"{public}%")
            await session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff, named))

    async def end_all(self, session: Session, staff: int, *, but: str = "") -> None:
        await session.execute(
            delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff, StaffSessionRow.id != but)
        )

    def _expired(self, now: datetime) -> ColumnElement[bool]:
        return (StaffSessionRow.expires <= now) | (StaffSessionRow.seen <= now - self._idle)


def public_id(row: StaffSessionRow) -> str:
    """Names a session on a page without telling its digest."""
    return row.id[:16]


def browser_of(agent: str) -> str:
    """A short name of a browser, such as "Chrome · Windows"; never the header itself, which anybody can write."""
    names = [
        next((name for mark, name in (*marks, *more) if mark in agent), "")
        for marks, more in zip((_BROWSERS, _SYSTEMS), _MORE, strict=True)
    ]
    return " · ".join(name for name in names if name) or "?"
