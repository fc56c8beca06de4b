"""A reply as the calls of the Bot API that show it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.markup import parts, styled
from bot.channels.telegram.texts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.outbound import OutboundMessage

NO_PREVIEW = {"is_disabled": True}
_DIGITS = re.compile(r"\D+", re.ASCII)


@dataclass(frozen=True)
class Call:
    """One call that shows one message; the chat is still to be added."""

    method: str
    parameters: Mapping[str, Any]


def render(message: OutboundMessage) -> tuple[Call, ...]:
    """The calls in order: the text in as many parts as it needs, choices under the last, then the hotline's card.

    The same message always gives the same calls.
    """
    reply = message.reply
    texts_ = [
        {"text": html, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
        for html in parts(styled(reply.text, reply.note))
    ]
    if texts_ and reply.buttons:
        texts_[-1]["reply_markup"] = keyboard(reply.buttons, message.id)
    calls = [Call("sendMessage", parameters) for parameters in texts_]
    if reply.hotline is not None:
        calls.append(_card(reply.hotline))
    return tuple(calls)


def _card(phone: str) -> Call:
    """A number that can be called with one tap: Telegram refuses buttons with `tel:`."""
    return Call("sendContact", {"phone_number": dialled(phone), "first_name": texts()["vi"]["contact"]})


def dialled(phone: str) -> str:
    """The number as a card holds it: +84… for a subscriber's; a service number (1900…, 115) has no such form."""
    digits = _DIGITS.sub("", phone)
    if phone.strip().startswith("+"):
        return f"+{digits}"
    return f"+84{digits[1:]}" if digits.startswith("0") and len(digits) >= 10 else digits
