"""What a person sees and does on a platform, as the simulator's page and tests use it.

A platform of the simulator gives each test person a `Phone` screen: the bubbles of the conversation with our account,
oldest first. What the person does is queued for the bot at once; delivery goes on by itself.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime


class Author(StrEnum):
    """Who wrote a bubble. `PLATFORM` is a grey line of the app itself, such as "has blocked the bot"."""

    PERSON = "person"
    BOT = "bot"
    PLATFORM = "platform"


class Style(StrEnum):
    """How a run of text is set."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKE = "strike"
    CODE = "code"
    QUOTE = "quote"


class ChoiceKind(StrEnum):
    """What tapping a button does: something for the bot, or something that only the phone does."""

    SEND = "send"
    URL = "url"
    CALL = "call"
    SMS = "sms"
    COPY = "copy"


class Attachment(StrEnum):
    """What a person can send besides text."""

    PHOTO = "photo"
    VOICE = "voice"
    STICKER = "sticker"
    LOCATION = "location"


class Kind(StrEnum):
    """What happened on a phone."""

    SCREEN = "screen"
    """Something on it changed: ask for the person's messages anew."""
    TYPING = "typing"
    TOAST = "toast"
    """A short notice over the screen, in `PhoneEvent.text`."""


@dataclass(frozen=True)
class Person:
    """A test person: the platform's id and the name that the page shows."""

    id: str
    name: str


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style; `link` is a web address behind it."""

    text: str
    styles: tuple[Style, ...] = ()
    link: str | None = None


@dataclass(frozen=True)
class Choice:
    """A button under a bubble. `target` is the address, number or text of a button that sends nothing, else empty."""

    label: str
    kind: ChoiceKind = ChoiceKind.SEND
    target: str = ""


@dataclass(frozen=True)
class ContactCard:
    """A telephone number to keep."""

    name: str
    number: str


@dataclass(frozen=True)
class Picture:
    """An image that the platform keeps."""

    content_type: str
    body: bytes


@dataclass(frozen=True)
class Bubble:
    """One message on the screen. `id` is the platform's, `at` aware, `choices` rows of buttons.

    `picture` names an image for `Phone.picture`; `attachment` the kind of a message without text.
    """

    id: str
    author: Author
    at: datetime
    runs: tuple[Run, ...] = ()
    choices: tuple[tuple[Choice, ...], ...] = ()
    contact: ContactCard | None = None
    picture: str | None = None
    attachment: Attachment | None = None
    edited: bool = False


@dataclass(frozen=True)
class PhoneEvent:
    """Something happened on a person's phone."""

    person: str
    kind: Kind
    text: str = ""


class Phone(Protocol):
    """A platform as its test persons use it. An unknown person, message or button raises LookupError."""

    @property
    def people(self) -> Sequence[Person]: ...

    def messages(self, person: str) -> Sequence[Bubble]:
        """The conversation, oldest first."""
        ...

    def picture(self, name: str) -> Picture | None: ...

    def say(self, person: str, text: str) -> None: ...

    def attach(self, person: str, what: Attachment) -> None: ...

    def tap(self, person: str, message: str, choice: int) -> None:
        """Press a SEND button, counted through all rows from 0; the other kinds do nothing for the bot."""
        ...

    def start(self, person: str) -> None:
        """What makes the conversation begin: /start on Telegram, following the account on Zalo."""
        ...

    def block(self, person: str) -> None: ...

    def unblock(self, person: str) -> None: ...

    def blocked(self, person: str) -> bool: ...

    @property
    def watchers(self) -> Watchers:
        """Where to listen for what happens."""
        ...


class Watchers:
    """Tells everybody who listens what happened."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[PhoneEvent]] = set()

    def tell(self, event: PhoneEvent) -> None:
        for queue in self._queues:
            queue.put_nowait(event)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[PhoneEvent]]:
        """Everything told while the block lasts, in order."""
        queue: asyncio.Queue[PhoneEvent] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)
