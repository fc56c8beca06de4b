"""Connects an Official Account: its administrator consents on a page of Zalo, which comes back with a code."""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog

from bot.actions import Action
from bot.channels.zalo.account import account_of, oa_of
from bot.channels.zalo.client import PROFILE
from bot.channels.zalo.oauth import OAuthLaterError, OAuthRefusedError, TokenPair, consent_url
from bot.channels.zalo.pkce import proof_for
from bot.channels.zalo.results import Profile
from bot.channels.zalo.texts import say
from bot.delivery.errors import DeliveryError
from bot.errors import BotError
from bot.store.tokens import ConsentRequest, SealedPair, begin_consent, connect, take_consent

if TYPE_CHECKING:
    from bot.channels.zalo.oauth import OAuth
    from bot.channels.zalo.openapi import OpenApi
    from bot.channels.zalo.sealing import Seal
    from bot.clock import Clock
    from bot.settings import OfficialAccount, ZaloSettings
    from bot.store.database import Database

LIFETIME = timedelta(minutes=30)
"""How long an administrator may take; Zalo's code itself lives ten minutes."""

log = structlog.get_logger()


class Refused(StrEnum):
    """Why a consent came to nothing."""

    UNKNOWN = "unknown"
    """Nobody began it here, or too long ago, or it was used before."""
    CODE = "code"
    """Zalo does not take the code."""
    ACCOUNT = "account"
    """It is for an account that is not in the settings, or for another one than was meant."""
    TRY_AGAIN = "try_again"
    """Zalo did not answer as it should."""


class ConsentError(BotError):
    """The account was not connected, for `reason`."""

    def __init__(self, reason: Refused) -> None:
        super().__init__(say("page", reason))
        self.reason = reason


class Consents:
    """Begins and finishes consents; keeps the pairs that come of them."""

    def __init__(self, database: Database, settings: ZaloSettings, seal: Seal, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._seal = seal
        self._clock = clock
        self._accounts = {oa.id: oa for oa in settings.oa}

    async def begin(self, redirect: str, oa: str | None = None) -> str:
        """The address of the consent page; with `oa` only that account may come back. Raises ConsentError."""
        if oa is not None and oa not in self._accounts:
            raise ConsentError(Refused.ACCOUNT)
        now, state, proof = self._clock(), secrets.token_urlsafe(24), proof_for(self._settings)
        verifier = self._seal.close(proof.verifier) if proof.verifier is not None else None
        request = ConsentRequest(state, verifier, account_of(oa) if oa is not None else None)
        async with self._database.transaction() as session:
            await begin_consent(session, request, now, now - LIFETIME)
        return consent_url(self._settings, redirect, state, proof)

    async def finish(self, code: str, state: str | None, oauth: OAuth, api: OpenApi) -> OfficialAccount:
        """Take the code of a callback and keep the pair that it gives. Raises ConsentError."""
        now = self._clock()
        async with self._database.transaction() as session:
            request = await take_consent(session, state, now, now - LIFETIME)
        if request is None:
            raise ConsentError(Refused.UNKNOWN)
        verifier = self._seal.open(request.verifier) if request.verifier is not None else None
        pair = await _exchanged(oauth, code, verifier)
        # The callback only claims an account; the token itself proves it.
        proven = await _owner(api, pair)
        meant = {oa_of(request.account)} if request.account is not None else set(self._accounts)
        if proven not in meant & set(self._accounts):
            raise ConsentError(Refused.ACCOUNT)
        await self.keep(proven, pair)
        return self._accounts[proven]

    async def keep(self, oa: str, pair: TokenPair) -> None:
        """Keep a fresh pair of an account of the settings. Raises ConsentError."""
        if oa not in self._accounts:
            raise ConsentError(Refused.ACCOUNT)
        if pair.refresh is None:
            raise ConsentError(Refused.CODE)
        now = self._clock()
        access, refresh = self._seal.close(pair.access), self._seal.close(pair.refresh)
        async with self._database.transaction() as session:
            await connect(session, account_of(oa), SealedPair(access, refresh, now + pair.lifetime, now), now)
        log.info(Action.ZALO_CONNECTED)


async def _exchanged(oauth: OAuth, code: str, verifier: str | None) -> TokenPair:
    try:
        return await oauth.exchange(code, verifier)
    except OAuthRefusedError as error:
        log.warning(Action.ZALO_TOKEN_FAILED, reason=error.reason, status=error.code)
        raise ConsentError(Refused.CODE) from None
    except OAuthLaterError as error:
        log.warning(Action.ZALO_TOKEN_FAILED, reason=error.reason, status=error.code)
        raise ConsentError(Refused.TRY_AGAIN) from None


async def _owner(api: OpenApi, pair: TokenPair) -> str:
    try:
        return Profile.read(await api.call(pair.access, PROFILE)).oa
    except DeliveryError as error:
        log.warning(Action.ZALO_TOKEN_FAILED, reason=error.code)
        raise ConsentError(Refused.TRY_AGAIN) from None
