"""A local Telegram Bot API server, as faithful as the reference allows."""

from bot.simulator.telegram.platform import TelegramPlatform

__all__ = ["TelegramPlatform"]
