"""Both platforms with an account of ours, some test persons, and what the bot needs to know to play on them."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from bot.simulator.telegram import TelegramPlatform
from bot.simulator.telegram.phone import TelegramPhone
from bot.simulator.telegram.world import Standing
from bot.simulator.zalo import ZaloPlatform
from bot.simulator.zalo.ids import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.simulator.phone import Phone

PEOPLE = ("Học sinh", "Phụ huynh", "Thầy cô")
ACCOUNT = "BHXH dùng thử"


class Stage:
    """Fresh platforms with fresh secrets; serve `telegram.app()` and `zalo.app()`, and show `phones`."""

    def __init__(self) -> None:
        self._telegram_token = f"{secrets.randbelow(90_000) + 10_000}:{secrets.token_urlsafe(26)}"
        self._app_secret, self._webhook_key = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
        self.telegram = TelegramPlatform(self._telegram_token)
        self._app_id = number("app", ACCOUNT)
        self.zalo = ZaloPlatform(self._app_id, self._app_secret, self._webhook_key)
        self._office = self.zalo.add_account(ACCOUNT)
        for name in PEOPLE:
            self.telegram.add_person(name, standing=Standing.NEVER_STARTED)
            self._office.add_person(name)
        self.phones: Mapping[str, Phone] = {
            "telegram": TelegramPhone(self.telegram),
            "zalo": self.zalo.phone(self._office),
        }

    def environment(self, telegram: str, zalo: str) -> dict[str, str]:
        """The settings with which the bot finds the platforms at these addresses."""
        account = {"id": self._office.account.id, "name": ACCOUNT}
        return {
            "BHYT_TELEGRAM__TOKEN": self._telegram_token,
            "BHYT_TELEGRAM__MODE": "polling",
            "BHYT_TELEGRAM__API_URL": telegram,
            "BHYT_ZALO__APP_ID": self._app_id,
            "BHYT_ZALO__APP_SECRET": self._app_secret,
            "BHYT_ZALO__WEBHOOK_KEY": self._webhook_key,
            "BHYT_ZALO__TOKEN_KEY": Fernet.generate_key().decode(),
            "BHYT_ZALO__OA": json.dumps([account]),
            "BHYT_ZALO__API_URL": zalo,
            "BHYT_ZALO__OAUTH_URL": zalo,
        }

    def zalo_tokens(self) -> str:
        """A new token pair as JSON, in the form that `bhyt-bot zalo token` reads."""
        pair = self.zalo.oauth.mint(self._office.account.id)
        tokens = {"oa_id": pair.account, "access_token": pair.access, "refresh_token": pair.refresh}
        return json.dumps({**tokens, "expires_in": 90_000})
