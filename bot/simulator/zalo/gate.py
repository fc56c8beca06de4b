"""What every call of the OpenAPI passes: token, rate, and the envelope of its answer (reference §2.1, §4.3)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.simulator.zalo.codes import Code, RefusalError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.clock import Clock
    from bot.simulator.zalo.oauth import OAuth
    from bot.simulator.zalo.state import Account

APP_RATE = 4_000
"""Requests a minute of one app, all accounts together (§4.3)."""


@dataclass(frozen=True)
class Call:
    """A call that was let through."""

    account: Account
    request: web.Request
    now: datetime

    async def body(self) -> Mapping[str, Any]:
        """The JSON object that was posted; RefusalError -201 for anything else."""
        return _object(await self.request.read())

    @property
    def query(self) -> Mapping[str, Any]:
        """The JSON object in the parameter `data`."""
        return _object(self.request.query.get("data", "{}").encode())


Operation = Callable[[Call], Awaitable[Any]]
"""What a path does: gives `data` of the answer, raises RefusalError."""


@dataclass
class _Minute:
    number: int = 0
    used: int = 0

    def count(self, now: datetime) -> int:
        """The calls of this minute, this one included."""
        minute = int(now.timestamp() // 60)
        self.used = self.used + 1 if minute == self.number else 1
        self.number = minute
        return self.used


class Gate:
    """Lets calls through and counts them."""

    def __init__(self, oauth: OAuth, accounts: Mapping[str, Account], clock: Clock) -> None:
        self._oauth = oauth
        self._accounts = accounts
        self._clock = clock
        self._minutes: dict[str, _Minute] = {}

    def guard(self, operation: Operation) -> Callable[[web.Request], Awaitable[web.Response]]:
        """The operation as a route."""

        async def answer(request: web.Request) -> web.Response:
            headers: dict[str, str] = {}
            try:
                account = self._account(request)
                now = self._clock()
                self._meter(account, now, headers)
                body = {"data": await operation(Call(account, request, now)), "error": 0, "message": "Success"}
            except RefusalError as refusal:
                body = {"error": int(refusal.code), "message": refusal.message}
            return web.json_response(body, headers=headers)

        return answer

    def _account(self, request: web.Request) -> Account:
        token = request.headers.get("access_token", "")
        account = self._accounts[self._oauth.account_of(token)]
        proof = request.headers.get("appsecret_proof")
        if proof is not None and not self._oauth.proves(proof, token):
            raise RefusalError(Code.WRONG_PROOF)
        if account.refuses is not None:
            raise RefusalError(account.refuses)
        return account

    def _meter(self, account: Account, now: datetime, headers: dict[str, str]) -> None:
        app = self._minutes.setdefault("", _Minute()).count(now)
        own = self._minutes.setdefault(account.id, _Minute()).count(now)
        headers["X-RateLimit-Limit"] = str(account.rate)
        headers["X-RateLimit-Remain"] = str(max(0, account.rate - own))
        if own > account.rate:
            raise RefusalError(Code.RATE_LIMIT)
        if app > APP_RATE:
            raise RefusalError(Code.RATE_LIMIT, "Your application has reached the limit of requests per minute")


async def empty_api(_request: web.Request) -> web.Response:
    """Any path that is none, such as /v3.0/oa/message."""
    return web.json_response({"error": 404, "message": "empty api"}, status=404)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        raise RefusalError(Code.PARAMETER, "Request body is not JSON") from None
    if not isinstance(value, Mapping):
        raise RefusalError(Code.PARAMETER, "Request body is not an object")
    return value
