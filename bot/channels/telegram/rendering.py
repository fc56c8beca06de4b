"""A reply as the calls of the Bot API that show it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.markup import CAPTION, parts, styled
from bot.channels.telegram.texts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.outbound import OutboundMessage
    from handlers.turn import ImageRef

NO_PREVIEW = {"is_disabled": True}
_DIGITS = re.compile(r"\D+", re.ASCII)


@dataclass(frozen=True)
class Call:
    """One call that shows one message; the chat is still to be added, and the photo of an image."""

    method: str
    parameters: Mapping[str, Any]
    image: ImageRef | None = None


def render(message: OutboundMessage) -> tuple[Call, ...]:
    """The calls in order: the text in as many parts as it needs, choices under the last, then the hotline's card.

    An image has the beginning of the text under it. The same message always gives the same calls.
    """
    reply = message.reply
    source = styled(reply.text, reply.note)
    if reply.image is None:
        calls = [_text(html) for html in parts(source)]
    else:
        caption, *rest = parts(source, first=CAPTION) or [""]
        calls = [_photo(reply.image, caption), *(_text(html) for html in rest)]
    if calls and reply.buttons:
        calls[-1] = replace(
            calls[-1], parameters={**calls[-1].parameters, "reply_markup": keyboard(reply.buttons, message.id)}
        )
    if reply.hotline is not None:
        calls.append(_card(reply.hotline))
    return tuple(calls)


def _text(html: str) -> Call:
    return Call("sendMessage", {"text": html, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW})


def _photo(image: ImageRef, caption: str) -> Call:
    return Call("sendPhoto", {"caption": caption, "parse_mode": "HTML"} if caption else {}, image)


def _card(phone: str) -> Call:
    """A number that can be called with one tap: Telegram refuses buttons with `tel:`."""
    return Call("sendContact", {"phone_number": dialled(phone), "first_name": texts()["vi"]["contact"]})


def dialled(phone: str) -> str:
    """The number as a card holds it: +84… for a subscriber's; a service number (1900…, 115) has no such form."""
    digits = _DIGITS.sub("", phone)
    if phone.strip().startswith("+"):
        return f"+{digits}"
    return f"+84{digits[1:]}" if digits.startswith("0") and len(digits) >= 10 else digits
