"""What can go wrong with a backup."""

from __future__ import annotations

from bot.errors import BotError


class BackupError(BotError):
    """The backup could not be made or restored, and nothing was changed; the message quotes nothing of its content."""
