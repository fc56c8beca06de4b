"""What every command starts from."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from bot.config import Settings, load_settings
from bot.logging import configure_logging
from bot.settings import LogLevel

if TYPE_CHECKING:
    from pathlib import Path

CONFIG: ContextVar[Path | None] = ContextVar("config", default=None)
"""The file given with --config."""


def settings(*, quiet: bool = False) -> Settings:
    """The settings, with logging set up; `quiet` logs only what went wrong. Raises ConfigError."""
    loaded = load_settings(CONFIG.get())
    log = loaded.log.model_copy(update={"level": LogLevel.WARNING}) if quiet else loaded.log
    configure_logging(log)
    return loaded
