"""Buttons under a message, checked as Zalo checks them (reference §2.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.simulator.phone import Choice, ChoiceKind
from bot.simulator.zalo.codes import Code, RefusalError

MAX_BUTTONS = 5
MAX_TITLE = 100
MAX_QUERY = 1_000
MAX_SMS = 160

SHOW = "oa.query.show"
HIDE = "oa.query.hide"
URL = "oa.open.url"
SMS = "oa.open.sms"
PHONE = "oa.open.phone"

_NUMBER = re.compile(r"\d{4,15}")
_FIELDS = {"title", "type", "payload", "image_icon"}


def check_buttons(buttons: Any) -> None:
    """RefusalError -201 for a wrong shape or too many, -210 for something too long."""
    if not isinstance(buttons, list) or len(buttons) > MAX_BUTTONS:
        raise RefusalError(Code.PARAMETER, "buttons is invalid")
    for button in buttons:
        if not isinstance(button, Mapping) or not {"title", "type", "payload"} <= set(button) <= _FIELDS:
            raise RefusalError(Code.PARAMETER, "button is invalid")
        check_text(button["title"], MAX_TITLE, "button title")
        check = _PAYLOADS.get(button["type"]) if isinstance(button["type"], str) else None
        if check is None:
            raise RefusalError(Code.PARAMETER, "button type is invalid")
        check(button["payload"])


def check_text(value: Any, longest: int, name: str) -> str:
    """A text that is not empty and not too long, counted in characters as they come."""
    if not isinstance(value, str) or not value.strip():
        raise RefusalError(Code.PARAMETER, f"{name} is invalid")
    if len(value) > longest:
        raise RefusalError(Code.TOO_LONG, f"{name} is too long")
    return value


def check_url(value: Any, name: str) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"https?://\S+", value):
        raise RefusalError(Code.PARAMETER, f"{name} is invalid")


def choice(button: Mapping[str, Any]) -> Choice:
    """A checked button as the person sees it."""
    payload, title = button["payload"], str(button["title"])
    match button["type"]:
        case "oa.open.url":
            return Choice(title, ChoiceKind.URL, payload["url"])
        case "oa.open.sms":
            return Choice(title, ChoiceKind.SMS, payload["phone_code"])
        case "oa.open.phone":
            return Choice(title, ChoiceKind.CALL, payload["phone_code"])
        case _:
            return Choice(title)


def _query(payload: Any) -> None:
    check_text(payload, MAX_QUERY, "button payload")


def _url(payload: Any) -> None:
    check_url(_fields(payload, {"url"})["url"], "button url")


def _sms(payload: Any) -> None:
    check_text(_fields(payload, {"content", "phone_code"})["content"], MAX_SMS, "sms content")
    _number(payload["phone_code"])


def _phone(payload: Any) -> None:
    _number(_fields(payload, {"phone_code"})["phone_code"])


def _number(value: Any) -> None:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise RefusalError(Code.PARAMETER, "phone_code is invalid")


def _fields(payload: Any, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(payload, Mapping) or set(payload) != names:
        raise RefusalError(Code.PARAMETER, "button payload is invalid")
    return payload


_PAYLOADS: Mapping[str, Callable[[Any], None]] = {SHOW: _query, HIDE: _query, URL: _url, SMS: _sms, PHONE: _phone}
