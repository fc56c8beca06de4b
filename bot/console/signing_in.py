"""Signing in. Whatever is wrong (login, password, code, a locked account), the answer is the same and takes as long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.console.lockout import pause
from bot.store.models import StaffRow

if TYPE_CHECKING:
    from datetime import datetime

    from bot.clock import Clock
    from bot.console.factors import Factors
    from bot.console.passwords import Passwords
    from bot.store.database import Database


@dataclass(frozen=True)
class Attempt:
    """What came of a try: whose it was, if anybody's, and whether it was good."""

    staff: int | None
    good: bool


@dataclass(frozen=True)
class _Claim:
    """Who somebody says to be."""

    id: int
    password: str | None
    totp: bytes | None
    totp_step: int | None


class Entrance:
    """Checks who wants to come in."""

    def __init__(self, database: Database, passwords: Passwords, factors: Factors, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._factors = factors
        self._clock = clock

    async def attempt(self, login: str, password: str, code: str = "") -> Attempt:
        """One try. It counts as failed before it is checked, so that many at once cannot slip past the lock."""
        now = self._clock()
        claim = await self._counted(login.strip().lower()[:40], now)
        fits = await self._passwords.matches(claim.password if claim else None, password)
        if claim is None:
            return Attempt(None, good=False)
        good = fits and await self._let_in(claim, code, now)
        return Attempt(claim.id, good)

    async def confirm(self, login: str, password: str) -> Attempt:
        """The password alone, of somebody who is in already; counted in the same way."""
        claim = await self._counted(login, self._clock())
        if claim is None or not await self._passwords.matches(claim.password, password):
            return Attempt(claim.id if claim else None, good=False)
        return Attempt(claim.id, await self._cleared(claim, claim.totp_step))

    async def _counted(self, login: str, now: datetime) -> _Claim | None:
        """None for somebody unknown, shut out or locked."""
        async with self._database.transaction() as session:
            row = await session.scalar(select(StaffRow).where(StaffRow.login == login).with_for_update())
            if row is None or row.disabled is not None or row.password is None:
                return None
            if row.locked_until is not None and row.locked_until > now:
                return None
            row.failures += 1
            wait = pause(row.failures)
            row.locked_until = now + wait if wait else None
            return _Claim(row.id, row.password, row.totp, row.totp_step)

    async def _let_in(self, claim: _Claim, code: str, now: datetime) -> bool:
        step = claim.totp_step
        if claim.totp is not None:
            step = self._factors.accepted(claim.totp, code, claim.totp_step, now)
            if step is None:
                return False
        return await self._cleared(claim, step)

    async def _cleared(self, claim: _Claim, step: int | None) -> bool:
        """Forget the failures; False when the account has changed, or its code was used, in the meantime."""
        # Two tries with the same code at the same moment: only one finds the step that both have read.
        unused = StaffRow.totp_step.is_not_distinct_from(claim.totp_step)
        unchanged = (StaffRow.password == claim.password) & StaffRow.disabled.is_(None)
        async with self._database.transaction() as session:
            done = await session.execute(
                update(StaffRow)
                .where(StaffRow.id == claim.id, unused, unchanged)
                .values(failures=0, locked_until=None, totp_step=step)
                .returning(StaffRow.id)
            )
            return done.one_or_none() is not None
