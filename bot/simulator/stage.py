"""Both platforms with an account of ours, some test persons, and what the bot needs to know to play on them."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from bot.config import variable
from bot.simulator.telegram import TelegramPlatform
from bot.simulator.telegram.phone import TelegramPhone
from bot.simulator.telegram.world import Standing
from bot.simulator.zalo import ZaloPlatform
from bot.simulator.zalo.ids import number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.simulator.phone import Phone

PEOPLE = ("Học sinh", "Phụ huynh", "Thầy cô")
ACCOUNT = "BHXH dùng thử"

_TELEGRAM_TOKEN = variable("telegram", "token")
_APP_SECRET, _WEBHOOK_KEY, _TOKEN_KEY = (variable("zalo", name) for name in ("app_secret", "webhook_key", "token_key"))
_SECRETS: Mapping[str, Callable[[], str]] = {
    _TELEGRAM_TOKEN: lambda: f"{secrets.randbelow(90_000) + 10_000}:{secrets.token_urlsafe(26)}",
    _APP_SECRET: lambda: secrets.token_urlsafe(18),
    _WEBHOOK_KEY: lambda: secrets.token_urlsafe(18),
    _TOKEN_KEY: lambda: Fernet.generate_key().decode(),
}
"""What the bot and the platforms know of each other, and how each is made."""


class Stage:
    """Fresh platforms; serve `telegram.app()` and `zalo.app()`, and show `phones`.

    `kept` is the environment of an earlier stage, whose secrets stay; without one they are new.
    """

    def __init__(self, kept: Mapping[str, str] | None = None) -> None:
        self._secrets = {name: (kept or {}).get(name) or new() for name, new in _SECRETS.items()}
        self.telegram = TelegramPlatform(self._secrets[_TELEGRAM_TOKEN])
        self._app_id = number("app", ACCOUNT)
        self.zalo = ZaloPlatform(self._app_id, self._secrets[_APP_SECRET], self._secrets[_WEBHOOK_KEY])
        self.office = self.zalo.add_account(ACCOUNT)
        for name in PEOPLE:
            self.telegram.add_person(name, standing=Standing.NEVER_STARTED)
            self.office.add_person(name)
        self.phones: Mapping[str, Phone] = {
            "telegram": TelegramPhone(self.telegram),
            "zalo": self.zalo.phone(self.office),
        }

    def environment(self, telegram: str, zalo: str) -> dict[str, str]:
        """The settings with which the bot finds the platforms at these addresses."""
        account = {"id": self.office.account.id, "name": ACCOUNT}
        return {
            **self._secrets,
            "BHYT_TELEGRAM__MODE": "polling",
            "BHYT_TELEGRAM__API_URL": telegram,
            "BHYT_TELEGRAM__USERNAME": self.telegram.world.bot["username"],
            "BHYT_ZALO__APP_ID": self._app_id,
            "BHYT_ZALO__OA": json.dumps([account]),
            "BHYT_ZALO__API_URL": zalo,
            "BHYT_ZALO__OAUTH_URL": zalo,
        }

    def zalo_tokens(self) -> str:
        """A new token pair as JSON, in the form that `bhyt-bot zalo token` reads."""
        pair = self.zalo.oauth.mint(self.office.account.id)
        tokens = {"oa_id": pair.account, "access_token": pair.access, "refresh_token": pair.refresh}
        return json.dumps({**tokens, "expires_in": 90_000})
