"""What came in: one authenticated message or button press of one person, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Channel(StrEnum):
    """The platforms that people write from."""

    WEB = "web"
    TERMINAL = "terminal"
    TELEGRAM = "telegram"
    ZALO = "zalo"


@dataclass(frozen=True)
class Inbound:
    """One message as the platform delivered it.

    `account` is our own account on the platform, `sender` the platform's id of the person, `message_id` the platform's
    id of the message: account and message id together name a message once and for all, so a redelivery is recognised.
    `received` is aware. Either `text`, `action` (the payload of a pressed button) or `media` (the kind of a message
    without text: photo, voice, sticker, location, file) says what came.
    """

    account: str
    channel: Channel
    sender: str
    message_id: str
    received: datetime
    text: str = ""
    action: str | None = None
    media: str | None = None
