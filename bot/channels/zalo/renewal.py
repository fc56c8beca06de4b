"""Spends a refresh token, once for all processes, and never loses the pair that comes for it.

Zalo kills the old refresh token when it answers (zalo-oa.md §1.5). So: the claim and the marker "a refresh is under
way" are committed before the platform is asked, the new pair is committed before anybody uses it, and an answer without
a pair changes nothing but the marker. A marker left by a crash means that the outcome is unknown; the stored token is
then tried once more, which does no harm.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import chain, repeat
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.actions import Action
from bot.channels.zalo.oauth import OAuthError, OAuthLaterError, OAuthRefusedError
from bot.errors import BotError, DatabaseError
from bot.store.models import TokenState
from bot.store.tokens import SealedPair, StoredToken, claim, keep_renewed, mark_dead, read_token, release

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.channels.zalo.oauth import OAuth, TokenPair
    from bot.channels.zalo.sealing import Seal
    from bot.clock import Clock
    from bot.store.database import Database

    Sleep = Callable[[float], Awaitable[None]]

LEASE = timedelta(seconds=30)
"""Longer than the HTTP time-out and the attempts to store together, so that no second refresher gets in."""
_STORE_WAITS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before the new pair is written again when the database fails, the last for all that follow: the pair is all
that is left of the account, and nobody else can spend the old one while the database is away."""

log = structlog.get_logger()


class RenewalBusyError(BotError):
    """Somebody else refreshes this pair now."""


class NotConnectedError(BotError):
    """There is no pair that could be refreshed: never connected, or refused; an administrator must consent."""


class Renewal:
    """Refreshes the pair of one account."""

    def __init__(self, account: str, database: Database, seal: Seal, oauth: OAuth, clock: Clock) -> None:
        self._account = account
        self._database = database
        self._seal = seal
        self._oauth = oauth
        self._clock = clock

    async def renew(self, seen: StoredToken, sleep: Sleep = asyncio.sleep) -> StoredToken:
        """The pair after `seen`: ours, or the one that somebody else got first.

        Raises RenewalBusyError, NotConnectedError, OAuthError and what the database raises.
        """
        refresh_token = self._seal.open(seen.refresh)
        lease = self._clock() + LEASE
        newer = await self._claimed(seen, lease)
        if newer is not None:
            return newer
        try:
            pair = await self._oauth.refresh(refresh_token)
        except OAuthError as error:
            await self._failed(seen, lease, error)
            raise
        now = self._clock()
        issued = now if pair.refresh is not None else seen.refreshed_at
        await self._stored(seen, self._sealed(pair, refresh_token, now, issued), sleep)
        log.info(Action.ZALO_TOKEN_RENEWED, state="new" if pair.refresh is not None else "refresh_token_kept")
        return await self._read()

    def _sealed(self, pair: TokenPair, refresh_token: str, now: datetime, issued: datetime) -> SealedPair:
        access, refresh = self._seal.close(pair.access), self._seal.close(pair.refresh or refresh_token)
        return SealedPair(access, refresh, now + pair.lifetime, issued)

    async def _claimed(self, seen: StoredToken, lease: datetime) -> StoredToken | None:
        """None when the pair is ours to spend; otherwise the newer pair that stands there."""
        async with self._database.transaction() as session:
            if await claim(session, seen, self._clock(), lease):
                return None
            stored = await read_token(session, self._account)
        if stored is None or stored.state is TokenState.RECONNECT:
            raise NotConnectedError("reconnect")
        if stored.refresh == seen.refresh:
            raise RenewalBusyError("busy")
        return stored

    async def _failed(self, seen: StoredToken, lease: datetime, error: OAuthError) -> None:
        log.warning(Action.ZALO_TOKEN_FAILED, reason=error.reason, status=error.code)
        async with self._database.transaction() as session:
            if isinstance(error, OAuthRefusedError):
                await mark_dead(session, seen)
            else:
                settled = isinstance(error, OAuthLaterError) and error.settled
                await release(session, seen, lease, settled=settled)

    async def _stored(self, spent: StoredToken, pair: SealedPair, sleep: Sleep) -> None:
        for wait in chain(_STORE_WAITS, repeat(_STORE_WAITS[-1])):
            try:
                await self._store(spent, pair)
            except (DatabaseError, SQLAlchemyError, OSError):
                log.exception(Action.ZALO_TOKEN_UNSAVED)
                await sleep(wait)
            else:
                return

    async def _store(self, spent: StoredToken, pair: SealedPair) -> None:
        async with self._database.transaction() as session:
            await keep_renewed(session, spent, pair, self._clock())

    async def _read(self) -> StoredToken:
        async with self._database.reading() as session:
            stored = await read_token(session, self._account)
        if stored is None:
            raise NotConnectedError("reconnect")
        return stored
