"""Our accounts on platforms that replies are sent to, as the settings name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.inbound import Channel
from bot.channels.zalo.account import account_of
from bot.errors import ConfigError, WrongSetting
from bot.settings import TelegramMode

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from bot.config import Settings
    from bot.settings import TelegramSettings


def provinces(settings: Settings) -> dict[str, str]:
    """The province of each account; empty for one that serves more than one."""
    known = {account_of(oa.id): oa.province for oa in settings.zalo.oa}
    if settings.telegram.token is not None:
        known[settings.telegram.account] = settings.telegram.province
    return known


def channel_of(account: str) -> Channel:
    """The platform of an account that replies are sent to."""
    return Channel.ZALO if account.startswith(account_of("")) else Channel.TELEGRAM


def webhook_wants(settings: TelegramSettings, public_url: str) -> Iterator[WrongSetting]:
    """What Telegram lacks to bring messages by webhook; nothing when they are fetched, or Telegram is off."""
    if settings.token is None or settings.mode is TelegramMode.POLLING:
        return
    if settings.webhook_secret is None:
        what = "is missing: a webhook needs one"
        yield WrongSetting("telegram.webhook_secret", what, "BHYT_TELEGRAM__WEBHOOK_SECRET")
    if not public_url:
        yield WrongSetting("web.public_url", "is missing: a webhook needs it", "BHYT_WEB__PUBLIC_URL")


def check_provinces(settings: Settings, offices: Container[str]) -> None:
    """Raises ConfigError for a province that no office has."""
    what = "is no province; use the name of a file in knowledge/offices, such as ha-noi"
    wrong = [
        WrongSetting("telegram.province" if account == settings.telegram.account else "zalo.oa.province", what)
        for account, province in provinces(settings).items()
        if province and province not in offices
    ]
    if wrong:
        raise ConfigError(wrong)
