"""The echo bot of python-telegram-bot's example `customwebhookbot`, with aiohttp as its web server.

`python -m bot.evaluation.echo_ptb [concurrent]`: by default the library works on one update after the other;
`concurrent` lets it work on 256 at once.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from aiohttp import web
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.config import load_settings
from bot.evaluation.echoing import ANSWER, PATH, served

if TYPE_CHECKING:
    from bot.settings import TelegramSettings


async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """The same to everybody."""
    if update.message is not None:
        await update.message.reply_text(ANSWER)


def build(settings: TelegramSettings, *, concurrent: bool) -> Application[Any, Any, Any, Any, Any, Any]:
    """The library's application with its own defaults, and no updater: updates come from our route."""
    token = settings.token.get_secret_value() if settings.token else ""
    application = (
        Application.builder()
        .token(token)
        .base_url(f"{settings.api_url}/bot")
        .updater(None)
        .concurrent_updates(concurrent)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, answer))
    return application


async def main(*, concurrent: bool) -> None:
    """Until the process is told to stop."""
    settings = load_settings()
    application = build(settings.telegram, concurrent=concurrent)

    async def take(request: web.Request) -> web.Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    app = web.Application()
    app.add_routes([web.post(PATH, take)])
    async with application:
        await application.start()
        async with served(app, settings.web.port) as address:
            await application.bot.set_webhook(address + PATH, allowed_updates=Update.ALL_TYPES)
        await application.stop()


if __name__ == "__main__":
    asyncio.run(main(concurrent="concurrent" in sys.argv[1:]))
