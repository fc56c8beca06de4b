"""The access token of one account: always the current one, refreshed in time and by one caller at a time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.actions import Action
from bot.channels.zalo.health import OLD, TokenHealth, health_of, outcome_unknown
from bot.channels.zalo.oauth import OAuthError, OAuthRefusedError
from bot.channels.zalo.renewal import NotConnectedError, RenewalBusyError
from bot.delivery.errors import AccountBrokenError, RetryLaterError
from bot.errors import ConfigError, DatabaseError
from bot.metrics import REFRESH_TOKEN_AGE, TOKEN_AGE, TOKEN_OK
from bot.store.models import TokenState
from bot.store.tokens import StoredToken, read_token

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.channels.zalo.renewal import Renewal
    from bot.channels.zalo.sealing import Seal
    from bot.clock import Clock
    from bot.store.database import Database

    Sleep = Callable[[float], Awaitable[None]]
    Alert = Callable[[str], Awaitable[None]]

BEFORE_EXPIRY = timedelta(hours=2)
AT_LEAST_EVERY = timedelta(hours=12)
PATIENCE = 4.0
"""Seconds that a send waits for a refresh, which goes on without it."""
CLOSING = 30.0
"""Seconds that the end of the program waits for a refresh."""
LOOK = 60.0
"""Seconds between two looks at the stored pair."""
RECONNECT = "zalo_reconnect"
GROWN_OLD = "zalo_refresh_token_old"
WRONG_KEY = "zalo_token_key"
"""What staff are told."""
_NOT_SOONER = timedelta(minutes=5)
_AGAIN = timedelta(hours=24)
_BACK_OFF = (15.0, 30.0, 60.0, 120.0, 300.0, 900.0)
_BUSY_LOOKS = 100
_BUSY_PAUSE = 0.3

log = structlog.get_logger()


@dataclass(frozen=True)
class AccessToken:
    """What a request carries, and the version of the pair that it belongs to."""

    value: str = field(repr=False)
    version: bytes = field(repr=False)


class TokenKeeper:
    """Gives the access token of one account. `alert` is told `code:account` and must not raise."""

    def __init__(
        self,
        account: str,
        database: Database,
        seal: Seal,
        renewal: Renewal,
        *,
        clock: Clock,
        alert: Alert,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.account = account
        self._database = database
        self._seal = seal
        self._renewal = renewal
        self._clock = clock
        self._alert = alert
        self._sleep = sleep
        self._current: AccessToken | None = None
        self._task: asyncio.Task[StoredToken] | None = None
        self._failures = 0
        self._not_before: datetime | None = None
        self._alerted: dict[str, datetime] = {}

    async def token(self) -> AccessToken:
        """The access token as last seen; raises AccountBrokenError when the account was never connected."""
        return self._current or await self._opened(await self._read())

    async def renewed(self, failed: AccessToken) -> AccessToken:
        """A newer token than the one that the platform refused.

        However many callers come with the same token, the platform is asked once. Raises AccountBrokenError when an
        administrator must consent again, RetryLaterError when it did not work this time.
        """
        if self._current is not None and self._current.version != failed.version:
            return self._current
        try:
            async with asyncio.timeout(PATIENCE):
                stored = await self._read()
                is_newer = stored is not None and stored.refresh != failed.version
                return await self._opened(stored if is_newer else await self._renew(stored))
        except TimeoutError:
            raise RetryLaterError("token_refresh", PATIENCE, whole_account=True) from None

    async def health(self) -> TokenHealth:
        """How the stored pair is now."""
        return health_of(self.account, await self._read(), self._clock())

    async def run(self) -> None:
        """Refresh in time until cancelled; what fails is tried again, and staff are told when only they can help."""
        while True:
            with suppress(AccountBrokenError, RetryLaterError):
                await self.look()
            await self._sleep(LOOK)

    async def look(self) -> None:
        """Take the stored pair over when it is newer, refresh it when it is due. Raises as `renewed` does."""
        stored = await self._read()
        now = self._clock()
        _measure(health_of(self.account, stored, now), now)
        if stored is None:
            return
        await self._opened(stored)
        if stored.state is TokenState.RECONNECT:
            await self._tell(RECONNECT, now)
            return
        if now - stored.refreshed_at >= OLD:
            await self._tell(GROWN_OLD, now)
        if now >= due(stored, now):
            await self._opened(await self._renew(stored))

    async def close(self) -> None:
        """Let a refresh that is under way come to its end, if it has one: its answer exists only once."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=CLOSING)

    async def _read(self) -> StoredToken | None:
        try:
            async with self._database.reading() as session:
                return await read_token(session, self.account)
        except (DatabaseError, SQLAlchemyError, OSError):
            log.exception(Action.ZALO_TOKEN_FAILED, reason="database")
            raise RetryLaterError("token_database", whole_account=True) from None

    async def _opened(self, stored: StoredToken | None) -> AccessToken:
        if stored is None:
            raise AccountBrokenError("not_connected")
        if self._current is None or self._current.version != stored.refresh:
            try:
                self._current = AccessToken(self._seal.open(stored.access), stored.refresh)
            except ConfigError:
                await self._tell(WRONG_KEY, self._clock())
                raise AccountBrokenError("token_key") from None
        return self._current

    async def _renew(self, stored: StoredToken | None) -> StoredToken:
        if stored is None:
            raise AccountBrokenError("not_connected")
        if stored.state is TokenState.RECONNECT:
            raise AccountBrokenError("reconnect")
        if self._task is None:
            if self._not_before is not None and self._clock() < self._not_before:
                raise self._later()
            self._task = asyncio.create_task(self._attempt(stored))
            self._task.add_done_callback(self._finished)
        # Shielded: whoever stops waiting must not stop the refresh between the platform's answer and our commit.
        return await asyncio.shield(self._task)

    def _finished(self, task: asyncio.Task[StoredToken]) -> None:
        self._task = None
        if not task.cancelled():
            task.exception()

    async def _attempt(self, stored: StoredToken) -> StoredToken:
        try:
            renewed = await self._patiently(stored)
        except (NotConnectedError, OAuthRefusedError):
            await self._tell(RECONNECT, self._clock())
            raise AccountBrokenError("reconnect") from None
        except ConfigError:
            await self._tell(WRONG_KEY, self._clock())
            raise AccountBrokenError("token_key") from None
        except (OAuthError, RenewalBusyError, DatabaseError, SQLAlchemyError, OSError) as error:
            log.warning(Action.ZALO_TOKEN_FAILED, reason="later", exc_info=error)
            wait = _BACK_OFF[min(self._failures, len(_BACK_OFF) - 1)]
            self._failures += 1
            self._not_before = self._clock() + timedelta(seconds=wait)
            raise self._later() from None
        self._failures, self._not_before = 0, None
        return renewed

    async def _patiently(self, stored: StoredToken) -> StoredToken:
        """Wait for another process that refreshes the same pair."""
        for _ in range(_BUSY_LOOKS):
            try:
                return await self._renewal.renew(stored, self._sleep)
            except RenewalBusyError:
                await self._sleep(_BUSY_PAUSE)
        return await self._renewal.renew(stored, self._sleep)

    def _later(self) -> RetryLaterError:
        wait = (self._not_before - self._clock()).total_seconds() if self._not_before is not None else 0.0
        return RetryLaterError("token_refresh", max(1.0, wait), whole_account=True)

    async def _tell(self, code: str, now: datetime) -> None:
        """Once a day is enough."""
        last = self._alerted.get(code)
        if last is None or now - last >= _AGAIN:
            self._alerted[code] = now
            await self._alert(f"{code}:{self.account}")


def due(stored: StoredToken, now: datetime) -> datetime:
    """When a pair should be refreshed: before it ends, at least twice a day, and at once after an unknown outcome."""
    if outcome_unknown(stored, now):
        return now
    got = stored.last_success or stored.obtained
    half = got + (stored.expires - got) / 2
    return max(got + _NOT_SOONER, min(got + AT_LEAST_EVERY, max(stored.expires - BEFORE_EXPIRY, half)))


def _measure(health: TokenHealth, now: datetime) -> None:
    TOKEN_OK.labels(health.account).set(health.state == TokenState.OK)
    if health.last_success is not None:
        TOKEN_AGE.labels(health.account).set((now - health.last_success).total_seconds())
    if health.refresh_age is not None:
        REFRESH_TOKEN_AGE.labels(health.account).set(health.refresh_age.total_seconds())
