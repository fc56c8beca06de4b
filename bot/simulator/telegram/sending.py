"""The methods that put something on a person's screen or change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.simulator.phone import Kind, PhoneEvent
from bot.simulator.telegram.errors import Json, bad_request
from bot.simulator.telegram.files import Files, photo_sizes
from bot.simulator.telegram.keyboard import inline_keyboard
from bot.simulator.telegram.markup import parse_html, trimmed, units

if TYPE_CHECKING:
    from bot.simulator.telegram.call import Call
    from bot.simulator.telegram.world import World

MAX_TEXT = 4096
"""UTF-16 units, after the markup is taken out."""
MAX_CAPTION = 1024

_CHAT_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)


class Sending:
    """sendMessage and its relatives."""

    def __init__(self, world: World, files: Files) -> None:
        self._world, self._files = world, files

    async def sendmessage(self, call: Call) -> Json:
        return self._send(call, _text_content(call))

    async def sendphoto(self, call: Call) -> Json:
        caption, entities = marked(call, "caption", "caption_entities")
        if units(caption) > MAX_CAPTION:
            raise bad_request("message caption is too long")
        content: Json = {"photo": photo_sizes(self._files.photo(call))}
        if caption:
            content["caption"] = caption
        if entities:
            content["caption_entities"] = entities
        return self._send(call, content)

    async def sendcontact(self, call: Call) -> Json:
        contact = {name: call.text(name) for name in ("phone_number", "first_name", "last_name") if call.text(name)}
        if "phone_number" not in contact:
            raise bad_request("phone number is empty")
        if "first_name" not in contact:
            raise bad_request("contact first name is empty")
        return self._send(call, {"contact": contact})

    async def sendchataction(self, call: Call) -> bool:
        chat = self._world.writable(call.text("chat_id"))
        if call.text("action") not in _CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._world.watchers.tell(PhoneEvent(str(chat.id), Kind.TYPING))
        return True

    async def editmessagetext(self, call: Call) -> Json:
        return self._edit(call, _text_content(call))

    async def editmessagereplymarkup(self, call: Call) -> Json:
        chat = self._world.readable(call.text("chat_id"))
        old = self._world.own_message(chat, call.integer("message_id"))
        return self._edit(call, {name: old[name] for name in ("text", "entities") if name in old})

    async def answercallbackquery(self, call: Call) -> bool:
        chat = self._world.answer(call.text("callback_query_id"))
        if text := call.text("text"):
            self._world.watchers.tell(PhoneEvent(str(chat), Kind.TOAST, text))
        return True

    def _send(self, call: Call, content: Json) -> Json:
        markup = call.parsed("reply_markup")
        chat = self._world.writable(call.text("chat_id"))
        if keyboard := inline_keyboard(markup):
            content["reply_markup"] = keyboard
        return self._world.write(chat, self._world.bot, content)

    def _edit(self, call: Call, content: Json) -> Json:
        chat = self._world.writable(call.text("chat_id"))
        old = self._world.own_message(chat, call.integer("message_id"))
        if keyboard := inline_keyboard(call.parsed("reply_markup")):
            content["reply_markup"] = keyboard
        if all(old.get(name) == content.get(name) for name in ("text", "entities", "reply_markup")):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same as "
                "a current content and reply markup of the message"
            )
        for name in ("text", "entities", "reply_markup"):
            old.pop(name, None)
        old |= {**content, "edit_date": self._world.seconds}
        self._world.changed(chat)
        return old


def _text_content(call: Call) -> Json:
    text, entities = marked(call, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def marked(call: Call, text: str, entities: str) -> tuple[str, list[Any]]:
    """A text and its entities, from markup or given apart. Raises ApiError 400."""
    mode = call.text("parse_mode").lower()
    if mode == "html":
        return parse_html(call.text(text))
    if mode:
        raise bad_request("unsupported parse_mode")
    return trimmed(call.text(text), call.parsed(entities) or [])
