"""What can go wrong in the runtime.

BotError
├── ConfigError      a setting is missing, unknown or wrong; names the setting, never its value
├── DatabaseError    the database cannot be reached or is not at the version this program needs
├── IntakeError      an event could not be kept in time; the platform should deliver it again
└── TurnError        a turn could not be kept at all; the platform should deliver the message again
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class BotError(Exception):
    """Anything that the runtime raises on purpose."""


@dataclass(frozen=True, order=True)
class WrongSetting:
    """One setting to mend: its name as in config.toml, what is wrong, and the environment variable that sets it."""

    name: str
    what: str
    variable: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.what}" + (f" (environment: {self.variable})" if self.variable else "")


class ConfigError(BotError):
    """The settings cannot be used; `wrong` has one entry per setting."""

    def __init__(self, wrong: Sequence[WrongSetting]) -> None:
        self.wrong = tuple(sorted(wrong))
        super().__init__("\n".join(str(setting) for setting in self.wrong))


class DatabaseError(BotError):
    """The database cannot be used; the message holds no address, name or password."""


class IntakeError(BotError):
    """The event was not kept; nothing of it may be acknowledged."""


class TurnError(BotError):
    """The message was not kept; nothing of it is in the database."""
