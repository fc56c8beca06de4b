"""How fast our accounts may send, by what each platform counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.telegram.addressing import chat_of, is_group
from bot.delivery.pacing import Pace, Pacer

if TYPE_CHECKING:
    from bot.settings import OfficialAccount, TelegramSettings

SHARE = 0.9
"""How much of Zalo's requests a minute replies use; the rest is for tokens, profiles and uploads."""


def telegram_pacer(settings: TelegramSettings) -> Pacer:
    """Telegram counts by chat, and what several people in a group are told is one chat's."""
    private = Pace(settings.rate_per_chat, settings.burst_per_chat)
    group = Pace.within_a_minute(settings.rate_per_group, max(1, settings.rate_per_group // 4))

    def chat(address: str) -> tuple[str, Pace]:
        return chat_of(address), group if is_group(address) else private

    return Pacer(Pace(settings.rate, max(1, round(settings.rate))), chat)


def zalo_pacer(oa: OfficialAccount) -> Pacer:
    """Zalo counts an account's requests a minute. No limit per person is published."""
    pace = Pace.within_a_minute(oa.rate * SHARE, max(1, round(oa.rate * (1 - SHARE))))
    return Pacer(pace, lambda address: (address, pace))
