"""From one update of the Bot API to one event.

Read straight from the JSON: only the fields that count here, each of the type that it must have. The library's
`Update.de_json` builds an object for every field, takes fifteen times as long, and refuses the whole update for
something strange in a corner that nobody reads (the tests still hold our recorded updates against it).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.inbound import Channel, Event, Ignored, Inbound, Reachability, StaffMessage
from bot.channels.telegram.addressing import address_of
from bot.channels.telegram.commands import START, Typed, known_commands, typed_command
from bot.clock import VIETNAM

if TYPE_CHECKING:
    from bot.clock import Clock

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""Asked for by name each time: without a list Telegram keeps whatever was asked for before."""

MEDIA = {
    "photo": "photo",
    "live_photo": "photo",
    "voice": "voice",
    "audio": "voice",
    # Before "document": an animation comes as both.
    "animation": "video",
    "video": "video",
    "video_note": "video",
    "sticker": "sticker",
    # Before "location": a venue comes as both.
    "venue": "location",
    "location": "location",
    "contact": "contact",
    "document": "file",
    "poll": "poll",
    "dice": "dice",
    "story": "story",
    "game": "game",
    "checklist": "checklist",
    "paid_media": "paid_media",
}
"""What a message can hold instead of text → how the conversation core calls it."""

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_LARGEST = 2**63
_LAST_DATE = 2**32
_CALLBACK_ID = 256
_KNOWN_KINDS = frozenset(Update.ALL_TYPES)


@dataclass(frozen=True)
class Myself:
    """The bot as Telegram knows it; the name is known after the first `getMe`."""

    id: int
    username: str = ""


@dataclass(frozen=True)
class Parsed:
    """The event of an update, and the id of the button press that Telegram wants acknowledged, if it was one."""

    event: Event
    callback: str | None = None


class _MalformedError(Exception):
    """Not what the Bot API describes."""


