"""Updates as Telegram sends them, and the events that they are.

Names and ids are replaced. Unless a row says otherwise the shapes are those of Bot API 10.0 (2026-05).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.inbound import Channel, Event, Ignored, Inbound, Reachability
from bot.channels.telegram.parsing import Myself
from bot.clock import VIETNAM
from tests.channels.telegram.support import ACCOUNT, NOON

Json = dict[str, Any]

MYSELF = Myself(123456789, "bhyt_hssv_bot")
API = "Bot API 10.0, 2026-05"
SRV = "tdlib/telegram-bot-api 01a3679, 2026-05-07"
SENT = datetime(2026, 9, 5, 11, 58, 20, tzinfo=VIETNAM)
DATE = int(SENT.timestamp())
EDITED = DATE + 60

AN = {"id": 700001, "is_bot": False, "first_name": "An", "language_code": "vi"}
BOT = {"id": 123456789, "is_bot": True, "first_name": "BHYT", "username": "bhyt_hssv_bot"}
OTHER_BOT = {"id": 5, "is_bot": True, "first_name": "X", "username": "x_bot"}
PRIVATE = {"id": 700001, "first_name": "An", "type": "private"}
GROUP = {"id": -100500001, "title": "Lớp 6A", "type": "supergroup"}
CHANNEL = {"id": -100600001, "title": "Tin", "type": "channel"}
FILE = {"file_id": "AgAC", "file_unique_id": "Ag"}
PHOTO = [{**FILE, "width": 90, "height": 51, "file_size": 1101}]
POLL = {
    "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
    "type": "regular", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
}  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """`callback` is the press that has to be acknowledged."""

    name: str
    source: str
    update: Json
    event: Event
    callback: str | None = None


def said(content: Json, chat: Json = PRIVATE, user: Json | None = AN, **more: Any) -> Json:
    sender = {} if user is None else {"from": user}
    return {"message_id": 31, "date": DATE, "chat": chat, **sender, **content, **more}


def update(kind: str, content: Json) -> Json:
    return {"update_id": 10_001, kind: content}


def inbound(**fields: Any) -> Inbound:
    values = {"sender": "700001", "message_id": "u10001", "received": SENT, **fields}
    return Inbound(ACCOUNT, Channel.TELEGRAM, **values)


def command(text: str) -> Json:
    length = len(text.split(maxsplit=1)[0])
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


def private(name: str, content: Json, source: str = API, **fields: Any) -> Recorded:
    return Recorded(name, source, update("message", said(content)), inbound(**fields))


def group(name: str, content: Json, event: Event | None = None, source: str = API, **fields: Any) -> Recorded:
    expected = event or inbound(sender="-100500001:700001", **fields)
    return Recorded(name, source, update("message", said(content, GROUP)), expected)


def other(name: str, kind: str, content: Json, event: Event, source: str = API) -> Recorded:
    return Recorded(name, source, update(kind, content), event)


def press(name: str, content: Json, event: Event, source: str = API) -> Recorded:
    query = {"id": "530000001", "from": AN, "chat_instance": "-77", **content}
    return Recorded(name, source, update("callback_query", query), event, "530000001")


def member(chat: Json, status: str) -> Json:
    until = {"until_date": 0} if status == "kicked" else {}
    return {
        "chat": chat,
        "from": AN,
        "date": DATE,
        "old_chat_member": {"user": BOT, "status": "left"},
        "new_chat_member": {"user": BOT, "status": status, **until},
    }


UNDER_BUTTON = said({"text": "Chọn"}, user=BOT)
NOT_ADDRESSED = Ignored("not_addressed")
VENUE = {"location": {"latitude": 16.0, "longitude": 108.0}, "title": "BHXH", "address": "Đà Nẵng"}
CARD = {"phone_number": "+84900000000", "first_name": "An", "user_id": 700001}

RECORDED = [
    private("text", {"text": " Em đóng bao nhiêu? "}, text="Em đóng bao nhiêu?"),
    private("text of white space", {"text": " \n"}, text=""),
    private("start", command("/start"), action="start"),
    private("start with a code", command("/start truong_THCS-1"), action="start", start="truong_THCS-1"),
    private("start with nonsense", command("/start <script>"), action="start"),
    private("start with too long a code", command("/start " + "a" * 65), action="start"),
    private("command", command("/menu"), action="menu"),
    private("command with words", command("/Menu abc"), action="menu"),
    private("command that stands for words", command("/dung"), text="dừng nhận tin"),
    private("command with the bot's name", command("/english@bhyt_hssv_bot"), action="lang:en"),
    private("unknown command", command("/thoitiet mai"), text="/thoitiet mai"),
    private("caption", {"photo": PHOTO, "caption": "thẻ này còn hạn không"}, text="thẻ này còn hạn không"),
    private("photo", {"photo": PHOTO}, media="photo"),
    private("photo with an empty caption", {"photo": PHOTO, "caption": " "}, media="photo"),
    private("album", {"photo": PHOTO, "media_group_id": "138"}, media="photo", message_id="g138"),
    private("voice", {"voice": {**FILE, "duration": 2}}, media="voice"),
    private("audio", {"audio": {**FILE, "duration": 2}}, media="voice"),
    private("video", {"video": {**FILE, "width": 1, "height": 1, "duration": 1}}, media="video"),
    private("video note", {"video_note": {**FILE, "length": 1, "duration": 1}}, media="video"),
    private("animation", {"animation": {**FILE, "width": 1, "height": 1, "duration": 1}, "document": FILE},
            media="video"),
    private("document", {"document": {**FILE, "file_name": "a.pdf"}}, media="file"),
    private("sticker", {"sticker": {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False,
                                    "is_video": False}}, media="sticker"),
    private("location", {"location": {"latitude": 16.0, "longitude": 108.0}}, media="location"),
    private("venue", {"venue": VENUE, "location": VENUE["location"]}, media="location"),
    private("contact", {"contact": CARD}, media="contact"),
    private("poll", {"poll": POLL}, media="poll"),
    private("dice", {"dice": {"emoji": "🎲", "value": 3}}, media="dice"),
    private("forwarded", {"text": "xem này", "forward_origin": {"type": "hidden_user", "date": DATE,
                                                                "sender_user_name": "B"}}, text="xem này"),
    other("edited text", "edited_message", said({"text": "Em lớp 6"}, edit_date=EDITED),
          inbound(text="Em lớp 6", received=datetime.fromtimestamp(EDITED, VIETNAM))),
    other("moving position", "edited_message", said({"location": {"latitude": 16.0, "longitude": 108.0}},
                                                    edit_date=EDITED), Ignored("edited_media")),
    other("note of Telegram's own", "message", said({"pinned_message": UNDER_BUTTON}), Ignored("service")),
    other("another bot", "message", said({"text": "hi"}, user=OTHER_BOT), Ignored("bot")),
    press("press", {"message": UNDER_BUTTON, "data": "entry:where"}, inbound(action="entry:where", received=NOON)),
    press("press on an old message", {"message": {"chat": PRIVATE, "message_id": 1, "date": 0}, "data": "menu"},
          inbound(action="menu", received=NOON)),
    press("press without a message", {"inline_message_id": "x", "data": "menu"},
          inbound(action="menu", received=NOON)),
    press("press whose action stayed here", {"message": UNDER_BUTTON, "data": "@41.2"},
          inbound(action="@41.2", received=NOON)),
    press("press in a group", {"message": said({"text": "Chọn"}, GROUP, BOT), "data": "menu"},
          inbound(sender="-100500001:700001", action="menu", received=NOON)),
    press("press in a channel", {"message": said({"text": "Chọn"}, CHANNEL, None), "data": "menu"},
          Ignored("callback_query")),
    press("game", {"message": UNDER_BUTTON, "game_short_name": "x"}, Ignored("callback_query")),
    group("not for us", {"text": "chiều nay họp"}, NOT_ADDRESSED),
    group("media in a group", {"photo": PHOTO}, NOT_ADDRESSED),
    group("by name", {"text": "@BHYT_hssv_bot, em đóng bao nhiêu?"}, text="em đóng bao nhiêu?"),
    group("by name at the end", {"text": "đóng ở đâu @bhyt_hssv_bot"}, text="đóng ở đâu"),
    group("by name alone", {"text": "@bhyt_hssv_bot"}, text=""),
    group("by name in a caption", {"photo": PHOTO, "caption": "@bhyt_hssv_bot"}, media="photo"),
    group("a longer name", {"text": "@bhyt_hssv_bot2 ơi"}, NOT_ADDRESSED),
    group("a name in an address", {"text": "an@bhyt_hssv_bot"}, NOT_ADDRESSED),
    group("by reply", {"text": "còn lớp 7?", "reply_to_message": said({"text": "…"}, GROUP, BOT)}, text="còn lớp 7?"),
    group("reply to somebody else", {"text": "ừ", "reply_to_message": said({"text": "…"}, GROUP)}, NOT_ADDRESSED),
    group("command in a group", command("/menu"), action="menu"),
    group("command for us in a group", command("/menu@bhyt_hssv_bot"), action="menu"),
    group("start from a group link", command("/start@bhyt_hssv_bot truong1"), action="start", start="truong1"),
    group("command for another bot", command("/menu@x_bot"), NOT_ADDRESSED),
    group("unknown command in a group", command("/thoitiet"), NOT_ADDRESSED),
    other("in the group's name", "message", said({"text": "/menu"}, GROUP, sender_chat=GROUP), Ignored("anonymous")),
    other("blocked", "my_chat_member", member(PRIVATE, "kicked"), Reachability(ACCOUNT, "700001", SENT, False), SRV),
    other("unblocked", "my_chat_member", member(PRIVATE, "member"), Reachability(ACCOUNT, "700001", SENT, True), SRV),
    other("thrown out of a group", "my_chat_member", member(GROUP, "kicked"), Ignored("my_chat_member")),
    other("channel post", "channel_post", said({"text": "tin", "sender_chat": CHANNEL}, CHANNEL, None),
          Ignored("channel_post")),
    other("channel post as a message", "message", said({"text": "tin", "sender_chat": CHANNEL}, CHANNEL, None),
          Ignored("channel_post")),
    other("other kind", "poll", POLL, Ignored("poll")),
    other("kind of tomorrow", "something_new", {}, Ignored("unknown")),
]  # fmt: skip
