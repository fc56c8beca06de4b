"""The methods by which the bot gets its updates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.simulator.telegram.errors import Json, bad_request, conflict
from bot.simulator.telegram.webhook import Webhook

if TYPE_CHECKING:
    from bot.simulator.telegram.call import Call
    from bot.simulator.telegram.updates import UpdateQueue
    from bot.simulator.telegram.webhook import WebhookSender

LONGEST_POLL = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]+")
MAX_SECRET = 256


class Receiving:
    """getUpdates and the webhook, of which only one works at a time."""

    def __init__(self, queue: UpdateQueue, sender: WebhookSender) -> None:
        self._queue, self._sender = queue, sender

    async def getupdates(self, call: Call) -> list[Json]:
        if self._sender.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._queue.allow(call.parsed("allowed_updates"))
        limit = call.integer("limit", 100)
        seconds = min(max(call.integer("timeout"), 0), LONGEST_POLL)
        return await self._queue.poll(call.integer("offset"), limit if 1 <= limit <= 100 else 100, seconds)

    async def setwebhook(self, call: Call) -> bool:
        """Plain HTTP is taken, as from a local Bot API server; an empty address removes the webhook."""
        url, secret = call.text("url"), call.text("secret_token")
        if not url:
            return await self.deletewebhook(call)
        if urlsplit(url).scheme not in {"http", "https"}:
            raise bad_request("bad webhook: invalid webhook URL specified")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        if len(secret) > MAX_SECRET:
            raise bad_request("secret token is too long")
        self._queue.allow(call.parsed("allowed_updates"))
        self._drop(call)
        most = min(max(call.integer("max_connections", 40), 1), 100)
        self._queue.release()
        await self._sender.point_at(Webhook(url, secret, most))
        return True

    async def deletewebhook(self, call: Call) -> bool:
        await self._sender.point_at(None)
        self._drop(call)
        return True

    async def getwebhookinfo(self, _call: Call) -> Json:
        return self._sender.info()

    def _drop(self, call: Call) -> None:
        if call.flag("drop_pending_updates"):
            self._queue.clear()
