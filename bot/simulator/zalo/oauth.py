"""OAuth v4 for Official Accounts: consent, codes, token pairs (reference §1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.simulator.zalo.codes import Code, RefusalError
from bot.simulator.zalo.ids import token

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.clock import Clock
    from bot.simulator.zalo.dialect import Dialect
    from bot.simulator.zalo.state import Account

CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = timedelta(hours=25)
REFRESH_LIFE = timedelta(days=90)

INVALID_APP = -14002
INVALID_REDIRECT = -14003
INVALID_REFRESH = -14014


class ConsentError(Exception):
    """The token endpoint or the consent page says no; some answers have no number (§1.4)."""

    def __init__(self, name: str, number: int | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.number = number


class ConsumedError(Exception):
    """A refresh token was used a second time."""


@dataclass(frozen=True)
class Permission:
    """An authorization code that waits for its exchange."""

    account: str
    challenge: str
    until: datetime


@dataclass(frozen=True)
class TokenPair:
    """What an account's owner has granted. Lives end at `access_until` and `refresh_until`, aware."""

    account: str
    access: str
    refresh: str
    access_until: datetime
    refresh_until: datetime


class OAuth:
    """Grants of one app. `callback` is the URL saved in the console, `challenge` the PKCE challenge fixed there."""

    def __init__(self, app_id: str, app_secret: str, clock: Clock, dialect: Dialect) -> None:
        self._app_id = app_id
        self._app_secret = app_secret
        self._clock = clock
        self._dialect = dialect
        self.callback = ""
        self.challenge = ""
        self.active = True
        self.pairs: dict[str, TokenPair] = {}
        self.refreshes = 0
        self._codes: dict[str, Permission] = {}
        self._consumed: set[str] = set()
        self._revoked: set[str] = set()

    def check(self, app_id: str, redirect_uri: str) -> None:
        """The consent page opens only for our app and its callback; else ConsentError."""
        if app_id != self._app_id or not self.active:
            raise ConsentError("Invalid appId", INVALID_APP)
        if not self.callback or redirect_uri != self.callback:
            raise ConsentError("Invalid redirect uri", INVALID_REDIRECT)

    def permit(self, account: Account, challenge: str = "") -> str:
        """The owner of an account consents: a code for the callback."""
        code = token()
        self._codes[code] = Permission(account.id, challenge or self.challenge, self._clock() + CODE_LIFE)
        return code

    def mint(self, account: str) -> TokenPair:
        """A new pair without consent page, as from the API Explorer; the account's earlier pair dies."""
        now = self._clock()
        self.pairs[account] = TokenPair(account, token(), token(), now + ACCESS_LIFE, now + REFRESH_LIFE)
        return self.pairs[account]

    def revoke(self, account: str) -> None:
        """The owner withdraws the consent."""
        pair = self.pairs.pop(account, None)
        if pair is not None:
            self._revoked.add(pair.access)

    def exchange(self, secret: str | None, form: Mapping[str, str]) -> Mapping[str, Any]:
        """One call of the token endpoint. Raises ConsentError, or ConsumedError for a spent refresh token."""
        if form.get("app_id") != self._app_id:
            raise ConsentError("Invalid appId", INVALID_APP)
        if secret is None or not hmac.compare_digest(secret.encode(), self._app_secret.encode()):
            raise ConsentError("Invalid secret key")
        match form.get("grant_type"):
            case "authorization_code":
                return self._answer(self._redeem(form.get("code", ""), form.get("code_verifier", "")))
            case "refresh_token":
                return self._refresh(form.get("refresh_token", ""))
            case _:
                raise ConsentError("Invalid grant type")

    def account_of(self, access_token: str) -> str:
        """The account that an access token speaks for; RefusalError -216 or -220."""
        now = self._clock()
        if access_token in self._revoked:
            raise RefusalError(Code.TOKEN_EXPIRED)
        for pair in self.pairs.values():
            if pair.access == access_token:
                if pair.access_until <= now:
                    raise RefusalError(Code.TOKEN_EXPIRED)
                return pair.account
        raise RefusalError(Code.TOKEN_INVALID)

    def proves(self, proof: str, access_token: str) -> bool:
        """Whether `appsecret_proof` fits (§1.6)."""
        wanted = hmac.new(self._app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted.encode(), proof.encode())

    def _redeem(self, code: str, verifier: str) -> TokenPair:
        permission = self._codes.pop(code, None)
        if permission is None or permission.until <= self._clock():
            raise ConsentError("Invalid authorization code")
        if permission.challenge and permission.challenge.rstrip("=") not in challenges(verifier):
            raise ConsentError("Invalid code verifier")
        return self.mint(permission.account)

    def _refresh(self, spent: str) -> Mapping[str, Any]:
        if spent in self._consumed:
            raise ConsumedError
        pair = next((pair for pair in self.pairs.values() if pair.refresh == spent), None)
        if pair is None or pair.refresh_until <= self._clock():
            raise ConsentError("Invalid refresh token.", INVALID_REFRESH)
        self.refreshes += 1
        if self._dialect.keeps_refresh_token:
            return self._keep_refresh_token(pair)
        self._consumed.add(spent)
        return self._answer(self.mint(pair.account))

    def _keep_refresh_token(self, pair: TokenPair) -> Mapping[str, Any]:
        kept = TokenPair(pair.account, token(), pair.refresh, self._clock() + ACCESS_LIFE, pair.refresh_until)
        self.pairs[pair.account] = kept
        answer = dict(self._answer(kept))
        del answer["refresh_token"]
        return answer

    def _answer(self, pair: TokenPair) -> Mapping[str, Any]:
        seconds = int((pair.access_until - self._clock()).total_seconds())
        return {
            "access_token": pair.access,
            "refresh_token": pair.refresh,
            "expires_in": self._dialect.expires_in(seconds),
        }


def challenges(verifier: str) -> tuple[str, str]:
    """The challenge of a verifier in both alphabets; the sources disagree which one holds (§1.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("="), base64.b64encode(digest).decode().rstrip("=")
