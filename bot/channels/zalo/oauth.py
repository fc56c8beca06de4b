"""The token endpoint of Zalo's OAuth v4 for Official Accounts.

    OAuthError
    ├── OAuthLaterError     no token pair this time; `settled` when the platform surely did nothing
    └── OAuthRefusedError   the code or the refresh token is no longer good; only a new consent helps

Answers are classified as in zalo-oa.md §1.4: first the HTTP status, then `error` -32, then the access token. An empty
answer with status 200 is how a refresh token that was spent before is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from bot.channels.zalo.answers import read_bytes, read_number, read_object
from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.zalo.pkce import Proof
    from bot.settings import ZaloSettings

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=4)
LIFETIME = timedelta(hours=25)
"""Of an access token whose lifetime the platform does not tell in a way that can be read."""
REFRESH_LIFETIME = timedelta(days=90)
_LONGEST = timedelta(days=90)
_RATE_LIMITED = -32
_SUCCESS = 200


class OAuthError(BotError):
    """No token pair came. `code` is the platform's own number, as far as it named one."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class OAuthLaterError(OAuthError):
    """Try again later."""

    def __init__(self, reason: str, code: int | None = None, *, settled: bool = False) -> None:
        super().__init__(reason, code)
        self.settled = settled


class OAuthRefusedError(OAuthError):
    """Refused for good."""


@dataclass(frozen=True)
class TokenPair:
    """A pair as the platform gave it; `refresh` is None when it gave none, so that the old one stays."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    lifetime: timedelta = LIFETIME


def consent_url(settings: ZaloSettings, redirect: str, state: str, proof: Proof) -> str:
    """Where the administrator of an account gives the app its permissions. `redirect` exactly as in the console."""
    query = {"app_id": settings.app_id, "redirect_uri": redirect}
    if proof.challenge is not None:
        query["code_challenge"] = proof.challenge
    return f"{settings.oauth_url}/v4/oa/permission?{urlencode({**query, 'state': state})}"


class OAuth:
    """Asks for token pairs; keeps nothing."""

    def __init__(self, session: aiohttp.ClientSession, settings: ZaloSettings) -> None:
        self._session = session
        self._url = f"{settings.oauth_url}/v4/oa/access_token"
        self._app_id = settings.app_id
        self._secret = settings.app_secret

    async def exchange(self, code: str, verifier: str | None) -> TokenPair:
        """The pair for the code of a consent; raises OAuthError."""
        fields = {"code": code, "grant_type": "authorization_code"}
        return await self._ask(fields if verifier is None else {**fields, "code_verifier": verifier})

    async def refresh(self, refresh_token: str) -> TokenPair:
        """The next pair; the refresh token is spent as soon as the platform answers. Raises OAuthError."""
        return await self._ask({"refresh_token": refresh_token, "grant_type": "refresh_token"})

    async def _ask(self, fields: Mapping[str, str]) -> TokenPair:
        headers = {"secret_key": self._secret.get_secret_value() if self._secret else ""}
        form = {**fields, "app_id": self._app_id}
        try:
            async with self._session.post(
                self._url, data=form, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                return _pair(response.status, await read_bytes(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise OAuthLaterError("connect", settled=True) from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise OAuthLaterError("no_answer") from None


def _pair(status: int, body: bytes) -> TokenPair:
    if status != _SUCCESS:
        raise OAuthLaterError(f"http_{status}")
    data = read_object(body)
    if data is None and body.strip():
        raise OAuthLaterError("unreadable")
    answer = data or {}
    code = read_number(answer.get("error"))
    if code == _RATE_LIMITED:
        raise OAuthLaterError("rate_limited", code, settled=True)
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(access, str) or not access:
        raise OAuthRefusedError("refused" if answer else "empty", code)
    return TokenPair(access, refresh if isinstance(refresh, str) and refresh else None, lifetime(answer))


def lifetime(answer: Mapping[str, Any]) -> timedelta:
    """How long an access token lives: `expires_in` is a string of seconds, normally."""
    try:
        told = timedelta(seconds=float(answer.get("expires_in") or 0))
    except (TypeError, ValueError, OverflowError):
        return LIFETIME
    return told if timedelta() < told <= _LONGEST else LIFETIME
