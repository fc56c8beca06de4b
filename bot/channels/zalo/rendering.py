"""A reply as consultation messages: plain text in parts, five buttons at most under one, the hotline as a button."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from bot.channels.zalo.splitting import cut_title, split
from bot.channels.zalo.texts import language_of, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.zalo.rules import LimitRule
    from handlers.turn import Button, Reply

Message = dict[str, Any]
"""The `message` of a request."""

_BULLET = re.compile(r"^([ \t]*)- ", re.MULTILINE)
_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_COUNTRY = "84"
_SERVICE = re.compile(r"1[89]00\d{4,6}|1\d\d\d?", re.ASCII)
"""1900 and 1800 numbers and short ones such as 115 are dialled as they stand."""


def render(reply: Reply, limit: LimitRule) -> list[Message]:
    """The messages that show a reply, in order."""
    texts = [{"text": part} for part in split(plain(reply), limit.text)]
    language = language_of(reply.text)
    phone = _phone(reply, language, limit)
    first = limit.buttons - len(phone)
    offered = _fitting(reply.buttons, first)
    buttons = [*_choices(offered[:first], limit), *phone]
    messages = [*texts[:-1], _with_buttons(texts[-1], buttons)]
    for start in range(first, len(offered), limit.buttons):
        more = offered[start : start + limit.buttons]
        messages.append(_with_buttons({"text": say(language, "more")}, _choices(more, limit)))
    return messages


def render_plain(reply: Reply, limit: LimitRule) -> list[str]:
    """The texts that show a reply where there are no buttons; a choice is made by typing its number or words."""
    language = language_of(reply.text)
    choices = [f"{number}. {button.label}" for number, button in enumerate(reply.buttons, 1)]
    hotline = say(language, "hotline", hotline=reply.hotline) if reply.hotline else ""
    shown = f"[{reply.image.alt}]" if reply.image is not None else ""
    blocks = (shown, plain(reply), "\n".join(choices), hotline)
    return split("\n\n".join(block for block in blocks if block), limit.text)


def plain(reply: Reply) -> str:
    """The text of a reply without markup, composed so that no letter counts twice."""
    text = _LINES.sub("\n\n", _BULLET.sub(r"\1• ", reply.plain))
    return unicodedata.normalize("NFC", text).strip()


def picture(attachment: str) -> Message:
    """The message that shows an image which was uploaded."""
    element = {"media_type": "image", "attachment_id": attachment}
    return {"attachment": {"type": "template", "payload": {"template_type": "media", "elements": [element]}}}


def phone_code(phone: str) -> str:
    """A phone number as Zalo's dialler wants it, such as 19009068 or 842439361234."""
    digits = re.sub(r"[^0-9]", "", phone)
    if _SERVICE.fullmatch(digits):
        return digits
    return f"{_COUNTRY}{digits[1:]}" if digits.startswith("0") else digits


def _fitting(buttons: Sequence[Button], room: int) -> Sequence[Button]:
    """The buttons; ratings, the friendly one first, give way to fit into one message: a second one costs a request."""
    fitting = list(buttons)
    for button in (button for button in buttons if button.rates):
        if len(fitting) <= room:
            break
        fitting.remove(button)
    return fitting


def _with_buttons(message: Message, buttons: Sequence[Message]) -> Message:
    if not buttons:
        return message
    # In this shape the payload names no template type (zalo-oa.md §2.4).
    return {**message, "attachment": {"type": "template", "payload": {"buttons": list(buttons)}}}


def _choices(buttons: Sequence[Button], limit: LimitRule) -> list[Message]:
    """What pressing sends begins with "#", so that it is not shown and can be told from what somebody types."""
    return [
        {"title": cut_title(button.label, limit.title), "type": "oa.open.url", "payload": {"url": button.link}}
        if button.link
        else {"title": cut_title(button.label, limit.title), "type": "oa.query.hide", "payload": f"#{button.action}"}
        for button in buttons
    ]


def _phone(reply: Reply, language: str, limit: LimitRule) -> list[Message]:
    code = phone_code(reply.hotline or "")
    if not code:
        return []
    title = cut_title(say(language, "call", hotline=reply.hotline), limit.title)
    return [{"title": title, "type": "oa.open.phone", "payload": {"phone_code": code}}]
