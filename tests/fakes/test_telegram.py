"""The fake Telegram against python-telegram-bot's own classes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession, FormData
from telegram import (
    Bot,
    BotCommand,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    MessageEntity,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.simulator.phone import Kind
from bot.simulator.telegram.files import drawn_photo
from bot.simulator.telegram.world import ChatKind, Standing
from tests.fakes.faults import gateway_page
from tests.fakes.telegram import TOKEN, FakeTelegram, flood, refusal

if TYPE_CHECKING:
    from telegram.error import TelegramError


def keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button] for button in buttons])


async def test_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (123456789, True, "bhyt_simulator_bot")


async def test_a_text_with_style_and_buttons(fake: FakeTelegram, bot: Bot, an: int) -> None:
    buttons = keyboard(
        InlineKeyboardButton("Đóng ở đâu?", callback_data="entry:where"),
        InlineKeyboardButton("Trang web", url="https://baohiemxahoi.gov.vn"),
        InlineKeyboardButton("Chép", copy_text=CopyTextButton("19009068")),
    )
    sent = await bot.send_message(an, "<b>Mức đóng</b>\nA &lt; B", parse_mode="HTML", reply_markup=buttons)
    assert sent.text == "Mức đóng\nA < B"
    assert sent.parse_entities() == {MessageEntity("bold", 0, 8): "Mức đóng"}
    assert sent.reply_markup == buttons
    assert sent.date.timestamp() == pytest.approx(fake.clock().timestamp(), abs=60)
    assert fake.shown(an) == ["Mức đóng\nA < B"]
    [call] = fake.called("sendMessage")
    assert (call.chat, call.text, call.status) == (str(an), "<b>Mức đóng</b>\nA &lt; B", 200)


async def test_a_photo_by_upload_and_by_id(fake: FakeTelegram, bot: Bot, an: int) -> None:
    first = await bot.send_photo(an, drawn_photo(40, 30), caption="<i>Thẻ</i>", parse_mode="HTML")
    assert (first.photo[-1].width, first.photo[-1].height, first.caption) == (40, 30, "Thẻ")
    again = await bot.send_photo(an, first.photo[-1].file_id)
    assert again.photo == first.photo
    file = await bot.get_file(first.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == drawn_photo(40, 30)


async def test_a_contact_and_typing(fake: FakeTelegram, bot: Bot, an: int) -> None:
    with fake.platform.world.watchers.listen() as happened:
        assert await bot.send_chat_action(an, ChatAction.TYPING)
        sent = await bot.send_contact(an, "+8419009068", "Tổng đài")
    assert (sent.contact.phone_number, sent.contact.first_name) == ("+8419009068", "Tổng đài")
    assert [happened.get_nowait().kind for _ in range(2)] == [Kind.TYPING, Kind.SCREEN]


async def test_editing(bot: Bot, an: int) -> None:
    sent = await bot.send_message(an, "Chọn", reply_markup=keyboard(InlineKeyboardButton("A", callback_data="a")))
    edited = await bot.edit_message_reply_markup(an, sent.message_id)
    assert edited.text == "Chọn"
    assert edited.reply_markup is None
    again = await bot.edit_message_text("Đã chọn", an, sent.message_id)
    assert again.text == "Đã chọn"
    assert again.edit_date is not None


async def test_what_operators_set_up(bot: Bot, an: int) -> None:
    commands = (BotCommand("start", "Bắt đầu"), BotCommand("help", "Trợ giúp"))
    assert await bot.set_my_commands(commands)
    assert await bot.set_my_commands([BotCommand("start", "Begin")], language_code="en")
    assert await bot.get_my_commands() == commands
    assert (await bot.get_my_commands(language_code="en"))[0].description == "Begin"
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.get_chat_menu_button(an) == MenuButtonCommands()
    assert await bot.set_my_description("Hỏi đáp BHYT")
    assert await bot.set_my_short_description("BHYT")
    assert (await bot.get_my_description(language_code="en")).description == "Hỏi đáp BHYT"


async def test_a_tap_is_answered_once_it_is_fresh(fake: FakeTelegram, bot: Bot, an: int) -> None:
    sent = await bot.send_message(an, "Chọn", reply_markup=keyboard(InlineKeyboardButton("A", callback_data="a")))
    fake.platform.tap(an, sent.message_id, 0)
    [update] = await bot.get_updates()
    assert update.callback_query is not None
    assert (update.callback_query.data, update.callback_query.from_user.id) == ("a", an)
    with fake.platform.world.watchers.listen() as happened:
        assert await update.callback_query.answer("Đã nhận")
    assert happened.get_nowait().text == "Đã nhận"


async def test_only_buttons_that_send_something_can_be_tapped(fake: FakeTelegram, bot: Bot, an: int) -> None:
    sent = await bot.send_message(an, "x", reply_markup=keyboard(InlineKeyboardButton("A", url="https://a.vn")))
    with pytest.raises(LookupError):
        fake.platform.tap(an, sent.message_id, 0)
    with pytest.raises(LookupError):
        fake.platform.tap(an, sent.message_id, 1)


@pytest.mark.parametrize("form", ["json", "form", "multipart", "query"])
async def test_every_way_to_pass_parameters(fake: FakeTelegram, an: int, form: str) -> None:
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    values = {"chat_id": str(an), "text": "Chào", "reply_markup": json.dumps(markup)}
    multipart = FormData(default_to_multipart=True)
    for name, value in values.items():
        multipart.add_field(name, value)
    how = {
        "json": {"json": {"chat_id": an, "text": "Chào", "reply_markup": markup}},
        "form": {"data": values},
        "multipart": {"data": multipart},
        "query": {"params": values},
    }
    async with (
        ClientSession() as client,
        client.post(f"{fake.base_url}{TOKEN}/SENDMESSAGE", **how[form]) as response,
    ):
        result = (await response.json())["result"]
    assert (result["text"], result["reply_markup"]) == ("Chào", markup)


async def test_updates_stay_until_they_are_confirmed(fake: FakeTelegram, bot: Bot, an: int) -> None:
    first, second = fake.platform.say(an, "một"), fake.platform.say(an, "hai")
    assert [update.update_id for update in await bot.get_updates()] == [first.id, second.id]
    assert [update.update_id for update in await bot.get_updates(limit=1)] == [first.id]
    assert [update.update_id for update in await bot.get_updates(offset=second.id)] == [second.id]
    assert await bot.get_updates(offset=second.id + 1) == ()


async def test_a_negative_offset_skips_all_but_the_last(fake: FakeTelegram, bot: Bot, an: int) -> None:
    for text in "abc":
        fake.platform.say(an, text)
    assert [update.message.text for update in await bot.get_updates(offset=-1)] == ["c"]


async def test_a_long_poll_waits_for_the_first_update(fake: FakeTelegram, bot: Bot, an: int) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.asked("getUpdates")
    fake.platform.say(an, "chào")
    assert [update.message.text for update in await poll] == ["chào"]


async def test_a_second_poll_ends_the_first(fake: FakeTelegram, bot: Bot, an: int) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.asked("getUpdates")
    async with Bot(fake.token, base_url=fake.base_url) as twin:
        assert await twin.get_updates(timeout=0) == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await poll


async def test_a_stopping_server_lets_polls_go(bot: Bot, an: int) -> None:
    async with FakeTelegram() as other, Bot(other.token, base_url=other.base_url) as listening:
        poll = asyncio.create_task(listening.get_updates(timeout=30))
        await other.asked("getUpdates")
        await other._stack.aclose()
        assert await poll == ()


async def test_only_the_kinds_that_were_asked_for(fake: FakeTelegram, bot: Bot, an: int) -> None:
    assert await bot.get_updates(allowed_updates=["message"]) == ()
    fake.platform.block(an)
    fake.platform.unblock(an)
    fake.platform.say(an, "chào")
    [update] = await bot.get_updates()
    assert update.message is not None
    await bot.get_updates(offset=update.update_id + 1, allowed_updates=[])
    fake.platform.something_new(an, "message_reaction", {})
    fake.platform.block(an)
    [update] = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"


async def test_everything_that_people_send_is_understood(fake: FakeTelegram, bot: Bot, an: int) -> None:
    people = fake.platform
    said = people.say(an, "/start truong-a")
    people.edit(an, said.body["message"]["message_id"], "/help")
    people.send_photo(an, "thẻ của em")
    people.send_voice(an)
    people.send_sticker(an)
    people.send_location(an)
    people.send_contact(an, "+84900000000")
    people.press(an, "old:button")
    people.block(an)
    people.unblock(an)
    people.something_new(an, "quantum_message", {"spin": 1})
    updates = await bot.get_updates()
    assert [[name for name in update.to_dict() if name != "update_id"] for update in updates] == [
        ["message"],
        ["edited_message"],
        *[["message"]] * 5,
        ["callback_query"],
        *[["my_chat_member"]] * 2,
        ["quantum_message"],
    ]
    assert updates[0].message.parse_entities(["bot_command"]) == {MessageEntity("bot_command", 0, 6): "/start"}
    kinds = [update.message.effective_attachment for update in updates[2:7]]
    assert all(kinds)
    assert updates[4].message.sticker.emoji
    assert updates[6].message.contact.user_id == an


async def test_groups_and_channels(fake: FakeTelegram, bot: Bot, an: int) -> None:
    group = fake.platform.add_group("Lớp 10A")
    channel = fake.platform.add_group("Tin tức", ChatKind.CHANNEL)
    answer = await bot.send_message(group, "Chào lớp")
    fake.platform.say(an, "@bhyt_simulator_bot ơi", chat=group, reply_to=answer.message_id)
    fake.platform.post(channel, "Thông báo")
    said, posted = await bot.get_updates()
    assert said.message.chat.type == ChatKind.GROUP
    assert said.message.reply_to_message.from_user.id == bot.id
    assert said.message.parse_entities(["mention"]) == {MessageEntity("mention", 0, 19): "@bhyt_simulator_bot"}
    assert (posted.channel_post.text, posted.channel_post.from_user) == ("Thông báo", None)


async def test_a_group_that_moves(fake: FakeTelegram, bot: Bot, an: int) -> None:
    group = fake.platform.add_group("Lớp 10A")
    new = fake.platform.upgrade(an, group)
    left, arrived = await bot.get_updates()
    assert (left.message.migrate_to_chat_id, arrived.message.migrate_from_chat_id) == (new, group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group, "x")
    assert moved.value.new_chat_id == new
    assert (await bot.send_message(new, "x")).chat.type == ChatKind.SUPERGROUP


@dataclass(frozen=True)
class Scene:
    """A scene.fake, its scene.bot, and somebody who has started it."""

    fake: FakeTelegram
    bot: Bot
    an: int


Act = Callable[[Scene], Awaitable[object]]


@dataclass(frozen=True)
class Row:
    """What is done, what the server says, what python-telegram-bot makes of it, and who says that it is so."""

    does: Act
    says: str
    raises: type[TelegramError]
    source: str


def standing(status: Standing) -> Act:
    async def send(scene: Scene) -> object:
        scene.fake.platform.world.chat(scene.an).standing = status
        return await scene.bot.send_message(scene.an, "Chào")

    return send


def group(status: Standing) -> Act:
    async def send(scene: Scene) -> object:
        place = scene.fake.platform.add_group("Lớp 10A")
        scene.fake.platform.world.chat(place).standing = status
        return await scene.bot.send_message(place, "Chào")

    return send


def sending(text: str, *buttons: InlineKeyboardButton, mode: str | None = None) -> Act:
    async def send(scene: Scene) -> object:
        return await scene.bot.send_message(scene.an, text, parse_mode=mode, reply_markup=keyboard(*buttons))

    return send


def spoilt(*faults: object) -> Act:
    async def send(scene: Scene) -> object:
        scene.fake.spoil("sendMessage", *faults)
        return await scene.bot.send_message(scene.an, "Chào")

    return send


async def _edit_same(scene: Scene) -> object:
    sent = await scene.bot.send_message(scene.an, "Chào")
    return await scene.bot.edit_message_text("Chào", scene.an, sent.message_id)


async def _edit_theirs(scene: Scene) -> object:
    said = scene.fake.platform.say(scene.an, "Chào")
    return await scene.bot.edit_message_text("Khác", scene.an, said.body["message"]["message_id"])


async def _poll_with_webhook(scene: Scene) -> object:
    await scene.bot.set_webhook(f"{scene.fake.url}/nobody")
    return await scene.bot.get_updates()


async def _with_token(fake: FakeTelegram, token: str) -> object:
    async with Bot(token, base_url=fake.base_url) as bot:
        return bot


BUTTON = InlineKeyboardButton
SRV = "telegram-bot-api 10.0, 2026-05-07"
ERR = "TelegramBotAPI/errors, read 2026"
API = "core.telegram.org/bots/api 10.0, 2026-05"
TABLE = {
    "blocked": Row(standing(Standing.BLOCKED), "bot was blocked by the user", Forbidden, SRV),
    "deactivated": Row(standing(Standing.DEACTIVATED), "user is deactivated", Forbidden, SRV),
    "never started": Row(
        standing(Standing.NEVER_STARTED), "bot can't initiate conversation with a user", Forbidden, SRV
    ),
    "restricted": Row(standing(Standing.RESTRICTED), "bot can't send messages to the user", Forbidden, ERR),
    "kicked": Row(group(Standing.KICKED), "bot was kicked from the group chat", Forbidden, SRV),
    "not a member": Row(group(Standing.LEFT), "bot is not a member of the group chat", Forbidden, SRV),
    "group deleted": Row(group(Standing.DELETED), "the group chat was deleted", Forbidden, SRV),
    "unknown chat": Row(lambda s: s.bot.send_message(4, "x"), "Chat not found", BadRequest, SRV),
    "empty": Row(sending("  \n "), "Message text is empty", BadRequest, SRV),
    "too long": Row(sending("ă" * 4097), "Message is too long", BadRequest, SRV),
    "open tag": Row(sending("<b>A", mode="HTML"), "Can't find end tag corresponding to start tag", BadRequest, SRV),
    "unknown tag": Row(sending("<p>A</p>", mode="HTML"), 'Unsupported start tag "p" at byte offset 0', BadRequest, SRV),
    "crossed tags": Row(
        sending("<b><i>A</b></i>", mode="HTML"), 'Unmatched end tag at byte offset 7, expected "</i>"', BadRequest, SRV
    ),
    "telephone button": Row(sending("A", BUTTON("Gọi", url="tel:19009068")), "Button_url_invalid", BadRequest, ERR),
    "long button data": Row(sending("A", BUTTON("Đ", callback_data="đ" * 33)), "Button_data_invalid", BadRequest, API),
    "too many buttons": Row(
        sending("A", *[BUTTON("A", callback_data="a")] * 101), "Reply markup is too long", BadRequest, API
    ),
    "old press": Row(lambda s: s.bot.answer_callback_query("77"), "Query is too old", BadRequest, SRV),
    "same text": Row(_edit_same, "Message is not modified", BadRequest, SRV),
    "nothing to edit": Row(
        lambda s: s.bot.edit_message_text("x", s.an, 99), "Message to edit not found", BadRequest, SRV
    ),
    "somebody else's": Row(_edit_theirs, "Message can't be edited", BadRequest, SRV),
    "photo by address": Row(
        lambda s: s.bot.send_photo(s.an, "https://a.vn/x.png"),
        "Failed to get http url content",
        BadRequest,
        SRV,
    ),
    "no image": Row(lambda s: s.bot.send_photo(s.an, b"GIF"), "Image_process_failed", BadRequest, ERR),
    "two consumers": Row(_poll_with_webhook, "can't use getUpdates method while webhook is active", Conflict, SRV),
    "revoked token": Row(lambda s: _with_token(s.fake, f"{TOKEN}x"), "rejected by the server", InvalidToken, SRV),
    "malformed token": Row(lambda s: _with_token(s.fake, "x"), "rejected by the server", InvalidToken, SRV),
    "unknown method": Row(lambda s: s.bot.do_api_request("flyToMoon"), "not found", Exception, SRV),
    "flood": Row(spoilt(flood(7)), "Flood control exceeded. Retry in 0:00:07", RetryAfter, API),
    "flood without a wait": Row(spoilt(flood(None)), "Too Many Requests", NetworkError, API),
    "trouble": Row(spoilt(refusal(500, "Internal Server Error")), "Internal Server Error", NetworkError, ERR),
    "gateway": Row(spoilt(gateway_page()), "Bad Gateway", NetworkError, ERR),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_errors_have_the_words_and_the_status_of_the_real_server(
    fake: FakeTelegram, bot: Bot, an: int, row: Row
) -> None:
    assert row.source
    with pytest.raises(row.raises) as told:
        await row.does(Scene(fake, bot, an))
    assert row.says.lower() in str(told.value).lower()
    assert type(told.value) is row.raises or row.raises is Exception
