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
    `received` is aware: when the person wrote it, as far as the platform tells. Either `text`, `action` (the payload of
    a pressed button) or `media` (the kind of a message without text: photo, voice, sticker, location, file) says what
    came. `start` is the code of the link or poster through which the person came, if any.
    """

    account: str
    channel: Channel
    sender: str
    message_id: str
    received: datetime
    text: str = ""
    action: str | None = None
    media: str | None = None
    start: str | None = None


@dataclass(frozen=True)
class Reachability:
    """The platform tells that a person can, or can no longer, be written to: blocked, unblocked, unfollowed.

    `happened` is aware; an older report never undoes a newer one.
    """

    account: str
    sender: str
    happened: datetime
    reachable: bool


@dataclass(frozen=True)
class Withdrawal:
    """The platform tells that a person wants everything about them deleted."""

    account: str
    sender: str


@dataclass(frozen=True)
class Profile:
    """The platform tells which province somebody lives in (the id of its office)."""

    account: str
    sender: str
    province: str


@dataclass(frozen=True)
class StaffMessage:
    """A member of staff wrote in the staff group `chat`; `author` is their id on the platform.

    `command` is what a message that begins with a slash asks for, `rest` what follows it. `reply_to` is the message of
    ours that it answers.
    """

    account: str
    chat: str
    message: str
    author: str
    text: str
    command: str = ""
    rest: str = ""
    reply_to: str | None = None


@dataclass(frozen=True)
class Ignored:
    """An event that asks for nothing; `kind` is a plain name for the count."""

    kind: str


Event = Inbound | Reachability | Withdrawal | Profile | StaffMessage | Ignored
"""What an adapter makes of one delivery of its platform."""
