"""Telegram's refusals, told by what to do next.

Matched by class first, then by words of the description in lower case, because the texts are no stable interface.
Source: api-errors of the Bot API server 10.0 (May 2026) and github.com/TelegramBotAPI/errors.
"""

from __future__ import annotations

from collections.abc import Callable

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.addressing import moved
from bot.channels.telegram.transport import FloodError, NotSentError, TroubleError
from bot.delivery.errors import (
    AccountBrokenError,
    DeliveryError,
    PersonMovedError,
    PersonUnreachableError,
    RejectedError,
    RetryLaterError,
    UnknownOutcomeError,
    Unreachable,
)

WRONG_FILE = "wrong_file"
"""A file's id is of another bot, or no longer good."""
CANNOT_SEND_TRIES = 5
"""How often a message is tried whose refusal was seen to pass by itself (telegram.md §2, low confidence)."""
Make = Callable[[], DeliveryError]


def _gone(code: str, reason: Unreachable) -> Make:
    return lambda: PersonUnreachableError(code, reason)


def _rejected(code: str) -> Make:
    return lambda: RejectedError(code)


FORBIDDEN: tuple[tuple[str, Make], ...] = (
    ("bot was blocked by the user", _gone("blocked", Unreachable.BLOCKED)),
    ("user is deactivated", _gone("deactivated", Unreachable.DEACTIVATED)),
    ("can't initiate conversation", _gone("never_started", Unreachable.NEVER_STARTED)),
    ("bot was kicked", _gone("kicked", Unreachable.NOT_FOUND)),
    ("bot is not a member", _gone("not_a_member", Unreachable.NOT_FOUND)),
    ("chat was deleted", _gone("chat_deleted", Unreachable.NOT_FOUND)),
    ("can't send messages to bots", _gone("is_a_bot", Unreachable.NOT_FOUND)),
    ("can't send messages to the user", lambda: RetryLaterError("cannot_send_now", tries=CANNOT_SEND_TRIES)),
    ("", _gone("forbidden", Unreachable.BLOCKED)),
)
BAD_REQUEST: tuple[tuple[str, Make], ...] = (
    ("chat not found", _gone("chat_not_found", Unreachable.NOT_FOUND)),
    ("peer_id_invalid", _gone("peer_id_invalid", Unreachable.NOT_FOUND)),
    ("group chat was upgraded", _gone("chat_upgraded", Unreachable.NOT_FOUND)),
    ("group chat was deactivated", _gone("chat_deactivated", Unreachable.NOT_FOUND)),
    ("chat_write_forbidden", _gone("no_rights", Unreachable.BLOCKED)),
    ("rights to send", _gone("no_rights", Unreachable.BLOCKED)),
    ("button_url_invalid", _rejected("button_url_invalid")),
    ("unsupported url protocol", _rejected("unsupported_url_protocol")),
    ("button_data_invalid", _rejected("button_data_invalid")),
    ("can't parse entities", _rejected("cannot_parse_entities")),
    ("text is empty", _rejected("text_empty")),
    ("message is too long", _rejected("too_long")),
    ("message is not modified", _rejected("not_modified")),
    ("query is too old", _rejected("query_too_old")),
    ("wrong remote file identifier", _rejected(WRONG_FILE)),
    ("wrong file identifier", _rejected(WRONG_FILE)),
    ("bad webhook", _rejected("bad_webhook")),
    ("", _rejected("bad_request")),
)


def translate(error: TelegramError, address: str = "") -> DeliveryError:
    """The failure of a call as a DeliveryError, which quotes nothing of it; `address` is whom the call was for."""
    if isinstance(error, Forbidden):
        return _matching(FORBIDDEN, error)
    # The library derives it from NetworkError: looked at later, it would be tried again for ever.
    if isinstance(error, BadRequest):
        return _matching(BAD_REQUEST, error)
    if isinstance(error, ChatMigrated):
        return PersonMovedError("chat_migrated", moved(address, error.new_chat_id))
    if isinstance(error, InvalidToken):
        return AccountBrokenError("invalid_token")
    if isinstance(error, Conflict):
        return AccountBrokenError("conflict")
    return _network(error)


def _network(error: TelegramError) -> DeliveryError:
    if isinstance(error, FloodError):
        return RetryLaterError("flood", error.after, whole_account=True)
    if isinstance(error, NotSentError):
        return RetryLaterError("not_connected")
    if isinstance(error, TroubleError):
        return RetryLaterError(f"status_{error.status}")
    if isinstance(error, TimedOut):
        return UnknownOutcomeError("no_answer")
    if "too large" in error.message.lower():
        return RejectedError("too_large")
    return RetryLaterError("unexpected_status")


def _matching(table: tuple[tuple[str, Make], ...], error: TelegramError) -> DeliveryError:
    description = error.message.lower()
    return next(make() for words, make in table if words in description)
