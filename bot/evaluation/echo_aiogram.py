"""A bare echo bot with aiogram and its aiohttp webhook: `python -m bot.evaluation.echo_aiogram`.

The answer is a call of its own, as ours is: one put into the answer to the webhook nobody could confirm.
"""

from __future__ import annotations

import asyncio

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from bot.config import load_settings
from bot.evaluation.echoing import ANSWER, PATH, served


async def answer(message: Message, bot: Bot) -> None:
    """The same to everybody."""
    await bot.send_message(message.chat.id, ANSWER)


async def main() -> None:
    """Until the process is told to stop."""
    settings = load_settings()
    token = settings.telegram.token.get_secret_value() if settings.telegram.token else ""
    session = AiohttpSession(api=TelegramAPIServer.from_base(settings.telegram.api_url))
    dispatcher = Dispatcher()
    dispatcher.message()(answer)
    app = web.Application()
    async with Bot(token, session=session) as bot:
        SimpleRequestHandler(dispatcher, bot).register(app, PATH)
        async with served(app, settings.web.port) as address:
            await bot.set_webhook(address + PATH)


if __name__ == "__main__":
    asyncio.run(main())
