"""The library's calls over one aiohttp session; several times faster than its default under concurrency.

The token is added here and nowhere else. aiohttp's exceptions name the address of a request, and with it the token, so
none of them leaves this file, not even as the cause or context of another exception.

    NetworkError (the library's)
    ├── NotSentError    no connection could be made: nothing reached Telegram
    ├── FloodError      429
    ├── TroubleError    5xx
    └── TimedOut
        └── NoAnswerError   the request went out and no usable answer came: it may have been carried out
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import aiohttp
from telegram import InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr
    from telegram.request import RequestData

DAY = 24 * 60 * 60
_JSON = {"Content-Type": "application/json"}
_REFUSALS: dict[int, type[TelegramError]] = {
    400: BadRequest,
    401: InvalidToken,
    403: Forbidden,
    404: InvalidToken,
    409: Conflict,
}
Wait = Any
"""A time-out as the library passes it: seconds, None, or its own mark for "the default"."""


class NotSentError(NetworkError):
    """No connection could be made: nothing reached Telegram."""


class NoAnswerError(TimedOut):
    """The request went out and no usable answer came: it may have been carried out."""


class FloodError(NetworkError):
    """Too many requests; `after` is the pause in seconds when Telegram told one."""

    def __init__(self, after: float | None) -> None:
        super().__init__("too many requests")
        self.after = after


class TroubleError(NetworkError):
    """Telegram itself has trouble; `status` is 500 or more."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


@dataclass(frozen=True)
class Timeouts:
    """Seconds. A long wait for the answer is meant: each one given up is a message that may come twice."""

    pool: float = 5
    connect: float = 5
    write: float = 5
    media_write: float = 20
    read: float = 15


class AiohttpRequest(BaseRequest):
    """The transport of `telegram.Bot`: the library gives the method's name, this adds address and token.

    `connections` is how many requests are under way at once; more wait for `Timeouts.pool`.
    """

    def __init__(
        self, api_url: str, token: SecretStr, *, connections: int = 256, timeouts: Timeouts | None = None
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._token = token
        self._connections = connections
        self._timeouts = timeouts or Timeouts()
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    @property
    def read_timeout(self) -> float | None:
        return self._timeouts.read

    async def initialize(self) -> None:
        self._open()

    async def shutdown(self) -> None:
        self._closed = True
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, parameters: Mapping[str, Any], read_timeout: float | None = None) -> Any:
        """One call with parameters that are JSON or files, and its result; raises as `do_request` does.

        What the library does around a call costs as much as the call.
        """
        timeouts = self._timeouts
        files = any(isinstance(value, InputFile) for value in parameters.values())
        write = timeouts.media_write if files else timeouts.write
        waits = _waits(timeouts.pool, timeouts.connect, write, read_timeout or timeouts.read)
        body = _form(parameters) if files else _json(parameters)
        _, payload = await self._exchange("POST", method, body, waits)
        return self.parse_json_payload(payload)["result"]

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Wait = BaseRequest.DEFAULT_NONE,
        write_timeout: Wait = BaseRequest.DEFAULT_NONE,
        connect_timeout: Wait = BaseRequest.DEFAULT_NONE,
        pool_timeout: Wait = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Raises the errors of this file, and the library's own for what Telegram refuses."""
        media = request_data is not None and request_data.contains_files
        waits = _waits(
            _seconds(pool_timeout, self._timeouts.pool),
            _seconds(connect_timeout, self._timeouts.connect),
            _seconds(write_timeout, self._timeouts.media_write if media else self._timeouts.write),
            _seconds(read_timeout, self._timeouts.read),
        )
        return await self._exchange(method, url.rpartition("/")[2], _body(request_data), waits)

    async def _exchange(
        self, http_method: str, name: str, body: aiohttp.FormData | bytes | None, waits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        failure: TelegramError
        address = f"{self._api_url}/bot{self._token.get_secret_value()}/{name}"
        headers = _JSON if isinstance(body, bytes) else None
        try:
            async with self._open().request(
                http_method, address, data=body, headers=headers, timeout=waits, allow_redirects=False
            ) as response:
                payload = await response.read()
                if response.status < 300:
                    return response.status, payload
                failure = self._refusal(response.status, _object(payload))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            failure = NotSentError("no connection")
        except TimeoutError:
            failure = NoAnswerError("no answer in time")
        except (aiohttp.ClientError, OSError):
            failure = NoAnswerError("connection lost")
        # Raised out here, an exception has no context that would carry the address along.
        raise failure

    def _open(self) -> aiohttp.ClientSession:
        if self._closed:
            raise NotSentError("closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _refusal(self, status: int, answer: dict[str, Any]) -> TelegramError:
        """A refusal as the library tells it, without the token that a proxy's page may repeat."""
        if status == 429:
            return FloodError(_pause(answer))
        if status >= 500:
            return TroubleError(status)
        description, parameters = answer.get("description"), answer.get("parameters")
        if isinstance(parameters, dict) and type(chat := parameters.get("migrate_to_chat_id")) is int:
            return ChatMigrated(chat)
        message = description if isinstance(description, str) else _phrase(status)
        return _REFUSALS.get(status, NetworkError)(message.replace(self._token.get_secret_value(), "•"))

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's, but what cannot be read is neither logged nor quoted: it may hold what people wrote."""
        answer = _object(payload)
        if "result" not in answer:
            raise NoAnswerError("no usable answer")
        return answer


def _seconds(wait: Wait, default: float) -> float | None:
    return default if wait is BaseRequest.DEFAULT_NONE else wait


@lru_cache(maxsize=64)
def _waits(pool: float | None, connect: float | None, write: float | None, read: float | None) -> aiohttp.ClientTimeout:
    """aiohttp has no time-out for writing: a peer that stops reading, or drips its answer, runs into the total."""
    parts = (pool, connect, write, read)
    return aiohttp.ClientTimeout(
        total=None if None in parts else sum(part for part in parts if part is not None),
        connect=None if pool is None or connect is None else pool + connect,
        sock_connect=connect,
        sock_read=read,
    )


def _body(data: RequestData | None) -> aiohttp.FormData | bytes | None:
    """JSON, which is a third of a form's size for Vietnamese; multipart when files go along."""
    if data is None:
        return None
    if not data.contains_files:
        return _json(data.parameters)
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


def _form(parameters: Mapping[str, Any]) -> aiohttp.FormData:
    """What is neither a file nor text stands in its field as JSON."""
    form = aiohttp.FormData()
    for name, value in parameters.items():
        match value:
            case InputFile():
                form.add_field(name, value.input_file_content, filename=value.filename, content_type=value.mimetype)
            case str():
                form.add_field(name, value)
            case _:
                form.add_field(name, json.dumps(value, ensure_ascii=False))
    return form


def _json(parameters: Mapping[str, Any]) -> bytes:
    return json.dumps(parameters, ensure_ascii=False).encode("utf-8", "replace")


def _phrase(status: int) -> str:
    """What a status means in itself; the adapter looks for "too large" in it."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "unexpected status"


def _object(payload: bytes) -> dict[str, Any]:
    """The JSON object of an answer; an empty one for anything else."""
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _pause(answer: dict[str, Any]) -> float | None:
    parameters = answer.get("parameters")
    after: object = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(after, int | float) and 0 < after < DAY:
        return float(after)
    return None
