"""How the Bot API says no: an HTTP status, the same number in the body, and a sentence."""

from __future__ import annotations

from typing import Any

from bot.errors import BotError

Json = dict[str, Any]
"""An object as it goes over the wire."""


class ApiError(BotError):
    """A call that fails; `parameters` is the body's field of that name."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> Json:
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad_request(what: str, **parameters: int) -> ApiError:
    """400: something in the call is wrong."""
    return ApiError(400, f"Bad Request: {what}", **parameters)


def forbidden(what: str) -> ApiError:
    """403: the call is right, but the bot may not."""
    return ApiError(403, f"Forbidden: {what}")


def conflict(what: str) -> ApiError:
    """409: two want the updates."""
    return ApiError(409, f"Conflict: {what}")
