"""What people do on the platform: write, tap, send things, block, talk in groups."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.simulator.telegram.errors import Json
from bot.simulator.telegram.files import Files, drawn_photo, photo_sizes
from bot.simulator.telegram.ids import numbers
from bot.simulator.telegram.markup import units
from bot.simulator.telegram.world import Chat, ChatKind, Standing, World

if TYPE_CHECKING:
    from bot.simulator.telegram.updates import Update, UpdateQueue

_MARKED = re.compile(r"(?:(?<=\s)|^)(?P<command>/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(?P<mention>@\w{5,32})")
_VOICE = b"OggS\0\2" + bytes(22)
_DAY_ONE = 0
"""`until_date` of a ban without end."""


class People:
    """The users' side. Everything gives the update that it caused; an unknown chat or message raises LookupError.

    `user` is the id of a person, and of their private chat with the bot; `chat` a group, when it is not that one.
    """

    def __init__(self, world: World, queue: UpdateQueue, files: Files) -> None:
        self._world, self._queue, self._files = world, queue, files
        self._person_ids, self._group_ids = count(70_001), count(50_001)
        self._callback_ids = numbers(world.clock)

    def add_person(
        self, name: str, *, user: int | None = None, language: str = "vi", standing: Standing = Standing.OPEN
    ) -> int:
        """Somebody with an account; OPEN means that they have started the bot. Gives their id."""
        number = next(self._person_ids) if user is None else user
        self._world.chats[number] = Chat(number, ChatKind.PRIVATE, name, language, standing)
        return number

    def add_group(self, title: str, kind: ChatKind = ChatKind.GROUP) -> int:
        """A group or channel in which the bot is a member; its id is below zero."""
        number = next(self._group_ids)
        chat_id = int(f"-{number}" if kind is ChatKind.GROUP else f"-100{number:010d}")
        self._world.chats[chat_id] = Chat(chat_id, kind, title)
        return chat_id

    def say(self, user: int, text: str, *, chat: int | None = None, reply_to: int | None = None) -> Update:
        content: Json = {"text": text}
        if entities := _entities(text):
            content["entities"] = entities
        return self.send(user, content, chat=chat, reply_to=reply_to)

    def start(self, user: int, payload: str = "") -> Update:
        """Press Start, with the payload of a link if there was one; somebody who had blocked the bot unblocks it."""
        if self._world.chat(user).standing is Standing.BLOCKED:
            self.unblock(user)
        return self.say(user, f"/start {payload}".rstrip())

    def send(self, user: int, content: Json, *, chat: int | None = None, reply_to: int | None = None) -> Update:
        """A message with any content, as it goes over the wire."""
        place, person = self._world.chat(user if chat is None else chat), self._world.chat(user)
        if reply_to is not None:
            content = {**content, "reply_to_message": _bare(place.messages[reply_to])}
        if place is person and person.standing is Standing.NEVER_STARTED:
            person.standing = Standing.OPEN
        return self._queue.add("message", place.id, dict(self._world.write(place, person.user, content)))

    def send_photo(self, user: int, caption: str = "", *, body: bytes | None = None, chat: int | None = None) -> Update:
        photo = self._files.keep("photos", "image/png", drawn_photo() if body is None else body)
        content: Json = {"photo": photo_sizes(photo)}
        return self.send(user, {**content, "caption": caption} if caption else content, chat=chat)

    def send_voice(self, user: int, seconds: int = 3) -> Update:
        voice = self._files.keep("voice", "audio/ogg", _VOICE)
        return self.send(user, {"voice": {**voice.wire, "duration": seconds, "mime_type": voice.content_type}})

    def send_sticker(self, user: int, emoji: str = "\N{WAVING HAND SIGN}") -> Update:
        file = self._files.keep("stickers", "image/png", drawn_photo(64, 64))
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self.send(user, {"sticker": {**file.wire, **shape, "emoji": emoji}})

    def send_location(self, user: int, latitude: float = 16.0471, longitude: float = 108.2062) -> Update:
        return self.send(user, {"location": {"latitude": latitude, "longitude": longitude}})

    def send_contact(self, user: int, number: str, *, of: int | None = None) -> Update:
        """Somebody's telephone number: the person's own, or a forwarded card of somebody else."""
        whose = self._world.chat(user if of is None else of)
        contact = {"phone_number": number, "first_name": whose.name, "user_id": whose.id}
        return self.send(user, {"contact": contact})

    def edit(self, user: int, message_id: int, text: str, *, chat: int | None = None) -> Update:
        """Change an own message."""
        place = self._world.chat(user if chat is None else chat)
        message = place.messages[message_id]
        message |= {"text": text, "entities": _entities(text), "edit_date": self._world.seconds}
        self._world.changed(place)
        return self._queue.add("edited_message", place.id, dict(message))

    def tap(self, user: int, message_id: int, button_index: int, *, chat: int | None = None) -> Update:
        """Press a button that sends something, counted through all rows from 0. Raises LookupError for any other."""
        place = self._world.chat(user if chat is None else chat)
        message = place.messages[message_id]
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        return self.press(user, buttons[button_index]["callback_data"], message=message, chat=chat)

    def press(self, user: int, data: str, *, message: Json | None = None, chat: int | None = None) -> Update:
        """A button press with any data; without a message, as when it is too old to be shown."""
        place = self._world.chat(user if chat is None else chat)
        number = f"{self._world.bot['id']}{next(self._callback_ids)}"
        self._world.press(number, place)
        if message is None:
            message = {"message_id": 1, "chat": place.wire, "date": 0}
        press = {"id": number, "from": self._world.chat(user).user, "message": dict(message), "data": data}
        return self._queue.add("callback_query", place.id, {**press, "chat_instance": str(place.id)})

    def block(self, user: int) -> Update:
        return self._move(self._world.chat(user), Standing.BLOCKED, "member", "kicked")

    def unblock(self, user: int) -> Update:
        return self._move(self._world.chat(user), Standing.OPEN, "kicked", "member")

    def deactivate(self, user: int) -> None:
        """Delete the person's account; the bot is not told."""
        self._world.chat(user).standing = Standing.DEACTIVATED

    def remove_bot(self, user: int, group: int) -> Update:
        """Throw the bot out of a group."""
        return self._move(self._world.chat(group), Standing.KICKED, "member", "kicked", by=user)

    def upgrade(self, user: int, group: int) -> int:
        """Turn a group into a supergroup, with a new id; the bot is told in both."""
        old = self._world.chat(group)
        new = self.add_group(old.name, ChatKind.SUPERGROUP)
        self.send(user, {"migrate_to_chat_id": new}, chat=group)
        self.send(user, {"migrate_from_chat_id": group}, chat=new)
        old.moved_to = new
        return new

    def post(self, channel: int, text: str) -> Update:
        """A post in a channel."""
        place = self._world.chat(channel)
        message = self._world.write(place, None, {"text": text, "sender_chat": place.wire})
        return self._queue.add("channel_post", place.id, dict(message))

    def something_new(self, user: int, kind: str, content: Json) -> Update:
        """An update of a kind that the bot may not know."""
        return self._queue.add(kind, self._world.chat(user).id, content)

    def _move(self, place: Chat, standing: Standing, old: str, new: str, *, by: int | None = None) -> Update:
        place.standing = standing
        who = place.user if by is None else self._world.chat(by).user
        self._world.changed(place)
        change = {"chat": place.wire, "from": who, "date": self._world.seconds}
        change |= {"old_chat_member": self._member(old), "new_chat_member": self._member(new)}
        return self._queue.add("my_chat_member", place.id, change)

    def _member(self, status: str) -> Json:
        member: dict[str, Any] = {"user": self._world.bot, "status": status}
        return {**member, "until_date": _DAY_ONE} if status == "kicked" else member


def _bare(message: Json) -> Json:
    """A message as it stands inside an answer to it."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def _entities(text: str) -> list[Json]:
    """Commands and mentions, which Telegram marks in what people write."""
    return [
        {
            "type": "bot_command" if found["command"] else "mention",
            "offset": units(text[: found.start()]),
            "length": units(found[0]),
        }
        for found in _MARKED.finditer(text)
    ]
