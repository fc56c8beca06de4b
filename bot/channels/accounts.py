"""Our accounts on platforms that replies are sent to, as the settings name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.zalo.account import account_of
from bot.errors import ConfigError, WrongSetting

if TYPE_CHECKING:
    from collections.abc import Container

    from bot.config import Settings


def provinces(settings: Settings) -> dict[str, str]:
    """The province of each account; empty for one that serves more than one."""
    known = {account_of(oa.id): oa.province for oa in settings.zalo.oa}
    if settings.telegram.token is not None:
        known[settings.telegram.account] = settings.telegram.province
    return known


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
