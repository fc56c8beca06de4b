"""One call of Zalo's OpenAPI with one access token; no second attempts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.channels.zalo.answers import read_bytes, read_number, read_object
from bot.channels.zalo.errors import of_code, of_failure, of_status
from bot.delivery.errors import UnknownOutcomeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.zalo.rules import Calendar
    from bot.clock import Clock

TIMEOUT = 10.0
CONNECT_TIMEOUT = 4.0
"""Seconds. Connecting has its own limit, because what fails there was surely not sent."""


@dataclass(frozen=True)
class Upload:
    """A file for an upload: what it is called, its kind (image/png …) and its bytes."""

    name: str
    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class ApiCall:
    """A request: a JSON body, a file, or `query` as the one parameter `data` that a GET takes."""

    path: str
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    query: Mapping[str, Any] | None = field(default=None, repr=False)
    upload: Upload | None = None


class OpenApi:
    """The OpenAPI at one address."""

    def __init__(self, session: aiohttp.ClientSession, url: str, calendar: Calendar, clock: Clock) -> None:
        self._session = session
        self._url = url
        self._calendar = calendar
        self._clock = clock

    async def call(self, token: str, call: ApiCall, within: float = TIMEOUT) -> dict[str, Any]:
        """`data` of the answer, empty when there is none, within so many seconds. Raises DeliveryError."""
        data = await self.ask(token, call, within)
        return data if isinstance(data, dict) else {}

    async def ask(self, token: str, call: ApiCall, within: float = TIMEOUT) -> object:
        """`data` of the answer, whatever it is; None when there is none. Raises DeliveryError."""
        method = "GET" if call.body is None and call.upload is None else "POST"
        try:
            # An address with a token or a person in it must not follow a redirect elsewhere.
            async with self._session.request(
                method,
                self._url + call.path,
                headers={"access_token": token},
                params={"data": json.dumps(call.query)} if call.query is not None else None,
                json=call.body,
                data=_form(call.upload) if call.upload is not None else None,
                timeout=aiohttp.ClientTimeout(total=within, connect=min(CONNECT_TIMEOUT, within / 2)),
                allow_redirects=False,
            ) as response:
                return self._read(response, await read_bytes(response))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise of_failure(error) from None

    def _read(self, response: aiohttp.ClientResponse, body: bytes) -> object:
        now = self._clock()
        rules = self._calendar.on(now.date())
        failure = of_status(response.status, response.headers.get("Retry-After"), rules)
        if failure is not None:
            raise failure
        answer = read_object(body)
        code = read_number(answer.get("error")) if answer is not None else None
        if answer is None or code is None:
            raise UnknownOutcomeError("unreadable")
        if code != 0:
            raise of_code(code, rules, now)
        return answer.get("data")


def _form(upload: Upload) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("file", upload.content, filename=upload.name, content_type=upload.kind)
    return form
