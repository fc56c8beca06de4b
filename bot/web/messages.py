"""From what a browser sent to a message that the conversation can take."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.channels.inbound import Channel, Inbound
from bot.web.refusals import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_ACTION = re.compile(r"[!-~]{1,64}", re.ASCII)
_KEPT = frozenset("\n\t")
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class ClientMessage:
    """One message from our page: a UUID made by the page, and either text or the action of a button.

    `after` is the last reply that the page has shown.
    """

    id: str
    text: str = ""
    action: str | None = None
    after: int = 0

    def inbound(self, account: str, sender: str, received: datetime) -> Inbound:
        """The id is prefixed by the sender, so that nobody can use up another one's ids."""
        return Inbound(account, Channel.WEB, sender, f"{sender}:{self.id}", received, self.text, self.action)


def parse_message(data: Mapping[str, Any], text_length: int) -> ClientMessage:
    """Check and clean a message; raises Refusal."""
    message_id, text, action = _uuid(data.get("id")), data.get("text", ""), data.get("action") or None
    if not isinstance(text, str) or not (action is None or isinstance(action, str)):
        raise Refusal(Refused.BAD_REQUEST)
    if action is not None:
        if not _ACTION.fullmatch(action):
            raise Refusal(Refused.BAD_REQUEST)
        return ClientMessage(message_id, "", action, message_number(data.get("after", 0)))
    cleaned = clean(text)
    if not cleaned:
        raise Refusal(Refused.EMPTY)
    if len(cleaned) > text_length:
        raise Refusal(Refused.TOO_LONG)
    return ClientMessage(message_id, cleaned, None, message_number(data.get("after", 0)))


def message_number(value: object) -> int:
    """The id of a reply, from JSON, a query or the Last-Event-ID header; raises Refusal."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_ID:
        raise Refusal(Refused.BAD_REQUEST)
    return value


def clean(text: str) -> str:
    """The text without control characters, lone surrogates and signs that reorder what is shown; NFC, trimmed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if char in _KEPT or not _unwanted(char))
    return unicodedata.normalize("NFC", kept).strip()


def _unwanted(char: str) -> bool:
    return char in _REORDERING or unicodedata.category(char) in {"Cc", "Cs"}


def _uuid(value: object) -> str:
    try:
        return str(uuid.UUID(value)) if isinstance(value, str) else _refuse()
    except ValueError:
        return _refuse()


def _refuse() -> str:
    raise Refusal(Refused.BAD_REQUEST)
