"""Who is on the platform and what has been written: chats, members, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.simulator.phone import Kind, PhoneEvent, Watchers
from bot.simulator.telegram.errors import ApiError, Json, bad_request, forbidden
from bot.simulator.telegram.ids import numbers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.clock import Clock

KEPT_MESSAGES = 1_000
"""Messages remembered in a chat; older ones can no longer be edited or tapped."""
CALLBACK_SECONDS = 15.0
"""How long a button press can be answered; measured by others, not documented."""


class Standing(StrEnum):
    """How the bot stands in a chat."""

    OPEN = "open"
    NEVER_STARTED = "never_started"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    RESTRICTED = "restricted"
    KICKED = "kicked"
    LEFT = "left"
    DELETED = "deleted"


class ChatKind(StrEnum):
    """The platform's own words."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass
class Chat:
    """A conversation. A private chat has its person's id and name."""

    id: int
    kind: ChatKind
    name: str
    language: str = "vi"
    standing: Standing = Standing.OPEN
    moved_to: int | None = None
    messages: dict[int, Json] = field(default_factory=dict)

    @property
    def wire(self) -> Json:
        name = "first_name" if self.kind is ChatKind.PRIVATE else "title"
        return {"id": self.id, "type": str(self.kind), name: self.name}

    @property
    def user(self) -> Json:
        """The person of a private chat, as the sender of a message."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}


class World:
    """The platform as one bot sees it."""

    def __init__(self, bot_id: int, clock: Clock) -> None:
        self.clock = clock
        self.watchers = Watchers()
        self.chats: dict[int, Chat] = {}
        self.bot: Json = {
            "id": bot_id,
            "is_bot": True,
            "first_name": "Trợ lý BHYT",
            "username": "bhyt_simulator_bot",
        }
        self.me: Json = {
            **self.bot,
            "can_join_groups": True,
            "can_read_all_group_messages": True,
            "supports_inline_queries": False,
        }
        self._message_ids = numbers(clock)
        self._presses: dict[str, tuple[datetime, int]] = {}

    @property
    def seconds(self) -> int:
        """The present as the platform writes it."""
        return int(self.clock().timestamp())

    def chat(self, chat_id: int) -> Chat:
        """Raises LookupError."""
        return self.chats[chat_id]

    def writable(self, chat_id: str) -> Chat:
        """The chat that the bot wants to write to. Raises the ApiError that tells why it cannot."""
        chat = self.readable(chat_id)
        if chat.moved_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if chat.standing is not Standing.OPEN:
            raise _refusal(chat)
        return chat

    def readable(self, chat_id: str) -> Chat:
        """Raises ApiError 400 for a chat that does not exist."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        try:
            return self.chats[int(chat_id)]
        except (KeyError, ValueError):
            raise bad_request("chat not found") from None

    def write(self, chat: Chat, sender: Json | None, content: Json) -> Json:
        """Put a message into a chat, and what it is over the wire."""
        message: Json = {"message_id": next(self._message_ids), "date": self.seconds, "chat": chat.wire}
        if sender is not None:
            message["from"] = sender
        message |= content
        chat.messages[message["message_id"]] = message
        if len(chat.messages) > KEPT_MESSAGES:
            del chat.messages[next(iter(chat.messages))]
        self.changed(chat)
        return message

    def own_message(self, chat: Chat, message_id: int) -> Json:
        """A message of the bot. Raises ApiError 400 when it is gone or somebody else's."""
        message = chat.messages.get(message_id)
        if message is None:
            raise bad_request("message to edit not found")
        if message.get("from", {}).get("id") != self.bot["id"]:
            raise bad_request("message can't be edited")
        return message

    def changed(self, chat: Chat) -> None:
        self.watchers.tell(PhoneEvent(str(chat.id), Kind.SCREEN))

    def press(self, callback_id: str, chat: Chat) -> None:
        """Remember when and where a button was pressed."""
        now = self.clock()
        self._presses[callback_id] = (now, chat.id)
        while self._too_old(oldest := next(iter(self._presses)), now):
            del self._presses[oldest]

    def answer(self, callback_id: str) -> int:
        """The chat of a press. Raises ApiError 400 for a press that is unknown or too old."""
        if callback_id not in self._presses or self._too_old(callback_id, self.clock()):
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return self._presses[callback_id][1]

    def _too_old(self, callback_id: str, now: datetime) -> bool:
        return (now - self._presses[callback_id][0]).total_seconds() > CALLBACK_SECONDS


def _refusal(chat: Chat) -> ApiError:
    match chat.standing:
        case Standing.BLOCKED:
            return forbidden("bot was blocked by the user")
        case Standing.DEACTIVATED:
            return forbidden("user is deactivated")
        case Standing.NEVER_STARTED:
            return forbidden("bot can't initiate conversation with a user")
        case Standing.RESTRICTED:
            return forbidden("bot can't send messages to the user")
        case Standing.DELETED:
            return forbidden("the group chat was deleted")
        case Standing.LEFT:
            return forbidden(f"bot is not a member of the {_place(chat)} chat")
    return forbidden(f"bot was kicked from the {_place(chat)} chat")


def _place(chat: Chat) -> str:
    return str(chat.kind)