class UpdateParser:
    """Reads the updates of one bot. `myself` is replaced when the bot's name becomes known.

    `staff_group` is the number of the group where staff works; nobody in it is taken for a citizen.
    """

    def __init__(self, account: str, clock: Clock, myself: Myself, staff_group: str = "") -> None:
        self.myself = myself
        self._staff_group = staff_group
        self._account = account
        self._clock = clock
        self._commands = known_commands()
        self._readers: dict[str, Callable[[Mapping[str, Any], str], Parsed]] = {
            "message": self._message,
            "edited_message": self._edited,
            "callback_query": self._pressed,
            "my_chat_member": self._membership,
        }

    def parse(self, update: object) -> Parsed:
        """The event of an update; anything that is not one gives Ignored("malformed"), never an exception."""
        try:
            root = _object(update)
            message_id = f"u{_id(root, 'update_id')}"
            for kind, read in self._readers.items():
                if kind in root:
                    return read(_object(root[kind]), message_id)
        except _MalformedError:
            return Parsed(Ignored("malformed"))
        return Parsed(Ignored(next((kind for kind in root if kind in _KNOWN_KINDS), "unknown")))

    def _edited(self, message: Mapping[str, Any], message_id: str) -> Parsed:
        """An edit is a fresh message; without text it is a moving position or the like, many times a minute."""
        return self._message(message, message_id) if _words(message) else Parsed(Ignored("edited_media"))

    def _message(self, message: Mapping[str, Any], message_id: str) -> Parsed:
        chat = _object(message.get("chat"))
        author = message.get("from")
        if author is None or "sender_chat" in message:
            # A channel, or somebody who writes in the name of a group: there is no person to remember.
            return Parsed(Ignored("channel_post" if chat.get("type") == ChatType.CHANNEL else "anonymous"))
        if _object(author).get("is_bot") is True:
            return Parsed(Ignored("bot"))
        text, command = _words(message), typed_command(_words(message))
        if self._staff_group and str(chat.get("id")) == self._staff_group:
            return Parsed(self._by_staff(message, _object(author), command))
        if not _private(chat):
            if not self._addressed(message, text, command):
                return Parsed(Ignored("not_addressed"))
            text = self._without_mention(text)
        said = self._said(message, text, command, message_id)
        if said is None:
            return Parsed(Ignored("service"))
        received = _moment(message.get("edit_date")) or _moment(message.get("date"))
        return Parsed(self._inbound(_sender(chat, _object(author)), received, said))

    def _said(
        self, message: Mapping[str, Any], text: str, command: Typed | None, message_id: str
    ) -> dict[str, Any] | None:
        """The fields of the Inbound that tell what came; None for a note of Telegram's own, such as a new title."""
        if command is not None and command.name == START:
            return {"message_id": message_id, "action": START, "start": _payload(command.rest)}
        if command is not None and (known := self._commands.get(command.name)) is not None:
            return {"message_id": message_id, "action": known.action, "text": known.text}
        media = next((name for field, name in MEDIA.items() if field in message), None)
        if text or (media is None and "text" in message):
            return {"message_id": message_id, "text": text}
        if media is None:
            return None
        album = message.get("media_group_id")
        # Ten pictures sent together are ten updates; under one id they get one answer.
        together = isinstance(album, str) and album.isascii() and album.isalnum()
        return {"message_id": f"g{album}"[:64] if together else message_id, "media": media}

    def _by_staff(self, message: Mapping[str, Any], author: Mapping[str, Any], command: Typed | None) -> Event:
        replied = message.get("reply_to_message")
        ours = replied is not None and _object(_object(replied).get("from") or {}).get("id") == self.myself.id
        return StaffMessage(
            self._account,
            self._staff_group,
            str(_id(message, "message_id")),
            str(_id(author, "id")),
            _words(message),
            command.name if command is not None else "",
            command.rest if command is not None else "",
            str(_id(_object(replied), "message_id")) if ours else None,
        )

    def _addressed(self, message: Mapping[str, Any], text: str, command: Typed | None) -> bool:
        """Whether a message in a group is meant for the bot: its command, its name, or a reply to it."""
        if command is not None and command.bot:
            return command.bot == self.myself.username.lower()
        if command is not None and (command.name == START or command.name in self._commands):
            return True
        if self.myself.username and _mention(self.myself.username).search(text):
            return True
        replied = message.get("reply_to_message")
        author = replied.get("from") if isinstance(replied, Mapping) else None
        return isinstance(author, Mapping) and author.get("id") == self.myself.id

    def _without_mention(self, text: str) -> str:
        return _mention(self.myself.username).sub("", text).strip() if self.myself.username else text

    def _pressed(self, query: Mapping[str, Any], message_id: str) -> Parsed:
        """A button press. The message under it may be too old to be shown to the bot; its chat is told even then."""
        callback = _text(query, "id")
        if not 0 < len(callback) <= _CALLBACK_ID:
            raise _MalformedError
        user, message, data = _object(query.get("from")), query.get("message"), query.get("data")
        chat = _object(_object(message).get("chat")) if message is not None else None
        if not isinstance(data, str) or not data or (chat is not None and chat.get("type") == ChatType.CHANNEL):
            return Parsed(Ignored("callback_query"), callback)
        sender = str(_id(user, "id")) if chat is None else _sender(chat, user)
        return Parsed(self._inbound(sender, None, {"message_id": message_id, "action": data}), callback)

    def _membership(self, change: Mapping[str, Any], _message_id: str) -> Parsed:
        """In a private chat "kicked" means that the person has blocked the bot, "member" that they have not."""
        chat, status = _object(change.get("chat")), _object(change.get("new_chat_member")).get("status")
        if not _private(chat) or status not in (ChatMemberStatus.BANNED, ChatMemberStatus.MEMBER):
            return Parsed(Ignored("my_chat_member"))
        happened = _moment(change.get("date")) or self._clock()
        reachable = status == ChatMemberStatus.MEMBER
        return Parsed(Reachability(self._account, address_of(_id(chat, "id")), happened, reachable))

    def _inbound(self, sender: str, received: datetime | None, said: Mapping[str, Any]) -> Inbound:
        return Inbound(self._account, Channel.TELEGRAM, sender, received=received or self._clock(), **said)


@cache
def _mention(username: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)@{re.escape(username)}(?!\w)[ ,:]*", re.IGNORECASE)


def _private(chat: Mapping[str, Any]) -> bool:
    return chat.get("type") == ChatType.PRIVATE


def _sender(chat: Mapping[str, Any], user: Mapping[str, Any]) -> str:
    return address_of(_id(chat, "id"), None if _private(chat) else _id(user, "id"))


def _words(message: Mapping[str, Any]) -> str:
    """What was typed: the text, or the caption under a picture."""
    return _text(message, "text" if "text" in message else "caption").strip()


def _payload(rest: str) -> str | None:
    """The code of a link; anybody can type one, so anything else is dropped."""
    return rest if _PAYLOAD.fullmatch(rest) else None


def _moment(seconds: object) -> datetime | None:
    """A date of the Bot API; 0 stands for a message too old to be told about."""
    if type(seconds) is not int or not 0 < seconds < _LAST_DATE:
        return None
    return datetime.fromtimestamp(seconds, VIETNAM)


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _MalformedError
    return value


def _id(values: Mapping[str, Any], name: str) -> int:
    value = values.get(name)
    if type(value) is not int or not -_LARGEST < value < _LARGEST:
        raise _MalformedError
    return value


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name, "")
    if not isinstance(value, str):
        raise _MalformedError
    return value
