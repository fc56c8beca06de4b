"""The links of a campaign. Each carries its code, so that whoever comes through it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.zalo.account import account_of, oa_of
from handlers.arrival import spoken

if TYPE_CHECKING:
    from bot.config import Settings

TYPE = {"vi": "{link} (rồi nhắn: {spoken})", "en": "{link} (then type: {spoken})"}


@dataclass(frozen=True)
class Link:
    """Where to go on one account. A Zalo link carries no code: `spoken` is what to type then, None when it does."""

    account: str
    url: str
    spoken: str | None = None

    def told(self, language: str) -> str:
        """The link as it stands in a text."""
        return TYPE[language].format(link=self.url, spoken=self.spoken) if self.spoken else self.url


def links(settings: Settings, code: str) -> dict[str, Link]:
    """The link of a code (`c-kg26`, `s-thcs-01_c-kg26`) for each account of ours that has one."""
    found = {account_of(oa.id): _zalo(account_of(oa.id), code) for oa in settings.zalo.oa}
    telegram = settings.telegram
    if telegram.username:
        found[telegram.account] = Link(telegram.account, f"https://t.me/{telegram.username}?start={code}")
    return found


def _zalo(account: str, code: str) -> Link:
    return Link(account, f"https://zalo.me/{oa_of(account)}", spoken(code))
