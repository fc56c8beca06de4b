"""Two small bots on the simulated platforms, so that the page can be tried without the real one."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.simulator.page import Page
from bot.simulator.serving import serving
from bot.simulator.stage import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Message

BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Đóng ở đâu?", callback_data="where"), InlineKeyboardButton("Nguồn", url="https://a.vn")],
    ]
)
WHERE = "Bạn nộp tại trường đang học."


@dataclass
class Shown:
    """A page in front of both bots."""

    stage: Stage
    origin: str


@asynccontextmanager
async def shown(stage: Stage | None = None) -> AsyncIterator[Shown]:
    """The page, both platforms and both bots, on free ports."""
    stage = stage or Stage()
    async with (
        serving(Page(stage.phones).app()) as origin,
        serving(stage.telegram.app()) as telegram,
        serving(stage.zalo.app()) as zalo,
        ClientSession(zalo) as client,
        serving(_zalo_bot(client, json.loads(stage.zalo_tokens())["access_token"])) as hook,
    ):
        assert await stage.zalo.webhook.save(f"{hook}/hook")
        token = stage.environment(telegram, zalo)["BHYT_TELEGRAM__TOKEN"]
        polling = asyncio.create_task(_telegram_bot(token, f"{telegram}/bot"))
        yield Shown(stage, origin)
        polling.cancel()
        with suppress(asyncio.CancelledError):
            await polling


async def _telegram_bot(token: str, base_url: str) -> None:
    offset = 0
    async with Bot(token, base_url=base_url) as bot:
        while True:
            for update in await bot.get_updates(offset=offset, timeout=30):
                offset = update.update_id + 1
                if update.message is not None:
                    await _reply(update.message)
                elif update.callback_query is not None:
                    await update.callback_query.answer("Đã nhận")
                    await bot.send_message(update.callback_query.from_user.id, WHERE)


async def _reply(message: Message) -> None:
    if message.text == "gọi":
        await message.reply_contact("+8419009068", "Tổng đài")
    else:
        await message.reply_html(f"Bạn viết: <b>{message.text or 'gì đó'}</b>", reply_markup=BUTTONS)


def _zalo_bot(client: ClientSession, token: str) -> web.Application:
    async def take(request: web.Request) -> web.Response:
        event = await request.json()
        text = event.get("message", {}).get("text")
        if event.get("event_name") == "user_send_text":
            await send(event["sender"]["id"], WHERE if text == "#where" else f"Zalo nghe: {text}")
        return web.Response()

    async def send(user: str, text: str) -> None:
        button: dict[str, Any] = {"title": "Đóng ở đâu?", "type": "oa.query.hide", "payload": "#where"}
        call = {"title": "Gọi", "type": "oa.open.phone", "payload": {"phone_code": "8419009068"}}
        attachment = {"type": "template", "payload": {"buttons": [button, call]}}
        message = {"text": text, "attachment": attachment}
        body = {"recipient": {"user_id": user}, "message": message}
        async with client.post("/v3.0/oa/message/cs", json=body, headers={"access_token": token}) as response:
            assert (await response.json(content_type=None))["error"] == 0

    app = web.Application()
    app.add_routes([web.post("/hook", take)])
    return app
