"""The fake Telegram with aiogram, which the speed measurements use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from bot.simulator.telegram.files import drawn_photo
from tests.fakes.serving import serving
from tests.fakes.telegram import FakeTelegram, flood

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiogram.types import Message


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(fake.url))
    async with Bot(fake.token, session=session) as started:
        yield started


async def test_sending(fake: FakeTelegram, bot: Bot, an: int) -> None:
    buttons = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="A", callback_data="a")]])
    sent = await bot.send_message(an, "<b>Chào</b>", parse_mode="HTML", reply_markup=buttons)
    assert sent.text == "Chào"
    assert sent.reply_markup.model_dump(exclude_none=True) == buttons.model_dump(exclude_none=True)
    photo = await bot.send_photo(an, BufferedInputFile(drawn_photo(), "card.png"), caption="Thẻ")
    assert (await bot.get_file(photo.photo[0].file_id)).file_size == len(drawn_photo())


async def test_updates_of_every_kind(fake: FakeTelegram, bot: Bot, an: int) -> None:
    people = fake.platform
    sent = await bot.send_message(an, "x", reply_markup={"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]})
    people.tap(an, sent.message_id, 0)
    people.press(an, "old")
    people.send_sticker(an)
    people.block(an)
    people.unblock(an)
    updates = await bot.get_updates()
    assert [update.event_type for update in updates] == [
        "callback_query",
        "callback_query",
        "message",
        "my_chat_member",
        "my_chat_member",
    ]


async def test_errors(fake: FakeTelegram, bot: Bot, an: int) -> None:
    fake.spoil("sendMessage", flood(3))
    with pytest.raises(TelegramRetryAfter) as told:
        await bot.send_message(an, "x")
    assert told.value.retry_after == 3
    fake.platform.block(an)
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(an, "x")


async def test_an_echo_by_webhook(fake: FakeTelegram, bot: Bot, an: int) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> object:
        return message.answer(message.text or "")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token="abc").register(app, "/hook")
    async with serving(app) as origin:
        await bot.set_webhook(f"{origin}/hook", secret_token="abc")
        for text in ("một", "hai"):
            fake.platform.say(an, text)
        await fake.settled()
    assert fake.shown(an) == ["một", "hai"]
    assert fake.called("sendMessage") == []
