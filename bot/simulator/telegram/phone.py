"""The screen of a person on Telegram, for the simulator's page."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.clock import VIETNAM
from bot.simulator.phone import (
    Attachment,
    Author,
    Bubble,
    Choice,
    ChoiceKind,
    ContactCard,
    Person,
    Picture,
    Run,
    Style,
)
from bot.simulator.telegram.world import ChatKind, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.simulator.phone import Watchers
    from bot.simulator.telegram.errors import Json
    from bot.simulator.telegram.platform import TelegramPlatform

_STYLES = {
    "bold": Style.BOLD,
    "italic": Style.ITALIC,
    "underline": Style.UNDERLINE,
    "strikethrough": Style.STRIKE,
    "code": Style.CODE,
    "pre": Style.CODE,
    "blockquote": Style.QUOTE,
}
_ATTACHMENTS = {
    "photo": Attachment.PHOTO,
    "voice": Attachment.VOICE,
    "sticker": Attachment.STICKER,
    "location": Attachment.LOCATION,
}


class TelegramPhone:
    """The `Phone` of all people in private chats with the bot."""

    def __init__(self, platform: TelegramPlatform) -> None:
        self._platform = platform
        self._world = platform.world

    @property
    def people(self) -> Sequence[Person]:
        chats = self._world.chats.values()
        return [Person(str(chat.id), chat.name) for chat in chats if chat.kind is ChatKind.PRIVATE]

    @property
    def watchers(self) -> Watchers:
        return self._world.watchers

    def messages(self, person: str) -> Sequence[Bubble]:
        chat = self._world.chat(_user(person))
        return [_bubble(message, self._world.bot["id"]) for message in chat.messages.values()]

    def picture(self, name: str) -> Picture | None:
        file = self._platform.files.by_id(name)
        return Picture(file.content_type, file.body) if file is not None else None

    def say(self, person: str, text: str) -> None:
        self._platform.say(_user(person), text)

    def attach(self, person: str, what: Attachment) -> None:
        match what:
            case Attachment.PHOTO:
                self._platform.send_photo(_user(person))
            case Attachment.VOICE:
                self._platform.send_voice(_user(person))
            case Attachment.STICKER:
                self._platform.send_sticker(_user(person))
            case Attachment.LOCATION:
                self._platform.send_location(_user(person))

    def tap(self, person: str, message: str, choice: int) -> None:
        self._platform.tap(_user(person), _user(message), choice)

    def start(self, person: str) -> None:
        self._platform.start(_user(person))

    def block(self, person: str) -> None:
        self._platform.block(_user(person))

    def unblock(self, person: str) -> None:
        self._platform.unblock(_user(person))

    def blocked(self, person: str) -> bool:
        return self._world.chat(_user(person)).standing is Standing.BLOCKED


def _user(person: str) -> int:
    """Raises LookupError for what is no number, as for an unknown one."""
    try:
        return int(person)
    except ValueError:
        raise LookupError(person) from None


def _bubble(message: Json, bot: int) -> Bubble:
    contact = message.get("contact")
    photo = message.get("photo")
    return Bubble(
        id=str(message["message_id"]),
        author=Author.BOT if message["from"]["id"] == bot else Author.PERSON,
        at=datetime.fromtimestamp(message["date"], VIETNAM),
        runs=_runs(message),
        choices=tuple(tuple(map(_choice, row)) for row in message.get("reply_markup", {}).get("inline_keyboard", ())),
        contact=ContactCard(contact["first_name"], contact["phone_number"]) if contact else None,
        picture=photo[-1]["file_id"] if photo else None,
        attachment=next((kind for name, kind in _ATTACHMENTS.items() if name in message), None),
        edited="edit_date" in message,
    )


def _choice(button: Json) -> Choice:
    label = str(button["text"])
    if "url" in button:
        return Choice(label, ChoiceKind.URL, str(button["url"]))
    if "copy_text" in button:
        return Choice(label, ChoiceKind.COPY, str(button["copy_text"]["text"]))
    return Choice(label)


def _runs(message: Json) -> tuple[Run, ...]:
    """The text cut wherever a style begins or ends; offsets are UTF-16 units."""
    text = str(message.get("text", message.get("caption", "")))
    entities = message.get("entities") or message.get("caption_entities") or []
    wide = text.encode("utf-16-le")
    ends = {entity["offset"] + entity["length"] for entity in entities}
    cuts = sorted({0, len(wide) // 2, *(entity["offset"] for entity in entities), *ends})
    return tuple(_run(wide, start, stop, entities) for start, stop in pairwise(cuts))


def _run(wide: bytes, start: int, stop: int, entities: Sequence[Json]) -> Run:
    over = [one for one in entities if one["offset"] <= start and stop <= one["offset"] + one["length"]]
    styles = tuple(dict.fromkeys(_STYLES[one["type"]] for one in over if one["type"] in _STYLES))
    link = next((one["url"] for one in over if one["type"] == "text_link"), None)
    return Run(wide[2 * start : 2 * stop].decode("utf-16-le", "replace"), styles, link)
