"""Buttons under a message, checked as the Bot API checks them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.simulator.telegram.errors import ApiError, Json, bad_request

MAX_BUTTONS = 100
MAX_ROW = 8
MAX_DATA = 64
"""Bytes."""
MAX_COPY = 256

_ACTIONS = ("callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query")
_REPLY_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


def inline_keyboard(markup: Any) -> Json | None:
    """The inline keyboard of a message, or None when there is none. Raises ApiError 400.

    A reply keyboard is taken and not shown: it belongs to the app, not to the message.
    """
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if not any(name in markup for name in _REPLY_MARKUPS):
            raise bad_request("can't parse reply keyboard markup JSON object")
        return None
    rows = [_row(row) for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _row(row: Any) -> list[Json]:
    if not isinstance(row, list) or not all(isinstance(button, dict) for button in row):
        raise bad_request("can't parse inline keyboard button: Object expected")
    if len(row) > MAX_ROW:
        raise bad_request("reply markup is too long")
    for button in row:
        _check(button)
    return row


def _check(button: Json) -> None:
    if not str(button.get("text", "")).strip():
        raise _unusable("Button text must be non-empty")
    if not any(action in button for action in _ACTIONS):
        raise _unusable("Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= MAX_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not _is_link(str(button["url"])):
        raise bad_request("BUTTON_URL_INVALID")
    if "copy_text" in button and not 1 <= len(str(button["copy_text"].get("text", ""))) <= MAX_COPY:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _is_link(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "tg" or (parts.scheme in {"http", "https"} and "." in (parts.hostname or ""))


def _unusable(why: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {why}")
